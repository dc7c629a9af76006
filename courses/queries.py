"""Reads of the public pages, lean: they are what everybody opens.

One query for each kind of row, however many runs there are, and what is short in one together.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.db import models
from django.db.models import F, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils import timezone

from courses.catalogue import CatalogueEntry, Meeting
from courses.models import (
    College,
    Course,
    CourseRun,
    CourseSession,
    Partner,
    Semester,
    TutorAssignment,
)
from courses.norwegian.sorting import sort_key

# What the public pages show of the college, in the model's own order, which `from_db` expects.
# Another field is read when a page asks for it.
COLLEGE_FIELDS = (
    "id",
    "name",
    "introduction",
    "phone",
    "email",
    "address",
    "logo",
    "accessibility_statement_url",
)


def built_once(build: Callable[[], QuerySet[Any, Any]]) -> Callable[[], QuerySet[Any, Any]]:
    """The query set that `build` describes, unread each time; describing it anew costs more."""
    described = cache(build)
    return lambda: described().all()


@dataclass
class SmallFacts:
    """Short texts that belong to a page's runs and courses, and the college."""

    college: College = field(default_factory=College)
    tutors: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    topics: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    partners: list[str] = field(default_factory=list)


def public_courses() -> QuerySet[Course]:
    """Courses that anybody may read about: one of their open runs has been published."""
    return Course.objects.filter(pk__in=CourseRun.objects.public().values("course_id"))


@built_once
def _public_semesters() -> QuerySet[Semester]:
    return Semester.objects.filter(pk__in=CourseRun.objects.public().values("semester_id"))


@built_once
def _public_runs() -> QuerySet[CourseRun]:
    return CourseRun.objects.public().select_related("course", "venue").order_by()


@built_once
def _runs_with_semesters() -> QuerySet[Any, Any]:
    return _public_runs().select_related("semester")


@built_once
def _runs_to_come() -> QuerySet[Any, Any]:
    runs: QuerySet[Any, Any] = _runs_with_semesters().filter(status=CourseRun.Status.PUBLISHED)
    first, last = Min("sessions__starts_at"), Max("sessions__ends_at")
    runs = runs.annotate(first=first, last=last)
    return runs.order_by("first", "pk")


def public_semesters() -> list[Semester]:
    """Those with a run that anybody may see, the newest first. One query."""
    return list(_public_semesters())


def runs_of(semester: Semester) -> list[CourseRun]:
    """Its public runs with course, semester and venue, in no order. One query."""
    found = list(_public_runs().filter(semester=semester))
    for run in found:
        run.semester = semester  # already read: the runs need not join it
    return found


def next_runs(now: datetime, number: int) -> list[CourseRun]:
    """The next runs of so many courses that can still be joined. One query.

    A course that is held again is shown once.
    """
    runs = _runs_to_come().filter(Q(first__gt=now) | Q(entry=CourseRun.Entry.DROP_IN, last__gt=now))
    found: dict[int, CourseRun] = {}
    for run in runs[: 3 * number]:
        found.setdefault(run.course_id, run)
    return list(found.values())[:number]


@built_once
def _college_row() -> QuerySet[Any, Any]:
    return _rows(College.objects, "college", "id", _as_json(COLLEGE_FIELDS))


@built_once
def _tutor_rows() -> QuerySet[Any, Any]:
    return _rows(TutorAssignment.objects, "tutor", "run_id", F("tutor__name"))


@built_once
def _topic_rows() -> QuerySet[Any, Any]:
    return _rows(Course.topics.through.objects, "topic", "course_id", F("topic__name"))


@built_once
def _partner_rows() -> QuerySet[Any, Any]:
    return _rows(Partner.objects, "partner", "id", F("name"))


def _rows(rows: Any, kind: str, key: str, text: Any) -> QuerySet[Any, Any]:
    """The rows as (kind, key, text), so that several tables answer in one query."""
    found: QuerySet[Any, Any] = rows.order_by().values_list(
        Value(kind, models.TextField()),
        Cast(F(key), models.BigIntegerField()),
        Cast(text, models.TextField()),
    )
    return found


def _as_json(names: Sequence[str]) -> JSONObject:
    return JSONObject(**{name: F(name) for name in names})


def small_facts(
    *, assignments: Q | None = None, topics: Q | None = None, partners: bool = False
) -> SmallFacts:
    """The college, and the names of tutors and topics that these filters find. One query."""
    parts = []
    if assignments is not None:
        parts.append(_tutor_rows().filter(assignments))
    if topics is not None:
        parts.append(_topic_rows().filter(topics))
    if partners:
        parts.append(_partner_rows())
    facts = SmallFacts()
    for kind, key, text in _college_row().union(*parts, all=True):
        if kind == "college":
            facts.college = _college(json.loads(text))
        elif kind == "tutor":
            facts.tutors[key].append(text)
        elif kind == "topic":
            facts.topics[key].append(text)
        else:
            facts.partners.append(text)
    for names in (*facts.tutors.values(), *facts.topics.values(), facts.partners):
        names.sort(key=sort_key)
    return facts


def _college(values: dict[str, Any]) -> College:
    """The college with these fields; the others are read when somebody asks for them."""
    in_order = [values[name] for name in COLLEGE_FIELDS]
    return College.from_db(College.objects.db, COLLEGE_FIELDS, in_order)


@built_once
def _session_rows() -> QuerySet[Any, Any]:
    return CourseSession.objects.order_by("starts_at", "pk").values_list(
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


def sessions_of(runs: Q) -> dict[int, list[tuple[Any, ...]]]:
    """The sessions of these runs in their order, as `Meeting` needs them. One query."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for run_id, *facts in _session_rows().filter(runs):
        found[run_id].append(tuple(facts))
    return found


def entries(
    runs: Sequence[CourseRun],
    *,
    sessions: dict[int, list[tuple[Any, ...]]],
    facts: SmallFacts,
    now: datetime,
) -> list[CatalogueEntry]:
    """The runs as the catalogue shows them, what can be joined before what is over, else
    first to begin first. No query.

    Expects course, semester and venue to be loaded with the runs.
    """
    address = reverse("course", args=["slug"]).removesuffix("slug/")
    found = []
    for run in runs:
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


def _meetings(run: CourseRun, sessions: list[tuple[Any, ...]]) -> list[Meeting]:
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


@built_once
def _sessions_with_venues() -> QuerySet[CourseSession]:
    return CourseSession.objects.select_related("venue").order_by()


@built_once
def _assignments_with_tutors() -> QuerySet[TutorAssignment]:
    return TutorAssignment.objects.select_related("tutor").order_by()


def course_runs(slug: str) -> list[CourseRun]:
    """The public runs of a course with all that its page shows of them, first to begin first.

    Three queries; one where there is no such course, or nobody may read about it yet.
    """
    found: dict[int, CourseRun] = {
        run.pk: run for run in _runs_with_semesters().filter(course__slug=slug)
    }
    if not found:
        return []
    sessions: dict[int, list[CourseSession]] = defaultdict(list)
    for session in _sessions_with_venues().filter(run__course__slug=slug):
        sessions[session.run_id].append(session)
    assignments: dict[int, list[TutorAssignment]] = defaultdict(list)
    for assignment in _assignments_with_tutors().filter(run__course__slug=slug):
        assignments[assignment.run_id].append(assignment)
    for run in found.values():
        run.pass_on(sessions=sessions[run.pk], assignments=assignments[run.pk])
    latest = datetime.max.replace(tzinfo=timezone.get_current_timezone())
    return sorted(found.values(), key=lambda run: (run.starts_at or latest, run.pk))
