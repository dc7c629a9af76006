"""Reads that sign-up and letters share."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone

from courses.columns import (
    AT_SIGN_UP,
    COLLEGE_AT_SIGN_UP,
    SESSION,
    TUTOR_NAME,
    VENUE_TO_FIND,
    Row,
)
from courses.models import (
    College,
    Course,
    CourseRun,
    CourseSession,
    NoticeVersion,
    TutorAssignment,
)
from courses.queries import PageRows
from courses.small_facts import built_once
from enrolment.models import Enrolment, Student

COUNTERS = ("capacity", "places_taken", "waiting")


@dataclass(frozen=True)
class SignUpFacts:
    """What the pages of a sign-up show: the run with sessions and venues, and the college.

    `notice_id` is the version of its notice and ground rules. `courses.services.save_college` makes
    a version of every change, so the newest one holds the very words of the college's own fields.
    """

    run: CourseRun
    college: College
    notice_id: int | None
    rows: PageRows

    def contents(self, now: datetime) -> Row:
        """As `PageRows.contents`. How many places are taken is told by no page."""
        return self.rows.contents(now)


@built_once
def _sign_up_rows() -> QuerySet[CourseSession, Row]:
    versions = NoticeVersion.objects.order_by("-pk").values("pk")
    return CourseSession.objects.order_by().values_list(
        *SESSION.names,
        *VENUE_TO_FIND.through("venue"),
        *AT_SIGN_UP.through("run"),
        Subquery(College.objects.order_by().values_list(COLLEGE_AT_SIGN_UP.as_text())[:1]),
        Subquery(versions[:1]),
    )


def sign_up_facts(slug: str, run_id: int) -> SignUpFacts:
    """Of a run that anybody may see; 404 for any other, and for one without sessions.

    One query: the sessions bring the rest along. Sign-up is the busiest path of all.
    """
    rows = list(_sign_up_rows().filter(run_id=run_id))
    if not rows:
        raise Http404
    own, of_venue = len(SESSION.names), len(SESSION.names) + len(VENUE_TO_FIND.names)
    *run_row, college_text, notice_id = rows[0][of_venue:]
    run = AT_SIGN_UP.instance(run_row)
    if not run.is_public or run.course.slug != slug:
        raise Http404
    sessions = []
    for row in rows:
        session: CourseSession = SESSION.instance(row[:own])
        if session.venue_id is not None:
            session.venue = VENUE_TO_FIND.instance(row[own:of_venue])
        sessions.append(session)
    run.pass_on(sessions=sessions)
    college: College = COLLEGE_AT_SIGN_UP.instance_of(college_text) if college_text else College()
    shown = tuple(
        value for name, value in zip(AT_SIGN_UP.names, run_row, strict=True) if name not in COUNTERS
    )
    return SignUpFacts(
        run,
        college,
        notice_id,
        PageRows(facts=[(college_text,)], runs=[shown], sessions=[row[:of_venue] for row in rows]),
    )


@built_once
def _tutor_rows() -> QuerySet[TutorAssignment, Row]:
    return TutorAssignment.objects.order_by().values_list(
        *TUTOR_NAME.through("tutor"),
        *TUTOR_NAME.through("substitutions__tutor"),
        "substitutions__is_hand_over",
        "substitutions__session__cancelled_at",
    )


def with_tutors(facts: SignUpFacts) -> SignUpFacts:
    """The same, and the run's tutors, as `CourseRun.tutors_as_equals` has them. One query."""
    rows = list(_tutor_rows().filter(run_id=facts.run.pk))
    width = len(TUTOR_NAME.names)
    people = {row[0]: row[:width] for row in rows}
    people |= {
        row[width]: row[width : 2 * width]
        for *row, is_hand_over, cancelled_at in rows
        if is_hand_over and cancelled_at is None
    }
    facts.run.pass_on(tutors=[TUTOR_NAME.instance(each) for each in people.values()])
    return replace(facts, rows=replace(facts.rows, tutors=rows))


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


def runs_with_room(course: Course) -> list[CourseRun]:
    """The course's runs in which whoever comes finds room, now or when sign-up opens."""
    runs = CourseRun.objects.can_be_joined(timezone.now()).filter(course=course)
    return [each for each in runs.with_programme() if each.availability().has_room]


def unfinished() -> QuerySet[CourseRun]:
    """Published runs with a session to come."""
    last = CourseSession.objects.not_cancelled().filter(run=OuterRef("pk")).order_by("-ends_at")
    return (
        CourseRun.objects.published()
        .annotate(last_ends_at=Subquery(last.values("ends_at")[:1]))
        .filter(last_ends_at__gt=timezone.now())
        .select_related("course", "semester", "venue")
    )


def open_for_sign_up(runs: Iterable[CourseRun], now: datetime) -> list[CourseRun]:
    """Those that take sign-up now and have not begun, the soonest first. No query, with their
    sessions.
    """
    found = [
        run
        for run in runs
        if run.has_sign_up and not run.has_started(now) and run.takes_sign_up(now)
    ]
    return sorted(found, key=lambda run: (run.starts_at or now, run.pk))


def with_sessions(runs: Iterable[CourseRun]) -> list[CourseRun]:
    """These runs, with sessions and the sessions' venues passed on. One query more."""
    found = list(runs)
    sessions: dict[int, list[CourseSession]] = {run.pk: [] for run in found}
    for session in CourseSession.objects.filter(run__in=found).select_related("venue").order_by():
        sessions[session.run_id].append(session)
    for run in found:
        run.pass_on(sessions=sessions[run.pk])
    return found


def newest_of(enrolment: Enrolment) -> Enrolment:
    """The student's newest enrolment in the run: undoing a withdrawal makes a new row."""
    in_run = Enrolment.objects.filter(student=enrolment.student_id, run=enrolment.run_id)
    newest = in_run.oldest_first().last()
    if newest is None:
        return enrolment
    newest.student, newest.run = enrolment.student, enrolment.run
    return newest


def recent_enrolments(student: Student, *, since: datetime) -> list[Enrolment]:
    """The student's newest enrolment in each run with a session that ends later, whatever became
    of it; sessions and venues are passed on. Two queries.
    """
    later = CourseSession.objects.filter(run=OuterRef("run"), ends_at__gt=since)
    enrolments = (
        student.enrolments.filter(Exists(later)).select_related("run__venue").oldest_first()
    )
    newest = {each.run_id: each for each in enrolments}
    with_sessions(each.run for each in newest.values())
    return list(newest.values())


def runs_to_call_for(runs: Iterable[CourseRun] | None = None) -> list[CourseRun]:
    """Runs whose waiting list is worked by telephone now, and that have a free place.

    Of `runs`, where somebody has read the unfinished ones with their sessions; else two queries.
    """
    if runs is None:
        runs = with_sessions(unfinished().filter(waiting__gt=0))
    return [
        run for run in runs if run.waiting > 0 and run.free_places > 0 and not run.fills_by_itself()
    ]
