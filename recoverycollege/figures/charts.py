"""Bars with their numbers, drawn as plain SVG. What a chart shows stands in a table beneath it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils.translation import gettext

from recoverycollege.figures.definitions import BY_NAME
from recoverycollege.figures.rounding import Value
from recoverycollege.figures.tables import in_cell, label_of
from recoverycollege.figures.years import By, YearFigures

# In units of the drawing, about a pixel each on a telephone.
WIDTH = 320
LABEL_HEIGHT, BAR_HEIGHT, GAP = 18, 16, 10
# Room for the number at the end of the longest bar.
LONGEST = 215


@dataclass(frozen=True)
class Bar:
    y: int
    width: int
    words: str
    is_before: bool

    @property
    def words_x(self) -> int:
        return self.width + 8

    @property
    def words_y(self) -> int:
        return self.y + BAR_HEIGHT - 4


@dataclass(frozen=True)
class Label:
    words: str
    y: int


@dataclass
class Chart:
    """The bars of a year are filled, and those of the year before are outlined."""

    title: str
    labels: list[Label] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    height: int = 0
    year: str = ""
    before: str = ""

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def bar_height(self) -> int:
        return BAR_HEIGHT

    @property
    def in_words(self) -> str:
        """For whoever does not see it."""
        return gettext("%(title)s. Bars; the numbers stand in the table beneath.") % {
            "title": self.title
        }

    def as_svg(self) -> bytes:
        """As a picture of its own, for paper."""
        return render_to_string(
            "recoverycollege/_chart.html", {"chart": self, "is_file": True}
        ).encode()


def bars(
    title: str, rows: Sequence[tuple[str, Sequence[Value]]], *, year: str = "", before: str = ""
) -> Chart:
    """A bar for each value, under the label of its row; the second of a row is the year before."""
    chart = Chart(title, year=year, before=before)
    numbers = [in_cell(value).number or 0 for _label, values in rows for value in values]
    most = max(numbers, default=0) or 1
    y = 0
    for label, values in rows:
        chart.labels.append(Label(label, y + LABEL_HEIGHT - 5))
        y += LABEL_HEIGHT
        for place, value in enumerate(values):
            cell = in_cell(value)
            width = round((cell.number or 0) / most * LONGEST)
            chart.bars.append(Bar(y, width, cell.words, is_before=place > 0))
            y += BAR_HEIGHT + 3
        y += GAP
    chart.height = y
    return chart


def charts_of(
    figures: YearFigures, before: YearFigures | None, history: Sequence[YearFigures]
) -> list[Chart]:
    """People over the years, and where they took part this year beside the year before."""
    people = [(str(each.year), [each.of_year("people")]) for each in history]
    found = []
    if len(people) > 1:
        found.append(bars(str(BY_NAME["people"].label), people))
    earlier = {}
    if before:
        earlier = {
            each.key: each.values.get("participations")
            for each in before.breakdowns.get(By.FORMAT.value, [])
        }
    rows: list[tuple[str, Sequence[Value]]] = []
    for line in figures.breakdowns.get(By.FORMAT.value, []):
        now = line.values.get("participations")
        if now != 0 or earlier.get(line.key):
            beside = [earlier.get(line.key, 0)] if before else []
            rows.append((label_of(By.FORMAT, line.key), [now, *beside]))
    if rows:
        title = gettext("Took part, by kind of course")
        years = {"year": str(figures.year), "before": str(before.year)} if before else {}
        found.append(bars(title, rows, **years))
    return found
