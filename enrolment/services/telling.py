"""Who will be told of something, and how."""

from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from courses.models import CourseRun
from enrolment.models import Enrolment, Student
from enrolment.services.tutor_letters import tutors_to_tell


@dataclass(frozen=True)
class Telling:
    """How many people are told in which way."""

    email: int
    phone: int
    paper: int
    tutors: int = 0

    @property
    def total(self) -> int:
        return self.email + self.phone + self.paper + self.tutors

    def __add__(self, other: "Telling") -> "Telling":
        return Telling(
            self.email + other.email,
            self.phone + other.phone,
            self.paper + other.paper,
            self.tutors + other.tutors,
        )

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
        if self.tutors:
            lines.append(
                ngettext(
                    "%(count)s tutor is told as well.",
                    "%(count)s tutors are told as well.",
                    self.tutors,
                )
                % {"count": self.tutors}
            )
        return lines


def telling(*runs: CourseRun) -> Telling:
    """Everybody with or waiting for a place in these runs, by channel, and who leads them.

    One query, and two for each run.
    """
    people = telling_of(Enrolment.objects.live().filter(run__in=runs))
    now = timezone.now()
    return replace(people, tutors=sum(len(tutors_to_tell(run, now)) for run in runs))


def telling_of(people: QuerySet[Enrolment]) -> Telling:
    """These people by channel. One query."""
    counts = dict(people.order_by().values_list("student__channel").annotate(Count("pk")))
    return Telling(
        email=counts.get(Student.Channel.EMAIL, 0),
        phone=counts.get(Student.Channel.PHONE, 0),
        paper=counts.get(Student.Channel.PAPER, 0),
    )
