"""In which rhythm a series meets, and the days that a pattern means."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from courses.services import LAST, Pattern, Rhythm
from courses.services.rhythm import monthly_nth, nearest_nth, nth_weekday, repeated_days

TUESDAY = 1
SECOND_TUESDAYS = [
    date(2026, 9, 8),
    date(2026, 10, 13),
    date(2026, 11, 10),
    date(2026, 12, 8),
    date(2027, 1, 12),
]
LAST_TUESDAYS = [date(2026, 9, 29), date(2026, 10, 27), date(2026, 11, 24)]


@pytest.mark.parametrize(
    ("month", "nth", "day"),
    [
        (9, 1, date(2026, 9, 1)),
        (9, 2, date(2026, 9, 8)),
        (9, LAST, date(2026, 9, 29)),  # the fifth
        (10, LAST, date(2026, 10, 27)),  # the fourth
        (13, 2, date(2027, 1, 12)),
        (0, 2, date(2025, 12, 9)),
    ],
)
def test_weekday_of_the_month(month: int, nth: int, day: date) -> None:
    assert nth_weekday(2026, month, TUESDAY, nth) == day


@pytest.mark.parametrize(
    ("days", "nth"),
    [
        (SECOND_TUESDAYS, 2),
        (LAST_TUESDAYS, LAST),
        (SECOND_TUESDAYS[:2], None),  # may be so by chance
        ([date(2026, 9, 8), date(2026, 9, 15), date(2026, 9, 22)], None),
        ([date(2026, 9, 8), date(2026, 10, 6), date(2026, 11, 3)], None),  # every fourth week
        ([date(2026, 9, 8), date(2026, 10, 14), date(2026, 11, 11)], None),
    ],
)
def test_monthly_series_is_known_by_its_days(days: list[date], nth: int | None) -> None:
    assert monthly_nth(days) == nth


def test_monthly_series_stays_one_wherever_it_begins() -> None:
    assert repeated_days(SECOND_TUESDAYS, date(2027, 9, 14)) == [
        date(2027, 9, 14),
        date(2027, 10, 12),
        date(2027, 11, 9),
        date(2027, 12, 14),
        date(2028, 1, 11),
    ]
    third_wednesdays = [date(2027, 9, 15), date(2027, 10, 20), date(2027, 11, 17)]
    assert repeated_days(SECOND_TUESDAYS[:3], third_wednesdays[0]) == third_wednesdays
    last = [date(2027, 8, 31), date(2027, 9, 28), date(2027, 10, 26)]
    assert repeated_days(LAST_TUESDAYS, last[0]) == last


def test_any_other_series_has_as_many_days_between() -> None:
    days = [date(2026, 9, 8), date(2026, 9, 15), date(2026, 9, 29)]
    assert repeated_days(days, date(2027, 2, 3)) == [
        date(2027, 2, 3),
        date(2027, 2, 10),
        date(2027, 2, 24),
    ]


def test_nearest_may_be_in_the_next_month() -> None:
    assert nearest_nth(date(2027, 8, 31), 1) == date(2027, 9, 7)


def days_of(rhythm: Rhythm, first_day: date = date(2026, 9, 8), **pattern: object) -> list[str]:
    return [f"{each:%m-%d}" for each in Pattern(rhythm, first_day, **pattern).days()]


def test_patterns_mean_their_days() -> None:
    assert days_of(Rhythm.WEEKLY, number=3) == ["09-08", "09-15", "09-22"]
    assert days_of(Rhythm.FORTNIGHTLY, until=date(2026, 10, 6)) == ["09-08", "09-22", "10-06"]
    assert days_of(Rhythm.MONTHLY, number=3) == ["09-08", "10-13", "11-10"]
    assert days_of(Rhythm.MONTHLY, number=2, nth=LAST) == ["09-29", "10-27"]
    # Its Thursday in September is over.
    assert days_of(Rhythm.MONTHLY, number=2, nth=1, weekday=3) == ["10-01", "11-05"]
    assert days_of(Rhythm.MONTHLY, date(2026, 9, 29), number=2) == ["09-29", "10-27"]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ({"until": date(2026, 9, 1)}, "No session falls between the first day and the last."),
        ({"number": 61}, "At most 60 sessions can be added at once."),
        ({"until": date(2036, 9, 1)}, "At most 60 sessions can be added at once."),
    ],
)
def test_none_and_too_many_are_refused_in_words(pattern: dict[str, object], words: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        days_of(Rhythm.WEEKLY, **pattern)
    assert refusal.value.messages == [words]
    assert len(days_of(Rhythm.WEEKLY, number=60)) == 60
