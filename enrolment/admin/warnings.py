"""What the index warns of: letters that wait, unusually many sign-ups, a session without a pair."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Prefetch, Q, Subquery, Value
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext

from courses.models import CourseRun, CourseSession, Tutor, TutorAssignment
from enrolment import services
from enrolment.models import Enrolment, Interest, Letter, Question


@dataclass(frozen=True)
class Waiting:
    """E-mail that ought to be sent by now: how many, since when, and why, in words."""

    number: int
    since: datetime
    reason: str
    can_be_sent_again: bool


def waiting_letters() -> Waiting | None:
    """What waits, or None where all is well. One query, and two more where something waits."""
    overdue = Letter.objects.overdue().order_by()
    found = overdue.aggregate(number=Count("pk"), since=Min("owed_since"))
    if not found["number"]:
        return None
    # The commonest answer is everybody's; a single letter may have one of its own.
    errors = [error for error in overdue.values_list("last_error", flat=True) if error]
    error = max(sorted(set(errors)), key=errors.count) if errors else ""
    is_running = is_somebody_sending()
    if not is_running:
        reason = gettext(
            "Nobody tries to send them: the program that sends letters (send_letters) is not "
            "running."
        )
    else:
        reason = in_words(error) if error else gettext("They are being sent just now.")
    return Waiting(found["number"], found["since"], reason, is_running and bool(error))


def is_somebody_sending() -> bool:
    """Whether a letters worker was seen lately. One query."""
    seen_at = services.last_seen_worker()
    silent_since = timezone.now() - timedelta(minutes=settings.LETTER_LATE_MINUTES)
    return seen_at is not None and seen_at > silent_since


def in_words(error: str) -> str:
    """What `describe` noted of a letter not taken, for somebody who can do something about it."""
    kind, _space, code = error.partition(" ")
    if kind == "SMTPAuthenticationError":
        return gettext("The mail server does not accept our user name or password.")
    if kind == "SMTPSenderRefused" and code.startswith("5"):
        return gettext("The mail server does not accept the college's sender address.")
    if kind in ("SMTPSenderRefused", "SMTPRecipientsRefused", "SMTPDataError") or (
        code and kind == "SMTPResponseException"
    ):
        return gettext("The mail server refuses the letters for now (answer %(code)s).") % {
            "code": code or "–"
        }
    if kind.startswith("SSL") or kind == "SMTPNotSupportedError":
        return gettext("There is no secure connection to the mail server (%(error)s).") % {
            "error": kind
        }
    return gettext("The mail server does not answer (%(error)s).") % {"error": error}


def to_be_told() -> Subquery:
    """How many wait to be told that a course is held again; None where nobody does. For a query of
    something else.
    """
    waiting = Interest.objects.waiting().order_by().annotate(all=Value(1)).values("all")
    return Subquery(waiting.annotate(number=Count("pk")).values("number"))


def questions_waiting() -> Subquery:
    """How many questions nobody has answered; None without any. For a query of something else."""
    waiting = Question.objects.waiting().order_by().annotate(all=Value(1)).values("all")
    return Subquery(waiting.annotate(number=Count("pk")).values("number"))


def unreachable_tutors(runs: Iterable[CourseRun]) -> list[Tutor]:
    """Who leads a session to come of these runs and gets no letters: no e-mail, no phone number.

    One query.
    """
    to_come = CourseSession.objects.not_cancelled().filter(
        run__in=[run.pk for run in runs], ends_at__gt=timezone.now()
    )
    silent = Q(email="", phone="") & (Q(user=None) | Q(user__email=""))
    found = Tutor.objects.filter(silent).filter(
        Q(assignments__run__in=to_come.values("run")) | Q(substitutions__session__in=to_come)
    )
    return list(found.distinct())


def unusually_many_sign_ups() -> int:
    """How many signed up online today, where that is unusual; else 0. One query, and one more
    where there are so many that the days before are looked at.

    What is unusual stands beside `UNUSUAL_SIGN_UPS` in `recoverycollege/policy.py`. The day on
    which a semester opens is seldom so, and names written by a machine nearly always are. It is a
    line to look at; nothing is refused for it.
    """
    today = timezone.localdate()
    number = Enrolment.objects.signed_up_online(since=today).count()
    if number <= settings.UNUSUAL_SIGN_UPS:
        return 0
    online = Enrolment.objects.signed_up_online(
        since=today - timedelta(days=settings.UNUSUAL_SIGN_UPS_COMPARED_DAYS)
    )
    days = dict(
        online.order_by()
        .annotate(day=TruncDate("enrolled_at"))
        .values_list("day")
        .annotate(Count("pk"))
    )
    busiest = max((count for day, count in days.items() if day != today), default=0)
    return number if number > settings.UNUSUAL_SIGN_UPS_TIMES_BUSIEST * busiest else 0


def sessions_without_pair() -> list[CourseSession]:
    """Sessions of published runs, to come or held lately, that are without a pair in front because
    a tutor is away. One query, and two or three more where any tutor is away.
    """
    now = timezone.now()
    found = (
        CourseSession.objects.not_cancelled()
        .with_somebody_away()
        .filter(
            run__status=CourseRun.Status.PUBLISHED,
            ends_at__gt=now - timedelta(days=settings.WITHOUT_PAIR_DAYS),
        )
        .select_related("run__course")
        .prefetch_related(
            Prefetch("run__assignments", queryset=TutorAssignment.objects.with_substitutions())
        )
    )
    return [each for each in found if not each.has_tutor_pair]
