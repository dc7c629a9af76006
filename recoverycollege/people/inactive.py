"""Students who have not taken part for years: told first, and then erased, unless they stay.

Somebody stays who says so, signs up, withdraws or is in a room again. Whoever cannot be reached at
all, having just turned up one day, is erased without being told.
"""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from certificates.models import Attendance
from enrolment import services as enrolment_services
from enrolment.models import Enrolment, Letter, Student
from enrolment.models.students import StudentQuerySet
from recoverycollege.people.erasing import erase_all

__all__ = ["erase_inactive", "inactive_since", "tell_inactive"]


def inactive_since(moment: datetime) -> StudentQuerySet:
    """Students of whom nothing was seen or heard since the moment."""
    own = Enrolment.objects.filter(student=OuterRef("pk")).order_by()
    did_something = own.filter(Q(enrolled_at__gte=moment) | Q(withdrawn_at__gte=moment))
    took_part = own.filter(status__in=Enrolment.LIVE, run__sessions__ends_at__gte=moment)
    was_there = Attendance.objects.filter(student=OuterRef("pk"), session__ends_at__gte=moment)
    return Student.objects.known().filter(
        ~Exists(did_something),
        ~Exists(took_part),
        ~Exists(was_there.order_by()),
        Q(kept_at=None) | Q(kept_at__lt=moment),
        created_at__lt=moment,
    )


def _to_be_told_since(now: datetime) -> datetime:
    return _to_be_erased_since(now) + timedelta(days=settings.INACTIVE_TOLD_DAYS)


def _to_be_erased_since(now: datetime) -> datetime:
    return now - timedelta(days=365 * settings.INACTIVE_STUDENT_YEARS)


@transaction.atomic
def tell_inactive(*, now: datetime, dry_run: bool = False) -> int:
    """Owe those who are erased in `INACTIVE_TOLD_DAYS` the letter that says so, once; how many."""
    since = _to_be_told_since(now)
    told = Letter.objects.filter(
        student=OuterRef("pk"), kind=Letter.Kind.ERASURE, owed_since__gte=since
    )
    found = inactive_since(since).filter(~Exists(told.order_by()))
    found = found.exclude(channel=Student.Channel.NONE)
    if dry_run:
        return found.count()
    people = list(found.order_by("pk").select_for_update(of=("self",), no_key=True))
    return enrolment_services.tell_of_erasure(students=people, now=now)


def erase_inactive(*, now: datetime, dry_run: bool = False) -> int:
    """Erase whoever was told `INACTIVE_TOLD_DAYS` ago and has not stayed; how many.

    Where the letter did not get through, `INACTIVE_UNTOLD_DAYS` after it was owed. Each in
    transactions of their own, and looked at once more under its locks.
    """
    found = _to_be_erased(now)
    if dry_run:
        return found.count()
    return len(erase_all(students=found, now=now, still=partial(_is_to_be_erased, now=now)).people)


def _is_to_be_erased(student: Student, *, now: datetime) -> bool:
    return _to_be_erased(now).filter(pk=student.pk).exists()


def _to_be_erased(now: datetime) -> StudentQuerySet:
    told_before = now - timedelta(days=settings.INACTIVE_TOLD_DAYS)
    owed_before = now - timedelta(days=settings.INACTIVE_UNTOLD_DAYS)
    told = Letter.objects.filter(
        Q(sent_at__lte=told_before) | Q(owed_since__lte=owed_before),
        student=OuterRef("pk"),
        kind=Letter.Kind.ERASURE,
        owed_since__gte=_to_be_told_since(now),
    )
    return inactive_since(_to_be_erased_since(now)).filter(
        Q(channel=Student.Channel.NONE) | Exists(told.order_by())
    )
