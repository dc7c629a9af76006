"""Signing up, and signing up again. First come, first served; nobody is ever assessed.

Every verb here locks the run's row, checks, writes and returns. The counters on the run and the
status of an enrolment are written here, in `places` and in `queue` only.
"""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from courses.models import Availability, CourseRun, NoticeVersion
from courses.norwegian.names import normalise_name
from courses.services import lock_run
from enrolment.events import log
from enrolment.models import Adjustment, Enrolment, Letter, RepeatedSubmission, Student
from enrolment.models.students import normalise_email
from enrolment.services import errors
from enrolment.services.outbox import owe
from enrolment.services.queue import lock, save_counters
from enrolment.services.sign_up_data import Answer, Outcome, Person, WhenOneLeft, Wishes

UNDO_NAMESPACE = uuid.UUID("5f2b6c0e-6f0e-4f3c-9a39-2d6c2c1b7d55")


# Why nobody can sign up, by what the catalogue says of the run; else it is closed.
WHY_NOT_OPEN: dict[Availability, type[errors.EnrolmentError]] = {
    Availability.HELD: errors.RunStarted,
    Availability.UNDER_WAY: errors.RunStarted,
    Availability.OPENS_LATER: errors.NotOpenYet,
}


def check_open(run: CourseRun, now: datetime | None = None) -> None:
    """Raise the error that says why nobody can sign up for the run now.

    The rule itself is `CourseRun.takes_sign_up`.
    """
    now = now or timezone.now()
    if run.takes_sign_up(now):
        return
    if run.is_cancelled:
        raise errors.RunCancelled
    if not run.is_published or not run.has_sign_up:
        raise errors.EnrolmentClosed
    raise WHY_NOT_OPEN.get(run.availability(now), errors.EnrolmentClosed)


def enrol(
    *,
    run: CourseRun,
    submission: uuid.UUID,
    person: Person,
    places: int = 1,
    when_one_left: WhenOneLeft = WhenOneLeft.ASK,
    adjustment: str = "",
    notice: NoticeVersion | None = None,
    notice_shown_at: datetime | None = None,
    has_consented: bool = False,
    by: Any | None = None,
    now: datetime | None = None,
) -> Answer:
    """Sign a person up: a place where there is room and nobody waiting, else the waiting list.

    The same `submission` gets its answer again and changes nothing. Another repeat by the same
    person keeps a new adjustment (`ADJUSTMENTS_KEPT` at most), sends the current letter again at
    most once a day, and is answered by the run alone. `by` is the member of staff who registered
    it. `now` is when it happens, here as in every verb that takes it: the present if not given.

    Raises NotOpenYet, EnrolmentClosed, RunStarted, RunCancelled; OnePlaceLeft where two come, one
    place is free and `when_one_left` is ASK.
    """
    wishes = Wishes(
        places=places,
        when_one_left=when_one_left,
        adjustment=adjustment,
        notice=notice,
        notice_shown_at=notice_shown_at,
        has_consented=has_consented,
        by=by,
        now=now or timezone.now(),
    )
    try:
        return _enrol(run.pk, submission, person, wishes)
    except IntegrityError:
        # Two runs have two locks: a newcomer who signs up for both in the same moment is written
        # by whoever comes first, and found by the other on the second try. So is a submission
        # that was sent before by somebody with another name.
        return _enrol(run.pk, submission, person, wishes, is_second_try=True)


