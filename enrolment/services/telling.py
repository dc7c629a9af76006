"""Who will be told of something, and how."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import ngettext

from courses.models import CourseRun
from enrolment.models import Enrolment, Student


@dataclass(frozen=True)
class Telling:
    """How many people are told in which way."""

    email: int
    phone: int
    paper: int

    @property
    def total(self) -> int:
        return self.email + self.phone + self.paper

    def __add__(self, other: "Telling") -> "Telling":
        return Telling(self.email + other.email, self.phone + other.phone, self.paper + other.paper)

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


def telling(*runs: CourseRun) -> Telling:
    """Everybody with or waiting for a place in these runs, by channel. One query."""
    return telling_of(Enrolment.objects.live().filter(run__in=runs))


def telling_of(people: QuerySet[Enrolment]) -> Telling:
    """These people by channel. One query."""
    counts = dict(people.order_by().values_list("student__channel").annotate(Count("pk")))
    return Telling(
        email=counts.get(Student.Channel.EMAIL, 0),
        phone=counts.get(Student.Channel.PHONE, 0),
        paper=counts.get(Student.Channel.PAPER, 0),
    )
