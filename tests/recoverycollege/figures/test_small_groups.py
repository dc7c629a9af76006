"""No subtraction tells how many a small group is.

Whatever somebody does with everything that is shown, over rows, totals and years: another college,
in which the small group has another size, is shown in exactly the same way. There are at least
three such sizes for every group of one to five.
"""

import itertools
from collections import Counter
from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoverycollege.figures.definitions import not_small, people_in
from recoverycollege.figures.facts import Facts, RunFacts
from recoverycollege.figures.rounding import (
    FewerThan,
    band,
    can_be_shown_beside,
    shown,
    shown_part,
    shown_sum,
)
from recoverycollege.figures.years import Audience, YearFigures, year_figures

YEARS = (2024, 2025)
COUNTS = ("placed", "queued", "withdrawn", "certificates", "heads", "absent")
SMALL = range(1, 6)

numbers = st.integers(0, 30)


@st.composite
def runs(draw: st.DrawFn) -> RunFacts:
    people = draw(st.sets(st.integers(0, 35), max_size=20))
    return RunFacts(
        run=0,
        year=draw(st.sampled_from(YEARS)),
        term=draw(st.sampled_from(["spring", "autumn"])),
        entry=draw(st.sampled_from(["sign_up", "sign_up", "drop_in", "closed"])),
        course=(course := draw(st.integers(0, 3))),
        title=f"Kurs {course}",
        format="series" if course else "cafe",
        course_has_pair=True,
        venue=(venue := draw(st.integers(1, 3))),
        venue_name=f"Hus {venue}",
        venue_is_public=venue > 1,
        sessions=1,
        hours=2,
        sessions_with_pair=1,
        present=len(people),
        hours_taken=2 * len(people),
        people=people,
        **{name: draw(numbers) for name in COUNTS},
    )


@st.composite
def colleges(draw: st.DrawFn) -> Facts:
    found = Facts(draw(st.lists(runs(), min_size=1, max_size=8)))
    for each in found.runs:
        for person in each.people:
            found.first_year[person] = min(found.first_year.get(person, each.year), each.year)
    # Everybody may have said where they live, nearly all of them the same place.
    said = st.sampled_from(draw(st.sampled_from([["", "Sola", "Time"], ["Sola"] * 6 + ["Time"]])))
    found.municipality = {person: where for person in found.first_year if (where := draw(said))}
    return found


def shown_of(college: Facts) -> list[YearFigures]:
    """Everything that is ever shown: all tables of all years."""
    return [year_figures(college, year, Audience.OTHERS) for year in YEARS]


def with_small_groups_of(college: Facts, size: int) -> Facts:
    """The same college, where every small group of a run has this size instead."""
    other = Facts([], {**college.first_year}, {**college.municipality})
    new = itertools.count(10_000)  # people who are nowhere else
    for run in college.runs:
        small = {name: size for name in COUNTS if getattr(run, name) in SMALL}
        if len(run.people) in SMALL:
            people = {next(new) for _each in range(size)}
            other.first_year |= dict.fromkeys(people, run.year)
            small |= {"people": people, "present": size, "hours_taken": 2 * size}
        other.runs.append(replace(run, **small))
    return other


@settings(deadline=None, max_examples=60)
@given(colleges())
def test_a_small_group_of_a_run_may_be_of_any_size(college):
    seen = shown_of(college)
    for size in SMALL:
        assert shown_of(with_small_groups_of(college, size)) == seen


@settings(deadline=None, max_examples=60)
@given(colleges())
def test_a_small_group_from_one_place_may_be_of_three_sizes(college):
    seen = shown_of(college)
    for figures in seen:
        lines = figures.breakdowns.get("municipality", [])
        people = people_in(not_small(college.of(figures.year)))
        sizes = Counter(
            college.municipality[each] for each in people if each in college.municipality
        )
        for line in lines:
            if sizes[line.key] not in SMALL:
                continue
            assert line.values == {"people": FewerThan(6)}
            for size in range(1, 4):
                least = {key: band(number).least for key, number in sizes.items()}
                wanted = least | {line.key: size}
                assert sum(wanted.values()) <= len(people)  # so many could have said it
                alike = deepcopy(college)
                left = sorted(people)
                for key, number in wanted.items():
                    for _each in range(number):
                        alike.municipality[left.pop()] = key
                for person in left:
                    alike.municipality.pop(person, None)
                again = year_figures(alike, figures.year, Audience.OTHERS)
                assert again == figures


@given(st.integers(0, 60), st.integers(6, 60))
def test_neither_those_who_came_back_nor_those_who_are_new_are_told_when_few(part, whole):
    """Not even to somebody who knows exactly how many there are of both together."""
    part = min(part, whole)
    seen = shown_part(part, whole)
    possible = {each for each in range(whole + 1) if shown_part(each, whole) == seen}
    if part in SMALL or whole - part in SMALL:
        assert len(possible) >= 3
    if part in SMALL:
        assert seen in (None, FewerThan(6))


@given(st.lists(numbers, max_size=8))
def test_what_is_shown_is_true(groups):
    value, total = shown_sum(map(band, groups)), sum(groups)
    if isinstance(value, FewerThan):
        assert 0 < total < value.number
    else:
        assert total == value == 0 or total >= 6
        assert abs(value - total) <= 3.5 * len(groups) + 2.5
    if total in SMALL:
        assert isinstance(value, FewerThan)


@pytest.mark.parametrize(
    ("number", "seen"),
    [
        (0, FewerThan(6)),
        (1, FewerThan(6)),
        (5, FewerThan(6)),
        (6, 10),
        (12, 10),
        (13, 15),
        (48, 50),
    ],
)
def test_a_group_is_shown_rounded_to_five(number, seen):
    assert shown(number) == seen


@pytest.mark.parametrize(
    ("parts", "is_shown"),
    [([6, *[1] * 5], True), ([6, *[1] * 6], False), ([13], False), ([12], True), ([], True)],
)
def test_parts_are_shown_where_they_leave_open_how_many_are_in_none(parts, is_shown):
    assert can_be_shown_beside(parts, 13) == is_shown
