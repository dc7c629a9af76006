"""The prospectus of a semester: what is to come, as a booklet in A5 that folds, or on A4."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import TextChoices
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from courses.catalogue import CatalogueEntry
from courses.models import Availability, College, Semester
from courses.norwegian import formatting
from recoverycollege.paper.drawing import as_pdf, drawing, lay_out_to_fold, printable

LINES_OF_A_PAGE = range(17)
TO_COME = {
    Availability.ROOM,
    Availability.WAITING_LIST,
    Availability.DROP_IN,
    Availability.OPENS_LATER,
}
# What stays true on paper: whether there are free places does not.
SAID = {Availability.DROP_IN, Availability.OPENS_LATER}


class Paper(TextChoices):
    """What it is printed on. The values stand in addresses."""

    A5 = "a5", "A5"
    A4 = "a4", "A4"


@dataclass(frozen=True)
class Entry:
    """A run in the prospectus, in words that the fonts have."""

    format: str
    title: str
    language: str
    summary: str
    when: str
    place: str
    tutors: str
    how: str
    address: str


def to_come(entries: Sequence[CatalogueEntry]) -> list[CatalogueEntry]:
    """The runs that anybody can still join, first to begin first."""
    return [each for each in entries if each.availability in TO_COME]


def entry(of: CatalogueEntry) -> Entry:
    """As the catalogue shows it. No query."""
    card = of.card
    return Entry(
        format=card.format,
        title=printable(card.title),
        language=of.course.language,
        summary=printable(card.summary),
        when=printable(card.when),
        place=printable(card.place),
        tutors=printable(card.tutors),
        how=card.status if of.availability in SAID else "",
        address=short(settings.SITE_URL + of.url),
    )


def short(address: str) -> str:
    """As people type it."""
    return address.partition("://")[2].rstrip("/")


def render(
    entries: Sequence[CatalogueEntry],
    *,
    semester: Semester,
    college: College,
    paper: Paper = Paper.A5,
) -> bytes:
    """The booklet; in A5 it has as many pages as fold out of whole sheets. No query."""
    courses = [entry(each) for each in to_come(entries)]
    catalogue = settings.SITE_URL + reverse("catalogue")
    words = [college.name, college.introduction, college.address]
    for each in courses:
        words += [each.title, each.summary, each.place, each.tutors]
    context = {
        "paper": paper.value,
        "college": printable(college.name),
        "colour": college.colour,
        "semester": printable(capfirst(semester.name)),
        "introduction": [
            printable(each) for each in college.introduction.splitlines() if each.strip()
        ],
        "courses": courses,
        "catalogue": catalogue,
        "short_catalogue": short(catalogue),
        "phone": printable(formatting.phone(college.phone)) if college.phone else "",
        "email": college.email,
        "address": printable(college.address),
        "lines": LINES_OF_A_PAGE,
        "heading": gettext("Programme"),
    }
    with drawing("prospectus", words=words) as lay_out:
        document = lay_out_to_fold(lay_out, context) if paper == Paper.A5 else lay_out(context)
        return as_pdf(document, languages=[each.language for each in courses])
