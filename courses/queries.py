"""Reads of the catalogue, lean: it is the page that everybody opens.

Rows instead of model instances, and one query for each table, however many runs there are.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from courses.catalogue import CatalogueEntry, Meeting, entry
from courses.models import Course, CourseRun, CourseSession, TutorAssignment, Venue
from courses.norwegian.sorting import sort_key


def public_courses() -> QuerySet[Course]:
    """Courses that anybody may read about: one of their open runs has been published."""
    return Course.objects.filter(pk__in=CourseRun.objects.public().values("course_id"))


def entries(runs: Iterable[CourseRun], *, now: datetime) -> list[CatalogueEntry]:
    """The runs as the catalogue shows them, what can be joined before what is over, else
    first to begin first. Four queries.

    Expects course and semester to be loaded with the runs.
    """
    runs = list(runs)
    if not runs:
        return []
    zone = timezone.get_current_timezone()
    address = reverse("course", args=["slug"]).removesuffix("slug/")
    venues = Venue.objects.filter(is_public=True).values_list("pk", "name", "town")
    public_venues = {pk: (name, town) for pk, name, town in venues}
    run_venues = {run.pk: run.venue_id for run in runs}
    meetings: dict[int, list[Meeting]] = defaultdict(list)
    sessions = CourseSession.objects.filter(run__in=run_venues).order_by("starts_at", "pk")
    for run_id, venue_id, starts_at, ends_at, theme, guests, link in sessions.values_list(
        "run_id", "venue_id", "starts_at", "ends_at", "theme", "guest_speakers", "online_link"
    ):
        name, town = public_venues.get(venue_id or run_venues[run_id] or 0, ("", ""))
        starts_at, ends_at = starts_at.astimezone(zone), ends_at.astimezone(zone)
        meetings[run_id].append(Meeting(starts_at, ends_at, theme, guests, name, town, bool(link)))
    tutors: dict[int, list[str]] = defaultdict(list)
    assignments = TutorAssignment.objects.filter(run__in=run_venues).order_by()
    for run_id, name in assignments.values_list("run_id", "tutor__name"):
        tutors[run_id].append(name)
    topics: dict[int, list[str]] = defaultdict(list)
    links = Course.topics.through.objects.filter(course__in={run.course_id for run in runs})
    for course_id, name in links.values_list("course_id", "topic__name"):
        topics[course_id].append(name)
    runs.sort(key=lambda run: ([each.starts_at for each in meetings[run.pk]][:1], run.pk))
    found = [
        entry(
            run,
            url=f"{address}{run.course.slug}/",
            meetings=meetings[run.pk],
            tutors=sorted(tutors[run.pk], key=sort_key),
            topics=topics[run.course_id],
            now=now,
        )
        for run in runs
    ]
    found.sort(key=lambda each: each.order)
    return found
