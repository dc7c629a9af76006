"""Name badges: first names alone, large, and everybody's alike."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext

from certificates.pdf import fonts
from courses.models import College, CourseRun
from courses.norwegian.sorting import sort_key
from enrolment.models import Enrolment
from recoverycollege.paper.drawing import as_pdf, drawing, printable

BADGES_OF_A_SHEET = 10
# Points of a name, the largest first; the first in which it is one line is taken.
SIZES = [(44, "one-line"), (32, "long"), (22, "longer"), (0, "longest")]
LINE = 76 / 25.4 * 72  # points


def first_names(run: CourseRun) -> list[str]:
    """The first word of each name, of those with a place and of the tutors alike. One query.

    A guess: not everybody's first name stands first. Whoever prints them can write them anew.
    """
    enrolments = Enrolment.objects.with_place().filter(run=run, student__erased_at=None)
    names = [each.student.name for each in enrolments.select_related("student")]
    names += [each.name for each in run.tutors_as_equals]
    return sorted((name.split()[0] for name in names if name.split()), key=sort_key)


def render(names: Sequence[str], *, college: College) -> bytes:
    """Sheets of ten to cut out, the last filled up with empty ones to write on. No query."""
    badges = [(printable(name), _size(name)) for name in names]
    badges += [("", "")] * (-len(badges) % BADGES_OF_A_SHEET or BADGES_OF_A_SHEET * (not badges))
    sender = printable(college.sender_name)
    with drawing("badges", words=[*names, sender]) as lay_out:
        return as_pdf(
            lay_out({"title": gettext("Name badges"), "sheets": _sheets(badges), "sender": sender})
        )


def _sheets(badges: Sequence[tuple[str, str]]) -> Iterable[Sequence[tuple[str, str]]]:
    starts = range(0, len(badges), BADGES_OF_A_SHEET)
    return [badges[start : start + BADGES_OF_A_SHEET] for start in starts]


def _size(name: str) -> str:
    width = fonts.width(name)
    return next(kind for points, kind in SIZES if width * points <= LINE)
