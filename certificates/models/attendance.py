"""Who attended which session."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import CourseSession
from enrolment.models import Student


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def present(self) -> "AttendanceQuerySet":
        return self.filter(is_present=True)


class Attendance(models.Model):
    """Whether a student was there. No row: nobody has said. Needs no enrolment."""

    student = models.ForeignKey(
        Student, on_delete=models.PROTECT, related_name="attendances", verbose_name=_("student")
    )
    session = models.ForeignKey(
        CourseSession,
        on_delete=models.PROTECT,
        related_name="attendances",
        verbose_name=_("session"),
    )
    is_present = models.BooleanField(_("present"))
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now, editable=False)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        # Stood in `enrolment` until the register moved here; the table never did.
        db_table = "enrolment_attendance"
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        default_permissions = ("change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["student", "session"], name="attendance_once_per_session"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
