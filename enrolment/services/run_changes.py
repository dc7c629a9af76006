"""Saving a run: what somebody changed on a page is written, checked and told as one thing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from courses.models import CourseRun, CourseSession, Substitution, Tutor, TutorAssignment
from courses.services import NotPublishable, lock_run, missing_for_publication, read_run
from enrolment.events import log, log_all
from enrolment.queries import load_programme
from enrolment.schedule_changes import Programme, changes, programme_of
from enrolment.services import errors
from enrolment.services.queue import change_capacity, fill
from enrolment.services.runs import announce_change
from enrolment.services.telling import telling
from enrolment.services.tutor_letters import owe_tutors_assigned, owe_tutors_unassigned

# Of a run; capacity is written here, and checked against the places that are taken.
COUNTED_FIELDS = frozenset({"status", "places_taken", "waiting", "published_at", "cancelled_at"})

Row = TypeVar("Row", CourseSession, TutorAssignment)


class Announcement(StrEnum):
    """Whether those who count on a run are told what has changed about it."""

    ASK = "ask"  # whoever saves has not said yet
    TELL = "tell"
    SILENT = "silent"  # a slip of the pen, of which nobody need hear


@dataclass(frozen=True)
class SessionEdit:
    """What was changed of a session; without a key, a new one. Other fields stay as stored."""

    pk: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    is_cancelled: bool | None = None  # None: as it is
    is_deleted: bool = False


@dataclass(frozen=True)
class TutorEdit:
    """What was changed of an assignment; without a key, a new one."""

    pk: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    is_deleted: bool = False


@dataclass(frozen=True)
class RunEdit:
    """What somebody changed on a page: where it differs from what the page had shown.

    Whatever a colleague made of all the rest meanwhile stays.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    sessions: Sequence[SessionEdit] = ()
    tutors: Sequence[TutorEdit] = ()


@dataclass(frozen=True)
class SavedRun:
    """The run as it is now, when it was saved, how many were told, and whether it begins anew."""

    run: CourseRun
    at: datetime
    told: int
    has_new_start: bool


@transaction.atomic
def save_run(
    *,
    run: CourseRun,
    edit: RunEdit,
    announcement: Announcement = Announcement.ASK,
    by: Any,
    now: datetime | None = None,
) -> SavedRun:
    """Write what was changed of a run, its sessions and its tutors; a run without a key is made.

    Free places go to the queue. A published run keeps all that it needs to be published. Where time
    or place, contact or tutors of a session to come change, everybody with or waiting for a place
    is told, or not, as `announcement` says.

    Raises ChangeNeedsTelling where people count on what changes and `announcement` is ASK;
    NotPublishable, CapacityBelowPlaces, HasEnrolments (how people join is fixed), EnrolmentClosed,
    RunCancelled, SessionIsKnown, NoSessionLeft, TutorHasHeld; ValidationError where a rule of the
    model is broken, or a row is gone. Then nothing is written.
    """
    now = now or timezone.now()
    if run.pk is None:
        run.full_clean()
        run.save()
    locked = lock_run(run.pk)
    before = programme_of(load_programme(locked))
    was_over = locked.is_finished(now)
    _write_fields(locked, edit.fields, by=by, now=now)
    led_before = leading(locked, now)
    _write_tutors(locked, edit.tutors, now=now)
    _write_sessions(locked, edit.sessions, by=by, now=now)
    saved = load_programme(read_run(run.pk))
    if _continue_hand_overs(
        saved, new={each.pk for each in saved.planned_sessions} - before.meetings.keys()
    ):
        saved = load_programme(read_run(run.pk))
    _check_sessions(saved, edit.sessions, before=before, now=now)
    is_over = saved.is_finished(now)
    if saved.is_published and not is_over:
        fill(saved, now=now)
        if missing := missing_for_publication(saved, now=now):
            raise NotPublishable([each.sentence for each in missing])
    told = 0
    if saved.is_published and not (was_over and is_over):
        told = tell_tutors(saved, led_before, announcement=announcement, now=now)
        told += tell_or_ask({saved: before}, announcement=announcement, by=by, now=now)
    known = {each.starts_at for each in before.meetings.values() if not each.is_cancelled}
    return SavedRun(
        run=saved,
        at=now,
        told=told,
        has_new_start=saved.starts_at not in known,
    )


def tell_or_ask(
    before: Mapping[CourseRun, Programme], *, announcement: Announcement, by: Any, now: datetime
) -> int:
    """Tell what is another than before on these runs; how many are told.

    The runs must be locked, and carry what `load_programme` reads. Raises ChangeNeedsTelling where
    somebody would be told and `announcement` is ASK.
    """
    sentences = {
        run: changed
        for run, known in before.items()
        if (changed := changes(known, programme_of(run), now=now))
    }
    if announcement == Announcement.ASK and (people := telling(*sentences)).total:
        alike = [sentence for changed in sentences.values() for sentence in changed]
        raise errors.ChangeNeedsTelling(list(dict.fromkeys(alike)), people, [*sentences])
    if announcement == Announcement.SILENT:
        log_all("changed_silently", sentences, by=by, now=now)
        return 0
    return sum(announce_change(run=run, by=by, before=before[run], now=now) for run in sentences)


