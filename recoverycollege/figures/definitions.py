"""What each figure is: how it is counted, what is shown of it, and how that is explained."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.models import CourseRun
from recoverycollege.figures.facts import Facts, RunFacts
from recoverycollege.figures.rounding import (
    BASE,
    HIDDEN_BELOW,
    HOURS_BASE,
    FewerThan,
    Value,
    band,
    nearest,
    share,
    shown_part,
    shown_sum,
    total,
)

Runs = Sequence[RunFacts]
Count = Callable[[Runs, Facts], Value]


class Unit(StrEnum):
    NUMBER = "number"
    HOURS = "hours"
    PERCENT = "percent"


@dataclass(frozen=True)
class Figure:
    """`exact` is what coordinators see, `shown` what owners and everybody else do."""

    name: str
    label: str | Promise
    explanation: str | Promise
    exact: Count
    shown: Count | None  # None: for coordinators alone
    unit: Unit = Unit.NUMBER
    of_years_only: bool = False


# How each is counted


def runs(group: Runs, _facts: Facts) -> Value:
    return len(group)


def sessions(group: Runs, _facts: Facts) -> Value:
    return sum(each.sessions for each in group)


def hours_taught(group: Runs, _facts: Facts) -> Value:
    return total([each.hours for each in group])


def unique_people(group: Runs, _facts: Facts) -> Value:
    return len(people_in(group))


def enrolments(group: Runs, _facts: Facts) -> Value:
    return sum(each.placed + each.queued + each.withdrawn for each in group)


def waiting(group: Runs, _facts: Facts) -> Value:
    return sum(each.queued for each in group)


def withdrawals(group: Runs, _facts: Facts) -> Value:
    return sum(each.withdrawn for each in group)


def participations(group: Runs, _facts: Facts) -> Value:
    return sum(len(each.people) for each in group)


def hours_taken_part(group: Runs, _facts: Facts) -> Value:
    return total([each.hours_taken for each in group])


def attendance(group: Runs, _facts: Facts) -> Value:
    present = sum(each.present for each in group)
    return share(present, present + sum(each.absent for each in group))


def certificates(group: Runs, _facts: Facts) -> Value:
    return sum(each.certificates for each in group)


def returning(group: Runs, facts: Facts) -> Value:
    return _came_back(group, facts)


def drop_in_heads(group: Runs, _facts: Facts) -> Value:
    return sum(each.heads for each in group if each.entry == CourseRun.Entry.DROP_IN)


def closed_heads(group: Runs, _facts: Facts) -> Value:
    return sum(each.heads for each in group if each.entry == CourseRun.Entry.CLOSED)


def heads(group: Runs, _facts: Facts) -> Value:
    return sum(each.heads for each in group if each.entry != CourseRun.Entry.SIGN_UP)


def sessions_with_pair(group: Runs, _facts: Facts) -> Value:
    return share(
        sum(each.sessions_with_pair for each in group), sum(each.sessions for each in group)
    )


def courses_with_pair(group: Runs, _facts: Facts) -> Value:
    courses = {each.course: each.course_has_pair for each in group}
    return share(sum(courses.values()), len(courses))


def tutor_absences(group: Runs, _facts: Facts) -> Value:
    return sum(each.tutor_absences for each in group)


def _came_back(group: Runs, facts: Facts) -> int:
    year = max((each.year for each in group), default=0)
    return sum(facts.first_year.get(each, year) < year for each in people_in(group))


def people_in(group: Runs) -> set[int]:
    return {person for each in group for person in each.people}


# What is shown of them


def _in_bands(*counts: Callable[[RunFacts], int]) -> Count:
    """Made of the band of each run; each of several counts has one of its own."""

    def shown(group: Runs, _facts: Facts) -> Value:
        return shown_sum(band(count(each)) for each in group for count in counts)

    return shown


def not_small(group: Runs) -> list[RunFacts]:
    """The runs whose people are no small group."""
    return [each for each in group if len(each.people) >= HIDDEN_BELOW]


def shown_people(group: Runs, facts: Facts) -> Value:
    large = not_small(group)
    if large:
        return shown_sum([band(len(people_in(large)))])
    small = sum(bool(each.people) for each in group)
    return FewerThan(small * (HIDDEN_BELOW - 1) + 1) if small else 0


def _shown_hours_taken_part(group: Runs, _facts: Facts) -> Value:
    large = not_small(group)
    return nearest(sum(each.hours_taken for each in large), HOURS_BASE) if large else None


def _shown_attendance(group: Runs, _facts: Facts) -> Value:
    large = not_small(group)
    present = sum(band(each.present).middle for each in large)
    marked = present + sum(band(each.absent).middle for each in large)
    return nearest(100 * present / marked, BASE) if marked else None


def _shown_returning(group: Runs, facts: Facts) -> Value:
    large = not_small(group)
    return shown_part(_came_back(large, facts), len(people_in(large)))


def _heads_of(*entries: str) -> Callable[[RunFacts], int]:
    return lambda run: run.heads if run.entry in entries else 0


FIGURES = [
    Figure(
        "people",
        _("Unique people"),
        _("Everybody who was present at least once, counted once however many courses."),
        unique_people,
        shown_people,
    ),
    Figure(
        "enrolments",
        _("Sign-ups"),
        _("One for each person and course, also where somebody waits or has withdrawn."),
        enrolments,
        _in_bands(lambda run: run.placed, lambda run: run.queued, lambda run: run.withdrawn),
    ),
    Figure(
        "waiting",
        _("Waiting when it began"),
        _("Sign-ups that never got a place."),
        waiting,
        _in_bands(lambda run: run.queued),
    ),
    Figure(
        "withdrawals",
        _("Withdrawals"),
        _("Sign-ups that were withdrawn. Whoever signed up again is not among them."),
        withdrawals,
        _in_bands(lambda run: run.withdrawn),
    ),
    Figure(
        "participations",
        _("Took part"),
        _("One for each person and course in which they were present at least once."),
        participations,
        _in_bands(lambda run: len(run.people)),
    ),
    Figure(
        "returning",
        _("Returning students"),
        _("Of the unique people, those who took part in an earlier year too."),
        returning,
        _shown_returning,
        of_years_only=True,
    ),
    Figure(
        "certificates",
        _("Certificates"),
        _("Certificates of attendance that have been made and are valid."),
        certificates,
        _in_bands(lambda run: run.certificates),
    ),
    Figure(
        "runs",
        _("Courses held"),
        _("Each time a course is held counts once, from its first session on."),
        runs,
        runs,
    ),
    Figure(
        "sessions",
        _("Sessions"),
        _("Sessions that have been held. Cancelled ones do not count."),
        sessions,
        sessions,
    ),
    Figure(
        "hours_taught",
        _("Hours taught"),
        _("The length of all sessions that have been held."),
        hours_taught,
        hours_taught,
        unit=Unit.HOURS,
    ),
    Figure(
        "hours_taken_part",
        _("Hours taken part in"),
        _("The hours of each session for each person who was marked present in it."),
        hours_taken_part,
        _shown_hours_taken_part,
        unit=Unit.HOURS,
    ),
    Figure(
        "attendance",
        _("Attendance"),
        _("Of all marks in the registers, how many say that somebody was present."),
        attendance,
        _shown_attendance,
        unit=Unit.PERCENT,
    ),
    Figure(
        "drop_in_heads",
        _("Came to open sessions"),
        _("Heads counted where nobody signs up. The same person may be counted many times."),
        drop_in_heads,
        _in_bands(_heads_of(CourseRun.Entry.DROP_IN)),
    ),
    Figure(
        "closed_heads",
        _("Came to closed groups"),
        _("Heads counted where an outside group was taught, or in housing."),
        closed_heads,
        _in_bands(_heads_of(CourseRun.Entry.CLOSED)),
    ),
    Figure(
        "sessions_with_pair",
        _("Sessions led by a pair"),
        _(
            "Sessions with a tutor with lived experience and one with professional experience in "
            "front of the room. Where one was away and nobody stood in, it does not count."
        ),
        sessions_with_pair,
        sessions_with_pair,
        unit=Unit.PERCENT,
    ),
    Figure(
        "courses_with_pair",
        _("Courses developed by a pair"),
        _("Courses held that lived and professional experience have made together."),
        courses_with_pair,
        courses_with_pair,
        unit=Unit.PERCENT,
    ),
    Figure(
        "tutor_absences",
        _("Times a tutor was away"),
        _("Also where somebody stood in. Only you who coordinate see this."),
        tutor_absences,
        None,
    ),
]

# What belongs together on a page.
GROUPS: list[tuple[str | Promise, tuple[str, ...]]] = [
    (
        _("People"),
        (
            *("people", "participations", "returning", "enrolments", "waiting", "withdrawals"),
            "certificates",
        ),
    ),
    (
        _("Courses and hours"),
        (
            *("runs", "sessions", "hours_taught", "hours_taken_part", "attendance"),
            *("drop_in_heads", "closed_heads"),
        ),
    ),
    (_("Co-production"), ("sessions_with_pair", "courses_with_pair", "tutor_absences")),
]

HEADS = Figure(
    "heads",
    _("Heads counted"),
    _("Where nobody signs up."),
    heads,
    _in_bands(_heads_of(CourseRun.Entry.DROP_IN, CourseRun.Entry.CLOSED)),
)
BY_NAME = {each.name: each for each in [*FIGURES, HEADS]}
# The columns of a breakdown.
OF_BREAKDOWNS = [
    BY_NAME[name]
    for name in ("runs", "sessions", "enrolments", "participations", "people", "heads")
]
PEOPLE = BY_NAME["people"]
