"""What the college says of a year that is over: its figures as they were then, and its words."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FrozenYear(models.Model):
    """The figures of a year on the day they were frozen. Numbers of groups, never of a person.

    Written once, and never again: a later correction is told beside them.
    """

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    frozen_at = models.DateTimeField(_("frozen"), default=timezone.now, editable=False)
    figures: Any = models.JSONField(_("figures"))

    class Meta:
        verbose_name = _("frozen year")
        verbose_name_plural = _("frozen years")
        ordering = ["-year"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return str(self.year)


class AnnualReport(models.Model):
    """The college's own words in the annual report of a year, in each of its languages."""

    year = models.PositiveSmallIntegerField(
        _("year"),
        unique=True,
        error_messages={
            "unique": _("There are words for this year already. Open them from the list.")
        },
    )
    # By part, and then by language: what stands in no language is not in the report.
    words: Any = models.JSONField(_("words"), blank=True, default=dict)

    class Meta:
        verbose_name = _("annual report")
        verbose_name_plural = _("annual reports")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)

    def part(self, name: str, language: str) -> tuple[str, str]:
        """A part's words in this language and the language they are written in.

        Where there are none in this language, they are those in the college's own.
        """
        by_language = self.words.get(name, {})
        for written_in in (language, settings.LANGUAGE_CODE):
            if words := by_language.get(written_in, "").strip():
                return words, written_in
        return "", language
