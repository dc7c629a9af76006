"""Figures in words, as tables: the one form in which pages, reports and files show them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.formats import number_format
from django.utils.translation import gettext

from courses.models import Course, Semester
from courses.norwegian.formatting import hours
from enrolment.forms.optional_questions import in_words
from recoverycollege.figures.definitions import BY_NAME, GROUPS, OF_BREAKDOWNS, PEOPLE, Unit
from recoverycollege.figures.rounding import FewerThan, NearlyAll, Value
from recoverycollege.figures.years import (
    CLOSED,
    NOT_PUBLIC,
    UNKNOWN,
    YEAR,
    By,
    YearFigures,
)


@dataclass(frozen=True)
class Cell:
    """What is read, and the number behind it where one is told."""

    words: str
    number: float | None = None


@dataclass(frozen=True)
class Row:
    label: str
    cells: list[Cell]
    explanation: str = ""


@dataclass(frozen=True)
class Table:
    """`columns` are the headings of the cells; that of the labels is `of`."""

    title: str
    explanation: str
    of: str
    columns: list[str]
    rows: list[Row] = field(default_factory=list)


def in_cell(value: Value, unit: Unit = Unit.NUMBER) -> Cell:
    if value is None:
        return Cell("–")
    if isinstance(value, FewerThan):
        return Cell(gettext("fewer than %(number)s") % {"number": value.number})
    if isinstance(value, NearlyAll):
        return Cell(gettext("nearly all"))
    if unit == Unit.PERCENT:
        return Cell(f"{value}\N{NO-BREAK SPACE}%", value)
    words = hours(value) if isinstance(value, float) and value % 1 else number_format(int(value))
    return Cell(words, value)


def main_tables(figures: YearFigures, before: YearFigures | None = None) -> Iterable[Table]:
    """The figures of the year, beside them the year before where there is one, and by semester."""
    columns = [str(figures.year)]
    if before:
        columns.append(str(before.year))
    columns += [
        name % {"year": figures.year}
        for name in (gettext("spring %(year)s"), gettext("autumn %(year)s"))
    ]
    for title, members in GROUPS:
        rows = []
        for name in members:
            if name not in figures.main:
                continue
            figure, periods = BY_NAME[name], figures.main[name]
            values = [periods.get(YEAR)]
            if before:
                values.append(before.of_year(name))
            values += [periods.get(term) for term in Semester.Term.values]
            cells = [in_cell(each, figure.unit) for each in values]
            rows.append(Row(str(figure.label), cells, str(figure.explanation)))
        yield Table(str(title), "", gettext("Figure"), columns, rows)


def breakdowns(figures: YearFigures, before: YearFigures | None = None) -> Iterable[Table]:
    """What the year breaks down into."""
    titles = {
        By.FORMAT: (gettext("By kind of course"), gettext("Kind")),
        By.COURSE: (gettext("By course"), gettext("Course")),
        By.VENUE: (gettext("By venue"), gettext("Venue")),
    }
    for by, (title, of) in titles.items():
        rows = [
            Row(
                label_of(by, line.key),
                [in_cell(line.values.get(each.name), each.unit) for each in OF_BREAKDOWNS],
            )
            for line in figures.breakdowns.get(by.value, [])
        ]
        if rows:
            columns = [str(each.label) for each in OF_BREAKDOWNS]
            yield Table(f"{title}, {figures.year}", "", of, columns, rows)
    yield from _municipalities(figures, before)


def _municipalities(figures: YearFigures, before: YearFigures | None) -> Iterable[Table]:
    lines = figures.breakdowns.get(By.MUNICIPALITY.value, [])
    if not lines:
        return
    earlier = {}
    if before:
        earlier = {
            each.key: each.values.get(PEOPLE.name)
            for each in before.breakdowns.get(By.MUNICIPALITY.value, [])
        }
    rows = [
        Row(
            label_of(By.MUNICIPALITY, line.key),
            [in_cell(line.values.get(PEOPLE.name))]
            + ([in_cell(earlier.get(line.key))] if before else []),
        )
        for line in lines
    ]
    yield Table(
        gettext("By municipality"),
        gettext("Unique people, by where they say that they live. Nobody has to say it."),
        gettext("Municipality"),
        [str(figures.year), *([str(before.year)] if before else [])],
        rows,
    )


def label_of(by: By, key: str) -> str:
    """What a line of a breakdown is called."""
    if key == CLOSED:
        return gettext("Closed groups")
    if key == NOT_PUBLIC:
        return gettext("A place that is not public")
    if key == UNKNOWN:
        return gettext("No venue") if by == By.VENUE else gettext("Not said")
    if by == By.FORMAT:
        return str(Course.Format(key).label)
    return in_words(key) if by == By.MUNICIPALITY else key
