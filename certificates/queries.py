"""Reads that the register and its pages share."""

from django.db.models import Q

from certificates.models import Attendance
from courses.models import CourseRun
from enrolment.models import Enrolment, Student, StudentQuerySet


def students_on_list_of(run: CourseRun) -> StudentQuerySet:
    """Who a run's tutors meet: those with a place, and those who attended.

    Nobody from the waiting list, and nobody who has been erased.
    """
    with_place = Enrolment.objects.with_place().filter(run=run).values("student")
    who_attended = Attendance.objects.filter(session__run=run).values("student")
    return Student.objects.known().filter(Q(pk__in=with_place) | Q(pk__in=who_attended))
