"""The days of a series as somebody plans it: a rhythm, and how many or until when."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.services.rhythm import nth_of, nth_weekday


class Rhythm(models.TextChoices):
    WEEKLY = "weekly", _("every week")
    FORTNIGHTLY = "fortnightly", _("every other week")
    MONTHLY = "monthly", _("every month")


@dataclass(frozen=True)
class Pattern:
    """From the first day on in a rhythm: so many times, or until a day; one of the two is given.

    Monthly, it is the `nth` such weekday of each month; what is not given is as the first day is.
    """

    rhythm: Rhythm
    first_day: date
    number: int | None = None
    until: date | None = None
    nth: int | None = None
    weekday: int | None = None  # as of `date.weekday`

    def days(self) -> list[date]:
        """Each day in order. Raises ValidationError, in words, for none and for too many."""
        found: list[date] = []
        while not self._is_complete(found):
            day = self._day(len(found))
            if self.until is not None and day > self.until:
                break
            found.append(day)
            check_not_too_many(len(found))
        if not found:
            raise ValidationError(gettext("No session falls between the first day and the last."))
        return found

    def _is_complete(self, found: list[date]) -> bool:
        return self.number is not None and len(found) >= self.number

    def _day(self, turn: int) -> date:
        if self.rhythm != Rhythm.MONTHLY:
            weeks = 1 if self.rhythm == Rhythm.WEEKLY else 2
            return self.first_day + timedelta(weeks=weeks * turn)
        weekday = self.first_day.weekday() if self.weekday is None else self.weekday
        nth = nth_of(self.first_day) if self.nth is None else self.nth
        year, month = self.first_day.year, self.first_day.month
        # The month of the first day may have had it already.
        has_passed = nth_weekday(year, month, weekday, nth) < self.first_day
        return nth_weekday(year, month + turn + has_passed, weekday, nth)


def check_not_too_many(number: int) -> None:
    """Raise ValidationError, in words, for more than SESSIONS_AT_ONCE."""
    if number > settings.SESSIONS_AT_ONCE:
        words = ngettext(
            "At most %(most)s session can be added at once.",
            "At most %(most)s sessions can be added at once.",
            settings.SESSIONS_AT_ONCE,
        )
        raise ValidationError(words % {"most": settings.SESSIONS_AT_ONCE})
