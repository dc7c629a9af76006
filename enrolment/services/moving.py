"""Moving a whole run: all its sessions to come, by days, to another weekday or time of day."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from courses.models import CourseRun, CourseSession
from courses.services import lock_run, moment, session_times, shifted
from enrolment.events import log
from enrolment.services import errors
from enrolment.services.run_changes import (
    Announcement,
    RunEdit,
    SavedRun,
    SessionEdit,
    save_run,
)

# They follow the sessions. The opening comes first: so they are told in the order of time.
SIGN_UP_MOMENTS = ("enrolment_opens_at", "enrolment_closes_at", "waiting_list_closes_at")


@dataclass(frozen=True)
class Move:
    """Where to: so many days on, or back; to a weekday of the week it then is in; another time.

    With a new start alone, a session stays as long as it is.
    """

    days: int = 0
    weekday: int | None = None  # Monday is 1
    begins: time | None = None
    finishes: time | None = None


@dataclass(frozen=True)
class MovedSession:
    session: CourseSession
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class MovedMoment:
    """A moment of sign-up that was set and has not passed, before and after."""

    name: str  # of the run's field
    before: datetime
    after: datetime  # the same where it stays


@dataclass(frozen=True)
class PlannedMove:
    """What would be moved of a run, and what would stay where it is."""

    run: CourseRun
    sessions: list[MovedSession]
    staying: list[CourseSession]  # they have begun, or are cancelled
    moments: list[MovedMoment]

    @property
    def first_starts_at(self) -> datetime:
        """When the run would begin."""
        moved = {each.session.pk: each.starts_at for each in self.sessions}
        return min(moved.get(each.pk, each.starts_at) for each in self.run.session_list)

    @property
    def fingerprint(self) -> str:
        """Another one whenever the page would show something else to be moved."""
        rows = [
            *(
                (
                    each.session.pk,
                    each.session.starts_at,
                    each.session.ends_at,
                    each.starts_at,
                    each.ends_at,
                )
                for each in self.sessions
            ),
            *((each.name, each.before, each.after) for each in self.moments),
        ]
        words = "\n".join(
            " ".join(
                str(part.timestamp()) if isinstance(part, datetime) else str(part) for part in row
            )
            for row in rows
        )
        return sha256(words.encode()).hexdigest()

    @property
    def edit(self) -> RunEdit:
        return RunEdit(
            fields={each.name: each.after for each in self.moments if each.after != each.before},
            sessions=[
                SessionEdit(each.session.pk, {"starts_at": each.starts_at, "ends_at": each.ends_at})
                for each in self.sessions
            ],
        )


def check_can_be_moved(run: CourseRun, now: datetime | None = None) -> None:
    """Raise RunCancelled, RunFinished, or NothingToMove where no session is to come."""
    if run.is_cancelled:
        raise errors.RunCancelled
    if run.is_published and run.is_finished(now):
        raise errors.RunFinished
    if not _movable(run, now or timezone.now()):
        raise errors.NothingToMove


def plan_move(*, run: CourseRun, move: Move, now: datetime | None = None) -> PlannedMove:
    """What a move would do. No query where the run carries its sessions.

    Raises what `check_can_be_moved` raises, NothingToMove where all is there already,
    MovedIntoPast, StartTogether; ValidationError as `session_times` does.
    """
    now = now or timezone.now()
    check_can_be_moved(run, now)
    movable = _movable(run, now)
    there = [_moved(each, move) for each in movable]
    sessions = [
        each
        for each in there
        if (each.starts_at, each.ends_at) != (each.session.starts_at, each.session.ends_at)
    ]
    if not sessions:
        raise errors.NothingToMove
    if past := [each for each in sessions if each.starts_at <= now]:
        raise errors.MovedIntoPast(past[0].session.starts_at, past[0].starts_at)
    staying = [each for each in run.planned_sessions if each not in movable]
    starts = Counter(
        [
            *(each.starts_at for each in there),
            *(each.starts_at for each in staying if not each.is_cancelled),
        ]
    )
    if together := [starts_at for starts_at, number in starts.items() if number > 1]:
        raise errors.StartTogether(min(together))
    return PlannedMove(run, sessions, staying, _moments(run, move.days, now))


@transaction.atomic
def move_run(
    *,
    run: CourseRun,
    move: Move,
    shown: str,
    announcement: Announcement = Announcement.ASK,
    by: Any,
    now: datetime | None = None,
) -> SavedRun:
    """Move a run's sessions to come, as the plan with the fingerprint `shown` says.

    Of a run that people know, those that have begun and those that are cancelled stay; of a draft,
    only the latter. Moments of sign-up that have not passed move by as many days, where they do not
    come to lie in the past.

    Raises PlanChanged where it would no longer move what was shown, and whatever `plan_move` and
    `save_run` raise. Then nothing is written.
    """
    now = now or timezone.now()
    plan = plan_move(run=lock_run(run.pk), move=move, now=now)
    if plan.fingerprint != shown:
        raise errors.PlanChanged
    saved = save_run(run=run, edit=plan.edit, announcement=announcement, by=by, now=now)
    log("moved", saved.run, by=by, now=now)
    return saved


def _movable(run: CourseRun, now: datetime) -> list[CourseSession]:
    # Nobody has been to a draft's, whatever its dates.
    return [each for each in run.session_list if run.is_draft or not each.has_started(now)]


def _moved(session: CourseSession, move: Move) -> MovedSession:
    begins_at = timezone.localtime(session.starts_at)
    on_the_clock = timezone.localtime(session.ends_at).replace(tzinfo=None) - begins_at.replace(
        tzinfo=None
    )
    day = begins_at.date() + timedelta(days=move.days)
    if move.weekday is not None:
        day += timedelta(days=move.weekday - day.isoweekday())
    begins = begins_at.time() if move.begins is None else move.begins
    if move.finishes is not None:
        return MovedSession(session, *session_times(day, begins, move.finishes))
    ends_at = datetime.combine(day, begins) + on_the_clock
    moved = MovedSession(session, moment(day, begins), moment(ends_at.date(), ends_at.time()))
    if moved.ends_at <= moved.starts_at:
        raise ValidationError(gettext("The session must end after it starts."))
    return moved


def _moments(run: CourseRun, days: int, now: datetime) -> list[MovedMoment]:
    moments = []
    for name in SIGN_UP_MOMENTS:
        before = getattr(run, name)
        if before is not None and before > now:
            after = shifted(before, days)
            # A close that is past would end sign-up at once, which nobody asked for.
            moments.append(MovedMoment(name, before, after if after > now else before))
    return moments
