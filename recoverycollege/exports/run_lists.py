"""The lists of a run that staff take out: its participants, and its register.

What somebody wants arranged is in neither of them.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from certificates.models import Attendance
from certificates.queries import students_on_list_of
from courses.catalogue import capital
from courses.models import CourseRun, CourseSession
from courses.norwegian import formatting
from courses.norwegian.sorting import sort_key
from enrolment.models import Enrolment
from recoverycollege.exports.spreadsheets import Cell, Sheet


def participants(run: CourseRun) -> Sheet:
    """Whoever has a place by name, then whoever waits in the order of the queue. One query."""
    live = list(Enrolment.objects.live().filter(run=run).select_related("student").order_by("pk"))
    with_place = [each for each in live if each.has_place]
    with_place.sort(key=lambda each: sort_key(each.student.name))
    return Sheet(
        title=gettext("Participants"),
        about=_about(run),
        terms=_terms(delete_by(run, settings.TUTOR_CONTACT_DAYS)),
        heads=[
            *(gettext("Name"), gettext("Phone"), gettext("E-mail"), gettext("Companion")),
            *(gettext("Status"), gettext("Signed up"), gettext("Reached by")),
        ],
        rows=[
            [
                each.student.name,
                formatting.phone(each.student.phone) if each.student.phone else "",
                each.student.email,
                1 if each.has_companion else None,
                capital(str(each.get_status_display())),
                formatting.local_date(each.enrolled_at),
                capital(str(each.student.get_channel_display())),
            ]
            for each in (*with_place, *(each for each in live if each.is_waiting))
        ],
    )


def register(run: CourseRun, sessions: Sequence[CourseSession]) -> Sheet:
    """Who was at which of these sessions, and how many hours that makes. Two queries."""
    students = sorted(
        students_on_list_of(run), key=lambda student: (sort_key(student.name), student.pk)
    )
    marks = {
        (student, session): is_present
        for student, session, is_present in Attendance.objects.filter(
            session__in=sessions, student__in=students
        ).values_list("student", "session", "is_present")
    }
    words = {True: gettext("here"), False: gettext("not here"), None: ""}
    rows: list[list[Cell]] = []
    for student in students:
        own = [marks.get((student.pk, each.pk)) for each in sessions]
        attended = [each for each, mark in zip(sessions, own, strict=True) if mark]
        hours = sum(each.hours for each in attended)
        rows.append([student.name, *(words[mark] for mark in own), len(attended), float(hours)])
    return Sheet(
        title=gettext("Register"),
        about=_about(run),
        terms=_terms(delete_by(run, settings.TUTOR_NAMES_DAYS)),
        heads=[
            gettext("Name"),
            *(formatting.local_date(each.starts_at) for each in sessions),
            gettext("Sessions attended"),
            gettext("Hours attended"),
        ],
        rows=rows,
    )


def delete_by(run: CourseRun, days: int) -> date:
    """When a list of this run is to be gone: so many days after its last session, or after today
    where that is over.
    """
    ends_at = run.ends_at or timezone.now()
    return formatting.local_date(max(ends_at, timezone.now()) + timedelta(days=days))


def _about(run: CourseRun) -> str:
    today = formatting.day_without_weekday(timezone.localdate())
    return gettext("%(what)s, as of %(day)s") % {"what": run, "day": today}


def _terms(until: date) -> str:
    return gettext(
        "Only for carrying out this course. Do not pass it on. Delete the file by %(day)s at the "
        "latest."
    ) % {"day": formatting.day_without_weekday(until)}
