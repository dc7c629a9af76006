"""What a coordinator does with a run that people have signed up for."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.models import CourseRun
from courses.services import lock_run
from enrolment.events import log
from enrolment.models import Enrolment, Letter
from enrolment.schedule_changes import Programme, urgent_start
from enrolment.services import errors
from enrolment.services.interest import let_wait_for_another
from enrolment.services.outbox import owe, owe_change
from enrolment.services.tutor_letters import owe_tutors_cancelled, owe_tutors_change


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
    """Cancel a published run and owe one letter to everybody with or waiting for a place, and to
    its tutors.

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
    people = list(Enrolment.objects.live().filter(run=locked).select_related("student"))
    told = owe(Letter.Kind.CANCELLED, people, urgent_for=urgent_start(locked, now), now=now)
    return told + owe_tutors_cancelled(locked, now=now)


@transaction.atomic
def announce_change(
    *, run: CourseRun, by: Any, before: Programme | None = None, now: datetime | None = None
) -> int:
    """Tell everybody with or waiting for a place, and the tutors, that time or venue has changed.

    Call it in the transaction that saves the change, with the run as it is saved, locked. `before`
    is the programme as it was: the letter says what has changed. Returns the number of people who
    are told, as `owe_change` does. Raises RunCancelled.
    """
    if run.is_cancelled:
        raise errors.RunCancelled
    now = now or timezone.now()
    event = log("changed_programme", run, by=by, now=now)
    told = owe_change(run, before=before, occasion=str(event.pk), now=now)
    return told + owe_tutors_change(run, before=before, occasion=str(event.pk), now=now)


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
    let_wait_for_another(locked)
    log("back_to_draft", locked, by=by, now=now)
    run.status = locked.status
