"""What a changed time or venue means: who must be told, and how."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from courses.dates import clock_range, day
from courses.models import CourseRun, CourseSession
from enrolment.models import Enrolment, Student


class ChangeNeedsTelling(Exception):
    """Time or place of a session to come has changed, and people count on it.

    `changes` holds a sentence for each change.
    """

    def __init__(self, changes: list[str]) -> None:
        super().__init__(len(changes))
        self.changes = changes


class Meeting(NamedTuple):
    """When and where a session is. A session that is only online is at its link."""

    starts_at: datetime
    ends_at: datetime
    place: str

    def __str__(self) -> str:
        when = f"{day(self.starts_at)}, {clock_range(self.starts_at, self.ends_at)}"
        return f"{when}, {self.place}" if self.place else when


Programme = dict[int, Meeting]


def programme(run: CourseRun) -> Programme:
    """When and where each session is. One query."""
    sessions = CourseSession.objects.filter(run=run).values_list(
        "pk", "starts_at", "ends_at", "venue__name", "run__venue__name", "online_link"
    )
    return {
        pk: Meeting(starts_at, ends_at, venue or run_venue or online_link)
        for pk, starts_at, ends_at, venue, run_venue, online_link in sessions
    }


def changes(before: Programme, after: Programme) -> list[str]:
    """A sentence for each session that is not over and has another time or place, is new or gone.

    In the order of the programme as it is now.
    """
    now = timezone.now()
    changed = []
    for pk in before.keys() | after.keys():
        old, new = before.get(pk), after.get(pk)
        if old != new and any(each and each.ends_at > now for each in (old, new)):
            changed.append((new or old, _sentence(old, new)))
    return [sentence for _meeting, sentence in sorted(changed)]


def _sentence(old: Meeting | None, new: Meeting | None) -> str:
    if old is None:
        return gettext("New: %(new)s.") % {"new": new}
    if new is None:
        return gettext("Will not be held: %(old)s.") % {"old": old}
    return gettext("Now: %(new)s. Before: %(old)s.") % {"new": new, "old": old}


@dataclass(frozen=True)
class Telling:
    """How many people are told in which way."""

    email: int
    phone: int
    paper: int

    @property
    def total(self) -> int:
        return self.email + self.phone + self.paper

    def sentences(self) -> list[str]:
        lines = []
        if self.email:
            lines.append(
                ngettext(
                    "%(count)s person gets an e-mail.",
                    "%(count)s people get an e-mail.",
                    self.email,
                )
                % {"count": self.email}
            )
        if self.phone:
            lines.append(
                ngettext(
                    "%(count)s person must be rung: there will be a line on the call list.",
                    "%(count)s people must be rung: there will be lines on the call list.",
                    self.phone,
                )
                % {"count": self.phone}
            )
        if self.paper:
            lines.append(
                ngettext(
                    "%(count)s person gets a letter on paper: print it from the call list.",
                    "%(count)s people get a letter on paper: print them from the call list.",
                    self.paper,
                )
                % {"count": self.paper}
            )
        return lines


def telling(run: CourseRun) -> Telling:
    """Everybody with or waiting for a place, by channel. One query."""
    counts = dict(
        Enrolment.objects.live()
        .filter(run=run)
        .order_by()
        .values_list("student__channel")
        .annotate(Count("pk"))
    )
    return Telling(
        email=counts.get(Student.Channel.EMAIL, 0),
        phone=counts.get(Student.Channel.PHONE, 0),
        paper=counts.get(Student.Channel.PAPER, 0),
    )
