"""A year in figures: its semesters, and how it breaks down. Exact, or as others are shown it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from courses.models import Semester
from courses.norwegian.sorting import sort_key
from recoverycollege.figures.definitions import (
    FIGURES,
    OF_BREAKDOWNS,
    PEOPLE,
    Figure,
    not_small,
    people_in,
)
from recoverycollege.figures.facts import Facts, RunFacts
from recoverycollege.figures.rounding import (
    Value,
    can_be_shown_beside,
    from_json,
    shown,
    to_json,
)

YEAR = "year"
PERIODS = [*Semester.Term.values, YEAR]
# Lines that are no row of their own: whose titles or places are nobody's business, and the rest.
CLOSED, NOT_PUBLIC, UNKNOWN = "*closed", "*not_public", ""


class Audience(StrEnum):
    COORDINATORS = "exact"
    OTHERS = "shown"


class By(StrEnum):
    FORMAT = "format"
    COURSE = "course"
    VENUE = "venue"
    MUNICIPALITY = "municipality"


@dataclass(frozen=True)
class Line:
    key: str
    values: dict[str, Value]


@dataclass
class YearFigures:
    """All figures of a year: by name and period, and by what they break down into.

    A breakdown that may not be shown is not there.
    """

    year: int
    main: dict[str, dict[str, Value]] = field(default_factory=dict)
    breakdowns: dict[str, list[Line]] = field(default_factory=dict)

    def of_year(self, name: str) -> Value:
        return self.main.get(name, {}).get(YEAR)

    def as_json(self) -> dict[str, Any]:
        return {
            "main": {
                name: {period: to_json(value) for period, value in periods.items()}
                for name, periods in self.main.items()
            },
            "breakdowns": {
                by: [[each.key, _to_json(each.values)] for each in lines]
                for by, lines in self.breakdowns.items()
            },
        }

    @classmethod
    def from_json(cls, year: int, kept: dict[str, Any]) -> Self:
        return cls(
            year,
            {name: _from_json(periods) for name, periods in kept["main"].items()},
            {
                by: [Line(key, _from_json(values)) for key, values in lines]
                for by, lines in kept["breakdowns"].items()
            },
        )


def _to_json(values: dict[str, Value]) -> dict[str, Any]:
    return {name: to_json(value) for name, value in values.items()}


def _from_json(values: dict[str, Any]) -> dict[str, Value]:
    return {name: from_json(value) for name, value in values.items()}


def year_figures(facts: Facts, year: int, audience: Audience) -> YearFigures:
    """The year as this audience sees it. No query."""
    groups = {period: facts.of(year, "" if period == YEAR else period) for period in PERIODS}
    main = {
        each.name: {
            period: _value(each, group, facts, audience)
            for period, group in groups.items()
            if period == YEAR or not each.of_years_only
        }
        for each in FIGURES
        if audience == Audience.COORDINATORS or each.shown
    }
    runs = groups[YEAR]
    breakdowns = {
        by.value: _lines(runs, key, facts, audience)
        for by, key in {
            By.FORMAT: lambda run: run.format,
            By.COURSE: _course_key(audience),
            By.VENUE: _venue_key(audience),
        }.items()
    }
    municipalities = _municipalities(runs, facts, audience)
    if municipalities:
        breakdowns[By.MUNICIPALITY.value] = municipalities
    return YearFigures(year, main, breakdowns)


def _value(figure: Figure, group: list[RunFacts], facts: Facts, audience: Audience) -> Value:
    count = figure.exact if audience == Audience.COORDINATORS else figure.shown
    return count(group, facts) if count else None


def _course_key(audience: Audience) -> Callable[[RunFacts], str]:
    """A closed group is not named to others: its course may tell where people live."""
    if audience == Audience.COORDINATORS:
        return lambda run: run.title
    return lambda run: CLOSED if run.is_closed else run.title


def _venue_key(audience: Audience) -> Callable[[RunFacts], str]:
    if audience == Audience.COORDINATORS:
        return lambda run: run.venue_name
    return lambda run: run.venue_name if run.venue_is_public or run.venue is None else NOT_PUBLIC


def _lines(
    runs: Iterable[RunFacts], key: Callable[[RunFacts], str], facts: Facts, audience: Audience
) -> list[Line]:
    groups: dict[str, list[RunFacts]] = defaultdict(list)
    for run in runs:
        groups[key(run)].append(run)
    return [
        Line(key, {each.name: _value(each, groups[key], facts, audience) for each in OF_BREAKDOWNS})
        for key in _in_order(groups)
    ]


def _municipalities(runs: list[RunFacts], facts: Facts, audience: Audience) -> list[Line]:
    """Where people live, of those who have said it. Empty where it may not be shown."""
    if audience == Audience.COORDINATORS:
        found = Counter(facts.municipality.get(each, UNKNOWN) for each in people_in(runs))
        exact = {key: found[key] for key in _in_order(found)}
        is_asked = set(exact) - {UNKNOWN}
        return [Line(key, {PEOPLE.name: exact[key]}) for key in exact] if is_asked else []
    people = people_in(not_small(runs))
    parts = Counter(facts.municipality[each] for each in people if each in facts.municipality)
    if not can_be_shown_beside(parts.values(), len(people)):
        return []
    return [Line(key, {PEOPLE.name: shown(parts[key])}) for key in _in_order(parts)]


def _in_order(keys: Iterable[str]) -> list[str]:
    """By the alphabet; what has no name of its own last."""
    last = (CLOSED, NOT_PUBLIC, UNKNOWN)
    return sorted(keys, key=lambda key: (key in last, sort_key(key)))
