"""Planning a semester: a run held again, a series week by week, and the days when Norway rests."""

from datetime import UTC, date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from courses.models import CourseRun, CourseSession, Semester, TutorAssignment
from courses.norwegian import formatting
from courses.services.errors import NoDraft
from courses.services.runs import lock_run

# On the clock. Whoever writes more has most likely mistyped an hour.
LONGEST_SESSION_HOURS = 12


def moment(day: date, clock: time) -> datetime:
    """The moment at which it is this date and time in Norway.

    In UTC: Python takes two moments of the same zone by their clocks, also where the clock changes
    between them.
    """
    return timezone.make_aware(datetime.combine(day, clock)).astimezone(UTC)


def session_times(day: date, begins: time, finishes: time) -> tuple[datetime, datetime]:
    """From when to when a session on this day is; an end earlier than its start is the next day's.

    Raises ValidationError, in words, where it begins and ends alike, or lasts longer than
    `LONGEST_SESSION_HOURS` on the clock: so a series is judged alike in summer and in winter.
    """
    last_day = day + timedelta(days=1) if finishes < begins else day
    on_the_clock = datetime.combine(last_day, finishes) - datetime.combine(day, begins)
    hours = on_the_clock / timedelta(hours=1)
    if hours > LONGEST_SESSION_HOURS:
        words = (
            gettext(
                "It ends before it starts. If it ends the next day, it lasts %(hours)s hours, and "
                "%(most)s is the most."
            )
            if finishes < begins
            else gettext("It would last %(hours)s hours, and %(most)s is the most.")
        )
        most = {"hours": formatting.hours(hours), "most": LONGEST_SESSION_HOURS}
        raise ValidationError(words % most)
    starts_at, ends_at = moment(day, begins), moment(last_day, finishes)
    # Later on the clock is not always later: one night a year an hour is left out.
    if ends_at <= starts_at:
        raise ValidationError(gettext("The session must end after it starts."))
    return starts_at, ends_at


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

    Raises NoDraft; ValidationError as `session_times` does.
    """
    locked = lock_run(run.pk)
    if not locked.is_draft:
        raise NoDraft
    there = {each.starts_at for each in locked.session_list}
    added = []
    for week in range(weeks):
        day = first_day + timedelta(weeks=week)
        starts_at, ends_at = session_times(day, begins, finishes)
        session = CourseSession(run=locked, starts_at=starts_at, ends_at=ends_at)
        if session.starts_at not in there:
            session.full_clean()
            session.save()
            added.append(session)
    return added
