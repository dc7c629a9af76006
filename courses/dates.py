"""Dates, times and phone numbers the way Språkrådet writes them.

«torsdag 5. november 2026», «kl. 18.00–20.30», «22 86 50 00».
"""

from datetime import date, datetime

import phonenumbers
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language


def local_date(moment: date | datetime) -> date:
    """The calendar day in Norway."""
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def day(moment: date | datetime) -> str:
    """«torsdag 5. november 2026»."""
    return date_format(local_date(moment), "l j F Y" if _is_english() else "l j. F Y")


def day_without_weekday(moment: date | datetime) -> str:
    """«5. november 2026»."""
    return date_format(local_date(moment), "j F Y" if _is_english() else "j. F Y")


def short_day(moment: date | datetime) -> str:
    """«torsdag 5. november», for lists where the year is plain."""
    return date_format(local_date(moment), "l j F" if _is_english() else "l j. F")


def days(first: date | datetime, last: date | datetime) -> str:
    """«5. november 2026», or «5.–19. november 2026», or the whole of both dates."""
    start, end = local_date(first), local_date(last)
    if start == end:
        return day_without_weekday(start)
    if (start.year, start.month) == (end.year, end.month):
        dot = "" if _is_english() else "."
        return f"{start.day}{dot}–{day_without_weekday(end)}"
    if start.year == end.year:
        return (
            f"{date_format(start, 'j F' if _is_english() else 'j. F')} – {day_without_weekday(end)}"
        )
    return f"{day_without_weekday(start)} – {day_without_weekday(end)}"


def clock(moment: datetime) -> str:
    """«kl. 18.00»; English: «18:00»."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M}" if _is_english() else f"kl. {local:%H.%M}"


def clock_range(starts_at: datetime, ends_at: datetime) -> str:
    """«kl. 18.00–20.30»; English: «18:00–20:30»."""
    end = timezone.localtime(ends_at)
    return f"{clock(starts_at)}–{end:%H:%M}" if _is_english() else f"{clock(starts_at)}–{end:%H.%M}"


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
