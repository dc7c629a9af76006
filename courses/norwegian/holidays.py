"""The days when Norway rests."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _


def easter_sunday(year: int) -> date:
    """Gregorian computus (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day + 1)


def public_holidays(year: int) -> dict[date, str]:
    """Days off in Norway, by name. A session on one of them is allowed; somebody should notice."""
    easter = easter_sunday(year)
    fixed = {
        date(year, 1, 1): _("New Year's Day"),
        date(year, 5, 1): _("Labour Day"),
        date(year, 5, 17): _("Constitution Day"),
        date(year, 12, 24): _("Christmas Eve"),
        date(year, 12, 25): _("Christmas Day"),
        date(year, 12, 26): _("Boxing Day"),
        date(year, 12, 31): _("New Year's Eve"),
    }
    movable = {
        easter - timedelta(days=3): _("Maundy Thursday"),
        easter - timedelta(days=2): _("Good Friday"),
        easter: _("Easter Sunday"),
        easter + timedelta(days=1): _("Easter Monday"),
        easter + timedelta(days=39): _("Ascension Day"),
        easter + timedelta(days=49): _("Whit Sunday"),
        easter + timedelta(days=50): _("Whit Monday"),
    }
    both = {
        day: _("%(names)s and %(last)s") % {"names": fixed[day], "last": movable[day]}
        for day in fixed.keys() & movable.keys()
    }
    return fixed | movable | both


def holiday_name(instant: datetime) -> str:
    """The name of the public holiday on that day, or nothing."""
    day = timezone.localtime(instant).date()
    return str(public_holidays(day.year).get(day, ""))
