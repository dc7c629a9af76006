"""The outbox: what somebody is owed, in the transaction of the fact. Nothing is written here yet.

Each function takes the same number of statements however many people it is about (one more for
every hundred or so on SQLite, which takes few values at a time).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from courses.models import CourseRun
from enrolment import sms
from enrolment.models import Enrolment, Letter, Message, Student
from enrolment.queries import load_programme
from enrolment.schedule_changes import (
    Programme,
    as_json,
    changes,
    from_json,
    programme_of,
    urgent_change,
    urgent_start,
)

# By what a letter is overtaken where news of this kind tells all.
BY = {
    Letter.Kind.PLACE: Letter.OvertakenBy.PLACE,
    Letter.Kind.PROMOTED: Letter.OvertakenBy.PLACE,
    Letter.Kind.WAITING: Letter.OvertakenBy.WAITING,
    Letter.Kind.WITHDRAWN: Letter.OvertakenBy.WITHDRAWN,
    Letter.Kind.CANCELLED: Letter.OvertakenBy.CANCELLED,
}


def owe(
    kind: Letter.Kind,
    enrolments: Sequence[Enrolment],
    *,
    occasion: str = "",
    is_first: bool = False,
    is_from_public_form: bool = False,
    before: Programme | None = None,
    message: Message | None = None,
    urgent_for: datetime | None = None,
    has_beside: Collection[tuple[int, str]] = (),
    now: datetime,
) -> int:
    """Owe each of these people, all of one run, a letter; returns how many can be reached.

    `occasion` tells several of one kind about one enrolment apart. News that tells all overtakes
    unsent older letters to the same student about the run; `is_first` saves looking for one.
    `before` is the programme as these people know it, where it has changed. `is_from_public_form`:
    anybody may have written the address, so the letter takes its turn (`LETTERS_AN_HOUR`).
    `message` is what staff wrote, in a letter of that kind.
    `urgent_for` is the start of a session that is near: then an SMS goes, too, and they stand on
    the call list, but by no channel in `has_beside` for that student.
    """
    told = [each for each in enrolments if each.student.can_be_reached]
    if not told:
        return 0
    known: dict[int, dict[str, Any]] = {}
    if kind in Letter.TELLS_ALL and not is_first:
        known = _overtake(told, by=BY[kind], now=now)
    knows_before = as_json(before) if before is not None else None
    letters = [
        Letter(
            dedupe_key=_dedupe_key(kind, each, occasion),
            student=each.student,
            enrolment=each,
            kind=kind,
            channel=each.student.channel,
            before=known.get(each.student_id, knows_before),
            message=message,
            owed_since=now,
            is_from_public_form=is_from_public_form,
            urgent_for=urgent_for,
        )
        for each in told
    ]
    if urgent_for:
        letters += _beside(letters, has_beside=has_beside)
        # An SMS is no use behind a hundred e-mails.
        letters.sort(key=lambda letter: letter.channel != Letter.Channel.SMS)
    Letter.objects.bulk_create(letters)
    return len(told)


def _dedupe_key(kind: Letter.Kind, enrolment: Enrolment, occasion: str) -> str:
    return f"{kind}:{enrolment.pk}{occasion and f':{occasion}'}"


def _beside(letters: Iterable[Letter], *, has_beside: Collection[tuple[int, str]]) -> list[Letter]:
    """The same urgent news by SMS, where that is switched on, and by telephone."""
    channel = Letter.Channel
    beside = []
    for letter in letters:
        student = letter.student
        if student is None or not student.phone:
            continue
        channels = []
        if sms.may_send_to(student.phone):
            channels.append(channel.SMS)
        if letter.channel != channel.PHONE:
            channels.append(channel.PHONE)
        beside += [
            Letter(
                dedupe_key=f"{letter.dedupe_key}:{each}",
                student=student,
                enrolment=letter.enrolment,
                kind=letter.kind,
                channel=each,
                before=letter.before,
                owed_since=letter.owed_since,
                urgent_for=letter.urgent_for,
                is_beside=True,
            )
            for each in channels
            if (student.pk, each) not in has_beside
        ]
    return beside


def _overtake(
    enrolments: Sequence[Enrolment], *, by: Letter.OvertakenBy, now: datetime
) -> dict[int, dict[str, Any]]:
    """Mark every unsent letter to these people about their run as overtaken.

    News of a place or of the queue leaves what staff wrote to them as it is.
    One that a worker is sending just now may still arrive, before whatever is written after it:
    see `LetterQuerySet.to_send`. Returns by student the programme as they know it, where one of the
    letters was to say what has changed about it.
    """
    older = Letter.objects.unsent().filter(
        enrolment__run=enrolments[0].run_id, student__in=[each.student_id for each in enrolments]
    )
    if by not in (Letter.OvertakenBy.WITHDRAWN, Letter.OvertakenBy.CANCELLED):
        older = older.exclude(kind=Letter.Kind.MESSAGE)
    found = list(older.order_by("-pk").values_list("pk", "student", "before", "is_beside"))
    if found:
        Letter.objects.filter(pk__in=[pk for pk, *_rest in found], sent_at=None).update(
            overtaken_at=now, overtaken_by=by
        )
    return {
        student: before
        for _pk, student, before, is_beside in found
        if before is not None and not is_beside
    }


def owe_change(
    run: CourseRun, *, before: Programme | None, occasion: str, now: datetime | None = None
) -> int:
    """Owe everybody with or waiting for a place the news that the programme has changed.

    Somebody to whom a letter with the programme waits unsent gets no other one: that one tells
    today's programme, and what has changed of what they were told. What was changed and changed
    back is nothing to tell. Returns the number of people who are told. The run must be locked.
    """
    now = now or timezone.now()
    after = programme_of(load_programme(run))
    urgent_for = urgent_start(run, now) if before is None else urgent_change(before, after, now)
    about_run = Letter.objects.filter(enrolment__run=run)
    unsent = about_run.unsent().filter(kind__in=Letter.TELLS_PROGRAMME)
    # A worker that takes one in this moment waits, and then reads the facts as they are.
    held = list(unsent.select_for_update(of=("self",), no_key=True).order_by("pk"))
    free = [each for each in held if each.claimed_by is None]
    beside = [each for each in free if each.is_beside]
    waiting = {each.student_id: each for each in free if not each.is_beside}
    # In a worker's hands is as good as told, and so is what may have arrived: with the programme as
    # it was. An SMS does not tell the programme.
    sent = about_run.filter(sent_at__isnull=False).exclude(channel=Letter.Channel.SMS)
    have_been_told = set(sent.order_by().values_list("student", flat=True).distinct()) | {
        each.student_id
        for each in held
        if (each.claimed_by is not None or each.may_have_arrived)
        and each.channel != Letter.Channel.SMS
    }
    absorbing: list[Letter] = []
    needless: list[Letter] = []
    others: list[Enrolment] = []
    more: list[Letter] = []
    for enrolment in Enrolment.objects.live().filter(run=run).select_related("student"):
        enrolment.run = run
        letter = waiting.get(enrolment.student_id)
        if letter is None:
            others.append(enrolment)
            continue
        if letter.before is None and before and enrolment.student_id in have_been_told:
            letter.before = as_json(before)
        if _is_undone(letter, after, now=now):
            if not letter.may_have_arrived:
                needless.append(letter)
                continue
            # They may know it as it was until now.
            letter.before = as_json(before) if before is not None else None
        absorbing.append(letter)
        if urgent_for:
            letter.urgent_for = urgent_for
            known = as_json(before) if before is not None else None
            more.append(
                Letter(
                    dedupe_key=_dedupe_key(Letter.Kind.CHANGED, enrolment, occasion),
                    student=enrolment.student,
                    enrolment=enrolment,
                    kind=Letter.Kind.CHANGED,
                    channel=letter.channel,
                    before=letter.before or known,
                    owed_since=now,
                    urgent_for=urgent_for,
                )
            )
    needless_beside = [each for each in beside if _is_undone(each, after, now=now)]
    goes_on = [each for each in beside if each not in needless_beside]
    for each in goes_on:
        each.urgent_for = urgent_for or each.urgent_for
        if each.before is None and before and each.student_id in have_been_told:
            each.before = as_json(before)
    has_beside = {(each.student_id or 0, each.channel) for each in goes_on}
    # Nothing waits behind a letter in back-off: they are tried again at once.
    for letter in (*absorbing, *goes_on):
        letter.not_before = None
    Letter.objects.bulk_update([*absorbing, *goes_on], ["before", "not_before", "urgent_for"])
    Letter.objects.filter(pk__in=[each.pk for each in (*needless, *needless_beside)]).update(
        overtaken_at=now, overtaken_by=Letter.OvertakenBy.NOTHING_LEFT
    )
    Letter.objects.bulk_create(_beside(more, has_beside=has_beside))
    return len(absorbing) + owe(
        Letter.Kind.CHANGED,
        others,
        occasion=occasion,
        before=before,
        urgent_for=urgent_for,
        has_beside=has_beside,
        now=now,
    )


def _is_undone(letter: Letter, after: Programme, *, now: datetime) -> bool:
    """Whether it was to tell of a change alone, and that has been changed back."""
    if letter.kind != Letter.Kind.CHANGED or not letter.before:
        return False
    return not changes(from_json(letter.before), after, now=now)


def owe_page_link(student: Student, *, channel: str, language: str, now: datetime) -> None:
    """Owe the way to the student's page: one letter by each channel in `PAGE_LINK_EVERY_HOURS`."""
    period = int(now.timestamp()) // (settings.PAGE_LINK_EVERY_HOURS * 3600)
    Letter.objects.bulk_create(
        [
            Letter(
                dedupe_key=f"{Letter.Kind.LINK}:{student.pk}:{channel}:{period}",
                student=student,
                kind=Letter.Kind.LINK,
                channel=channel,
                language=language,
                owed_since=now,
                is_from_public_form=True,
            )
        ],
        ignore_conflicts=True,
    )
