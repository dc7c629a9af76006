"""Planning a semester: a run held again, a series week by week, and the days when Norway rests."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from courses.models import CourseRun, CourseSession, Semester, TutorAssignment
from courses.services.errors import NoDraft
from courses.services.runs import lock_run


def moment(day: date, clock: time) -> datetime:
    """The moment at which it is this date and time in Norway."""
    return timezone.make_aware(datetime.combine(day, clock))


def shifted(instant: datetime, days: int) -> datetime:
    """The same local time so many days later, also across a change of the clock."""
    local = timezone.localtime(instant)
    return moment(local.date() + timedelta(days=days), local.time())


def suggested_first_day(run: CourseRun, semester: Semester) -> date:
    """The same weekday in about the same week of the other semester."""
    starts_at = run.starts_at
    if starts_at is None:
        return semester.starts_on
    first = timezone.localtime(starts_at).date()
    weeks = max(round((semester.starts_on - run.semester.starts_on).days / 7), 0)
    return first + timedelta(weeks=weeks)


@transaction.atomic
def copy_run(*, run: CourseRun, semester: Semester, first_day: date) -> CourseRun:
    """A new draft of the same course, with its pair and its sessions moved to begin on a day."""
    sessions = run.session_list
    new = CourseRun(
        course=run.course,
        semester=semester,
        venue=run.venue,
        contact_name=run.contact_name,
        contact_phone=run.contact_phone,
        entry=run.entry,
        capacity=run.capacity,
        practical=run.practical,
    )
    new.full_clean()
    new.save()
    for assignment in run.assignment_list:
        TutorAssignment.objects.create(run=new, tutor=assignment.tutor, role=assignment.role)
    if sessions:
        days = (first_day - timezone.localtime(sessions[0].starts_at).date()).days
        for each in sessions:
            CourseSession.objects.create(
                run=new,
                starts_at=shifted(each.starts_at, days),
                ends_at=shifted(each.ends_at, days),
                theme=each.theme,
                guest_speakers=each.guest_speakers,
                venue=each.venue,
                online_link=each.online_link,
                is_optional=each.is_optional,
            )
    return new


@transaction.atomic
def add_weekly_sessions(
    *, run: CourseRun, first_day: date, begins: time, finishes: time, weeks: int
) -> list[CourseSession]:
    """One session a week at the same local time. A week that has it already is left alone.

    Raises NoDraft.
    """
    locked = lock_run(run.pk)
    if not locked.is_draft:
        raise NoDraft
    there = {each.starts_at for each in locked.session_list}
    added = []
    for week in range(weeks):
        day = first_day + timedelta(weeks=week)
        session = CourseSession(
            run=locked, starts_at=moment(day, begins), ends_at=moment(day, finishes)
        )
        if session.starts_at not in there:
            session.full_clean()
            session.save()
            added.append(session)
    return added
