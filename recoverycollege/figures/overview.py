"""A year as its page, its report and its files show it to somebody."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from recoverycollege.figures import facts, tables
from recoverycollege.figures.charts import Chart, charts_of
from recoverycollege.figures.definitions import BY_NAME
from recoverycollege.figures.facts import Facts
from recoverycollege.figures.freezing import corrections, frozen_years
from recoverycollege.figures.tables import Table
from recoverycollege.figures.years import Audience, YearFigures, year_figures


class NoSuchYear(Exception):
    """Nothing was held in that year, or it may not be seen yet."""


@dataclass(frozen=True)
class CorrectedInWords:
    label: str
    frozen: str
    today: str


@dataclass
class Overview:
    """All tables and charts of a year. `years` are those that there is a page of."""

    year: int
    audience: Audience
    years: list[int]
    figures: YearFigures
    before: YearFigures | None = None
    main_tables: list[Table] = field(default_factory=list)
    breakdowns: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    frozen_at: datetime | None = None
    corrected: list[CorrectedInWords] = field(default_factory=list)
    facts: Facts = field(default_factory=Facts)

    @property
    def tables(self) -> list[Table]:
        """All of them, for a file."""
        return [*self.main_tables, *self.breakdowns]

    @property
    def is_rounded(self) -> bool:
        return self.audience == Audience.OTHERS


def overview(
    audience: Audience, *, year: int | None, now: datetime, is_public: bool = False
) -> Overview | None:
    """The year asked for, or the newest; None while there is none. Raises NoSuchYear.

    What is frozen is shown as it was. Thirteen queries at most.
    """
    frozen = frozen_years(audience)
    years = [each for each in facts.years_begun(now) if each in frozen or not is_public]
    if year is None and not years:
        return None
    if year is None:
        year = years[0]
    if year not in years:
        raise NoSuchYear(year)
    history = sorted(years[: settings.CHART_YEARS])
    counted = {year, *(each for each in [*history, year - 1] if each not in frozen)}
    read = facts.read(counted & set(years), now=now)
    seen = {
        each: frozen[each][1] if each in frozen else year_figures(read, each, audience)
        for each in {year, *history, year - 1} & set(years)
    }
    figures, before = seen[year], seen.get(year - 1)
    found = Overview(
        year=year, audience=audience, years=years, figures=figures, before=before, facts=read
    )
    found.main_tables = list(tables.main_tables(figures, before))
    found.breakdowns = list(tables.breakdowns(figures, before))
    found.charts = charts_of(figures, before, [seen[each] for each in history])
    if year in frozen:
        found.frozen_at = frozen[year][0]
        found.corrected = [
            CorrectedInWords(
                str(BY_NAME[each.name].label),
                tables.in_cell(each.frozen, BY_NAME[each.name].unit).words,
                tables.in_cell(each.today, BY_NAME[each.name].unit).words,
            )
            for each in corrections(figures, year_figures(read, year, audience))
        ]
    return found
