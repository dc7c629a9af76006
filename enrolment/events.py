"""The value-free log: who did what to which row, and when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from enrolment.models import Event


def log(verb: str, row: Model, *, by: Any | None = None, now: datetime | None = None) -> Event:
    """One event, inside the caller's transaction. Never put a value or a name into `verb`."""
    event = _event(verb, row, by, now)
    event.save()
    return event


def log_all(
    verb: str, rows: Iterable[Model], *, by: Any | None = None, now: datetime | None = None
) -> None:
    """One event for each row, in one query."""
    Event.objects.bulk_create([_event(verb, row, by, now) for row in rows])


def _event(verb: str, row: Model, by: Any | None, now: datetime | None) -> Event:
    subject = row._meta.label_lower.rpartition(".")[2]
    return Event(
        actor=by,
        verb=verb,
        subject=subject,
        subject_id=row.pk,
        happened_at=now or timezone.now(),
    )
