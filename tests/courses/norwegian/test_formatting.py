from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import formats, timezone, translation

from courses.norwegian import formatting
from courses.norwegian.formatting import DASH
from tests.factories import oslo

EVENING = oslo(2026, 11, 5, 18)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("nb", "torsdag 5.\xa0november 2026"),
        ("nn", "torsdag 5.\xa0november 2026"),
        ("en", "Thursday 5\xa0November 2026"),
    ],
)
def test_day(language, written):
    with translation.override(language):
        assert formatting.day(EVENING) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [("nb", "torsdag 5.\xa0november"), ("en", "Thursday 5\xa0November")],
)
def test_short_day(language, written):
    with translation.override(language):
        assert formatting.short_day(EVENING) == written


@pytest.mark.parametrize(
    ("language", "written"), [("nb", "5.11."), ("nn", "5.11."), ("en", "5\xa0Nov")]
)
def test_shortest_day(language, written):
    with translation.override(language):
        assert formatting.shortest_day(EVENING) == written


@pytest.mark.parametrize(
    ("first", "last", "bokmaal", "english"),
    [
        (date(2026, 11, 5), date(2026, 11, 5), "5.\xa0november 2026", "5\xa0November 2026"),
        (
            date(2026, 11, 5),
            date(2026, 11, 19),
            f"5.{DASH}19.\xa0november 2026",
            f"5{DASH}19\xa0November 2026",
        ),
        (
            date(2026, 10, 8),
            date(2026, 11, 5),
            "8.\xa0oktober\xa0– 5.\xa0november 2026",
            "8\xa0October\xa0– 5\xa0November 2026",
        ),
        (
            date(2026, 12, 30),
            date(2027, 1, 2),
            "30.\xa0desember 2026\xa0– 2.\xa0januar 2027",
            "30\xa0December 2026\xa0– 2\xa0January 2027",
        ),
    ],
)
def test_days(first, last, bokmaal, english):
    with translation.override("nb"):
        assert formatting.days(first, last) == bokmaal
    with translation.override("en"):
        assert formatting.days(first, last) == english


def test_clock_range():
    with translation.override("nb"):
        assert (
            formatting.clock_range(EVENING, EVENING + timedelta(hours=2.5))
            == f"kl.\xa018.00{DASH}20.30"
        )
    with translation.override("en"):
        assert (
            formatting.clock_range(EVENING, EVENING + timedelta(hours=2.5)) == f"18:00{DASH}20:30"
        )


def test_day_and_clock_are_those_of_norway():
    midnight = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    with translation.override("nb"):
        assert formatting.day_without_weekday(midnight) == "1.\xa0juli 2026"
        assert formatting.clock(midnight) == "kl.\xa000.30"


@pytest.mark.parametrize(
    ("number", "written"), [(4, "4"), (2.5, "2,5"), (1.75, "1,75"), (0.333, "0,33"), (10, "10")]
)
def test_hours(number, written):
    with translation.override("nb"):
        assert formatting.hours(number) == written
    with translation.override("en"):
        assert formatting.hours(number) == written.replace(",", ".")


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("+4722865000", "22 86 50 00"),
        ("+4790012345", "90 01 23 45"),
        ("+46812345678", "+46 8 123 456 78"),
        ("spør i døra", "spør i døra"),
    ],
)
def test_phone(stored, written):
    assert formatting.phone(stored) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("nb", "mandag 7.\xa0desember 2026 kl.\xa014.00"),
        ("nn", "måndag 7.\xa0desember 2026 kl.\xa014.00"),
        ("en", "Monday 7\xa0December 2026, 14:00"),
    ],
)
def test_day_and_hour_are_written_as_everywhere_also_by_django(language, written):
    moment = oslo(2026, 12, 7, 14)
    with translation.override(language):
        assert formatting.moment_in_full(moment) == written
        assert formats.localize(timezone.localtime(moment)) == written
        assert formats.localize(moment.date()) == formatting.day_without_weekday(moment)
        assert formats.time_format(timezone.localtime(moment)) == formatting.clock(moment)


@pytest.mark.parametrize(
    ("language", "title", "written"),
    [
        ("nb", "Håp", "«Håp»"),
        ("nn", "Håp", "«Håp»"),
        ("en", "Håp", "“Håp”"),
        ("nb", "Hva er «recovery»?", "«Hva er ‘recovery’?»"),
        ("en", "Hva er «recovery»?", "“Hva er ‘recovery’?”"),
    ],
)
def test_a_title_within_a_sentence_stands_in_quotation_marks(language, title, written):
    with translation.override(language):
        assert formatting.quoted(title) == written


@pytest.mark.parametrize(
    ("language", "words", "written"),
    [
        ("nb", "Mandager kl. 18.00", "mandager kl. 18.00"),
        ("nn", "5.–19. november", "5.–19. november"),
        ("en", "Mondays 18:00", "Mondays 18:00"),
    ],
)
def test_days_begin_small_within_a_norwegian_sentence(language, words, written):
    with translation.override(language):
        assert formatting.within_sentence(words) == written
