"""Who attended, and how many there were. A fact that needs no place: no counter moves here.

Every verb locks the run's row, so that two tutors who save at once lose nothing of each other's.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from certificates.models import Attendance
from certificates.queries import students_on_list_of
from certificates.services import errors
from courses.models import CourseRun, CourseSession
from courses.norwegian.names import normalise_name
from courses.services import lock_run
from enrolment.events import log, log_all
from enrolment.models import Student
from enrolment.services import take_back_absence_letters


class Mark(StrEnum):
    """A cell of the register. `UNMARKED` is no row: nobody has said."""

    UNMARKED = ""
    PRESENT = "present"
    ABSENT = "absent"

    @classmethod
    def of(cls, attendance: Attendance | None) -> "Mark":
        if attendance is None:
            return cls.UNMARKED
        return cls.PRESENT if attendance.is_present else cls.ABSENT


@dataclass(frozen=True)
class Cell:
    """What the tutor saw, and what they want it to be."""

    shown: Mark
    wanted: Mark


@dataclass(frozen=True)
class SavedRegister:
    """How many cells were written, and where somebody else had changed the same cell meanwhile."""

    changed: int
    overwritten: list[Student]


@transaction.atomic
def save_register(
    *,
    run: CourseRun,
    session: CourseSession,
    cells: Mapping[int, Cell],
    by: Any,
    now: datetime | None = None,
) -> SavedRegister:
    """Write the cells the tutor changed, by student; cells left as they were shown stay untouched.

    Saving twice is saving once. Where another tutor changed the same cell meanwhile, the last one
    wins and the student is named in the answer. Somebody who is not on the run's list any more is
    passed over. A name that was only added to the list goes with its last mark.
    Raises NotInThisRun, SessionNotBegun.
    """
    now = now or timezone.now()
    locked, current = _lock(run, session, now)
    wanted = {pk: cell for pk, cell in cells.items() if cell.wanted != cell.shown}
    students = students_on_list_of(locked).in_bulk(list(wanted)) if wanted else {}
    marked = {
        row.student_id: row
        for row in Attendance.objects.filter(session=current, student__in=students)
    }
    new, changed, removed, overwritten = [], [], [], []
    for pk, student in students.items():
        cell, row = wanted[pk], marked.get(pk)
        mark = Mark.of(row)
        if mark == cell.wanted:
            continue
        if mark != cell.shown:
            overwritten.append(student)
        if cell.wanted == Mark.UNMARKED:
            removed.append(row)
        elif row is None:
            is_present = cell.wanted == Mark.PRESENT
            new.append(
                Attendance(student=student, session=current, is_present=is_present, recorded_at=now)
            )
        else:
            row.is_present = cell.wanted == Mark.PRESENT
            row.recorded_at = now
            changed.append(row)
    gone = [row for row in removed if row is not None]
    log_all("unmarked", gone, by=by, now=now)
    Attendance.objects.filter(pk__in=[row.pk for row in gone]).delete()
    Attendance.objects.bulk_update(changed, ["is_present", "recorded_at"])
    log_all("marked", [*Attendance.objects.bulk_create(new), *changed], by=by, now=now)
    # Whoever was absent, and is not any more.
    corrected = [*gone, *(row for row in changed if row.is_present)]
    if corrected:
        take_back_absence_letters(
            session=current, students=[row.student_id for row in corrected], now=now
        )
    _forget_misheard([students[row.student_id] for row in gone])
    return SavedRegister(changed=len(new) + len(changed) + len(gone), overwritten=overwritten)


@transaction.atomic
def add_walk_in(
    *, run: CourseRun, session: CourseSession, name: str, by: Any, now: datetime | None = None
) -> Student:
    """Write down somebody who just turned up, by name only, as present.

    Adding twice is adding once: raises AlreadyOnList where the name is on the run's list. Raises
    ValidationError for a name that is empty or holds a national identity number; NotInThisRun,
    SessionNotBegun.
    """
    now = now or timezone.now()
    locked, current = _lock(run, session, now)
    name = " ".join(name.split())
    key = normalise_name(name)
    there = students_on_list_of(locked).filter(name_key=key).first()
    if there is not None:
        raise errors.AlreadyOnList(there)
    student = Student(
        name=name,
        name_key=key,
        channel=Student.Channel.NONE,
        language=locked.course.language,
    )
    student.full_clean()
    student.save()
    attendance = Attendance.objects.create(
        student=student, session=current, is_present=True, recorded_at=now
    )
    log("turned_up", attendance, by=by, now=now)
    return student


@transaction.atomic
def set_headcount(
    *,
    run: CourseRun,
    session: CourseSession,
    headcount: int | None,
    by: Any,
    now: datetime | None = None,
) -> int | None:
    """Write how many were there; None where nobody counted. The last one wins.

    Returns what was written there before.

    Raises NotInThisRun, SessionNotBegun.
    """
    now = now or timezone.now()
    _locked, current = _lock(run, session, now)
    before: int | None = current.headcount
    if before == headcount:
        return before
    current.headcount = headcount
    current.full_clean(validate_constraints=False)
    current.save(update_fields=["headcount"])
    log("counted", current, by=by, now=now)
    return before


def _forget_misheard(students: list[Student]) -> None:
    """Delete those who were a name on this list only, and are not even that any more."""
    for student in students:
        if student.can_be_reached:
            continue
        with suppress(ProtectedError), transaction.atomic():
            student.delete()


def _lock(run: CourseRun, session: CourseSession, now: datetime) -> tuple[CourseRun, CourseSession]:
    """The run, locked, and its session as it is under that lock."""
    locked = lock_run(run.pk)
    current = locked.sessions.filter(pk=session.pk).first()
    if current is None:
        raise errors.NotInThisRun
    if not current.can_be_marked(now):
        raise errors.SessionNotBegun
    return locked, current
