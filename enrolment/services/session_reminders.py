"""Whoever has a place is reminded of each session; see `_is_reminded_of` of `letter_news`.

By e-mail, or by SMS where that is switched on and they have chosen it. Whoever is rung or gets
letters on paper is not reminded: few people run a college, and a line for each person and session
would bury the news on the call list.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from courses.models import College, CourseRun, CourseSession
from enrolment import sms
from enrolment.models import Enrolment, Letter, Student
from enrolment.models.daytime import next_daytime

# After these a reminder that did not go may hold again. Whoever withdrew, and took that back, has
# the session in mind.
AGAIN = (Letter.OvertakenBy.MOVED, Letter.OvertakenBy.CANCELLED, Letter.OvertakenBy.SWITCHED_OFF)
# Kind, enrolment, session, its start, and how many days before; then which time it is owed again.
KEY_PARTS = 5


def remind_students(*, now: datetime | None = None) -> int:
    """Owe a reminder to everybody with a place on a session in `REMINDED_DAYS_BEFORE` days.

    Called every night; it goes by day. Called again it owes nothing again, but for what did not go
    (`AGAIN`), and after a night without it what can be said in time still is. Nobody is reminded
    who has got the place since the reminder was due: what they were told then is as new. Returns
    how many are owed. Five queries at most.
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
    earlier = _earlier_reminders(days_before)
    owed = [
        letter
        for session, days in days_before.items()
        for enrolment in by_run[session.run_id]
        if (letter := _reminder(enrolment, session, days=days, earlier=earlier, now=now))
    ]
    # Another program may owe the same in this moment.
    Letter.objects.bulk_create(owed, ignore_conflicts=True)
    return len(owed)


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
    enrolment: Enrolment,
    session: CourseSession,
    *,
    days: int,
    earlier: Mapping[str, list[bool]],
    now: datetime,
) -> Letter | None:
    """None for whoever has got the place since, and whoever is not reminded, or not once more."""
    channel = channel_of_reminders(enrolment.student)
    due_on = timezone.localdate(session.starts_at) - timedelta(days=days)
    is_new = enrolment.placed_at is None or timezone.localdate(enrolment.placed_at) >= due_on
    about = f"{enrolment.pk}:{session.pk}:{session.starts_at.timestamp():.0f}:{days}"
    key = f"{Letter.Kind.COMING}:{about}"
    before = earlier.get(key, [])
    if channel is None or is_new or any(before):
        return None
    return Letter(
        dedupe_key=f"{key}:{len(before)}" if before else key,
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


def _earlier_reminders(sessions: Iterable[CourseSession]) -> dict[str, list[bool]]:
    """By the key of the first one: whether it, and each that was owed in its place, counts.

    What did not go because the session was moved, say, and holds again is told again. One query.
    """
    earlier: dict[str, list[bool]] = {}
    reminders = Letter.objects.filter(
        kind=Letter.Kind.COMING, session__in=[each.pk for each in sessions]
    ).order_by()
    for each in reminders.defer("text"):
        first = ":".join(each.dedupe_key.split(":")[:KEY_PARTS])
        has_gone = each.sent_at is not None or each.may_have_arrived
        earlier.setdefault(first, []).append(has_gone or each.overtaken_by not in AGAIN)
    return earlier
