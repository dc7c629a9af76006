"""Every figure, on a college that was counted by hand."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import FrozenYear
from enrolment.models import Student
from recoverycollege.figures import facts, freezing
from recoverycollege.figures.definitions import FIGURES
from recoverycollege.figures.rounding import FewerThan
from recoverycollege.figures.years import Audience, Line, YearFigures, year_figures
from recoverycollege.people.erasing import erase
from recoverycollege.people.inactive import tell_inactive
from recoverycollege.people.merging import merge
from tests import factories
from tests.factories import oslo
from tests.recoverycollege.figures.counted import NOW, Counted, mark

pytestmark = pytest.mark.django_db

# Spring, autumn and the whole year, as counted on paper.
BY_HAND = {
    "people": (7, 0, 7),  # A to G; H was absent
    "enrolments": (13, 0, 13),  # A to E; and A to H, H once
    "waiting": (1, 0, 1),  # D
    "withdrawals": (1, 0, 1),  # E; H signed up again
    "participations": (10, 0, 10),  # three and seven
    "returning": (None, None, 2),  # A and B; Z did not come back
    "certificates": (2, 0, 2),  # A and B; C's was withdrawn
    "runs": (2, 2, 4),
    "sessions": (3, 3, 6),
    "hours_taught": (7, 5.5, 12.5),  # 2 + 2 + 3, and 2 + 2 + 1.5
    "hours_taken_part": (31, 0, 31),  # 3 × 2 + 2 × 2 + 7 × 3
    "attendance": (85, None, 85),  # 12 of 14 marks
    "drop_in_heads": (0, 21, 21),
    "closed_heads": (0, 4, 4),
    "sessions_with_pair": (66, 100, 83),  # 2 of 3, 3 of 3
    "courses_with_pair": (50, 100, 75),  # Håp, Kafé and Hjemme, but not Søvn
    "tutor_absences": (2, 0, 2),
}


def figures(year: int = 2025, audience: Audience = Audience.COORDINATORS) -> YearFigures:
    return year_figures(facts.read([year], now=NOW), year, audience)


def test_every_figure_is_what_was_counted_by_hand():
    Counted()
    assert {
        name: tuple(periods.get(each) for each in ("spring", "autumn", "year"))
        for name, periods in figures().main.items()
    } == BY_HAND
    assert [each.name for each in FIGURES] == [*BY_HAND]


def test_breakdowns_are_what_was_counted_by_hand():
    Counted()
    # Runs, sessions, sign-ups, took part, unique people, heads
    assert {
        by: {line.key: tuple(line.values.values()) for line in lines}
        for by, lines in figures().breakdowns.items()
    } == {
        "format": {
            "short_course": (1, 2, 5, 3, 3, 0),
            "series": (1, 1, 8, 7, 7, 0),
            "cafe": (1, 2, 0, 0, 0, 21),
            "housing_workshop": (1, 1, 0, 0, 0, 4),
        },
        "course": {
            "Hjemme": (1, 1, 0, 0, 0, 4),
            "Håp": (1, 2, 5, 3, 3, 0),
            "Kafé": (1, 2, 0, 0, 0, 21),
            "Søvn": (1, 1, 8, 7, 7, 0),
        },
        "venue": {
            "Biblioteket": (1, 2, 5, 3, 3, 0),
            "Bofellesskapet": (1, 1, 0, 0, 0, 4),
            "Huset": (2, 3, 8, 7, 7, 21),
        },
        "municipality": {"Sola": (2,), "Time": (1,), "": (4,)},
    }


def test_others_see_no_small_group_and_no_name_of_a_closed_one():
    Counted()
    few = FewerThan(6)
    seen = figures(audience=Audience.OTHERS)
    assert {name: periods["year"] for name, periods in seen.main.items()} == {
        "people": 10,  # of the series alone: the short course had three people
        "enrolments": 20,  # three, one and one; and eight
        "waiting": few,
        "withdrawals": few,
        "participations": 10,
        "returning": None,  # of seven people, one of the two kinds would always be few
        "certificates": few,
        "runs": 4,
        "sessions": 6,
        "hours_taught": 12.5,
        "hours_taken_part": 20,
        "attendance": 75,
        "drop_in_heads": 20,
        "closed_heads": few,
        "sessions_with_pair": 83,
        "courses_with_pair": 75,
    }
    assert [line.key for line in seen.breakdowns["course"]] == ["Håp", "Kafé", "Søvn", "*closed"]
    assert [line.key for line in seen.breakdowns["venue"]] == [
        "Biblioteket",
        "Huset",
        "*not_public",
    ]
    [hope] = [line for line in seen.breakdowns["course"] if line.key == "Håp"]
    assert (hope.values["participations"], hope.values["people"]) == (few, few)


def test_people_stay_counted_when_they_are_erased_or_become_one_record():
    counted = Counted()
    erase(student=counted.people["A"])
    assert figures().of_year("people") == 7
    assert figures().of_year("returning") == 2
    assert figures().of_year("enrolments") == 13
    by = factories.make_coordinator()
    merge(kept=counted.people["F"], gone=counted.people["G"], by=by)
    assert figures().of_year("people") == 6


def test_reading_costs_as_many_queries_for_a_large_college_as_for_a_small_one():
    counted = Counted()

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            facts.read([2024, 2025], now=NOW)
        assert "name" not in " ".join(
            query["sql"].replace("venue", "").replace("title", "")
            for query in seen
            if "enrolment_student" in query["sql"]
        )
        return len(seen)

    small = queries()
    for each in range(3):
        mark(counted.sleep.sessions.get(), factories.make_student(name=f"Ny {'abc'[each]}"))
    assert queries() == small == 11


class TestFreezing:
    def test_a_year_is_frozen_once_and_when_it_is_over(self):
        Counted()
        assert freezing.freeze_finished_years(oslo(2025, 12, 31)) == 1  # 2024
        assert freezing.freeze_finished_years(oslo(2026, 1, 31)) == 0
        assert freezing.freeze_finished_years(oslo(2026, 2, 1), dry_run=True) == 1
        assert freezing.freeze_finished_years(oslo(2026, 2, 1)) == 1
        assert freezing.freeze_finished_years(oslo(2026, 2, 2)) == 0
        kept = FrozenYear.objects.get(year=2025)
        assert kept.frozen_at == oslo(2026, 2, 1)

    def test_the_nightly_work_freezes_before_it_erases(self, capsys):
        counted = Counted()
        # Nobody has taken part for years: all are erased in the same night.
        with time_machine.travel(oslo(2035, 1, 2), tick=False):
            tell_inactive(now=oslo(2034, 6, 1))
            call_command("purge_expired")
        assert Student.objects.get(pk=counted.people["C"].pk).municipality == ""
        assert "Froze 2 years of figures." in capsys.readouterr().out
        _frozen_at, kept = freezing.frozen_years(Audience.COORDINATORS)[2025]
        assert Line("Time", {"people": 1}) in kept.breakdowns["municipality"]

    @pytest.mark.parametrize("audience", Audience)
    def test_what_is_kept_is_what_was_counted(self, audience):
        Counted()
        now = oslo(2026, 2, 1)
        freezing.freeze_finished_years(now)
        _frozen_at, kept = freezing.frozen_years(audience)[2025]
        today = year_figures(facts.read([2025], now=now), 2025, audience)
        assert kept == today
        assert freezing.corrections(kept, today) == []

    def test_a_later_correction_is_told_and_changes_nothing_that_is_frozen(self):
        counted = Counted()
        now = oslo(2026, 2, 1)
        freezing.freeze_finished_years(now)
        mark(counted.sleep.sessions.get(), counted.people["Z"])
        _frozen_at, kept = freezing.frozen_years(Audience.COORDINATORS)[2025]
        today = year_figures(facts.read([2025], now=now), 2025, Audience.COORDINATORS)
        told = {each.name: (each.frozen, each.today) for each in freezing.corrections(kept, today)}
        assert told["people"] == (7, 8)
        assert told["hours_taken_part"] == (31, 34)
        freezing.freeze_finished_years(now + timedelta(days=1))
        assert freezing.frozen_years(Audience.COORDINATORS)[2025][1] == kept
