"""What is locked where a whole person is written: the runs, by their keys, and then the person."""

from certificates.models import Attendance, Certificate
from enrolment.models import Enrolment, Student


def run_keys(*students: Student) -> list[int]:
    """All runs that they have anything in, in the order in which they are locked. One query."""
    pks = [each.pk for each in students]
    return sorted(
        Enrolment.objects.filter(student__in=pks)
        .order_by()
        .values_list("run")
        .union(
            Attendance.objects.filter(student__in=pks).order_by().values_list("session__run"),
            Certificate.objects.filter(student__in=pks).order_by().values_list("run"),
        )
        .values_list("run", flat=True)
    )
