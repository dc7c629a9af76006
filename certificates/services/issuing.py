"""Certificates for everybody on the register who was there."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from certificates.models import Attendance, Certificate, make_proof, new_number
from certificates.services.facts import facts_of_language, facts_of_run, facts_of_sessions
from courses.models import College, CourseRun, CourseSession
from courses.norwegian.sorting import sort_key
from courses.services import lock_run
from enrolment.events import log_all
from enrolment.models import Student
from enrolment.services import owe_certificate_letters


@transaction.atomic
def issue(*, run: CourseRun, by: Any, now: datetime | None = None) -> list[Certificate]:
    """Give a certificate to everybody who was in at least one session and has none.

    How much somebody took part decides nothing. The facts are frozen as they are now. Issuing
    twice, or two tutors at once, is issuing once. Each is owed the letter that it is ready.
    Returns the new ones; rendering is for later, outside any transaction.
    """
    locked = lock_run(run.pk)
    now = now or timezone.now()
    attended = attended_sessions(locked, now)
    has_one = set(
        Certificate.objects.valid().filter(run=locked).values_list("student_id", flat=True)
    )
    without = [(student, held) for student, held in attended if student.pk not in has_one]
    if not without:
        return []
    college = College.objects.get()
    shared = facts_of_run(locked, college) | {"issued_by": by, "issued_at": now}
    certificates = Certificate.objects.bulk_create(
        _certificate(student, held, shared | facts_of_language(college, student.language))
        for student, held in without
    )
    log_all("issued", certificates, by=by, now=now)
    owe_certificate_letters(
        run=locked,
        students={
            certificate.pk: student
            for certificate, (student, _held) in zip(certificates, without, strict=True)
        },
        now=now,
    )
    return certificates


def attended_sessions(
    run: CourseRun, now: datetime | None = None
) -> list[tuple[Student, list[CourseSession]]]:
    """Who was there, by name, and in which sessions that have begun. One query."""
    rows = (
        Attendance.objects.present()
        .filter(
            session__run=run,
            session__starts_at__lte=now or timezone.now(),
            student__erased_at__isnull=True,
        )
        .select_related("student", "session__venue", "session__run__venue")
        .order_by("session__starts_at")
    )
    students: dict[int, Student] = {}
    held: dict[int, list[CourseSession]] = defaultdict(list)
    for row in rows:
        students[row.student_id] = row.student
        held[row.student_id].append(row.session)
    return [
        (student, held[student.pk])
        for student in sorted(students.values(), key=lambda each: (sort_key(each.name), each.pk))
    ]


def _certificate(
    student: Student, held: Sequence[CourseSession], shared: dict[str, Any]
) -> Certificate:
    number = new_number()
    return Certificate(
        student=student,
        number=number,
        proof=make_proof(number, student.name),
        name=student.name,
        **facts_of_sessions(held),
        **shared,
    )
