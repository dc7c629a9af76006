"""What is counted: a row for each run that has begun, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from certificates.models import Attendance, Certificate
from courses.models import (
    CourseDeveloper,
    CourseRun,
    CourseSession,
    Substitution,
    TutorAssignment,
    is_pair,
)
from enrolment.models import Enrolment, Student


@dataclass
class RunFacts:
    """A run that has begun, in numbers. People are keys of rows: nothing else is known of them."""

    run: int
    year: int
    term: str
    entry: str
    course: int
    title: str
    format: str
    course_has_pair: bool
    venue: int | None
    venue_name: str
    venue_is_public: bool
    sessions: int = 0
    hours: float = 0
    sessions_with_pair: int = 0
    tutor_absences: int = 0
    heads: int = 0
    placed: int = 0
    queued: int = 0
    withdrawn: int = 0
    certificates: int = 0
    present: int = 0
    absent: int = 0
    hours_taken: float = 0
    people: set[int] = field(default_factory=set)

    @property
    def is_closed(self) -> bool:
        return self.entry == CourseRun.Entry.CLOSED


@dataclass
class Facts:
    """The runs of some years, and what is known of the people in them by their keys."""

    runs: list[RunFacts] = field(default_factory=list)
    first_year: dict[int, int] = field(default_factory=dict)  # in which somebody first took part
    municipality: dict[int, str] = field(default_factory=dict)  # of those who have said it

    def of(self, year: int, term: str = "") -> list[RunFacts]:
        return [each for each in self.runs if each.year == year and term in ("", each.term)]


def years_begun(now: datetime) -> list[int]:
    """The years in whose semesters a session has been held, the newest first. One query."""
    years = _held_sessions(now).order_by().values_list("run__semester__year", flat=True)
    return sorted(set(years.distinct()), reverse=True)


def read(years: Collection[int], *, now: datetime) -> Facts:
    """All that is counted of these years. A year is that of the semester in which a run begins.

    What counts is what has been held by now: a session that is over and was not cancelled, and a
    run of which there is one. Ten queries at most, however large the college is.
    """
    sessions = list(
        _held_sessions(now)
        .filter(run__semester__year__in=years)
        .order_by()
        .values_list("pk", "run", "starts_at", "ends_at", "headcount")
    )
    facts = Facts()
    runs = _runs({each[1] for each in sessions}, years)
    facts.runs = list(runs.values())
    hours: dict[int, tuple[RunFacts, float]] = {}
    for key, run_key, starts_at, ends_at, heads in sessions:
        run = runs[run_key]
        hours[key] = run, (ends_at - starts_at) / timedelta(hours=1)
        run.sessions += 1
        run.hours += hours[key][1]
        run.heads += heads or 0
    _read_tutors(hours, years)
    _read_enrolments(runs, years)
    _read_attendance(facts, hours, years)
    return facts


def _held_sessions(now: datetime) -> QuerySet[CourseSession]:
    """Mirrors `CourseSession.takes_place` and `is_held`."""
    was_on = Q(run__cancelled_at=None) | Q(starts_at__lte=F("run__cancelled_at"))
    return (
        CourseSession.objects.not_cancelled()
        .filter(was_on, ends_at__lte=now)
        .exclude(run__status=CourseRun.Status.DRAFT)
    )


def _runs(begun: Collection[int], years: Collection[int]) -> dict[int, RunFacts]:
    """The runs by their keys. Two queries."""
    pairs: dict[int, list[tuple[int, str]]] = defaultdict(list)
    behind = CourseDeveloper.objects.order_by().values_list("course", "tutor", "role")
    for course, tutor, role in behind:
        pairs[course].append((tutor, role))
    rows = (
        CourseRun.objects.filter(semester__year__in=years)
        .order_by("course__title", "pk")
        .values_list(
            *("pk", "semester__year", "semester__term", "entry", "course", "course__title"),
            *("course__format", "venue", "venue__name", "venue__is_public"),
        )
    )
    return {
        key: RunFacts(
            run=key,
            year=year,
            term=term,
            entry=entry,
            course=course,
            title=title,
            format=format_,
            course_has_pair=is_pair(pairs[course]),
            venue=venue,
            venue_name=venue_name or "",
            venue_is_public=bool(is_public),
        )
        for key, year, term, entry, course, title, format_, venue, venue_name, is_public in rows
        if key in begun
    }


def _read_tutors(hours: dict[int, tuple[RunFacts, float]], years: Collection[int]) -> None:
    """Who was in front of each session, and how often a tutor was away. Two queries."""
    assigned: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    rows = TutorAssignment.objects.filter(run__semester__year__in=years).order_by()
    for key, run_key, tutor, role in rows.values_list("pk", "run", "tutor", "role"):
        assigned[run_key].append((key, tutor, role))
    instead: dict[tuple[int, int], tuple[int | None, bool]] = {}
    away = Substitution.objects.filter(session__run__semester__year__in=years).order_by()
    for session, key, tutor, is_hand_over in away.values_list(
        "session", "assignment", "tutor", "is_hand_over"
    ):
        instead[session, key] = tutor, is_hand_over
    for session, (run, _hours) in hours.items():
        in_front = []
        for key, tutor, role in assigned[run.run]:
            stand_in, is_hand_over = instead.get((session, key), (tutor, True))
            # Whoever has taken over is the tutor from then on: nobody is away.
            run.tutor_absences += not is_hand_over
            if stand_in is not None:
                in_front.append((stand_in, role))
        run.sessions_with_pair += is_pair(in_front)


def _read_enrolments(runs: dict[int, RunFacts], years: Collection[int]) -> None:
    """How many signed up and what became of it, each person once a run. Three queries.

    Whoever withdrew and signed up again counts as they are now. Of two records of one person that
    became one, the surplus row counts for nothing.
    """
    signed_up = (
        Enrolment.objects.filter(run__semester__year__in=years, merged_into=None)
        .order_by()
        .values("run")
    )
    for row in signed_up.annotate(
        placed=Count("pk", filter=Q(status=Enrolment.Status.PLACE)),
        waited=Count("pk", filter=Q(status=Enrolment.Status.WAITING)),
    ):
        if run := runs.get(row["run"]):
            run.placed, run.queued = row["placed"], row["waited"]
    again = Enrolment.objects.live().filter(run=OuterRef("run"), student=OuterRef("student"))
    gone = signed_up.filter(~Exists(again.order_by()), status=Enrolment.Status.WITHDRAWN)
    for row in gone.annotate(people=Count("student", distinct=True)):
        if run := runs.get(row["run"]):
            run.withdrawn = row["people"]
    issued = Certificate.objects.valid().filter(run__semester__year__in=years).order_by()
    for row in issued.values("run").annotate(number=Count("pk")):
        if run := runs.get(row["run"]):
            run.certificates = row["number"]


def _read_attendance(
    facts: Facts, hours: dict[int, tuple[RunFacts, float]], years: Collection[int]
) -> None:
    """Who was in which session; since when, and from where, as keys alone. Three queries."""
    marks = Attendance.objects.filter(session__run__semester__year__in=years).order_by()
    for student, session, is_present in marks.values_list("student", "session", "is_present"):
        if session not in hours:
            continue
        run, length = hours[session]
        if is_present:
            run.present += 1
            run.hours_taken += length
            run.people.add(student)
        else:
            run.absent += 1
    first = Attendance.objects.present().filter(session__cancelled_at=None).order_by()
    facts.first_year = dict(
        first.values("student")
        .annotate(first=Min("session__run__semester__year"))
        .values_list("student", "first")
    )
    answered = Student.objects.exclude(municipality="").order_by()
    facts.municipality = dict(answered.values_list("pk", "municipality"))
