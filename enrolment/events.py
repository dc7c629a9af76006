"""The value-free log: who did what to which row, and when."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from enrolment.models import Event


def log(verb: str, row: Model, *, by: Any | None = None) -> Event:
    """One event, inside the caller's transaction. Never put a value or a name into `verb`."""
    return Event.objects.create(
        actor=by, verb=verb, subject=row._meta.label_lower.rpartition(".")[2], subject_id=row.pk
    )


def log_all(verb: str, rows: Iterable[Model], *, by: Any | None = None) -> None:
    """One event for each row, in one query."""
    Event.objects.bulk_create(
        Event(actor=by, verb=verb, subject=row._meta.model_name, subject_id=row.pk) for row in rows
    )
