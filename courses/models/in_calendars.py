"""Rows that calendars show, each with the moment at which that was last changed."""

from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

AnyModel = TypeVar("AnyModel", bound=models.Model)


class InCalendarsQuerySet(models.QuerySet[AnyModel]):
    def update(self, **kwargs: Any) -> int:
        """As Django's, which `bulk_update` calls too; with `changed_at` where calendars show it."""
        shown: frozenset[str] = self.model.SHOWN_IN_CALENDARS  # type: ignore[attr-defined]
        if shown & kwargs.keys():
            kwargs.setdefault("changed_at", timezone.now())
        return super().update(**kwargs)


class InCalendars(models.Model):
    """A row that calendars show. Its `changed_at` is written along with what they show of it.

    A calendar takes an appointment for newer than the one it has by that moment. So it is written
    here, for every save and update, and not by each of the verbs; counters leave it alone.
    """

    # As fields and as columns: `update_fields` and `update` may name either.
    SHOWN_IN_CALENDARS: ClassVar[frozenset[str]]

    # Of the clock, not of a verb's `now`: a moment in the past would be older than what it changes.
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def save(
        self,
        *,
        force_insert: Any = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        names = None if update_fields is None else {*update_fields}
        if names is None or names & self.SHOWN_IN_CALENDARS:
            self.changed_at = timezone.now()
            names = names and {*names, "changed_at"}
        super().save(
            force_insert=force_insert,
            force_update=force_update,
            using=using,
            update_fields=names,
        )
