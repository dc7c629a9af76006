"""«My programme»: chosen courses, and somebody's own words, as a booklet in A5.

It has a number of pages that folds out of sheets of A4. Nothing of it is kept: it is drawn from
what the page was sent, and is gone with the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from courses.catalogue import capital
from courses.models import College, CourseRun, Opportunity
from courses.norwegian import formatting
from recoverycollege.paper.drawing import as_pdf, drawing, lay_out_to_fold, printable

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
        title=printable(run.course.title),
        language=run.course.language,
        times=[
            printable(
                f"{capital(formatting.short_day(each.starts_at))}, "
                f"{formatting.clock_range(each.starts_at, each.ends_at)}"
            )
            for each in sessions
        ],
        place=printable("; ".join(where)),
        is_waiting=is_waiting,
    )


def outside(opportunity: Opportunity) -> Outside:
    """What the booklet says of an opportunity: what it is, where, and how it is reached."""
    number = formatting.phone(opportunity.phone) if opportunity.phone else ""
    where = filter(None, (opportunity.get_kind_display(), opportunity.place))
    website = opportunity.website.partition("://")[2].rstrip("/")
    return Outside(
        name=printable(opportunity.name),
        about=printable(" · ".join(where)),
        ways=[printable(each) for each in (number, opportunity.email, website) if each],
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
    own = [
        Own(gettext("My goals"), printable(goals)),
        Own(gettext("Notes"), printable(notes)),
        Own(gettext("My next steps"), printable(next_steps)),
    ]
    context = {
        "college": printable(college.name),
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
    with drawing("my_programme", words=words) as lay_out:
        document = lay_out_to_fold(lay_out, context, blank=Own(gettext("Notes")))
        return as_pdf(document, languages=[each.language for each in courses])
