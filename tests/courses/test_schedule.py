"""From when to when a session is, as somebody writes it: also past midnight."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from courses.services import session_times

FRIDAY = date(2026, 11, 6)


def test_end_earlier_than_the_start_is_on_the_next_day():
    starts_at, ends_at = session_times(FRIDAY, time(22), time(0, 30))
    assert ends_at - starts_at == timedelta(hours=2.5)
    assert timezone.localdate(ends_at) == date(2026, 11, 7)


def test_midnight_itself_is_the_next_days():
    starts_at, ends_at = session_times(FRIDAY, time(22), time(0))
    assert ends_at - starts_at == timedelta(hours=2)


@pytest.mark.parametrize(
    ("begins", "finishes", "words"),
    [
        (time(18), time(18), "The session must end after it starts."),
        (time(18), time(16), "If it ends the next day, it lasts 22 hours, and 12 is the most."),
        (time(8), time(20, 30), "It would last 12.5 hours, and 12 is the most."),
    ],
)
def test_slip_of_the_pen_is_refused_in_words(begins, finishes, words):
    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        session_times(FRIDAY, begins, finishes)
    assert words in refusal.value.messages[0]


@pytest.mark.parametrize(("begins", "finishes"), [(time(8), time(20)), (time(20), time(8))])
def test_twelve_hours_are_allowed(begins, finishes):
    starts_at, ends_at = session_times(FRIDAY, begins, finishes)
    assert ends_at - starts_at == timedelta(hours=12)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 28), 4),  # an hour is left out
        (date(2026, 10, 24), 6),  # an hour comes twice
    ],
)
def test_night_when_the_clock_changes_lasts_as_long_as_it_does(day, hours):
    starts_at, ends_at = session_times(day, time(22), time(3))
    assert ends_at - starts_at == timedelta(hours=hours)
    assert timezone.localtime(ends_at).time() == time(3)


def test_end_in_the_hour_that_is_left_out_is_refused_where_it_is_before_the_start():
    with pytest.raises(ValidationError):
        session_times(date(2026, 3, 29), time(2, 30), time(3))
