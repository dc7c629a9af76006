"""Reads of the public pages, lean: they are what everybody opens.

One query for each kind of row, however many runs there are, and what is short in one together. The
rows stay plain values until a page has to be drawn: only then are models made of them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from courses.catalogue import CatalogueEntry, Meeting
from courses.columns import (
    ON_CARDS,
    ON_COURSE_PAGE,
    RUN,
    SEARCHED,
    SESSION,
    TUTOR,
    WHOLE_OPPORTUNITY,
    WHOLE_VENUE,
    Row,
    RunColumns,
)
from courses.models import (
    Course,
    CourseRun,
    CourseSession,
    Opportunity,
    Semester,
    Substitution,
    TutorAssignment,
)
from courses.small_facts import SmallFacts, built_once, small_fact_rows

SESSIONS_ON_CARDS = (
    "run_id",
    "starts_at",
    "ends_at",
    "theme",
    "guest_speakers",
    "online_link",
    "venue_id",
    "venue__is_public",
    "venue__name",
    "venue__town",
)


@dataclass(frozen=True)
class PageRows:
    """The rows that a public page is made of, as they were read."""

    facts: Sequence[Row]
    runs: Sequence[Row] = ()
    columns: RunColumns = ON_CARDS  # of the runs
    sessions: Sequence[Row] = ()
    tutors: Sequence[Row] = ()  # for a page that names no more than a run's tutors
    assignments: Sequence[Row] = ()
    substitutions: Sequence[Row] = ()

    def contents(self, now: datetime) -> Row:
        """All that the page is made of; equal for two pages only where both show the same.

        What it says of the clock, such as that a session was held or that sign-up is open, changes
        when one of its moments has come: how many have is one of its facts.
        """
        come = sum(
            isinstance(value, datetime) and value <= now
            for row in chain(self.runs, self.sessions)
            for value in row
        )
        return (
            self.facts,
            self.runs,
            self.sessions,
            self.tutors,
            self.assignments,
            self.substitutions,
            come,
        )


def public_courses() -> QuerySet[Course]:
    """Courses that anybody may read about: one of their open runs has been published."""
    return Course.objects.filter(pk__in=CourseRun.objects.public().values("course_id"))


@built_once
def _public_semesters() -> QuerySet[Semester]:
    return Semester.objects.filter(pk__in=CourseRun.objects.public().values("semester_id"))


def public_semesters() -> list[Semester]:
    """Those with a run that anybody may see, the newest first. One query."""
    return list(_public_semesters())


def public_sessions() -> QuerySet[CourseSession]:
    """Those of the runs that anybody may see, also the cancelled ones, with run, course and venues.

    In their order. One query.
    """
    return (
        CourseSession.objects.filter(run__in=CourseRun.objects.public())
        .select_related("venue", "run__course", "run__venue")
        .order_by("starts_at", "pk")
    )


def public_opportunities() -> list[Row]:
    """The opportunities outside the college, as rows of `WHOLE_OPPORTUNITY`. One query."""
    return list(_opportunities())


@built_once
def _opportunities() -> QuerySet[Any, Any]:
    return Opportunity.objects.order_by("pk").values_list(*WHOLE_OPPORTUNITY.names)


# The pages' rows


@built_once
def _runs_on_cards() -> QuerySet[Any, Any]:
    return CourseRun.objects.public().order_by().values_list(*ON_CARDS.names)


@built_once
def _runs_searched() -> QuerySet[Any, Any]:
    return CourseRun.objects.public().order_by().values_list(*SEARCHED.names)


@built_once
def _runs_to_come() -> QuerySet[Any, Any]:
    return _by_start(CourseRun.objects.public().published())


def _runs_and_drafts_to_come() -> QuerySet[Any, Any]:
    runs = CourseRun.objects.exclude(entry=CourseRun.Entry.CLOSED)
    return _by_start(runs.exclude(status=CourseRun.Status.CANCELLED))


def _by_start(runs: QuerySet[CourseRun]) -> QuerySet[Any, Any]:
    own = CourseSession.objects.not_cancelled().filter(run=OuterRef("pk"))
    return (
        runs.annotate(
            first=Subquery(own.order_by("starts_at").values("starts_at")[:1]),
            last=Subquery(own.order_by("-ends_at").values("ends_at")[:1]),
        )
        .order_by("first", "pk")
        .values_list(*ON_CARDS.names)
    )


@built_once
def _sessions_on_cards() -> QuerySet[Any, Any]:
    sessions = CourseSession.objects.not_cancelled().order_by("starts_at", "pk")
    return sessions.values_list(*SESSIONS_ON_CARDS)


def nothing_but_the_college() -> PageRows:
    """For a page that shows no run. One query."""
    return PageRows(facts=small_fact_rows())


def runs_of(semester: Semester, *, with_texts: bool) -> PageRows:
    """Its public runs, in no order; with the long texts of their courses where asked. Three
    queries.
    """
    here = Q(run__semester=semester.pk)
    runs = (_runs_searched() if with_texts else _runs_on_cards()).filter(semester=semester.pk)
    found = list(runs)
    courses = {row[RUN.names.index("course_id")] for row in found}
    return PageRows(
        facts=small_fact_rows(assignments=here, topics=Q(course__in=courses)),
        runs=found,
        columns=SEARCHED if with_texts else ON_CARDS,
        sessions=list(_sessions_on_cards().filter(here)),
    )


def next_runs(now: datetime, number: int, *, with_drafts: bool = False) -> PageRows:
    """The next runs of so many courses that can still be joined, and the partners. Three queries.

    A course that is held again is shown once. `with_drafts` is for staff, who look at the page as
    it will be: drafts are among them as if they were published.
    """
    runs = _runs_and_drafts_to_come() if with_drafts else _runs_to_come()
    runs = runs.filter(Q(first__gt=now) | Q(entry=CourseRun.Entry.DROP_IN, last__gt=now))
    by_course: dict[int, Row] = {}
    for row in runs[: 3 * number]:
        by_course.setdefault(row[RUN.names.index("course_id")], row)
    found = list(by_course.values())[:number]
    if with_drafts:
        place = RUN.names.index("status")
        found = [(*row[:place], CourseRun.Status.PUBLISHED, *row[place + 1 :]) for row in found]
    shown = Q(run__in=[row[0] for row in found])
    return PageRows(
        facts=small_fact_rows(assignments=shown, partners=True),
        runs=found,
        sessions=list(_sessions_on_cards().filter(shown)) if found else (),
    )


@built_once
def _runs_on_course_page() -> QuerySet[Any, Any]:
    return CourseRun.objects.public().order_by().values_list(*ON_COURSE_PAGE.names)


@built_once
def _sessions_on_course_page() -> QuerySet[Any, Any]:
    names = [*SESSION.names, *WHOLE_VENUE.through("venue")]
    return CourseSession.objects.order_by().values_list(*names)


# Assignments from which somebody took over, once for each session of theirs that takes place.


@built_once
def _assignments() -> QuerySet[Any, Any]:
    return TutorAssignment.objects.order_by().values_list("run_id", "pk", *TUTOR.through("tutor"))


@built_once
def _substitutions() -> QuerySet[Any, Any]:
    names = ["assignment_id", "session_id", "is_hand_over", *TUTOR.through("tutor")]
    return Substitution.objects.order_by().values_list(*names)


def runs_of_course(slug: str) -> PageRows | None:
    """The public runs of a course with all that its page shows of them, in no order.

    Five queries. One, and nothing, where there is no such course, or nobody may read about it yet.
    """
    found = list(_runs_on_course_page().filter(course__slug=slug))
    if not found:
        return None
    of_course = Q(run__course__slug=slug)
    return PageRows(
        facts=small_fact_rows(topics=Q(course__slug=slug), course_slug=slug),
        runs=found,
        columns=ON_COURSE_PAGE,
        sessions=list(_sessions_on_course_page().filter(of_course)),
        assignments=list(_assignments().filter(of_course)),
        substitutions=list(_substitutions().filter(session__run__course__slug=slug)),
    )


# What is drawn of them


def entries(rows: PageRows, facts: SmallFacts, *, now: datetime) -> list[CatalogueEntry]:
    """The runs as the catalogue shows them, what can be joined before what is over, else
    first to begin first. No query.
    """
    sessions: dict[int, list[Row]] = defaultdict(list)
    for run_id, *session in rows.sessions:
        sessions[run_id].append(tuple(session))
    address = reverse("course", args=["slug"]).removesuffix("slug/")
    found = []
    for row in rows.runs:
        run = rows.columns.instance(row)
        meetings = _meetings(run, sessions[run.pk])
        availability = run.availability_between(
            meetings[0].starts_at if meetings else None,
            max((each.ends_at for each in meetings), default=None),
            now,
        )
        found.append(
            CatalogueEntry(
                run=run,
                url=f"{address}{run.course.slug}/",
                meetings=meetings,
                tutors=facts.tutors.get(run.pk, ()),
                topics=facts.topics.get(run.course_id, ()),
                availability=availability,
            )
        )
    found.sort(
        key=lambda each: (each.order, [own.starts_at for own in each.meetings[:1]], each.run.pk)
    )
    return found


def _meetings(run: CourseRun, sessions: list[Row]) -> list[Meeting]:
    """What anybody may know of the sessions: an own venue, else the run's, if that is public."""
    zone = timezone.get_current_timezone()
    venue = run.venue
    own = (venue.name, venue.town) if venue and venue.is_public else ("", "")
    meetings = []
    for starts_at, ends_at, theme, guests, link, venue_id, is_public, name, town in sessions:
        if venue_id is None:
            name, town = own
        elif not is_public:
            name, town = "", ""
        starts_at, ends_at = starts_at.astimezone(zone), ends_at.astimezone(zone)
        meetings.append(Meeting(starts_at, ends_at, theme, guests, name, town, bool(link)))
    return meetings


