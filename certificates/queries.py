"""Reads that the register and its pages share."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from certificates.models import Attendance, Certificate
from courses.models import CourseRun, CourseSession
from enrolment.models import Enrolment, Student, StudentQuerySet


def students_on_list_of(run: CourseRun) -> StudentQuerySet:
    """Who a run's tutors meet: those with a place, and those who attended.

    Nobody from the waiting list, and nobody who has been erased.
    """
    with_place = Enrolment.objects.with_place().filter(run=run).values("student")
    who_attended = Attendance.objects.filter(session__run=run).values("student")
    return Student.objects.known().filter(Q(pk__in=with_place) | Q(pk__in=who_attended))


@dataclass(frozen=True)
class SessionNumbers:
    """How many came to a session, without who."""

    session: CourseSession
    present: int
    absent: int


def numbers_of(sessions: list[CourseSession]) -> list[SessionNumbers]:
    """What the register of each session says in numbers, erased people too. One query."""
    rows = (
        Attendance.objects.filter(session__in=sessions)
        .order_by()
        .values("session")
        .annotate(
            present=Count("pk", filter=Q(is_present=True)),
            absent=Count("pk", filter=Q(is_present=False)),
        )
    )
    found = {row["session"]: row for row in rows}
    none = {"present": 0, "absent": 0}
    return [
        SessionNumbers(each, row["present"], row["absent"])
        for each in sessions
        for row in [found.get(each.pk, none)]
    ]


def absent_twice(runs: Collection[CourseRun]) -> dict[int, list[Student]]:
    """By run, whoever has a place and was absent the last two times that they were marked.

    Not counted are sessions that one may leave out. Computed each time, and stored nowhere. Two
    queries, or none without runs.
    """
    if not runs:
        return {}
    marks = (
        Attendance.objects.filter(
            session__run__in=runs, session__cancelled_at=None, session__is_optional=False
        )
        .order_by("session__starts_at")
        .values_list("session__run", "student", "is_present")
    )
    last: dict[tuple[int, int], list[bool]] = {}
    for run, student, is_present in marks:
        last.setdefault((run, student), []).append(is_present)
    away = {key for key, marked in last.items() if marked[-2:] == [False, False]}
    found: dict[int, list[Student]] = {}
    enrolments = Enrolment.objects.with_place().filter(run__in=runs).select_related("student")
    for each in enrolments.order_by("student__name_key", "pk"):
        if (each.run_id, each.student_id) in away:
            found.setdefault(each.run_id, []).append(each.student)
    return found


def registers_not_taken(now: datetime) -> QuerySet[CourseSession]:
    """Sessions held in the last `WRITTEN_LATE_DAYS` of which nobody has written who came.

    Where people sign up, and somebody has a place, nobody is marked; elsewhere no heads are
    counted. The oldest first, with run and course.
    """
    marked = Attendance.objects.filter(session=OuterRef("pk")).order_by()
    by_name = Q(run__entry=CourseRun.Entry.SIGN_UP, run__places_taken__gt=0) & ~Exists(marked)
    by_heads = ~Q(run__entry=CourseRun.Entry.SIGN_UP) & Q(headcount=None)
    return (
        CourseSession.objects.not_cancelled()
        .filter(run__status=CourseRun.Status.PUBLISHED, ends_at__lte=now)
        .filter(by_name | by_heads, ends_at__gt=now - timedelta(days=settings.WRITTEN_LATE_DAYS))
        .select_related("run__course")
        .order_by("starts_at", "pk")
    )


def without_certificates(now: datetime) -> QuerySet[CourseRun]:
    """Runs that are over, where somebody was present and has no certificate of it.

    One that was withdrawn was given: nobody is asked for another. A run that was cancelled is over.
    Of the last `WRITTEN_LATE_DAYS`, with course and semester.
    """
    has_one = Certificate.objects.filter(run=OuterRef("session__run"), student=OuterRef("student"))
    present = Attendance.objects.present().filter(student__erased_at=None).order_by()
    left_out = present.filter(~Exists(has_one.order_by()), session__run=OuterRef("pk"))
    own = CourseSession.objects.not_cancelled().filter(run=OuterRef("pk")).order_by()
    is_over = Q(status=CourseRun.Status.CANCELLED) | ~Exists(own.filter(ends_at__gt=now))
    late = now - timedelta(days=settings.WRITTEN_LATE_DAYS)
    return (
        CourseRun.objects.exclude(status=CourseRun.Status.DRAFT)
        .filter(is_over, Exists(own.filter(ends_at__gt=late)), Exists(left_out))
        .select_related("course", "semester")
        .order_by("pk")
    )