@transaction.atomic
def _enrol(
    run_id: int,
    submission: uuid.UUID,
    person: Person,
    wishes: Wishes,
    *,
    is_second_try: bool = False,
) -> Answer:
    locked = lock_run(run_id, is_shown=False)
    now = wishes.now
    if is_second_try:
        if (again := _told_before(submission, locked)) is not None:
            return again
        if Enrolment.objects.filter(submission=submission).exists():
            submission = uuid.uuid4()  # of another run
    try:
        check_open(locked, now)
        places = _places_wanted(locked, wishes.places, wishes.when_one_left)
    except errors.EnrolmentError:
        if (again := _told_before(submission, locked)) is not None:
            return again
        raise

    outcome = Outcome.PLACE if locked.has_room_for(places) else Outcome.REGISTERED
    student, is_new = _find_or_create_student(person)
    enrolment = None
    if not is_new:
        if (again := _told_before(submission, locked)) is not None:
            return again
        enrolment = Enrolment.objects.live().filter(student=student, run=locked).first()
    is_public = wishes.by is None
    is_repeat = enrolment is not None
    if enrolment is not None:
        enrolment.run = locked
        _tell_once_more(enrolment, is_from_public_form=is_public, now=now)
        RepeatedSubmission.objects.create(
            submission=submission,
            enrolment=enrolment,
            was_told_of_place=outcome == Outcome.PLACE,
            sent_at=now,
        )
    else:
        notice = wishes.notice
        enrolment = _add(
            locked,
            student,
            places=places,
            is_new_student=is_new,
            is_from_public_form=is_public,
            language=person.language,
            submission=submission,
            registered_by=wishes.by,
            notice=notice,
            notice_shown_at=(wishes.notice_shown_at or now) if notice else None,
            consented_at=now if wishes.has_consented else None,
            now=now,
        )
        log("enrolled", enrolment, by=wishes.by, now=now)
    _keep_adjustment(enrolment, wishes.adjustment, is_repeat=is_repeat, now=now)
    return Answer(outcome=outcome, enrolment=enrolment)


@transaction.atomic
def undo_withdrawal(
    *,
    enrolment: Enrolment,
    when_one_left: WhenOneLeft = WhenOneLeft.ASK,
    by: Any | None = None,
    now: datetime | None = None,
) -> Answer:
    """Sign the student up again: a new enrolment, at the end of the queue where somebody waits.

    Pressing the button twice is pressing it once. Raises what `enrol` raises, and NotLive where the
    student has been erased.
    """
    locked, current = lock(enrolment)
    if current.is_live:
        return Answer(outcome=_true_outcome(current), enrolment=current)
    submission = uuid.uuid5(UNDO_NAMESPACE, str(current.pk))
    again = (
        Enrolment.objects.live().filter(student=current.student_id, run=locked).first()
        or Enrolment.objects.filter(submission=submission).first()
    )
    if again is not None:
        return Answer(outcome=_true_outcome(again), enrolment=again)
    if current.student.erased_at:
        raise errors.NotLive
    now = now or timezone.now()
    check_open(locked, now)
    places = _places_wanted(locked, current.places, when_one_left)
    new = _add(
        locked,
        current.student,
        places=places,
        language=current.language,
        submission=submission,
        registered_by=by,
        notice=current.notice,
        notice_shown_at=current.notice_shown_at,
        consented_at=current.consented_at,
        now=now,
    )
    current.adjustments.update(enrolment=new)
    log("enrolled", new, by=by, now=now)
    return Answer(outcome=_true_outcome(new), enrolment=new)


def _answer_again(enrolment: Enrolment, was_told_of_place: bool) -> Answer:
    """What was told the first time; only that somebody has withdrawn since is said instead."""
    outcome = Outcome.PLACE if was_told_of_place else Outcome.REGISTERED
    return Answer(outcome=outcome if enrolment.is_live else Outcome.WITHDRAWN, enrolment=enrolment)


def _told_before(submission: uuid.UUID, run: CourseRun) -> Answer | None:
    """What was told when this very form was sent before; None where it was not. Two queries."""
    earlier = Enrolment.objects.filter(submission=submission, run=run).order_by().first()
    if earlier is not None:
        # Where two records of the person became one, what stayed.
        return _answer_again(earlier.merged_into or earlier, earlier.had_place_at_once)
    repeats = RepeatedSubmission.objects.filter(submission=submission).select_related("enrolment")
    repeat = repeats.order_by().first()
    return _answer_again(repeat.enrolment, repeat.was_told_of_place) if repeat else None


def _places_wanted(run: CourseRun, places: int, when_one_left: WhenOneLeft) -> int:
    """As many as asked for, or one where two meet one free place and choose so.

    Raises OnePlaceLeft where they have not chosen yet.
    """
    if places == 2 and run.waiting == 0 and run.free_places == 1:
        if when_one_left == WhenOneLeft.ASK:
            raise errors.OnePlaceLeft
        if when_one_left == WhenOneLeft.ALONE:
            return 1
    return places


