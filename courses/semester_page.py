"""A semester at a glance: its weeks, and what happens in each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import get_language, gettext

from courses.catalogue import CatalogueEntry, place_in_words
from courses.models import Availability
from courses.norwegian import formatting


class Line(NamedTuple):
    """A session in the list of its week."""

    day: str
    hours: str
    url: str
    language: str  # empty where the title is in the page's own
    title: str
    place: str


class Week(NamedTuple):
    name: str
    days: str
    lines: Sequence[Line]


def weeks_of(entries: Iterable[CatalogueEntry]) -> list[Week]:
    """The weeks with sessions of these runs, in their order; cancelled runs are left out. No query.

    A week is one of the calendar, from Monday on.
    """
    found = defaultdict(list)
    for entry in entries:
        if entry.availability == Availability.CANCELLED:
            continue
        language = "" if entry.course.language == get_language() else entry.course.language
        for each in entry.meetings:
            line = Line(
                day=formatting.short_day(each.starts_at.date()),
                hours=formatting.wall_clock_range(each.starts_at, each.ends_at),
                url=entry.url,
                language=language,
                title=entry.course.title,
                place=place_in_words([each]),
            )
            year, week, _weekday = each.starts_at.isocalendar()
            found[year, week].append((each.starts_at, line))
    return [
        Week(
            name=gettext("Week %(number)d") % {"number": week},
            days=formatting.days(
                date.fromisocalendar(year, week, 1), date.fromisocalendar(year, week, 7)
            ),
            lines=[line for _starts_at, line in sorted(lines)],
        )
        for (year, week), lines in sorted(found.items())
    ]
