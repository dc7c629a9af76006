"""The queue: free places go to its head, by themselves or, close to the start, by telephone.

The counters on the run and the status of an enrolment are written here and in `places` only, by
whoever holds the run's lock.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.models import CourseRun
from courses.services import lock_run
from enrolment.events import log, log_all
from enrolment.models import Enrolment, Letter
from enrolment.schedule_changes import urgent_start
from enrolment.services import errors
from enrolment.services.outbox import owe


@transaction.atomic
def fill_queue(*, run: CourseRun, now: datetime | None = None) -> int:
    """Give free places to the head of the queue, as far as they reach. Returns how many moved up.

    To be called after the moment at which the waiting list closes was moved: with a later one the
    queue fills by itself again. Does nothing once that moment has passed.
    """
    return fill(lock_run(run.pk), now=now)


@transaction.atomic
def set_capacity(
    *, run: CourseRun, capacity: int, by: Any | None = None, now: datetime | None = None
) -> CourseRun:
    """Change how many places there are; more places fill from the queue at once.

    Raises CapacityBelowPlaces with the number where fewer are wanted than are taken,
    EnrolmentClosed where people do not sign up for the run, RunCancelled.
    """
    locked = lock_run(run.pk)
    now = now or timezone.now()
    if change_capacity(locked, capacity, by=by, now=now):
        fill(locked, now=now)
    run.capacity = locked.capacity
    return locked


def change_capacity(run: CourseRun, capacity: int, *, by: Any | None, now: datetime) -> bool:
    """Write how many places a locked run has, and whether that is new. Nobody moves up yet.

    Raises what `set_capacity` raises.
    """
    if not run.has_sign_up:
        raise errors.EnrolmentClosed
    if capacity == run.capacity:
        return False
    if run.is_cancelled:
        raise errors.RunCancelled
    if capacity < run.places_taken:
        raise errors.CapacityBelowPlaces(run.places_taken)
    run.capacity = capacity
    # Nothing else has changed, and each constraint is a question to the database.
    others = {field.name for field in CourseRun._meta.get_fields()} - {"capacity", "entry"}
    run.full_clean(exclude=others)
    run.save(update_fields=["capacity"])
    log("changed_capacity", run, by=by, now=now)
    return True


@transaction.atomic
def record_call(
    *, enrolment: Enrolment, outcome: str, by: Any, now: datetime | None = None
) -> Enrolment:
    """Write down what the first in the queue said on the phone; «says yes» gives the place.

    Only after the waiting list has stopped filling by itself. Raises QueueFillsByItself,
    NotNextInQueue (somebody is before them, or they wait no more), NoRoom, RunCancelled,
    RunFinished.
    """
    locked, current = lock(enrolment)
    now = now or timezone.now()
    check_running(locked, now)
    if locked.fills_by_itself(now):
        raise errors.QueueFillsByItself
    if Enrolment.objects.to_call().filter(run=locked).first() != current:
        raise errors.NotNextInQueue
    if locked.free_places < 1:
        raise errors.NoRoom
    if outcome == Enrolment.CallOutcome.YES and locked.free_places < current.places:
        raise errors.NoRoom
    current.call_outcome = Enrolment.CallOutcome(outcome)
    current.called_at = now
    current.save(update_fields=["call_outcome", "called_at"])
    log("called", current, by=by, now=now)
    if outcome == Enrolment.CallOutcome.YES:
        promote(locked, [current], is_told=True, by=by, now=now)
    return current


@transaction.atomic
def reopen_call(*, enrolment: Enrolment, by: Any, now: datetime | None = None) -> Enrolment:
    """Somebody who could not come, or was not reached, rang back: they are next again.

    Their spot in the queue never changed. Raises NotLive where they wait no more, RunCancelled,
    RunFinished.
    """
    locked, current = lock(enrolment)
    now = now or timezone.now()
    check_running(locked, now)
    if not current.is_waiting:
        raise errors.NotLive
    if current.call_outcome:
        current.call_outcome = ""
        current.save(update_fields=["call_outcome"])
        log("reopened_call", current, by=by, now=now)
    return current


def lock(enrolment: Enrolment) -> tuple[CourseRun, Enrolment]:
    """The run, locked, and the enrolment as it is under that lock."""
    locked = lock_run(enrolment.run_id)
    current = Enrolment.objects.select_related("student").get(pk=enrolment.pk)
    current.run = locked
    return locked, current


def check_running(run: CourseRun, now: datetime | None = None) -> None:
    """Raise RunCancelled or RunFinished where nothing about places may change any more."""
    if not run.is_running(now):
        raise errors.RunCancelled if run.is_cancelled else errors.RunFinished


def fill(run: CourseRun, *, now: datetime | None = None) -> int:
    """Promote from the head while it fits; returns how many. The run must be locked.

    A pair that does not fit keeps its turn: nobody passes it.
    """
    if run.waiting == 0 or not run.is_published or not run.fills_by_itself(now):
        return 0
    heads: list[Enrolment] = []
    free = run.free_places
    for head in Enrolment.objects.waiting().filter(run=run).select_related("student"):
        if head.places > free:
            break
        free -= head.places
        heads.append(head)
    if heads:
        promote(run, heads, now=now)
    return len(heads)


def promote(
    run: CourseRun,
    enrolments: Sequence[Enrolment],
    *,
    is_told: bool = False,
    by: Any | None = None,
    now: datetime | None = None,
) -> None:
    """Move people from the queue to places, with letter and event. The run must be locked.

    Who hears it on the telephone this moment (`is_told`) needs no SMS and no second call. The same
    number of statements for one and for many.
    """
    now = now or timezone.now()
    moved = Enrolment.objects.filter(pk__in=[each.pk for each in enrolments])
    moved.update(status=Enrolment.Status.PLACE, placed_at=now)
    for each in enrolments:
        each.status, each.placed_at, each.run = Enrolment.Status.PLACE, now, run
    run.places_taken += sum(each.places for each in enrolments)
    run.waiting -= len(enrolments)
    save_counters(run)
    urgent_for = None if is_told else urgent_start(run, now)
    owe(Letter.Kind.PROMOTED, enrolments, urgent_for=urgent_for, now=now)
    log_all("got_place", enrolments, by=by, now=now)


def save_counters(run: CourseRun) -> None:
    run.save(update_fields=["places_taken", "waiting"])
