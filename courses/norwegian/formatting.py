"""Dates, times, phone numbers and titles the way Språkrådet writes them.

«torsdag 5. november 2026», «kl. 18.00–20.30», «22 86 50 00», and guillemets around a title.
"""

from datetime import date, datetime
from functools import cache
from typing import NamedTuple

import phonenumbers
from django.conf import settings
from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, gettext, override

# A line may break before «kl. 18.00» and before «5. november», and never inside.
NO_BREAK = "\N{NO-BREAK SPACE}"
# A line may break after a dash, also between two hours. This character, which nobody
# sees, forbids it. What is no web page does without: letters and certificates take it away.
WORD_JOINER = "\N{WORD JOINER}"
DASH = f"–{WORD_JOINER}"
SINGLE_QUOTES = str.maketrans("«»“”", "‘’‘’")


def local_date(moment: date | datetime) -> date:
    """The calendar day in Norway."""
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


class Calendar(NamedTuple):
    """The names in one language. Kept, because a catalogue page holds many dates."""

    is_english: bool
    dot: str  # after the number of a day
    weekdays: list[str]  # Monday first
    months: list[str]  # January is number 1


@cache
def _calendar(language: str) -> Calendar:
    with override(language):
        is_english = language.startswith("en")
        return Calendar(
            is_english=is_english,
            dot="" if is_english else ".",
            weekdays=[str(WEEKDAYS[number]) for number in range(7)],
            months=["", *(str(MONTHS[number]) for number in range(1, 13))],
        )


def calendar() -> Calendar:
    """The names in the language of the moment."""
    return _calendar(get_language() or settings.LANGUAGE_CODE)


def _is_english() -> bool:
    return calendar().is_english


def _day_and_month(on: date, names: Calendar) -> str:
    return f"{on.day}{names.dot}{NO_BREAK}{names.months[on.month]}"


def day(moment: date | datetime) -> str:
    """«torsdag 5. november 2026»."""
    on = local_date(moment)
    names = calendar()
    return f"{names.weekdays[on.weekday()]} {_day_and_month(on, names)} {on.year}"


def day_without_weekday(moment: date | datetime) -> str:
    """«5. november 2026»."""
    on = local_date(moment)
    return f"{_day_and_month(on, calendar())} {on.year}"


def short_day(moment: date | datetime) -> str:
    """«torsdag 5. november», for lists where the year is plain."""
    on = local_date(moment)
    names = calendar()
    return f"{names.weekdays[on.weekday()]} {_day_and_month(on, names)}"


def shortest_day(moment: date | datetime) -> str:
    """«5.11.», for a row of many; English: «5 Nov»."""
    on = local_date(moment)
    names = calendar()
    if names.is_english:
        return f"{on.day}{NO_BREAK}{names.months[on.month][:3]}"
    return f"{on.day}.{on.month}."


def days(first: date | datetime, last: date | datetime) -> str:
    """«5. november 2026», or «5.–19. november 2026», or the whole of both dates."""
    start, end = local_date(first), local_date(last)
    if start == end:
        return day_without_weekday(start)
    names = calendar()
    until = f"{_day_and_month(end, names)} {end.year}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}{names.dot}{DASH}{until}"
    if start.year == end.year:
        return f"{_day_and_month(start, names)}{NO_BREAK}– {until}"
    return f"{_day_and_month(start, names)} {start.year}{NO_BREAK}– {until}"


def clock(moment: datetime) -> str:
    """«kl. 18.00»; English: «18:00»."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M}" if _is_english() else f"kl.{NO_BREAK}{local:%H.%M}"


def clock_range(starts_at: datetime, ends_at: datetime) -> str:
    """«kl. 18.00–20.30»; English: «18:00–20:30»."""
    return wall_clock_range(timezone.localtime(starts_at), timezone.localtime(ends_at))


def wall_clock_range(start: datetime, end: datetime) -> str:
    """As `clock_range`, for moments that are on the clock in Norway already."""
    if _is_english():
        return f"{start.hour:02}:{start.minute:02}{DASH}{end.hour:02}:{end.minute:02}"
    return f"kl.{NO_BREAK}{start.hour:02}.{start.minute:02}{DASH}{end.hour:02}.{end.minute:02}"


def moment_in_full(moment: datetime) -> str:
    """«mandag 7. desember 2026 kl. 14.00»; English: «Monday 7 December 2026, 14:00»."""
    return f"{day(moment)}{',' if _is_english() else ''} {clock(moment)}"


def short_moment(moment: datetime) -> str:
    """«torsdag 5. november kl. 18.00»; English: «Thursday 5 November, 18:00»."""
    return f"{short_day(moment)}{',' if _is_english() else ''} {clock(moment)}"


def near_moment(moment: datetime) -> str:
    """«i dag kl. 18.00», «i morgen kl. 18.00»; a day further away with its date."""
    days_left = (local_date(moment) - timezone.localdate()).days
    if days_left not in (0, 1):
        return short_moment(moment)
    day_word = gettext("tomorrow") if days_left else gettext("today")
    return f"{day_word} {clock(moment)}"


def within_sentence(words: str) -> str:
    """«mandager kl. 18.00» after a colon; English names of days keep their capital."""
    return words if _is_english() else words[:1].lower() + words[1:]


def quoted(title: str) -> str:
    """A title within a sentence: «Håp og vendepunkter»; English: “Håp og vendepunkter”.

    Quotation marks inside the title become single ones, as both languages have it.
    """
    inside = title.translate(SINGLE_QUOTES)
    return f"“{inside}”" if _is_english() else f"«{inside}»"


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
