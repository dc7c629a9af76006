"""In which rhythm a series meets: every week, every other, or so many-eth weekday of the month."""

from collections.abc import Sequence
from datetime import date, timedelta

LAST = -1  # of its kind in a month, be it the fourth or the fifth


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """Such as the second Tuesday of a month: `weekday` as of `date.weekday`, `nth` 1 to 4 or LAST.

    `month` may lie outside 1 to 12: it is counted on from the year.
    """
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    if nth != LAST:
        return day + timedelta(weeks=nth - 1)
    while (day + timedelta(weeks=1)).month == month:
        day += timedelta(weeks=1)
    return day


def nth_of(day: date) -> int:
    """Which of its weekdays in the month this is, 1 to 4; a fifth one is the LAST."""
    nth = (day.day - 1) // 7 + 1
    return LAST if nth == 5 else nth


def is_last(day: date) -> bool:
    """Whether it is the last of its weekdays in the month."""
    return (day + timedelta(weeks=1)).month != day.month


def monthly_nth(days: Sequence[date]) -> int | None:
    """Which weekday of the month a monthly series keeps to; None where it is no such series.

    Three days at least, in different months: two may be so by chance.
    """
    months = {(each.year, each.month) for each in days}
    if len(days) < 3 or len(months) < len(days) or len({each.weekday() for each in days}) > 1:
        return None
    found = {nth_of(each) for each in days}
    if len(found) == 1:
        return found.pop()
    return LAST if all(is_last(each) for each in days) else None


def repeated_days(days: Sequence[date], first_day: date) -> list[date]:
    """The days of a series, in order, as it begins anew on a day: with as many days between them.

    A monthly series stays one: it keeps to the weekday of the month that its first day is.
    """
    nth = monthly_nth(days)
    if nth is None:
        return [first_day + (each - days[0]) for each in days]
    if nth != LAST or not is_last(first_day):
        nth = nth_of(first_day)
    months = [_month_number(each) - _month_number(days[0]) for each in days]
    return [
        nth_weekday(first_day.year, first_day.month + later, first_day.weekday(), nth)
        for later in months
    ]


def nearest_nth(day: date, nth: int) -> date:
    """The day nearest to this one that is its weekday so many-eth in its month."""
    around = (nth_weekday(day.year, day.month + step, day.weekday(), nth) for step in (-1, 0, 1))
    return min(around, key=lambda each: abs(each - day))


def _month_number(day: date) -> int:
    return day.year * 12 + day.month