def leading(run: CourseRun, now: datetime) -> set[Tutor]:
    """Who is in front of a session that is not over, be it cancelled."""
    coming = [each for each in run.planned_sessions if not each.is_held(now)]
    return {tutor for session in coming for tutor in session.tutors_in_front}


def tell_tutors(
    run: CourseRun, led_before: set[Tutor], *, announcement: Announcement, now: datetime
) -> int:
    """Tell who leads the run now and did not before, and who did; how many of the latter are told.

    Before the change itself is told: new tutors hear of it in the same letter. The run must be
    locked and published.
    """
    if announcement == Announcement.SILENT:
        return 0
    now_leading = leading(run, now)
    owe_tutors_assigned(run, now_leading - led_before, now=now)
    return owe_tutors_unassigned(run, led_before - now_leading, now=now)


def _write_fields(run: CourseRun, fields: Mapping[str, Any], *, by: Any, now: datetime) -> None:
    if COUNTED_FIELDS & fields.keys():
        raise ValueError(
            f"Other verbs write these fields: {sorted(COUNTED_FIELDS & fields.keys())}"
        )
    others = {name: value for name, value in fields.items() if name != "capacity"}
    if "entry" in others:
        # How people join and for how many are one answer.
        if run.enrolments.exists():
            raise errors.HasEnrolments
        others["capacity"] = fields.get("capacity", run.capacity)
        log("changed_entry", run, by=by, now=now)
    elif "capacity" in fields:
        change_capacity(run, fields["capacity"], by=by, now=now)
    if others:
        for name, value in others.items():
            setattr(run, name, value)
        run.full_clean()
        run.save(update_fields=sorted(others))


def _write_tutors(run: CourseRun, edits: Sequence[TutorEdit], *, now: datetime) -> None:
    if any(each.pk is not None for each in edits) and any(
        each.takes_place and each.is_held(now) for each in run.session_list
    ):
        raise errors.TutorHasHeld
    stored = {each.pk: each for each in run.assignment_list}
    gone = [each.pk for each in edits if each.is_deleted and each.pk in stored]
    Substitution.objects.filter(assignment__in=gone).delete()
    run.assignments.filter(pk__in=gone).delete()
    for edit in edits:
        if not edit.is_deleted:
            row = TutorAssignment(run=run) if edit.pk is None else _stored(stored, edit.pk)
            _write_row(row, edit.fields)


def _write_sessions(
    run: CourseRun, edits: Sequence[SessionEdit], *, by: Any, now: datetime
) -> None:
    stored = {each.pk: each for each in run.planned_sessions}
    gone = [each.pk for each in edits if each.is_deleted and each.pk in stored]
    if gone and run.published_at is not None:
        raise errors.SessionIsKnown
    run.sessions.filter(pk__in=gone).delete()
    changed = [each for each in edits if not each.is_deleted]
    # Sessions may take over each other's times. Of cancelled ones any number may begin together:
    # so all are, until each is written as it shall be.
    keys = [each.pk for each in changed if each.pk is not None]
    run.sessions.filter(pk__in=keys).update(cancelled_at=now)
    for edit in changed:
        row = CourseSession(run=run) if edit.pk is None else _stored(stored, edit.pk)
        if edit.is_cancelled is not None and edit.is_cancelled != row.is_cancelled:
            row.cancelled_at = now if edit.is_cancelled else None
            log(
                "cancelled_session" if edit.is_cancelled else "restored_session",
                row,
                by=by,
                now=now,
            )
        _write_row(row, edit.fields)


def _continue_hand_overs(run: CourseRun, *, new: Collection[int]) -> bool:
    """Whoever has taken over is in front of the new sessions too. Whether any row was written."""
    rows = [
        Substitution(session_id=pk, assignment=each, tutor=successor, is_hand_over=True)
        for each in run.assignment_list
        for pk, successor in each.successors(new).items()
    ]
    Substitution.objects.bulk_create(rows)
    return bool(rows)


def _stored(rows: Mapping[int, Row], pk: int) -> Row:
    if pk not in rows:
        raise ValidationError(
            gettext("A colleague has changed this meanwhile. Open the page again.")
        )
    return rows[pk]


def _write_row(row: CourseSession | TutorAssignment, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()


def _check_sessions(
    run: CourseRun, edits: Sequence[SessionEdit], *, before: Programme, now: datetime
) -> None:
    """Raise NoSessionLeft where sessions were called off until none is left, or none to come."""
    if run.is_draft:
        return
    to_come = [each for each in before.meetings.values() if each.ends_at > now]
    had_some_to_come = any(not each.is_cancelled for each in to_come)
    calls_off = any(each.is_cancelled or each.is_deleted for each in edits)
    if not run.session_list or (calls_off and had_some_to_come and run.is_finished(now)):
        raise errors.NoSessionLeft
