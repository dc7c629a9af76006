"""Years that are over keep their figures as they were. Corrections are told beside them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from courses.models import FrozenYear, Semester
from recoverycollege.figures import facts
from recoverycollege.figures.rounding import Value
from recoverycollege.figures.years import Audience, YearFigures, year_figures

__all__ = ["Corrected", "corrections", "freeze_finished_years", "frozen_years", "is_over"]


@dataclass(frozen=True)
class Corrected:
    """A figure of a frozen year that would be another one today."""

    name: str
    frozen: Value
    today: Value


def freeze_finished_years(now: datetime, *, dry_run: bool = False) -> int:
    """Freeze every year that is over and is not frozen yet. Returns how many.

    A year is over `YEAR_FROZEN_DAYS` after its last day, and after the last day of its semesters:
    until then registers are still filled in. Doing it twice is doing it once.
    """
    ends = dict(Semester.objects.order_by().values_list("year").annotate(end=Max("ends_on")))
    frozen = set(FrozenYear.objects.values_list("year", flat=True))
    years = [
        year
        for year in facts.years_begun(now)
        if year not in frozen and is_over(year, ends[year], now)
    ]
    if not dry_run and years:
        read = facts.read(years, now=now)
        for year in years:
            figures = {each.value: year_figures(read, year, each).as_json() for each in Audience}
            FrozenYear.objects.get_or_create(
                year=year, defaults={"frozen_at": now, "figures": figures}
            )
    return len(years)


def is_over(year: int, ends_on: date, now: datetime) -> bool:
    end = max(date(year, 12, 31), ends_on) + timedelta(days=settings.YEAR_FROZEN_DAYS)
    return timezone.localdate(now) > end


def frozen_years(audience: Audience) -> dict[int, tuple[datetime, YearFigures]]:
    """The frozen years, and when they were. One query."""
    return {
        each.year: (each.frozen_at, YearFigures.from_json(each.year, each.figures[audience.value]))
        for each in FrozenYear.objects.all()
    }


def corrections(frozen: YearFigures, today: YearFigures) -> list[Corrected]:
    """What has been corrected since the year was frozen, in the figures of the whole year.

    Not where people live: that goes with the name of whoever is erased, and cannot be counted anew.
    """
    return [
        Corrected(name, frozen.of_year(name), today.of_year(name))
        for name in frozen.main
        if name in today.main and frozen.of_year(name) != today.of_year(name)
    ]
