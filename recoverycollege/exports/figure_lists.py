"""The figures of a year, and the list for the adult-education subsidy, as spreadsheets."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext

from courses.models import College
from courses.norwegian.formatting import day_without_weekday
from recoverycollege.exports.spreadsheets import Cell, Share, Sheet
from recoverycollege.figures import tables
from recoverycollege.figures.overview import Overview
from recoverycollege.figures.subsidies import SubsidyRow


def figures(overview: Overview) -> list[Sheet]:
    """Every table of the page, with numbers where it tells numbers, and else its words."""
    terms = (
        gettext("Rounded, so that nobody can be told from them.")
        if overview.is_rounded
        else gettext("Exact numbers, for the college alone. The public gets rounded ones.")
    )
    return [
        Sheet(
            title=table.title,
            about=_as_of(table.title),
            terms=terms,
            heads=[table.of, *table.columns],
            rows=[[row.label, *(_cell(each) for each in row.cells)] for row in table.rows],
        )
        for table in overview.tables
    ]


def subsidy(rows: Iterable[SubsidyRow], college: College) -> Sheet:
    """The runs that can be reported, in numbers alone: no name of anybody who took part."""
    return Sheet(
        title=gettext("Adult-education subsidy"),
        about=_as_of(f"{gettext('Adult-education subsidy')}, {college.name}"),
        terms=gettext("For the adult-education association. Names nobody who took part."),
        heads=[
            *(gettext("Course"), gettext("Kind"), gettext("Venue")),
            *(gettext("First session"), gettext("Last session"), gettext("Hours")),
            *(gettext("Participants"), gettext("There long enough"), gettext("Deadline")),
        ],
        rows=[
            [
                *(each.title, each.format, each.venue, each.first_on, each.last_on),
                *(float(each.hours), each.participants, each.counted, each.deadline),
            ]
            for each in rows
            if each.qualifies
        ],
    )


def _cell(cell: tables.Cell) -> Cell:
    if cell.number is None:
        return cell.words
    return Share(cell.number / 100) if cell.words.endswith("%") else cell.number


def _as_of(what: str) -> str:
    today = day_without_weekday(timezone.localdate())
    return gettext("%(what)s, as of %(day)s") % {"what": what, "day": today}
