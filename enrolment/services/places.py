"""Giving a place back, or the companion's. The queue moves up in the same transaction.

Every verb here locks the run's row, checks, writes and returns. The counters on the run and the
status of an enrolment are written here, in `sign_up` and in `queue` only.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.models import CourseRun
from enrolment.events import log
from enrolment.models import Enrolment, Letter
from enrolment.services import errors
from enrolment.services.outbox import owe
from enrolment.services.queue import check_running, fill, lock, save_counters


@transaction.atomic
def withdraw(
    *, enrolment: Enrolment, by: Any | None = None, now: datetime | None = None
) -> Enrolment:
    """Give the place, or the spot in the queue, back. The queue moves up in the same transaction.

    Withdrawing twice is withdrawing once. No reason is asked. Raises RunCancelled, RunFinished.
    """
    locked, current = lock(enrolment)
    if not current.is_live:
        return current
    now = now or timezone.now()
    check_running(locked, now)
    give_back(locked, current, by=by, now=now)
    owe(Letter.Kind.WITHDRAWN, [current], now=now)
    fill(locked, now=now)
    return current


def give_back(run: CourseRun, enrolment: Enrolment, *, by: Any | None, now: datetime) -> None:
    """Withdraw a live enrolment from a locked run, with its event. Nobody is told, or moves up."""
    if enrolment.has_place:
        run.places_taken -= enrolment.places
    else:
        run.waiting -= 1
    save_counters(run)
    enrolment.status = Enrolment.Status.WITHDRAWN
    enrolment.withdrawn_at = now
    enrolment.save(update_fields=["status", "withdrawn_at"])
    log("withdrew", enrolment, by=by, now=now)


@transaction.atomic
def give_up_companion(
    *, enrolment: Enrolment, by: Any | None = None, now: datetime | None = None
) -> Enrolment:
    """Come alone after all: the companion's seat goes back, and the queue moves up.

    Doing it twice is doing it once. Raises NotLive, RunCancelled, RunFinished.
    """
    locked, current = lock(enrolment)
    if not current.is_live:
        raise errors.NotLive
    now = now or timezone.now()
    check_running(locked, now)
    if not current.has_companion:
        return current
    current.places = 1
    current.save(update_fields=["places"])
    if current.has_place:
        locked.places_taken -= 1
        save_counters(locked)
    owe(Letter.Kind.COMPANION, [current], now=now)
    log("gave_up_companion", current, by=by, now=now)
    fill(locked, now=now)
    current.refresh_from_db(fields=["status", "placed_at"])
    return current
