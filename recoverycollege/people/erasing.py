"""Somebody is erased, across sign-ups, letters, attendance and certificates."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from certificates import services as certificate_services
from certificates.models import Certificate
from enrolment.models import Adjustment, Letter, Message, RepeatedSubmission, Student
from enrolment.models.students import new_key


@transaction.atomic
def erase(*, student: Student, by: Any | None = None, now: datetime | None = None) -> None:
    """Empty the row of somebody who takes part in nothing that is to come, and delete what only
    tells of them. Enrolments and attendance stay, without a name.
    """
    certificate_services.erase_name(Certificate.objects.filter(student=student))
    to_them = Message.objects.filter(enrolment__student=student)
    Letter.objects.filter(
        Q(student=student) | Q(enrolment__student=student) | Q(message__in=to_them.values("pk"))
    ).delete()
    to_them.delete()
    Adjustment.objects.filter(enrolment__student=student).delete()
    RepeatedSubmission.objects.filter(enrolment__student=student).delete()
    student.merged_keys.all().delete()
    student.name = student.name_key = student.email = student.phone = ""
    student.channel, student.postal_address = Student.Channel.NONE, ""
    student.municipality, student.wants_news = "", False
    student.key, student.calendar_key = new_key(), new_key()
    student.erased_at = now or timezone.now()
    student.save()
