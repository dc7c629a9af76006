"""Somebody is erased, across sign-ups, letters, attendance and certificates."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from certificates import services as certificate_services
from certificates.models import Certificate
from courses.models import CourseRun
from courses.services import lock_run
from enrolment import services as enrolment_services
from enrolment.models import Enrolment, Student
from recoverycollege.people.erasures import ErasuresNotKept, list_erased
from recoverycollege.people.locking import run_keys
from recoverycollege.people.written_letters import blank_out

__all__ = [
    "Erased",
    "ErasuresNotKept",
    "PlannedErasure",
    "erase",
    "erase_all",
    "leaving",
    "plan_erasure",
]


class _SignedUpMeanwhile(Exception):
    """On a run that is not locked."""


@dataclass(frozen=True)
class PlannedErasure:
    """What erasing means, as things are now."""

    leaving: list[Enrolment]  # with a place, or waiting, on runs that are not over
    certificates: int
    interests: int  # wishes to be told when a course is held again


@dataclass(frozen=True)
class Erased:
    """Who, and the runs whose queue may have moved up, since when."""

    at: datetime
    people: list[int] = field(default_factory=list)  # their keys
    runs: dict[int, CourseRun] = field(default_factory=dict)


def leaving(students: Iterable[Student]) -> dict[int, list[Enrolment]]:
    """What each of them is signed up for, on runs that are not over, by their keys. Two queries."""
    live = (
        Enrolment.objects.live()
        .filter(student__in=[each.pk for each in students])
        .select_related("run__course", "run__semester")
        .prefetch_related("run__sessions")
        .order_by("pk")
    )
    found: dict[int, list[Enrolment]] = {}
    for each in live:
        if each.can_be_withdrawn():
            found.setdefault(each.student_id, []).append(each)
    return found


def plan_erasure(student: Student) -> PlannedErasure:
    """What `erase` would do now. A fixed number of queries."""
    return PlannedErasure(
        leaving=leaving([student]).get(student.pk, []),
        certificates=Certificate.objects.for_student(student).count(),
        interests=enrolment_services.interests_of(student).count(),
    )


def erase(
    *,
    student: Student,
    by: Any | None = None,
    now: datetime | None = None,
    still: Callable[[Student], bool] | None = None,
) -> Erased:
    """Erase somebody who asked for it; `by` is the member of staff who was asked.

    In one transaction, all runs that they have anything in are locked, by key, and the student;
    whoever signs them up in this moment is waited for, or begins anew. Where `still` says no by
    then, they stay. Else their proof is listed, on the disk, before anything is written: should the
    machine stop in between, or a backup be restored, `apply_erasures` goes through with it.
    `enrolment.services.erase_student` says what becomes of places, letters and links;
    `certificates.services.erase_name` does of certificates. Attendance stays, without a name.
    Erasing twice is erasing once.

    Raises ErasuresNotKept: then nothing is done.
    """
    return erase_all(students=[student], by=by, now=now, still=still)


def erase_all(
    *,
    students: Iterable[Student],
    by: Any | None = None,
    now: datetime | None = None,
    still: Callable[[Student], bool] | None = None,
) -> Erased:
    """Erase several people, each in a transaction of their own; see `erase`.

    Raises ErasuresNotKept: then whoever comes after is not erased.
    """
    erased = Erased(now or timezone.now())
    known = Student.objects.known().filter(pk__in=[each.pk for each in students])
    written_to: set[str] = set()
    try:
        for each in known.order_by("pk"):
            addresses = enrolment_services.addresses_of([each])
            runs = _erase(each, by=by, now=erased.at, still=still)
            if runs is not None:
                erased.people.append(each.pk)
                erased.runs.update({run.pk: run for run in runs})
                written_to |= addresses
    finally:
        blank_out(written_to)
    return erased


def _erase(
    student: Student, *, by: Any | None, now: datetime, still: Callable[[Student], bool] | None
) -> list[CourseRun] | None:
    while True:
        try:
            return _erase_under_locks(student, by=by, now=now, still=still)
        except _SignedUpMeanwhile:
            continue


@transaction.atomic
def _erase_under_locks(
    student: Student, *, by: Any | None, now: datetime, still: Callable[[Student], bool] | None
) -> list[CourseRun] | None:
    keys = run_keys(student)
    runs = {key: lock_run(key) for key in keys}
    found = enrolment_services.lock_students(student)
    if not found:
        return None  # erased already, or part of another record by now
    if run_keys(student) != keys:
        raise _SignedUpMeanwhile
    if still is not None and not still(found[0]):
        return None
    # What became part of them, too: a backup from before then would bring it back by itself.
    list_erased([*found, *found[0].merged_records.all()], now=now)
    certificate_services.delete_offers(student=found[0])
    certificate_services.erase_name(Certificate.objects.filter(student=student))
    return enrolment_services.erase_student(student=found[0], runs=runs, by=by, now=now)
