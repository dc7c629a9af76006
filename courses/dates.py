"""Dates, times and phone numbers the way Språkrådet writes them.

«torsdag 5. november 2026», «kl. 18.00–20.30», «22 86 50 00».
"""

from datetime import date, datetime

import phonenumbers
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language


def local_date(moment: date | datetime) -> date:
    """The calendar day in Norway."""
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def _day_and_month(on: date) -> str:
    # Put together here: a catalogue page holds many dates, and date_format is slow.
    return f"{on.day}{'' if _is_english() else '.'} {MONTHS[on.month]}"


def day(moment: date | datetime) -> str:
    """«torsdag 5. november 2026»."""
    return f"{short_day(moment)} {local_date(moment).year}"


def day_without_weekday(moment: date | datetime) -> str:
    """«5. november 2026»."""
    on = local_date(moment)
    return f"{_day_and_month(on)} {on.year}"


def short_day(moment: date | datetime) -> str:
    """«torsdag 5. november», for lists where the year is plain."""
    on = local_date(moment)
    return f"{WEEKDAYS[on.weekday()]} {_day_and_month(on)}"


def days(first: date | datetime, last: date | datetime) -> str:
    """«5. november 2026», or «5.–19. november 2026», or the whole of both dates."""
    start, end = local_date(first), local_date(last)
    if start == end:
        return day_without_weekday(start)
    if (start.year, start.month) == (end.year, end.month):
        dot = "" if _is_english() else "."
        return f"{start.day}{dot}–{day_without_weekday(end)}"
    if start.year == end.year:
        return f"{_day_and_month(start)} – {day_without_weekday(end)}"
    return f"{day_without_weekday(start)} – {day_without_weekday(end)}"


def clock(moment: datetime) -> str:
    """«kl. 18.00»; English: «18:00»."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M}" if _is_english() else f"kl. {local:%H.%M}"


def clock_range(starts_at: datetime, ends_at: datetime) -> str:
    """«kl. 18.00–20.30»; English: «18:00–20:30»."""
    return wall_clock_range(timezone.localtime(starts_at), timezone.localtime(ends_at))


def wall_clock_range(start: datetime, end: datetime) -> str:
    """As `clock_range`, for moments that are on the clock in Norway already."""
    if _is_english():
        return f"{start.hour:02}:{start.minute:02}–{end.hour:02}:{end.minute:02}"
    return f"kl. {start.hour:02}.{start.minute:02}–{end.hour:02}.{end.minute:02}"


def hours(number: float) -> str:
    """Hours without needless decimals, comma in Norwegian: «4», «2,5»."""
    text = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return text if _is_english() else text.replace(".", ",")


def phone(number: str) -> str:
    """«22 86 50 00»; a foreign number with its country code. What cannot be read stays as it is."""
    try:
        parsed = phonenumbers.parse(number, "NO")
    except phonenumbers.NumberParseException:
        return number
    national = phonenumbers.PhoneNumberFormat.NATIONAL
    international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(
        parsed, national if parsed.country_code == 47 else international
    )
