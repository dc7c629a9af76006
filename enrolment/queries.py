"""Reads that sign-up and letters share."""

from collections.abc import Iterable

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils import timezone

from courses.columns import COLLEGE
from courses.models import (
    College,
    CourseRun,
    CourseSession,
    NoticeVersion,
    TutorAssignment,
)
from courses.services import WITH_ALL_THEY_SHOW


def public_run(slug: str, run_id: int) -> CourseRun:
    """A run that anybody may see, with course, semester, venue and sessions; 404 for any other.

    One query: the sessions bring their run along. Sign-up is the busiest path of all.
    """
    return _public(WITH_ALL_THEY_SHOW.filter(run_id=run_id), slug)


def public_run_with_college(slug: str, run_id: int) -> tuple[CourseRun, College]:
    """The same, and the college as every page shows it, in that very query."""
    as_json = JSONObject(**{name: F(name) for name in COLLEGE.names})
    college = College.objects.order_by().values_list(as_json)[:1]
    sessions = WITH_ALL_THEY_SHOW.filter(run_id=run_id).annotate(college=Subquery(college))
    run = _public(sessions, slug)
    # Read already, and annotated above.
    found = next((each.college for each in sessions), None)  # type: ignore[attr-defined]
    if found is None:
        return run, College()
    return run, COLLEGE.instance(found[name] for name in COLLEGE.names)


def _public(sessions: QuerySet[CourseSession], slug: str) -> CourseRun:
    run = next((session.run for session in sessions), None)
    if run is None or not run.is_public or run.course.slug != slug:
        raise Http404
    run.pass_on(sessions=sessions)
    return run


def load_programme(run: CourseRun) -> CourseRun:
    """Read sessions with venues, and tutors with those who stand in for them.

    As far as nobody has passed them on with the run: three queries at most.
    """
    if not run.knows_sessions:
        run.pass_on(sessions=run.sessions.select_related("venue").order_by())
    if not run.knows_assignments:
        # Not through the run: it may carry others that were read along with it.
        found = TutorAssignment.objects.with_substitutions().filter(run=run)
        run.pass_on(assignments=found.order_by())
    return run


def college_with_notice() -> College:
    """The college, and as `notice_id` the version of its notice and ground rules. One query.

    `courses.services.save_college` makes a version of every change, so the newest one holds the
    very words that the college's own fields hold.
    """
    versions = NoticeVersion.objects.order_by("-pk").values("pk")[:1]
    return College.objects.annotate(notice_id=Subquery(versions)).current()


def other_open_runs(run: CourseRun) -> list[CourseRun]:
    """The course's other runs that take sign-up now, the soonest first."""
    runs: QuerySet[CourseRun] = (
        CourseRun.objects.published()
        .filter(course_id=run.course_id, entry=CourseRun.Entry.SIGN_UP)
        .exclude(pk=run.pk)
        .with_programme()
        .by_start()
    )
    return [each for each in runs if each.takes_sign_up()]


def unfinished() -> QuerySet[CourseRun]:
    """Published runs with a session to come."""
    last = CourseSession.objects.not_cancelled().filter(run=OuterRef("pk")).order_by("-ends_at")
    return (
        CourseRun.objects.published()
        .annotate(last_ends_at=Subquery(last.values("ends_at")[:1]))
        .filter(last_ends_at__gt=timezone.now())
        .select_related("course", "semester", "venue")
    )


def with_sessions(runs: Iterable[CourseRun]) -> list[CourseRun]:
    """These runs, with sessions and the sessions' venues passed on. One query more."""
    found = list(runs)
    sessions: dict[int, list[CourseSession]] = {run.pk: [] for run in found}
    for session in CourseSession.objects.filter(run__in=found).select_related("venue").order_by():
        sessions[session.run_id].append(session)
    for run in found:
        run.pass_on(sessions=sessions[run.pk])
    return found


def runs_to_call_for(runs: Iterable[CourseRun] | None = None) -> list[CourseRun]:
    """Runs whose waiting list is worked by telephone now, and that have a free place.

    Of `runs`, where somebody has read the unfinished ones with their sessions; else two queries.
    """
    if runs is None:
        runs = with_sessions(unfinished().filter(waiting__gt=0))
    return [
        run for run in runs if run.waiting > 0 and run.free_places > 0 and not run.fills_by_itself()
    ]