def _assignments_by_run(rows: PageRows) -> dict[int, list[TutorAssignment]]:
    """The tutors of the rows with those who stand in for them, by the keys of the runs."""
    substitutions: dict[int, list[Substitution]] = defaultdict(list)
    for assignment_id, session_id, is_hand_over, *tutor in rows.substitutions:
        substitution = Substitution(session_id=session_id, is_hand_over=is_hand_over)
        if tutor[0] is not None:
            substitution.tutor = TUTOR.instance(tutor)
        substitutions[assignment_id].append(substitution)
    assignments: dict[int, list[TutorAssignment]] = defaultdict(list)
    for run_id, pk, *tutor in rows.assignments:
        assignment = TutorAssignment(run_id=run_id, tutor=TUTOR.instance(tutor))
        assignment.pass_on(substitutions=substitutions[pk])
        assignments[run_id].append(assignment)
    return assignments


def course_runs(rows: PageRows) -> list[CourseRun]:
    """The runs of a course's page with sessions and tutors, first to begin first. No query."""
    sessions: dict[int, list[CourseSession]] = defaultdict(list)
    for row in rows.sessions:
        session: CourseSession = SESSION.instance(row[: len(SESSION.names)])
        if session.venue_id is not None:
            session.venue = WHOLE_VENUE.instance(row[len(SESSION.names) :])
        sessions[session.run_id].append(session)
    assignments = _assignments_by_run(rows)
    runs = [rows.columns.instance(row) for row in rows.runs]
    for run in runs:
        run.pass_on(sessions=sessions[run.pk], assignments=assignments[run.pk])
    latest = datetime.max.replace(tzinfo=timezone.get_current_timezone())
    return sorted(runs, key=lambda run: (run.starts_at or latest, run.pk))
