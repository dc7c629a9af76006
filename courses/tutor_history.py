"""What a tutor does and has done, as facts: sessions, runs, and courses that they developed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from courses.models import (
    CourseDeveloper,
    CourseRun,
    CourseSession,
    Substitution,
    Tutor,
    TutorAssignment,
)


@dataclass(frozen=True)
class OwnSession:
    """A session in which the tutor is in front of the room."""

    session: CourseSession
    stands_in: bool = False  # for this session alone
    took_over: bool = False


@dataclass(frozen=True)
class Replacement:
    """Who is in front in place of somebody, told once for a whole hand-over."""

    starts_at: datetime  # of the session, or of the first of them
    away: Tutor
    tutor: Tutor | None  # None: nobody stands in
    is_hand_over: bool


@dataclass(frozen=True)
class Taught:
    """A run of which sessions are held, with whoever stood in for this tutor, or they for whom."""

    run: CourseRun
    led: int  # held sessions with this tutor in front
    held: int
    replacements: list[Replacement]


@dataclass(frozen=True)
class History:
    coming: list[OwnSession]  # the next first; those of drafts too, so that a plan shows
    held: list[OwnSession]  # the latest first
    taught: list[Taught]  # the latest first
    developed: list[CourseDeveloper]  # the first first


def history_of(tutor: Tutor, now: datetime | None = None) -> History:
    """All that counts: nothing that was cancelled. Five queries, six where somebody stood in."""
    now = now or timezone.now()
    runs = _runs_of(tutor)
    own = sorted(_own_sessions(runs, tutor), key=lambda each: each.session.starts_at)
    held = [each for each in own if each.session.is_held(now) and each.session.takes_place]
    taught = [_taught(run, tutor, held, now) for run in runs]
    developed = CourseDeveloper.objects.filter(tutor=tutor).select_related("course")
    return History(
        coming=[each for each in own if not each.session.is_held(now)],
        held=held[::-1],
        taught=sorted(
            (each for each in taught if each.held),
            key=lambda each: each.run.starts_at or now,
            reverse=True,
        ),
        developed=list(developed.order_by("since", "course__title")),
    )


def coming_sessions(tutor: Tutor, now: datetime | None = None) -> list[OwnSession]:
    """Those that the tutor is still to lead, the next first. Four queries, or five."""
    now = now or timezone.now()
    own = [each for each in _own_sessions(_runs_of(tutor), tutor) if not each.session.is_held(now)]
    return sorted(own, key=lambda each: each.session.starts_at)


def _runs_of(tutor: Tutor) -> list[CourseRun]:
    led = TutorAssignment.objects.filter(tutor=tutor).order_by().values("run")
    stood_in = Substitution.objects.filter(tutor=tutor).order_by().values("session__run")
    return list(CourseRun.objects.filter(Q(pk__in=led) | Q(pk__in=stood_in)).with_programme())


def _own_sessions(runs: Iterable[CourseRun], tutor: Tutor) -> Iterator[OwnSession]:
    for run in runs:
        for session in run.session_list:
            if not (session.takes_place or run.is_draft):
                continue
            if any(
                each.tutor_id == tutor.pk and each.in_front_of(session) == tutor
                for each in run.assignment_list
            ):
                yield OwnSession(session)
            elif stand_in := _stand_in(session, tutor):
                yield OwnSession(
                    session,
                    stands_in=not stand_in.is_hand_over,
                    took_over=stand_in.is_hand_over,
                )


def _stand_in(session: CourseSession, tutor: Tutor) -> Substitution | None:
    found = (
        each
        for assignment in session.run.assignment_list
        for each in assignment.substitution_list
        if each.session_id == session.pk and each.tutor_id == tutor.pk
    )
    return next(found, None)


def _taught(run: CourseRun, tutor: Tutor, held: Iterable[OwnSession], now: datetime) -> Taught:
    return Taught(
        run=run,
        led=sum(each.session.run_id == run.pk for each in held),
        held=sum(each.takes_place and each.is_held(now) for each in run.session_list),
        replacements=[each for each in replacements_on(run) if tutor in (each.away, each.tutor)],
    )


def replacements_on(run: CourseRun) -> list[Replacement]:
    """Who stands in for whom in the sessions that take place, in order of time.

    No query where the run carries its programme.
    """
    found = []
    sessions = {each.pk: each for each in run.session_list if each.takes_place}
    for assignment in run.assignment_list:
        of_sessions = [each for each in assignment.substitution_list if each.session_id in sessions]
        told: set[int | None] = set()  # to whom they handed over
        for each in sorted(of_sessions, key=lambda each: sessions[each.session_id].starts_at):
            if each.is_hand_over and each.tutor_id in told:
                continue
            if each.is_hand_over:
                told.add(each.tutor_id)
            found.append(
                Replacement(
                    sessions[each.session_id].starts_at,
                    assignment.tutor,
                    each.tutor,
                    each.is_hand_over,
                )
            )
    return sorted(found, key=lambda each: each.starts_at)
