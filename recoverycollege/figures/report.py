"""The annual report: figures, charts, programme and co-production in the college's own words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from certificates.feedback_results import feedback_means
from certificates.pdf import files, fonts
from courses.models import AnnualReport, College, Course, Partner, Semester
from courses.norwegian.formatting import day_without_weekday
from courses.norwegian.sorting import sort_key
from recoverycollege.figures.charts import Chart
from recoverycollege.figures.overview import CorrectedInWords, Overview
from recoverycollege.figures.tables import Cell, Row, Table

STYLESHEET = Path(__file__).resolve().parent / "css" / "report.css"
# The parts that the college writes itself, in their order.
PARTS = {
    "opening": _("To begin with"),
    "co_production": _("About co-production"),
    "ahead": _("The way ahead"),
}


@dataclass(frozen=True)
class Words:
    text: str = ""
    language: str = ""


@dataclass(frozen=True)
class Held:
    """A course of the programme."""

    title: str
    kind: str
    times: int


@dataclass
class Report:
    year: int
    college: str
    colour: str
    address: str
    language: str
    made_on: str
    is_rounded: bool
    frozen_on: str
    corrected: list[CorrectedInWords]
    tables: list[Table]
    breakdowns: list[Table]
    charts: list[Chart]
    voices: Table | None = None
    programme: list[tuple[str, list[Held]]] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    opening: Words = field(default_factory=Words)
    co_production: Words = field(default_factory=Words)
    ahead: Words = field(default_factory=Words)


def report_of(overview: Overview, college: College, *, language: str) -> Report:
    """The report of a year, as the overview shows it. Three queries."""
    written = AnnualReport.objects.filter(year=overview.year).first()
    words = {name: Words(*written.part(name, language)) if written else Words() for name in PARTS}
    bodies: dict[str, list[str]] = {kind: [] for kind in Partner.Kind.values}
    for kind, name in Partner.objects.order_by().values_list("kind", "name"):
        bodies[kind].append(name)
    frozen_at = overview.frozen_at
    return Report(
        year=overview.year,
        college=college.name,
        colour=college.colour,
        address=", ".join(college.address.split("\n")),
        language=language,
        made_on=day_without_weekday(timezone.localdate()),
        is_rounded=overview.is_rounded,
        frozen_on=day_without_weekday(timezone.localtime(frozen_at)) if frozen_at else "",
        corrected=overview.corrected,
        tables=overview.main_tables,
        breakdowns=overview.breakdowns,
        charts=overview.charts,
        voices=_voices(overview, language),
        programme=list(_programme(overview)),
        owners=sorted(bodies[Partner.Kind.OWNER], key=sort_key),
        partners=sorted(bodies[Partner.Kind.PARTNER], key=sort_key),
        **words,
    )


def _voices(overview: Overview, language: str) -> Table | None:
    """What people thought of the courses of the year: for each question the mean of all runs of
    which results are shown, a run counting by how many answered; None where there is none.
    """
    runs = [each.run for each in overview.facts.of(overview.year)]
    weighed: dict[str, list[tuple[float, int]]] = {}
    for each in feedback_means(runs, language).values():
        for words, mean in zip(each.questions, each.means, strict=True):
            if mean is not None:
                weighed.setdefault(words, []).append((mean, each.answered))
    if not weighed:
        return None
    return Table(
        title=gettext("What people thought"),
        explanation=gettext(
            "From 1, no, to 4, absolutely. Nobody can see who answered, and runs that fewer than "
            "%(number)s people answered are not in it."
        )
        % {"number": settings.FEEDBACK_SHOWN_FROM},
        of=gettext("Question"),
        columns=[gettext("Mean")],
        rows=[Row(words, [_mean(means)]) for words, means in weighed.items()],
    )


def _mean(means: list[tuple[float, int]]) -> Cell:
    mean = round(sum(each * number for each, number in means) / sum(n for _each, n in means), 1)
    return Cell(number_format(mean, 1), mean)


def _programme(overview: Overview) -> Iterator[tuple[str, list[Held]]]:
    """The courses of each semester that anybody could come to."""
    for term in Semester.Term:
        times: dict[tuple[str, str], int] = {}
        for run in overview.facts.of(overview.year, term.value):
            if not run.is_closed:
                key = run.title, run.format
                times[key] = times.get(key, 0) + 1
        if times:
            held = [
                Held(title, str(Course.Format(kind).label), number)
                for (title, kind), number in sorted(
                    times.items(), key=lambda each: sort_key(each[0][0])
                )
            ]
            yield f"{term.label} {overview.year}".capitalize(), held


def render(report: Report) -> bytes:
    """The report as PDF/UA, with numbered pages. No query."""
    from weasyprint import HTML

    numbering = gettext("Page %(page)s of %(pages)s")
    before, _page, rest = numbering.partition("%(page)s")
    between, _pages, after = rest.partition("%(pages)s")
    context = {
        "report": report,
        "language": get_language(),
        "before": before,
        "between": between,
        "after": after,
    }
    html = _printable(render_to_string("recoverycollege/annual_report_pdf.html", context))
    pictures = {f"chart-{number}": each.as_svg() for number, each in enumerate(report.charts)}
    with fonts.one_at_a_time:
        letters = fonts.other_letters([html])
        styles, font_config = fonts.stylesheets(fonts.fonts_for(letters), STYLESHEET)
        pdf: bytes = HTML(
            string=html, base_url=files.HERE.as_uri(), url_fetcher=files.fetcher(pictures)
        ).write_pdf(stylesheets=styles, font_config=font_config, pdf_variant="pdf/ua-1")
    return pdf


def _printable(text: str) -> Any:
    """With «…» for letters that no font has."""
    return fonts.printable(text.replace("\N{WORD JOINER}", ""))
