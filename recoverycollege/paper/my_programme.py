"""«My programme»: chosen courses, and somebody's own words, as a booklet in A5.

It has a number of pages that folds out of sheets of A4. Nothing of it is kept: it is drawn from
what the page was sent, and is gone with the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext

from certificates.pdf import files, fonts
from courses.catalogue import capital
from courses.models import College, CourseRun, Opportunity
from courses.norwegian import formatting

STYLESHEET = Path(__file__).resolve().parent / "css" / "my_programme.css"
# A sheet of A4, folded once, has so many pages.
PAGES_OF_A_SHEET = 4
LINES_OF_A_PAGE, LINES_BELOW = range(17), range(6)


@dataclass(frozen=True)
class Chosen:
    """A course in the booklet."""

    title: str
    language: str
    times: list[str]
    place: str
    is_waiting: bool


@dataclass(frozen=True)
class Outside:
    """An opportunity outside the college that one of the courses points to."""

    name: str
    about: str
    ways: list[str]


@dataclass(frozen=True)
class Own:
    """A page with a heading, what somebody wrote, and lines to write on."""

    heading: str
    words: str = ""

    @property
    def lines(self) -> range:
        return LINES_BELOW if self.words else LINES_OF_A_PAGE


def chosen(run: CourseRun, *, is_waiting: bool) -> Chosen:
    """What the booklet says of a run. No query where sessions with venues are loaded."""
    sessions = [each for each in run.session_list if not each.is_held()]
    places = {each.place.pk: each.place for each in sessions if each.place and each.place.is_public}
    where = [f"{each.name}, {each.address}" for each in places.values()]
    if any(each.online_link for each in sessions):
        where.append(gettext("online"))
    return Chosen(
        title=_printable(run.course.title),
        language=run.course.language,
        times=[
            _printable(
                f"{capital(formatting.short_day(each.starts_at))}, "
                f"{formatting.clock_range(each.starts_at, each.ends_at)}"
            )
            for each in sessions
        ],
        place=_printable("; ".join(where)),
        is_waiting=is_waiting,
    )


def outside(opportunity: Opportunity) -> Outside:
    """What the booklet says of an opportunity: what it is, where, and how it is reached."""
    number = formatting.phone(opportunity.phone) if opportunity.phone else ""
    where = filter(None, (opportunity.get_kind_display(), opportunity.place))
    website = opportunity.website.partition("://")[2].rstrip("/")
    return Outside(
        name=_printable(opportunity.name),
        about=_printable(" · ".join(where)),
        ways=[_printable(each) for each in (number, opportunity.email, website) if each],
    )


def render(
    courses: Sequence[Chosen],
    *,
    opportunities: Sequence[Outside],
    college: College,
    goals: str,
    notes: str,
    next_steps: str,
) -> bytes:
    """The booklet, in the language of the page. No query."""
    from weasyprint import HTML

    own = [
        Own(gettext("My goals"), _printable(goals)),
        Own(gettext("Notes"), _printable(notes)),
        Own(gettext("My next steps"), _printable(next_steps)),
    ]
    context = {
        "language": get_language(),
        "college": _printable(college.name),
        "colour": college.colour,
        "courses": courses,
        "opportunities": opportunities,
        "own": own,
        "lines": LINES_OF_A_PAGE,
    }
    words = [college.name, *(each.words for each in own)]
    for each in courses:
        words += [each.title, each.place]
    for place in opportunities:
        words += [place.name, place.about, *place.ways]
    with fonts.one_at_a_time:
        letters = fonts.other_letters(words)
        styles, font_config = fonts.stylesheets(fonts.fonts_for(letters), STYLESHEET)

        def lay_out(more: int) -> Any:
            blank = [Own(gettext("Notes"))] * more
            html = render_to_string(
                "recoverycollege/my_programme_booklet.html", context | {"blank": blank}
            )
            return HTML(
                string=html, base_url=files.HERE.as_uri(), url_fetcher=files.fetcher({})
            ).render(stylesheets=styles, font_config=font_config, pdf_variant="pdf/ua-1")

        document = lay_out(0)
        if missing := -len(document.pages) % PAGES_OF_A_SHEET:
            document = lay_out(missing)
        pdf: bytes = document.write_pdf(
            finisher=_tell_languages([each.language for each in courses]), pdf_variant="pdf/ua-1"
        )
    return pdf


def _printable(text: str) -> str:
    """With «…» for letters that no font has; dates may break where a screen would not."""
    plain = text.replace("\N{WORD JOINER}", "").replace("\N{NO-BREAK SPACE}", " ")
    return fonts.printable(plain.replace("\r\n", "\n").strip())


def _tell_languages(languages: Sequence[str]) -> Any:
    """A finisher for WeasyPrint, which tells the language of the whole document alone.

    The titles of courses are its only headings of the second level.
    """

    def finish(_document: Any, pdf: Any) -> None:
        titles = [each for each in pdf.objects if isinstance(each, dict) and each.get("S") == "/H2"]
        for title, language in zip(titles, languages, strict=True):
            title["Lang"] = f"({language})"

    return finish
