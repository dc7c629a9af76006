"""What a coordinator does with a run that people have signed up for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from courses.models import CourseRun
from courses.services import lock_run
from enrolment import letters
from enrolment.events import log
from enrolment.models import Enrolment, Letter
from enrolment.schedule_changes import Programme, as_json, changes, from_json, programme_of
from enrolment.services import errors


def check_can_be_cancelled(run: CourseRun, now: datetime | None = None) -> None:
    """Raise RunCancelled, RunIsDraft (nobody has seen it) or RunFinished where that is so."""
    if run.is_cancelled:
        raise errors.RunCancelled
    if run.is_draft:
        raise errors.RunIsDraft
    if run.is_finished(now):
        raise errors.RunFinished


def check_can_be_draft(run: CourseRun, now: datetime | None = None) -> None:
    """Raise what keeps a run in the catalogue: RunIsDraft (it is none already), RunCancelled,
    HasBegun from the day of the first session on, when people may be in its register, or
    HasEnrolments where anybody ever signed up. One query at most, with the sessions loaded.
    """
    if run.is_draft:
        raise errors.RunIsDraft
    if run.is_cancelled:
        raise errors.RunCancelled
    if run.marking_has_begun(now):
        raise errors.HasBegun
    if run.enrolments.exists():
        raise errors.HasEnrolments


@transaction.atomic
def cancel_run(*, run: CourseRun, by: Any, now: datetime | None = None) -> int:
    """Cancel a published run and write one letter to everybody with or waiting for a place.

    Enrolments keep their status: cancelling is the run's fact. Cancelling twice is cancelling once.
    Returns the number of letters. Raises RunFinished, and RunIsDraft for a draft, which nobody
    has seen.
    """
    locked = lock_run(run.pk)
    if locked.is_cancelled:
        return 0
    now = now or timezone.now()
    check_can_be_cancelled(locked, now)
    locked.status = CourseRun.Status.CANCELLED
    locked.cancelled_at = now
    locked.save(update_fields=["status", "cancelled_at"])
    log("cancelled", locked, by=by, now=now)
    run.status, run.cancelled_at = locked.status, locked.cancelled_at
    return _write_to_all(locked, Letter.Kind.CANCELLED, occasion="cancelled", now=now)


@transaction.atomic
def change_entry(
    *,
    run: CourseRun,
    entry: str,
    capacity: int | None,
    fields: Iterable[str],
    by: Any,
    now: datetime | None = None,
) -> None:
    """Change whether people sign up, with the capacity that belongs to it and other named fields.

    Raises HasEnrolments where anybody ever signed up, ValidationError where a rule is broken.
    """
    locked = lock_run(run.pk)
    if locked.enrolments.exists():
        raise errors.HasEnrolments
    for name in fields:
        setattr(locked, name, getattr(run, name))
    locked.entry, locked.capacity = entry, capacity
    locked.full_clean()
    locked.save(update_fields=["entry", "capacity", *fields])
    log("changed_entry", locked, by=by, now=now)


@transaction.atomic
def announce_change(
    *, run: CourseRun, by: Any, before: Programme | None = None, now: datetime | None = None
) -> int:
    """Tell everybody with or waiting for a place that time or venue has changed.

    Call it in the transaction that saves the change. `before` is the programme as it was: the
    letter says what has changed. Somebody to whom a letter with the programme waits unsent gets no
    other letter: that one tells today's programme, and what has changed of what they were told.
    Returns the number of people who are told. Raises RunCancelled.
    """
    locked = lock_run(run.pk)
    if locked.is_cancelled:
        raise errors.RunCancelled
    now = now or timezone.now()
    event = log("changed_programme", locked, by=by, now=now)
    after = programme_of(locked.session_list)
    about_run = Letter.objects.filter(enrolment__run=locked)
    # In a worker's hands is as good as told: it may arrive, with the programme as it was.
    told = about_run.filter(Q(sent_at__isnull=False) | Q(claimed_at__isnull=False))
    have_been_told = set(told.values_list("student", flat=True))
    untold = about_run.unsent().filter(claimed_at=None, kind__in=Letter.TELLS_PROGRAMME)
    waiting = {each.student_id: each for each in untold.order_by("pk")}
    number = 0
    for enrolment in Enrolment.objects.live().filter(run=locked).select_related("student"):
        enrolment.run = locked
        letter = waiting.get(enrolment.student_id)
        known = before if enrolment.student_id in have_been_told else None
        if letter is not None and _absorbs(letter, known, after, now=now):
            number += letter.overtaken_at is None
            continue
        written = letters.write(
            kind=Letter.Kind.CHANGED,
            student=enrolment.student,
            enrolment=enrolment,
            occasion=f"{event.pk}:{enrolment.pk}",
            before=before,
            now=now,
        )
        number += written is not None
    return number


def _absorbs(letter: Letter, known: Programme | None, after: Programme, *, now: datetime) -> bool:
    """Let an unsent letter tell the change, at once; False where a worker has just taken it.

    Taken in the same moment, it waits for this transaction, and then reads the facts as they are.
    What was changed and changed back is nothing to tell.
    """
    if letter.before is None and known is not None:
        letter.before = as_json(known)
    if (
        letter.kind == Letter.Kind.CHANGED
        and letter.before is not None
        and not changes(from_json(letter.before), after, now=now)
    ):
        letter.overtaken_at = now
    untaken = Letter.objects.unsent().filter(pk=letter.pk, claimed_at=None)
    return bool(
        untaken.update(not_before=None, before=letter.before, overtaken_at=letter.overtaken_at)
    )


@transaction.atomic
def back_to_draft(*, run: CourseRun, by: Any, now: datetime | None = None) -> None:
    """Take a run off the catalogue again.

    Doing it twice is doing it once. Raises what `check_can_be_draft` raises.
    """
    locked = lock_run(run.pk)
    if locked.is_draft:
        return
    now = now or timezone.now()
    check_can_be_draft(locked, now)
    locked.status = CourseRun.Status.DRAFT
    locked.save(update_fields=["status"])
    log("back_to_draft", locked, by=by, now=now)
    run.status = locked.status


def _write_to_all(run: CourseRun, kind: Letter.Kind, *, occasion: str, now: datetime) -> int:
    written = 0
    for enrolment in Enrolment.objects.live().filter(run=run).select_related("student"):
        enrolment.run = run
        letter = letters.write(
            kind=kind,
            student=enrolment.student,
            enrolment=enrolment,
            occasion=f"{occasion}:{enrolment.pk}",
            now=now,
        )
        written += letter is not None
    return written
