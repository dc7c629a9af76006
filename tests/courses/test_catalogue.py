"""Words about runs, and which runs a visitor's choices find. No database."""

from datetime import datetime, timedelta

import pytest
from django.http import QueryDict
from django.utils import translation

from courses.catalogue import (
    CatalogueEntry,
    CatalogueFilter,
    Meeting,
    PartOfDay,
    choices,
    join_names,
    place_in_words,
    when_in_words,
)
from courses.models import Availability, Course, CourseRun
from courses.norwegian.formatting import DASH
from tests.factories import oslo


def make_meeting(starts_at: datetime | None = None, **fields: object) -> Meeting:
    starts_at = starts_at or oslo(2026, 11, 5, 18)
    values = {
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2, minutes=30),
        "theme": "",
        "guest_speakers": "",
        "venue": "Biblioteket",
        "town": "Sandnes",
        "is_online": False,
    } | fields
    return Meeting(**values)


def make_entry() -> CatalogueEntry:
    """Tuesdays in the morning, Thursdays in the evening."""
    return CatalogueEntry(
        run=CourseRun(course=Course(title="Å tro på seg selv", format="short_course")),
        url="/kurs/a-tro-pa-seg-selv/",
        meetings=[
            make_meeting(oslo(2026, 11, 3, 10)),
            make_meeting(oslo(2026, 11, 5, 18), theme="Språk"),
        ],
        tutors=[],
        topics=["Selvtillit"],
        availability=Availability.ROOM,
    )


@pytest.fixture(autouse=True)
def bokmål():
    with translation.override("nb"):
        yield


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("type=short_course", True),
        ("type=seminar", False),
        ("type=not-a-format", True),
        ("sted=Sandnes", True),
        ("sted=Biblioteket", True),
        ("sted=Stavanger", False),
        ("dag=2", True),
        ("dag=3", False),
        ("dag=9", True),
        ("tid=kveld", True),
        ("tid=ettermiddag", False),
        ("tema=Selvtillit", True),
        ("tema=Natur", False),
        ("tekst=Å+TRO", True),
        ("tekst=selv+å", True),
        ("tekst=språk", True),
        ("tekst=a+tro+finnes", False),
        ("dag=2&tid=formiddag", True),
        ("dag=2&tid=kveld", False),
        ("dag=2&sted=Stavanger", False),
    ],
)
def test_choices_find_the_runs_that_fit_all_of_them(query, found):
    assert CatalogueFilter.read(QueryDict(query)).matches(make_entry()) is found


def test_unreadable_choices_are_left_out():
    wanted = CatalogueFilter.read(QueryDict("dag=²&tid=natt&type=x&tekst=%00"))
    assert wanted.is_anything


def test_free_text_has_a_longest_length():
    assert len(CatalogueFilter.read(QueryDict("tekst=" + "a" * 500)).text) == 80


def test_choices_offer_what_the_semester_has_and_keep_what_was_chosen():
    wanted = CatalogueFilter(format="seminar", place="Sola", topic="Natur")
    offered = choices([make_entry()], wanted)
    assert offered.formats == [("short_course", "Kort kurs"), ("seminar", "Seminar")]
    assert offered.towns == ["Sandnes"]
    assert offered.venues == ["Biblioteket", "Sola"]
    assert offered.topics == ["Natur", "Selvtillit"]


def test_chosen_town_is_offered_once():
    offered = choices([make_entry()], CatalogueFilter(place="Sandnes"))
    assert (offered.towns, offered.venues) == (["Sandnes"], ["Biblioteket"])


@pytest.mark.parametrize(
    ("hour", "part"),
    [(9, "formiddag"), (11, "formiddag"), (12, "ettermiddag"), (16, "ettermiddag"), (17, "kveld")],
)
def test_part_of_day(hour, part):
    assert PartOfDay.of(hour) == part


def test_one_session_tells_its_day_and_hours():
    assert (
        when_in_words([make_meeting()]) == f"Torsdag 5.\xa0november 2026, kl.\xa018.00{DASH}20.30"
    )


def test_weekly_series_tells_its_rhythm_across_the_change_of_the_clock():
    meetings = [make_meeting(oslo(2026, 10, day, 18)) for day in (15, 22, 29)]
    assert when_in_words(meetings) == (
        f"Torsdager kl.\xa018.00{DASH}20.30, 15.{DASH}29.\xa0oktober 2026, 3 samlinger"
    )


def test_uneven_series_tells_its_days_and_how_many():
    meetings = [make_meeting(oslo(2026, 11, 5, 18)), make_meeting(oslo(2026, 12, 1, 10))]
    assert when_in_words(meetings) == "5.\xa0november\xa0– 1.\xa0desember 2026, 2 samlinger"


def test_monthly_series_is_not_called_weekly():
    meetings = [
        make_meeting(oslo(2026, month, day, 18)) for month, day in ((9, 3), (10, 1), (11, 5))
    ]
    assert when_in_words(meetings) == (
        f"3.\xa0september\xa0– 5.\xa0november 2026, kl.\xa018.00{DASH}20.30, 3 samlinger"
    )


def test_weekly_series_may_rest_for_a_holiday():
    meetings = [make_meeting(oslo(2026, 10, day, 18)) for day in (1, 15, 22)]
    assert when_in_words(meetings).startswith(
        f"Torsdager kl.\xa018.00{DASH}20.30, 1.{DASH}22.\xa0oktober 2026"
    )


def test_no_sessions_is_said():
    assert when_in_words([]) == "Datoene er ikke bestemt ennå"


def test_places_are_told_once_each():
    meetings = [
        make_meeting(),
        make_meeting(),
        make_meeting(venue="Huset", town="Sola", is_online=True),
    ]
    assert place_in_words(meetings) == "Biblioteket, Sandnes, Huset, Sola og på nett"


def test_online_alone_is_a_place():
    assert place_in_words([make_meeting(venue="", town="", is_online=True)]) == "På nett"


@pytest.mark.parametrize(
    ("names", "words"),
    [([], ""), (["Anne"], "Anne"), (["Anne", "Bo"], "Anne og Bo"), (list("ABC"), "A, B og C")],
)
def test_names_are_joined(names, words):
    assert join_names(names) == words
