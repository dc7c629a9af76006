"""The poster of a run: to be read from three metres, with phone numbers to tear off at its foot."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext

from certificates.pdf import fonts
from courses.catalogue import capital
from courses.course_page import RunOnPage
from courses.models import College, CourseRun
from courses.norwegian import formatting
from recoverycollege.paper.drawing import as_pdf, drawing, printable

# A sheet of A3 is one of A4, this much larger.
A3 = 2**0.5
STRIPS = range(9)
STRIP = 46  # characters: two lines of a strip
# Points of the title, the largest first: the first that fits is taken.
SIZES = [("huge", 60), ("large", 48), ("medium", 38), ("small", 30), ("smallest", 24)]
LINE = 170 / 25.4 * 72  # points
LINES_OF_TITLE = 3.5


class Paper(TextChoices):
    """The sheets that a poster comes on. The values stand in addresses."""

    A4 = "a4", "A4"
    A3 = "a3", "A3"


@dataclass(frozen=True)
class Poster:
    """What stands on it, in words that the fonts have."""

    college: str
    title: str
    language: str
    summary: str
    when: str
    dates: str
    where: list[str]
    tutors: str
    how: str
    address: str
    phone: str
    sender: str
    discreet: str
    colour: str  # the college's own; empty for the portal's

    @property
    def short_address(self) -> str:
        """As people type it."""
        return self.address.partition("://")[2].rstrip("/")

    @property
    def words(self) -> list[str]:
        """What people have written."""
        return [self.college, self.title, self.summary, *self.where, self.tutors, self.discreet]


def poster(run: CourseRun, shown: RunOnPage, *, college: College, discreet: str) -> Poster:
    """As the course's page tells of the run; `discreet` is its title for the strips. No query."""
    when, _comma, dates = shown.when.partition(", ")
    phone = shown.contact_phone or college.phone
    where = [
        each.name if each.address in each.name else f"{each.name}, {each.address}"
        for each in shown.places
    ]
    if not where and shown.where:
        where = [shown.where]
    return Poster(
        college=printable(college.name),
        title=printable(run.course.title),
        language=run.course.language,
        summary=printable(run.course.summary),
        when=printable(capital(when)),
        dates=printable(dates),
        where=[printable(each) for each in where],
        tutors=printable(shown.tutors),
        how=gettext("Read more, and sign up")
        if run.has_sign_up
        else gettext("Just turn up. Read more here"),
        address=settings.SITE_URL + reverse("course", args=[run.course.slug]),
        phone=printable(formatting.phone(phone)) if phone else "",
        sender=printable(Truncator(college.sender_name).chars(STRIP)),
        discreet=printable(Truncator(discreet).chars(STRIP)),
        colour=college.colour,
    )


def render(shown: Poster, paper: Paper = Paper.A4) -> bytes:
    """One sheet. What does not fit in the largest letters gets smaller ones. No query."""
    width = fonts.width(shown.title)
    fitting = [name for name, points in SIZES if width * points <= LINE * LINES_OF_TITLE] or [
        SIZES[-1][0]
    ]
    with drawing("poster", words=shown.words) as lay_out:
        document: Any = None
        for size in fitting:
            document = lay_out({"poster": shown, "size": size, "strips": STRIPS})
            if _fits(document):
                break
        else:
            document = lay_out({"poster": shown, "size": "smallest short", "strips": STRIPS})
        return as_pdf(
            document,
            languages=[shown.language],
            zoom=A3 if paper == Paper.A3 else 1,
        )


def _fits(document: Any) -> bool:
    """Whether all stands on one sheet, above the strips."""
    places = document.pages[0].anchors
    return len(document.pages) == 1 and places["end"][1] <= places["strips"][1]
