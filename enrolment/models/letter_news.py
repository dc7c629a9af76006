"""Which news still holds: the one rule of each kind of letter, inside a query for letters."""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from courses.models import CourseRun, CourseSession
from enrolment.models.enrolments import Enrolment
from enrolment.models.letter_choices import LetterKind
from enrolment.models.messages import Message


def sessions_to_come(now: datetime) -> models.QuerySet[CourseSession]:
    """Of the run that a letter's enrolment is in, inside a query for letters."""
    sessions = CourseSession.objects.not_cancelled()
    return sessions.filter(run=OuterRef("enrolment__run"), ends_at__gt=now)


def news_that_holds(now: datetime) -> Q:
    """Each kind has its one rule here."""
    kind, status = LetterKind, Enrolment.Status
    again = Enrolment.objects.live().filter(
        student=OuterRef("student"), run=OuterRef("enrolment__run")
    )
    is_cancelled = Q(enrolment__run__status=CourseRun.Status.CANCELLED)
    goes_on = ~is_cancelled & Q(Exists(sessions_to_come(now)))
    is_live = Q(enrolment__status__in=Enrolment.LIVE)
    # What is said to those who wait is not for somebody who has got a place meanwhile.
    to_waiting = Q(message__audience=Message.Audience.WAITING)
    return (
        Q(kind=kind.LINK)
        | (Q(kind__in=[kind.PLACE, kind.PROMOTED], enrolment__status=status.PLACE) & goes_on)
        | (Q(kind=kind.WAITING, enrolment__status=status.WAITING) & goes_on)
        | (Q(kind=kind.COMPANION, enrolment__places=1) & is_live & goes_on)
        | (Q(kind=kind.CHANGED) & is_live & goes_on)
        | (Q(kind=kind.WITHDRAWN, enrolment__status=status.WITHDRAWN) & ~Exists(again))
        | (Q(kind=kind.CANCELLED) & is_cancelled)
        | (Q(kind=kind.MESSAGE) & ~to_waiting & is_live & goes_on)
        | (Q(kind=kind.MESSAGE, enrolment__status=status.WAITING) & to_waiting & goes_on)
    )