def _true_outcome(enrolment: Enrolment) -> Outcome:
    if enrolment.has_place:
        return Outcome.PLACE
    return Outcome.REGISTERED if enrolment.is_waiting else Outcome.WITHDRAWN


def _find_or_create_student(person: Person) -> tuple[Student, bool]:
    """The student this is, or a new one, and whether it is new. An existing one is not changed.

    Held until the transaction ends: else somebody who is erased in this moment would have a place.
    """
    people = Student.objects.same_person(name=person.name, email=person.email, phone=person.phone)
    people = people.select_for_update(no_key=True)
    student = next(iter(people), None)
    if student is not None:
        return student, False
    student = Student(
        name=" ".join(person.name.split()),
        name_key=normalise_name(person.name),
        email=normalise_email(person.email),
        phone=person.phone,
        channel=person.best_channel,
        postal_address=person.postal_address,
        language=person.language,
        municipality=person.municipality,
        wants_news=person.wants_news,
    )
    student.full_clean(validate_unique=False, validate_constraints=False)
    student.save()
    return student, True


def _add(
    run: CourseRun,
    student: Student,
    *,
    places: int,
    is_new_student: bool = False,
    is_from_public_form: bool = False,
    now: datetime,
    **fields: Any,
) -> Enrolment:
    """A new row, with a place or at the end of the queue, and its letter."""
    has_room = run.has_room_for(places)
    enrolment = Enrolment.objects.create(
        student=student,
        run=run,
        places=places,
        status=Enrolment.Status.PLACE if has_room else Enrolment.Status.WAITING,
        enrolled_at=now,
        placed_at=now if has_room else None,
        **fields,
    )
    if has_room:
        run.places_taken += places
    else:
        run.waiting += 1
    save_counters(run)
    owe(
        Letter.Kind.PLACE if has_room else Letter.Kind.WAITING,
        [enrolment],
        is_first=is_new_student,
        is_from_public_form=is_from_public_form,
        now=now,
    )
    return enrolment


def _keep_adjustment(enrolment: Enrolment, text: str, *, is_repeat: bool, now: datetime) -> None:
    """Keep what is asked for, `ADJUSTMENTS_KEPT` at most.

    Where there are as many, the new one replaces the newest only, and is to be arranged anew:
    anybody can repeat a sign-up, and must not wipe out what was asked for first.
    """
    text = text.strip()
    if not text:
        return
    kept = list(enrolment.adjustments.order_by("pk"))
    if any(each.text == text for each in kept):
        return
    is_full = len(kept) >= settings.ADJUSTMENTS_KEPT
    adjustment = kept[-1] if is_full else Adjustment(enrolment=enrolment)
    adjustment.text = text
    adjustment.came_later = is_repeat
    adjustment.created_at, adjustment.arranged_at = now, None
    adjustment.full_clean(exclude=["enrolment"])
    adjustment.save()


def _tell_once_more(enrolment: Enrolment, *, is_from_public_form: bool, now: datetime) -> None:
    """The same news once more, at most once a day, so that a forgotten letter is found again.

    Where the news still waits to be told, that letter is enough.
    """
    today = timezone.localdate(now)
    if timezone.localdate(enrolment.enrolled_at) == today:
        return
    kind = Letter.Kind.PLACE if enrolment.has_place else Letter.Kind.WAITING
    about_run = Letter.objects.filter(student=enrolment.student_id, enrolment__run=enrolment.run_id)
    is_told = Q(dedupe_key=f"{kind}:{enrolment.pk}:{today.isoformat()}")
    is_to_be_told = Q(sent_at=None, overtaken_at=None, is_beside=False, kind__in=Letter.TELLS_ALL)
    if not about_run.filter(is_told | is_to_be_told).exists():
        owe(
            kind,
            [enrolment],
            occasion=today.isoformat(),
            is_from_public_form=is_from_public_form,
            now=now,
        )
