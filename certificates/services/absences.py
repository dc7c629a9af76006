"""Whoever was absent is written to, where the run says so; see `absence_letters` of `enrolment`."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from certificates.models import Attendance
from courses.models import CourseRun
from enrolment.models import Enrolment
from enrolment.services import owe_absence_letters


def write_to_absent(*, now: datetime | None = None) -> int:
    """Owe a letter to whoever has a place and is marked as absent on a day that has passed.

    Called every night: until then a tutor may correct the register of the day. Not of sessions
    that one may leave out, and of nothing older than `ABSENCE_LETTER_DAYS`. Once for each run and
    person. Returns how many are owed. Four queries at most.
    """
    now = now or timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    marks = list(
        Attendance.objects.filter(
            is_present=False,
            session__cancelled_at=None,
            session__is_optional=False,
            session__ends_at__lt=midnight,
            session__ends_at__gte=midnight - timedelta(days=settings.ABSENCE_LETTER_DAYS),
            session__run__status=CourseRun.Status.PUBLISHED,
            session__run__writes_after_absence=True,
        )
        .select_related("session")
        .order_by("session__starts_at", "pk")
    )
    if not marks:
        return 0
    enrolments = {
        (each.run_id, each.student_id): each
        for each in Enrolment.objects.with_place()
        .filter(run__in={mark.session.run_id for mark in marks})
        .select_related("student")
    }
    absent = [
        (enrolment, mark.session)
        for mark in marks
        if (enrolment := enrolments.get((mark.session.run_id, mark.student_id))) is not None
    ]
    return owe_absence_letters(absent=absent, now=now)
