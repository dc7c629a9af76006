"""Reads that sign-up and letters share."""

from django.db.models import Prefetch, QuerySet, Subquery, prefetch_related_objects
from django.http import Http404

from courses.models import (
    Availability,
    College,
    CourseRun,
    CourseSession,
    NoticeVersion,
    TutorAssignment,
)


def public_run(slug: str, run_id: int) -> CourseRun:
    """A run that anybody may see, with course, semester, venue and sessions; 404 for any other.

    One query: the sessions bring their run along. Sign-up is the busiest path of all.
    """
    sessions = CourseSession.objects.filter(run_id=run_id, run__course__slug=slug).select_related(
        "venue", "run__course", "run__semester", "run__venue"
    )
    if not sessions:
        raise Http404
    run = sessions[0].run
    if not run.is_public:
        raise Http404
    for session in sessions:
        session.run = run
    run._prefetched_objects_cache = {"sessions": sessions}  # type: ignore[attr-defined]
    return run


def load_programme(run: CourseRun) -> CourseRun:
    """Fetch sessions with venues, and tutors, as far as the run does not carry them yet."""
    prefetch_related_objects(
        [run],
        Prefetch("sessions", queryset=CourseSession.objects.select_related("venue")),
        Prefetch("assignments", queryset=TutorAssignment.objects.select_related("tutor")),
    )
    return run


def college_with_notice() -> College:
    """The college, and as `notice_id` the version of its notice and ground rules. One query.

    `courses.services.save_college` makes a version of every change, so the newest one holds the
    very words that the college's own fields hold.
    """
    versions = NoticeVersion.objects.order_by("-pk").values("pk")[:1]
    college = College.objects.annotate(notice_id=Subquery(versions)).first()
    return college or College()


def other_open_runs(run: CourseRun) -> list[CourseRun]:
    """The course's other runs that take sign-up now, the soonest first."""
    runs: QuerySet[CourseRun] = (
        CourseRun.objects.published()
        .filter(course_id=run.course_id, entry=CourseRun.Entry.SIGN_UP)
        .exclude(pk=run.pk)
        .with_programme()
        .by_start()
    )
    open_ones = {Availability.ROOM, Availability.WAITING_LIST}
    return [each for each in runs if each.availability() in open_ones]
