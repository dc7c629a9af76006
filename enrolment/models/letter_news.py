"""Which news still holds: the one rule of each kind of letter, inside a query for letters."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from courses.models import College, CourseRun, CourseSession, Substitution, TutorAssignment
from enrolment.models.enrolments import Enrolment
from enrolment.models.letter_choices import LetterChannel, LetterKind
from enrolment.models.messages import Message
from enrolment.models.students import Student


def sessions_to_come(now: datetime) -> models.QuerySet[CourseSession]:
    """Of the run that a letter, or its enrolment, is about; inside a query for letters."""
    sessions = CourseSession.objects.not_cancelled()
    about = Coalesce(OuterRef("enrolment__run"), OuterRef("run"))
    return sessions.filter(run=about, ends_at__gt=now)


def news_that_holds(now: datetime) -> Q:
    """Each kind has its one rule here; what goes to students and to tutors has one for each."""
    return (
        (Q(tutor__isnull=True, user__isnull=True) & _to_students(now))
        | (Q(tutor__isnull=False) & _to_tutors(now))
        | (Q(user__isnull=False) & _to_staff(now))
        | (Q(kind=LetterKind.INTEREST) & Q(Exists(held_again(now))))
    )


def held_again(now: datetime) -> models.QuerySet[CourseRun]:
    """The runs of which somebody is told who asked for it; inside a query for letters.

    The one that owed them the letter, and what was published since they asked: as long as anybody
    can join it, now or later. A place that is taken meanwhile changes nothing.
    """
    runs: models.QuerySet[CourseRun] = CourseRun.objects.can_be_joined(now).filter(
        Q(pk=OuterRef("run")) | Q(published_at__gt=OuterRef("interest__asked_at")),
        course=OuterRef("interest__course"),
    )
    return runs


def _to_students(now: datetime) -> Q:
    kind, status = LetterKind, Enrolment.Status
    again = Enrolment.objects.live().filter(
        student=OuterRef("student"), run=OuterRef("enrolment__run")
    )
    is_cancelled = Q(enrolment__run__status=CourseRun.Status.CANCELLED)
    goes_on = ~is_cancelled & Q(Exists(sessions_to_come(now)))
    is_live = Q(enrolment__status__in=Enrolment.LIVE)
    # What is said to those who wait is not for somebody who has got a place meanwhile.
    to_waiting = Q(message__audience=Message.Audience.WAITING)
    is_to_be_confirmed = ~Q(address="") & ~Q(address=F("student__email"))
    return (
        Q(kind=kind.LINK)
        | (Q(kind=kind.ERASURE, student__erased_at=None) & ~_stays())
        | (Q(kind=kind.NEW_EMAIL) & is_to_be_confirmed)
        | (Q(kind=kind.CONTACT) & ~Q(address=""))
        | (Q(kind__in=[kind.PLACE, kind.PROMOTED], enrolment__status=status.PLACE) & goes_on)
        | (Q(kind=kind.WAITING, enrolment__status=status.WAITING) & goes_on)
        | (Q(kind=kind.COMPANION, enrolment__places=1) & is_live & goes_on)
        | (Q(kind=kind.CHANGED) & is_live & goes_on)
        | (Q(kind=kind.WITHDRAWN, enrolment__status=status.WITHDRAWN) & ~Exists(again))
        | (Q(kind=kind.CANCELLED) & is_cancelled)
        | (Q(kind=kind.COMING) & _is_reminded_of(now))
        # Whoever was there after all has overtaken theirs: see `certificates`.
        | (
            Q(kind=kind.MISSED, enrolment__status=status.PLACE, channel=LetterChannel.EMAIL)
            & Q(enrolment__run__writes_after_absence=True)
            & goes_on
        )
        # One that is not valid any more has overtaken its letter: see `certificates`. Whoever is
        # not reached by e-mail any more is handed it on paper.
        | Q(kind=kind.CERTIFICATE, channel=LetterChannel.EMAIL, student__erased_at=None)
        | (
            Q(kind=kind.FEEDBACK, enrolment__status=status.PLACE, student__erased_at=None)
            & Q(channel__in=[LetterChannel.EMAIL, LetterChannel.PAPER])
            & Q(enrolment__run__status=CourseRun.Status.PUBLISHED)
            & _feedback_is_open(now)
        )
        | (Q(kind=kind.MESSAGE) & ~to_waiting & is_live & goes_on)
        | (Q(kind=kind.MESSAGE, enrolment__status=status.WAITING) & to_waiting & goes_on)
    )


def _feedback_is_open(now: datetime) -> Q:
    """The run is over, and its address still takes answers: mirrors `Feedback.is_open`."""
    asked_since = now - timedelta(days=settings.FEEDBACK_DAYS)
    lately = CourseSession.objects.not_cancelled().filter(
        run=OuterRef("enrolment__run"), ends_at__gt=asked_since
    )
    return Q(~Exists(sessions_to_come(now))) & Q(Exists(lately))


def _is_reminded_of(now: datetime) -> Q:
    """A session that begins when it was to begin, of which no newer reminder tells already; while
    the student and the college want reminders, by a way that needs nobody to ring.
    """
    session = CourseSession.objects.not_cancelled().filter(
        pk=OuterRef("session"), starts_at=OuterRef("urgent_for"), starts_at__gt=now
    )
    newer = Enrolment.objects.filter(
        pk=OuterRef("enrolment"),
        letters__kind=LetterKind.COMING,
        letters__session=OuterRef("session"),
        letters__urgent_for=OuterRef("urgent_for"),
        letters__pk__gt=OuterRef("pk"),
    )
    return (
        Q(enrolment__status=Enrolment.Status.PLACE)
        & Q(channel__in=[LetterChannel.EMAIL, LetterChannel.SMS])
        & Q(enrolment__run__status=CourseRun.Status.PUBLISHED)
        & ~Q(student__reminders=Student.Reminders.NONE)
        & Q(Exists(College.objects.filter(reminds_students=True)))
        & Q(Exists(session))
        & Q(~Exists(newer.order_by()))
    )


def _stays() -> Q:
    """Whoever is to be erased has said since that they stay, or has signed up again."""
    signed_up = Enrolment.objects.filter(
        student=OuterRef("student"), enrolled_at__gte=OuterRef("owed_since")
    )
    return Q(student__kept_at__gte=F("owed_since")) | Q(Exists(signed_up))


def _to_staff(now: datetime) -> Q:
    """About the sign-in of somebody who has one. Of what is asked for, the newest alone."""
    kind = LetterKind
    newer = Q(
        Exists(
            get_user_model()
            .objects.filter(
                pk=OuterRef("user"), letters__kind=OuterRef("kind"), letters__pk__gt=OuterRef("pk")
            )
            .order_by()
        )
    )
    still_works = Q(owed_since__gt=now - timedelta(minutes=settings.SIGN_IN_CODE_MINUTES))
    return Q(user__is_active=True) & (
        (Q(kind=kind.CODE) & ~Q(sealed="") & still_works & ~newer)
        # Whoever has chosen a password has come.
        | (Q(kind=kind.INVITED, user__password__startswith=UNUSABLE_PASSWORD_PREFIX) & ~newer)
        | (Q(kind=kind.PASSWORD) & ~newer)
        | Q(kind=kind.SIGN_IN)
    )


def _to_tutors(now: datetime) -> Q:
    """Nothing of a draft, and nothing of sessions that are held."""
    kind = LetterKind
    is_published = Q(run__status=CourseRun.Status.PUBLISHED)
    to_come = CourseSession.objects.filter(run=OuterRef("run"), ends_at__gt=now)
    led = _led(to_come)
    reminded = _led(CourseSession.objects.not_cancelled()).filter(
        pk=OuterRef("session"), starts_at=OuterRef("urgent_for"), starts_at__gt=now
    )
    leads = Q(Exists(led.filter(cancelled_at=None)))
    return (
        (Q(kind=kind.ASSIGNED) & is_published & leads)
        | (Q(kind=kind.UNASSIGNED) & is_published & ~leads & Q(Exists(to_come)))
        # Also of a session that is cancelled: whoever was to stand in for that one alone is told.
        | (Q(kind=kind.CHANGED) & is_published & Q(Exists(led)))
        | Q(kind=kind.CANCELLED, run__status=CourseRun.Status.CANCELLED)
        | (Q(kind=kind.REMINDER) & is_published & Q(Exists(reminded)))
        | Q(kind=kind.LINK)
    )


def _led(sessions: models.QuerySet[CourseSession]) -> models.QuerySet[CourseSession]:
    """Those which the letter's tutor is to lead; mirrors `CourseSession.tutors_in_front`."""
    tutor = OuterRef(OuterRef("tutor"))
    in_session = Substitution.objects.filter(session=OuterRef("pk"))
    assigned = TutorAssignment.objects.filter(run=OuterRef("run"), tutor=tutor)
    return sessions.filter(
        Exists(in_session.filter(tutor=tutor))
        | (Exists(assigned) & ~Exists(in_session.filter(assignment__tutor=tutor)))
    )
