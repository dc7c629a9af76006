"""The lists of a run for paper: the register that goes round, and who takes part.

Neither tells a course to whoever sees it lie there: over them stands the college's neutral name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from certificates.queries import students_on_list_of
from courses.models import College, CourseRun, CourseSession
from courses.norwegian import formatting
from courses.norwegian.sorting import sort_key
from enrolment.models import Adjustment, Enrolment
from recoverycollege.exports.run_lists import delete_by
from recoverycollege.paper.drawing import as_pdf, drawing, printable

SESSIONS_PER_SHEET = 5
EMPTY_ROWS = range(6)


@dataclass(frozen=True)
class Participant:
    """Somebody with a place, in words that the fonts have."""

    name: str
    has_companion: bool
    phone: str
    email: str


def register(run: CourseRun, sessions: Sequence[CourseSession], college: College) -> bytes:
    """Names, and a box for each session. Whoever has a companion has «+1». Two queries."""
    students = sorted(
        students_on_list_of(run), key=lambda student: (sort_key(student.name), student.pk)
    )
    with_companion = {
        each.student_id
        for each in Enrolment.objects.with_place().filter(run=run)
        if each.has_companion
    }
    people = [(printable(each.name), each.pk in with_companion) for each in students]
    parts = [
        sessions[start : start + SESSIONS_PER_SHEET]
        for start in range(0, len(sessions), SESSIONS_PER_SHEET)
    ]
    context = {
        "title": gettext("Register"),
        "people": people,
        "parts": [
            (
                printable(formatting.days(part[0].starts_at, part[-1].starts_at)),
                [
                    (
                        printable(formatting.shortest_day(each.starts_at)),
                        printable(formatting.clock(each.starts_at)),
                    )
                    for each in part
                ],
            )
            for part in parts
        ],
        "empty_rows": EMPTY_ROWS,
        "shred_by": _day(run, settings.TUTOR_NAMES_DAYS),
    }
    return _draw("register", context, college, [name for name, _has in people])


def participants(run: CourseRun, college: College) -> bytes:
    """Names and how they are reached; on an inner sheet what is to be arranged. Two queries."""
    enrolments = sorted(
        Enrolment.objects.with_place().filter(run=run).select_related("student"),
        key=lambda each: sort_key(each.student.name),
    )
    people = [
        Participant(
            name=printable(str(each.student)),
            has_companion=each.has_companion,
            phone=printable(formatting.phone(each.student.phone)) if each.student.phone else "",
            email=printable(each.student.email),
        )
        for each in enrolments
    ]
    wishes: dict[int, list[str]] = {}
    for wish in Adjustment.objects.filter(enrolment__in=[each.pk for each in enrolments]):
        said = printable(wish.text)
        if wish.arranged_at:
            said = gettext("%(wish)s (arranged)") % {"wish": said}
        wishes.setdefault(wish.enrolment_id, []).append(said)
    adjustments = [
        (person.name, wishes[each.pk])
        for person, each in zip(people, enrolments, strict=True)
        if each.pk in wishes
    ]
    starts_at, ends_at = run.starts_at, run.ends_at
    context = {
        "title": gettext("Participants"),
        "days": printable(formatting.days(starts_at, ends_at)) if starts_at and ends_at else "",
        "people": people,
        "seats": sum(1 + each.has_companion for each in people),
        "adjustments": adjustments,
        "shred_by": _day(run, settings.TUTOR_CONTACT_DAYS),
        "shred_adjustments_by": _day(run, settings.ADJUSTMENT_DAYS),
    }
    words = [each.name for each in people] + [each.email for each in people]
    for _name, lines in adjustments:
        words += lines
    return _draw("participants", context, college, words)


def _day(run: CourseRun, days: int) -> str:
    return printable(formatting.day_without_weekday(delete_by(run, days)))


def _draw(name: str, context: dict[str, Any], college: College, people: Sequence[str]) -> bytes:
    heading = printable(college.sender_name)
    with drawing(name, words=[heading, *people]) as lay_out:
        return as_pdf(lay_out({**context, "heading": heading}))
