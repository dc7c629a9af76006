"""What a changed time or venue means: who must be told, and how."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import ngettext

from courses.models import CourseRun, CourseSession
from enrolment.models import Enrolment, Student

# Beginning, end, and the venue; for a session that is only online its link.
Programme = dict[int, tuple[datetime, datetime, int | str]]


class ChangeNeedsTelling(Exception):
    """Time or venue of a session to come has changed, and people count on it."""


def programme(run: CourseRun) -> Programme:
    """When and where each session is."""
    return {
        pk: (starts_at, ends_at, venue_id or run.venue_id or online_link)
        for pk, starts_at, ends_at, venue_id, online_link in CourseSession.objects.filter(
            run=run
        ).values_list("pk", "starts_at", "ends_at", "venue_id", "online_link")
    }


def has_changed(before: Programme, after: Programme) -> bool:
    """Whether a session that is not over has another time or place, is new, or is gone."""
    now = timezone.now()

    def to_come(entry: tuple[datetime, datetime, int | str] | None) -> bool:
        return entry is not None and entry[1] > now

    return any(
        before.get(pk) != after.get(pk) and (to_come(before.get(pk)) or to_come(after.get(pk)))
        for pk in before.keys() | after.keys()
    )


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
