"""Our public holidays beside those of a package that is made of nothing else."""

import holidays as package
import pytest

from courses.norwegian.holidays import public_holidays

# No public holidays by law, but nobody holds a course then.
EVES = {(12, 24), (12, 31)}


@pytest.mark.parametrize("century", [range(1950, 2026), range(2026, 2101)])
def test_public_holidays_are_those_of_the_law(century: range) -> None:
    ours = {
        day for year in century for day in public_holidays(year) if (day.month, day.day) not in EVES
    }
    assert ours == set(package.country_holidays("NO", years=century))


def test_eves_are_among_them_every_year() -> None:
    for year in range(1950, 2101):
        assert {(day.month, day.day) for day in public_holidays(year)} >= EVES
