"""Who is in front of a session in place of an assigned tutor: one call writes down one fact.

What is written of a session that has ended does not change. Where nobody wrote anything, it can
still be written down afterwards, once.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from courses.models import CourseRun, CourseSession, Substitution, Tutor, TutorAssignment
from courses.services import PairIncomplete, lock_run, read_run
from enrolment.events import log, log_all
from enrolment.queries import load_programme
from enrolment.schedule_changes import programme_of
from enrolment.services import errors
from enrolment.services.run_changes import Announcement, leading, tell_or_ask, tell_tutors

# Writes rows of the assignment, which bears those that are stored; whether anything is new.
Write = Callable[[TutorAssignment, list[CourseSession]], bool]


@transaction.atomic
def stand_in(
    *,
    run: CourseRun,
    assignment: TutorAssignment,
    sessions: Sequence[CourseSession],
    tutor: Tutor,
    announcement: Announcement = Announcement.ASK,
    by: Any,
    now: datetime | None = None,
) -> int:
    """Somebody is in front of these sessions in place of the assigned tutor; how many are told.

    Doing it twice is doing it once. Raises PairIncomplete where a session to come of a published
    run would be without its pair, TutorNotActive, SessionHeld, RunCancelled; ValidationError where
    a session or the assignment is gone; ChangeNeedsTelling as `save_run` does.
    """
    now = now or timezone.now()

    def write(away: TutorAssignment, chosen: list[CourseSession]) -> bool:
        _check_active(tutor, chosen, now)
        new = _record(away, chosen, tutor, now=now)
        log_all("substituted", new, by=by, now=now)
        return bool(new)

    return _write_down(run, assignment, sessions, write, announcement=announcement, by=by, now=now)


@transaction.atomic
def record_absence(
    *,
    run: CourseRun,
    assignment: TutorAssignment,
    sessions: Sequence[CourseSession],
    announcement: Announcement = Announcement.ASK,
    by: Any,
    now: datetime | None = None,
) -> int:
    """The tutor is or was away from these sessions, and nobody stands in; how many are told.

    A fact: it is written down whether or not a pair remains. Raises SessionHeld where somebody
    wrote down something else of a session that has ended; RunCancelled, ValidationError and
    ChangeNeedsTelling as `stand_in` does.
    """
    now = now or timezone.now()

    def write(away: TutorAssignment, chosen: list[CourseSession]) -> bool:
        new = _record(away, chosen, None, now=now)
        log_all("absent", new, by=by, now=now)
        return bool(new)

    return _write_down(
        run,
        assignment,
        sessions,
        write,
        keeps_pair=False,
        announcement=announcement,
        by=by,
        now=now,
    )


@transaction.atomic
def hand_over(
    *,
    run: CourseRun,
    assignment: TutorAssignment,
    from_session: CourseSession,
    tutor: Tutor,
    announcement: Announcement = Announcement.ASK,
    by: Any,
    now: datetime | None = None,
) -> int:
    """Somebody takes over from the assigned tutor, from this session on; how many are told.

    Of cancelled sessions too, should they be held after all. Where somebody else stands in for a
    single session, that stays. Raises what `stand_in` raises.
    """
    now = now or timezone.now()

    def write(away: TutorAssignment, chosen: list[CourseSession]) -> bool:
        [first] = chosen
        if first.is_held(now):
            raise errors.SessionHeld
        remaining = [
            each
            for each in away.run.planned_sessions
            if each.starts_at >= first.starts_at and not each.is_held(now)
        ]
        _check_active(tutor, remaining, now)
        recorded = _recorded(away)
        taken = [each for each in remaining if _is_handed_over(away, recorded.get(each.pk), tutor)]
        if taken:
            _save(away, taken, tutor, is_hand_over=True)
            log("handed_over", away.run, by=by, now=now)
        return bool(taken)

    return _write_down(
        run,
        assignment,
        [from_session],
        write,
        announcement=announcement,
        by=by,
        now=now,
    )


@transaction.atomic
def end_substitution(
    *,
    substitution: Substitution,
    announcement: Announcement = Announcement.ASK,
    by: Any,
    now: datetime | None = None,
) -> int:
    """Nobody stands in, or is away, or takes over, after all; how many are told.

    A hand-over is taken back for every session that has not begun. Where somebody has taken over
    from the assigned tutor, it is they who come back to a single session. Raises SessionHeld where
    the session has begun; else what `stand_in` raises.
    """
    now = now or timezone.now()

    def write(away: TutorAssignment, chosen: list[CourseSession]) -> bool:
        known = _recorded(away).get(chosen[0].pk)
        if known is None:
            raise ValidationError(_changed_meanwhile())
        gone = [known]
        if known.is_hand_over:
            gone = [
                each
                for each in away.substitution_list
                if each.is_hand_over and each.tutor_id == known.tutor_id
            ]
        sessions = {each.pk: each for each in away.run.planned_sessions}
        gone = [each for each in gone if not sessions[each.session_id].has_started(now)]
        if not gone:
            raise errors.SessionHeld
        away.substitutions.filter(pk__in=[each.pk for each in gone]).delete()
        if not known.is_hand_over and (successor := away.successors([known.session_id])):
            _save(away, chosen, successor[known.session_id], is_hand_over=True)
        taken_back = [sessions[each.session_id] for each in gone]
        log_all("took_back_substitute", taken_back, by=by, now=now)
        return True

    return _write_down(
        substitution.session.run,
        substitution.assignment,
        [substitution.session],
        write,
        announcement=announcement,
        by=by,
        now=now,
    )


def _write_down(
    run: CourseRun,
    assignment: TutorAssignment,
    sessions: Iterable[CourseSession],
    write: Write,
    *,
    keeps_pair: bool = True,
    announcement: Announcement,
    by: Any,
    now: datetime,
) -> int:
    """Write under the run's lock, check the pair, and tell: how many are told.

    The one place where all that is done about who stands in comes together.
    """
    locked = load_programme(lock_run(run.pk))
    before, led_before = programme_of(locked), leading(locked, now)
    assignments = {each.pk: each for each in locked.assignment_list}
    planned = {each.pk: each for each in locked.planned_sessions}
    keys = {each.pk for each in sessions}
    if assignment.pk not in assignments or not keys <= planned.keys():
        raise ValidationError(_changed_meanwhile())
    chosen = [planned[pk] for pk in keys]
    if locked.is_cancelled and not all(each.takes_place for each in chosen):
        raise errors.RunCancelled
    if not write(assignments[assignment.pk], chosen):
        return 0
    saved = load_programme(read_run(run.pk))
    if not saved.is_published:
        return 0
    if keeps_pair and saved.sessions_planned_without_pair(now):
        raise PairIncomplete(
            gettext(
                "A session would be without one of its two tutors: one with lived experience and "
                "one with professional experience. Choose somebody else."
            )
        )
    told = tell_tutors(saved, led_before, announcement=announcement, now=now)
    return told + tell_or_ask({saved: before}, announcement=announcement, by=by, now=now)


def _record(
    away: TutorAssignment, sessions: Iterable[CourseSession], tutor: Tutor | None, *, now: datetime
) -> list[CourseSession]:
    """Of single sessions: this tutor stands in, or nobody does. Those where that is new.

    Raises SessionHeld where something else is written of a session that has ended.
    """
    recorded = _recorded(away)
    new = []
    for session in sessions:
        known = recorded.get(session.pk)
        if (known.tutor if known else away.tutor) == tutor:
            continue
        if known and session.is_held(now):
            raise errors.SessionHeld
        new.append(session)
    return _save(away, new, tutor)


def _save(
    away: TutorAssignment,
    sessions: Sequence[CourseSession],
    tutor: Tutor | None,
    *,
    is_hand_over: bool = False,
) -> list[CourseSession]:
    """One row for each session, in the place of what is written of it. One query."""
    Substitution.objects.bulk_create(
        [
            Substitution(session=each, assignment=away, tutor=tutor, is_hand_over=is_hand_over)
            for each in sessions
        ],
        update_conflicts=True,
        unique_fields=["session", "assignment"],
        update_fields=["tutor", "is_hand_over"],
    )
    return list(sessions)


def _is_handed_over(away: TutorAssignment, known: Substitution | None, tutor: Tutor) -> bool:
    """Whether a hand-over to this tutor changes what is written of a session.

    It does not where somebody else stands in for that session alone.
    """
    if known is None:
        return tutor != away.tutor
    if known.is_hand_over:
        return known.tutor != tutor
    return known.tutor in (None, tutor)


def _recorded(away: TutorAssignment) -> dict[int, Substitution]:
    return {each.session_id: each for each in away.substitution_list}


def _check_active(tutor: Tutor, sessions: Iterable[CourseSession], now: datetime) -> None:
    """Raise TutorNotActive where somebody who teaches no more would be in front of a session."""
    if not tutor.is_active and any(not each.is_held(now) for each in sessions):
        raise errors.TutorNotActive


def _changed_meanwhile() -> str:
    return gettext("A colleague has changed this meanwhile. Open the page again.")
