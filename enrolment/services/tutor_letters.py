"""What the tutors of a run are told, in the transaction of the fact.

The verbs for a run are called under its lock, after what they report has been written. They read
its tutors and who stands in for whom anew, and take a fixed number of statements. Whoever can be
reached neither by e-mail nor by telephone is told nothing: the admin's index names them.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone

from courses.models import CourseRun, CourseSession, Substitution, Tutor, TutorAssignment
from courses.services import moment
from enrolment.models import Letter
from enrolment.models.letter_choices import LetterKind
from enrolment.models.recipients import channel_of
from enrolment.queries import load_programme
from enrolment.schedule_changes import Programme, as_json, changes, from_json, programme_of

# Of which session who is reminded: the keys of both, and when it begins.
Reminded = tuple[int | None, int | None, datetime | None]

ASSIGNMENTS = TutorAssignment.objects.select_related("tutor__user")
SUBSTITUTIONS = Substitution.objects.select_related("tutor__user")


def tutors_to_tell(run: CourseRun, now: datetime) -> list[Tutor]:
    """Who leads a session of the run that is not over, be it cancelled, and can be reached.

    Two queries, with the sessions loaded.
    """
    return [each for each in _leading(run, run.planned_sessions, now) if _can_be_reached(each)]


def owe_tutors_assigned(run: CourseRun, tutors: Iterable[Tutor], *, now: datetime) -> int:
    """Owe these tutors the news that they lead the run, or sessions of it, with when and where.

    For whoever is new on a published run, and for all of them when it is published; also for
    somebody who is to stand in, or to take over, and for whoever gets another session. It says
    what unsent letters to the same tutor were to say. Nothing for a draft, a run that is over, and
    whoever leads none of its sessions to come. Returns how many are told.
    """
    if not run.is_running(now):
        return 0
    leading = set(_leading(run, run.session_list, now))
    letters = _LettersAbout(run)
    kinds, by = Letter.Kind, Letter.OvertakenBy
    for tutor in _each_once(tutors):
        if tutor not in leading or not _can_be_reached(tutor):
            continue
        before = letters.before(tutor.pk) if letters.knows_of_leading(tutor.pk) else None
        letters.overtake(tutor.pk, [kinds.UNASSIGNED], by=by.NOTHING_LEFT, now=now)
        letters.overtake(tutor.pk, [kinds.ASSIGNED, kinds.CHANGED], by=by.FOLDED, now=now)
        letters.owe(kinds.ASSIGNED, tutor, before=before, now=now)
    return letters.write()


def owe_tutors_unassigned(run: CourseRun, tutors: Iterable[Tutor], *, now: datetime) -> int:
    """Owe these tutors the news that they do not lead the run any more.

    Whoever still leads some of its sessions is told which ones instead, and whoever has not been
    told yet that they were to lead it is told nothing at all. Returns how many are told.
    """
    if not run.is_running(now):
        return 0
    leading = set(_leading(run, run.session_list, now))
    gone = [each for each in _each_once(tutors) if each not in leading]
    still_there = [each for each in _each_once(tutors) if each in leading]
    letters = _LettersAbout(run)
    for tutor in gone:
        was_untold = bool(letters.unsent(tutor.pk, [Letter.Kind.ASSIGNED]))
        knows = letters.knows_of_leading(tutor.pk, if_never_told=not was_untold)
        by = Letter.OvertakenBy.UNASSIGNED if knows else Letter.OvertakenBy.NOTHING_LEFT
        letters.overtake(tutor.pk, Letter.Kind, by=by, now=now)
        if knows and _can_be_reached(tutor):
            letters.owe(Letter.Kind.UNASSIGNED, tutor, now=now)
    told = letters.write()
    return told + (owe_tutors_assigned(run, still_there, now=now) if still_there else 0)


def owe_tutors_change(
    run: CourseRun, *, before: Programme | None, occasion: str, now: datetime
) -> int:
    """Owe whoever leads a session to come the news that the programme has changed.

    `before` is the programme as it was, `occasion` tells several changes apart, as in `owe_change`.
    A tutor to whom a letter with the programme waits unsent gets no other one: that one tells what
    has changed, too. What was changed and changed back is nothing to tell. A session that is
    cancelled is a change. Returns how many are told.
    """
    if not run.is_running(now):
        return 0
    after = programme_of(load_programme(run))
    letters = _LettersAbout(run)
    told = 0
    for tutor in tutors_to_tell(run, now):
        waiting = letters.unsent(tutor.pk, [Letter.Kind.ASSIGNED, Letter.Kind.CHANGED])
        if not waiting:
            known = as_json(before) if before is not None else None
            letters.owe(Letter.Kind.CHANGED, tutor, occasion=occasion, before=known, now=now)
            continue
        for letter in waiting:
            letters.changed.append(letter)
            if letter.before is None and before and letters.knows_of_leading(tutor.pk):
                letter.before = as_json(before)
            is_change = letter.kind == Letter.Kind.CHANGED and letter.before
            is_undone = is_change and not changes(from_json(letter.before or {}), after, now=now)
            if is_undone and letter.may_have_arrived:
                # They may know it as it was until now.
                letter.before = as_json(before) if before is not None else None
            elif is_undone:
                letter.overtaken_at, letter.overtaken_by = now, Letter.OvertakenBy.NOTHING_LEFT
                continue
            # Nothing waits behind a letter in back-off: it is tried again at once.
            letter.not_before = None
            told += 1
    return told + letters.write()


def owe_tutors_cancelled(run: CourseRun, *, now: datetime) -> int:
    """Owe whoever was to lead a session to come the news that the run is cancelled, as it is now.

    It overtakes whatever has not been sent to them yet. Returns how many are told.
    """
    letters = _LettersAbout(run)
    leading = _leading(run, run.session_list, now)
    for pk in letters.by_tutor:
        letters.overtake(pk, Letter.Kind, by=Letter.OvertakenBy.CANCELLED, now=now)
    for each in filter(_can_be_reached, leading):
        letters.owe(Letter.Kind.CANCELLED, each, now=now)
    return letters.write()


def owe_reminders(*, now: datetime | None = None) -> int:
    """Remind whoever leads a session of it, from `REMINDER_HOUR` of the day before until it begins.

    Each is reminded once of the same start, by whatever program calls this and however often.
    Whoever has come to lead it after that hour is reminded as well. Returns how many are owed. One
    query, and four more where a session is near.
    """
    now = now or timezone.now()
    near = (
        CourseSession.objects.not_cancelled()
        .filter(run__status=CourseRun.Status.PUBLISHED)
        .filter(starts_at__gt=now, starts_at__lt=now + timedelta(days=2))
        .select_related("run")
        .prefetch_related(
            Prefetch(
                "run__assignments",
                queryset=ASSIGNMENTS.prefetch_related(
                    Prefetch("substitutions", queryset=SUBSTITUTIONS)
                ),
            ),
        )
    )
    due = [each for each in near if _reminded_from(each) <= now]
    if not due:
        return 0
    earlier = _earlier_reminders(due)
    owed = [
        _reminder(tutor, session, number=len(before), now=now)
        for session in due
        for tutor in session.tutors_in_front
        # What was overtaken and holds again is told again.
        if not any(before := earlier.get((session.pk, tutor.pk, session.starts_at), []))
        and _can_be_reached(tutor)
    ]
    # Another program may have owed the same in this moment.
    Letter.objects.bulk_create(owed, ignore_conflicts=True)
    return len(owed)


def _earlier_reminders(sessions: list[CourseSession]) -> dict[Reminded, list[bool]]:
    """By session, tutor and start: whether each that was owed still stands. One query."""
    earlier: dict[Reminded, list[bool]] = {}
    reminders = Letter.objects.filter(kind=Letter.Kind.REMINDER, session__in=sessions).order_by()
    for each in reminders.only("session", "tutor", "urgent_for", "overtaken_at"):
        about = (each.session_id, each.tutor_id, each.urgent_for)
        earlier.setdefault(about, []).append(each.overtaken_at is None)
    return earlier


def _reminder(tutor: Tutor, session: CourseSession, *, number: int, now: datetime) -> Letter:
    about = f"{session.pk}:tutor{tutor.pk}:{session.starts_at.timestamp():.0f}:{number}"
    return Letter(
        dedupe_key=f"{Letter.Kind.REMINDER}:{about}",
        tutor=tutor,
        run=session.run,
        session=session,
        kind=Letter.Kind.REMINDER,
        channel=channel_of(tutor),
        owed_since=now,
        urgent_for=session.starts_at,
    )


def _reminded_from(session: CourseSession) -> datetime:
    day_before = timezone.localdate(session.starts_at) - timedelta(days=1)
    return moment(day_before, time(settings.REMINDER_HOUR))


def _leading(run: CourseRun, sessions: Iterable[CourseSession], now: datetime) -> list[Tutor]:
    """Who is to lead one of these sessions, of those that are not over. Two queries."""
    assignments = list(ASSIGNMENTS.filter(run=run))
    instead: dict[tuple[int, int], Tutor | None] = {
        (each.session_id, each.assignment_id): each.tutor
        for each in SUBSTITUTIONS.filter(session__run=run)
    }
    found = [
        instead.get((session.pk, each.pk), each.tutor)
        for session in sessions
        if not session.is_held(now)
        for each in assignments
    ]
    return _each_once(each for each in found if each is not None)


def _each_once(tutors: Iterable[Tutor]) -> list[Tutor]:
    return list(dict.fromkeys(tutors))


def _can_be_reached(tutor: Tutor) -> bool:
    return channel_of(tutor) != Letter.Channel.NONE


class _LettersAbout:
    """The letters to the tutors of a run: read once, changed and added to, and written once.

    A worker that takes one in this moment waits, and then reads the facts as they are.
    """

    def __init__(self, run: CourseRun) -> None:
        self.run = run
        self.by_tutor: dict[int, list[Letter]] = {}
        self.changed: list[Letter] = []
        self.owed: list[Letter] = []
        letters = Letter.objects.filter(run=run, tutor__isnull=False).defer("text")
        for each in letters.select_for_update(of=("self",), no_key=True).order_by("pk"):
            self.by_tutor.setdefault(each.tutor_id or 0, []).append(each)

    def unsent(self, tutor: int, kinds: Iterable[str]) -> list[Letter]:
        """Those that are in nobody's hands. What a worker holds is as good as sent."""
        wanted = set(kinds)
        return [
            each
            for each in self.by_tutor.get(tutor, [])
            if each.kind in wanted
            and each.sent_at is None
            and each.overtaken_at is None
            and each.claimed_by is None
        ]

    def before(self, tutor: int) -> dict[str, Any] | None:
        """The programme as the tutor knows it, where an unsent letter was to tell its change."""
        waiting = self.unsent(tutor, [Letter.Kind.ASSIGNED, Letter.Kind.CHANGED])
        return next((each.before for each in waiting if each.before is not None), None)

    def knows_of_leading(self, tutor: int, *, if_never_told: bool = False) -> bool:
        """Whether the newest letter that has, or may have, come says that they lead the run."""
        gone = [
            each
            for each in self.by_tutor.get(tutor, [])
            if each.sent_at is not None
            or each.may_have_arrived
            or (each.claimed_by and each.overtaken_at is None)
        ]
        return gone[-1].kind != Letter.Kind.UNASSIGNED if gone else if_never_told

    def overtake(self, tutor: int, kinds: Iterable[str], *, by: str, now: datetime) -> None:
        for each in self.unsent(tutor, kinds):
            each.overtaken_at, each.overtaken_by = now, by
            self.changed.append(each)

    def owe(
        self,
        kind: LetterKind,
        tutor: Tutor,
        *,
        occasion: str = "",
        before: dict[str, Any] | None = None,
        now: datetime,
    ) -> None:
        occasion = occasion or str(len(self.by_tutor.get(tutor.pk, [])))
        self.owed.append(
            Letter(
                dedupe_key=f"{kind}:{self.run.pk}:tutor{tutor.pk}:{occasion}",
                tutor=tutor,
                run=self.run,
                kind=kind,
                channel=channel_of(tutor),
                before=before,
                owed_since=now,
            )
        )

    def write(self) -> int:
        """Store what has been changed, and what is owed: two statements. How many are owed."""
        Letter.objects.bulk_update(
            self.changed, ["before", "not_before", "overtaken_at", "overtaken_by"]
        )
        Letter.objects.bulk_create(self.owed)
        return len(self.owed)
