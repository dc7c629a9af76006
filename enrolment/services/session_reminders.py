"""Whoever has a place is reminded of each session; see `_is_reminded_of` of `letter_news`.

By e-mail, or by SMS where that is switched on and they have chosen it. Whoever is rung or gets
letters on paper is not reminded: few people run a college, and a line for each person and session
would bury the news on the call list.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from courses.models import College, CourseRun, CourseSession
from enrolment import sms
from enrolment.models import Enrolment, Letter, Student
from enrolment.models.daytime import next_daytime


def remind_students(*, now: datetime | None = None) -> int:
    """Owe a reminder to everybody with a place on a session in `REMINDED_DAYS_BEFORE` days.

    Called every night; it goes by day. Called again it owes nothing again, and after a night
    without it what can be said in time still is. Nobody is reminded who has got the place since
    the reminder was due: what they were told then is as new. Returns how many are owed. Five
    queries at most.
    """
    now = now or timezone.now()
    if not College.objects.current().reminds_students:
        return 0
    days_before = _sessions_due(now)
    if not days_before:
        return 0
    runs = {each.run_id for each in days_before}
    by_run: dict[int, list[Enrolment]] = {run: [] for run in runs}
    with_place = Enrolment.objects.with_place().filter(run__in=runs)
    for each in with_place.exclude(student__reminders=Student.Reminders.NONE).select_related(
        "student"
    ):
        by_run[each.run_id].append(each)
    owed = [
        letter
        for session, days in days_before.items()
        for enrolment in by_run[session.run_id]
        if (letter := _reminder(enrolment, session, days=days, now=now)) is not None
    ]
    known = _keys_of(days_before)
    new = [each for each in owed if each.dedupe_key not in known]
    # Another program may owe the same in this moment.
    Letter.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _sessions_due(now: datetime) -> dict[CourseSession, int]:
    """The sessions of which people are reminded today, with how many days before that is."""
    today = timezone.localdate(now)
    near = CourseSession.objects.not_cancelled().filter(
        run__status=CourseRun.Status.PUBLISHED,
        starts_at__gt=now,
        starts_at__lt=now + timedelta(days=max(settings.REMINDED_DAYS_BEFORE) + 2),
    )
    due = {}
    for session in near.order_by("starts_at", "pk"):
        left = (timezone.localdate(session.starts_at) - today).days
        days = [each for each in settings.REMINDED_DAYS_BEFORE if each >= left]
        if left > 0 and days:
            due[session] = min(days)
    return due


def _reminder(
    enrolment: Enrolment, session: CourseSession, *, days: int, now: datetime
) -> Letter | None:
    """None for whoever has got the place since, and whoever is not reminded at all."""
    channel = channel_of_reminders(enrolment.student)
    due_on = timezone.localdate(session.starts_at) - timedelta(days=days)
    is_new = enrolment.placed_at is None or timezone.localdate(enrolment.placed_at) >= due_on
    if channel is None or is_new:
        return None
    about = f"{enrolment.pk}:{session.pk}:{session.starts_at.timestamp():.0f}:{days}"
    return Letter(
        dedupe_key=f"{Letter.Kind.COMING}:{about}",
        student=enrolment.student,
        enrolment=enrolment,
        session=session,
        kind=Letter.Kind.COMING,
        channel=channel,
        owed_since=next_daytime(now),
        urgent_for=session.starts_at,
    )


def channel_of_reminders(student: Student) -> Letter.Channel | None:
    """By what the student is reminded; None where they are not. No query."""
    wants = student.reminders
    if wants == Student.Reminders.SMS and sms.may_send_to(student.phone):
        return Letter.Channel.SMS
    by_email = student.channel == Student.Channel.EMAIL and wants != Student.Reminders.NONE
    return Letter.Channel.EMAIL if by_email else None


def _keys_of(sessions: Iterable[CourseSession]) -> set[str]:
    owed = Letter.objects.filter(
        kind=Letter.Kind.COMING, session__in=[each.pk for each in sessions]
    )
    return set(owed.order_by().values_list("dedupe_key", flat=True))
