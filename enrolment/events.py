"""The value-free log: who did what to which row, and when."""

from typing import Any

from django.db.models import Model

from enrolment.models import Event


def log(verb: str, row: Model, *, by: Any | None = None) -> Event:
    """One event, inside the caller's transaction. Never put a value or a name into `verb`."""
    return Event.objects.create(
        actor=by, verb=verb, subject=row._meta.label_lower.rpartition(".")[2], subject_id=row.pk
    )
