"""Two records of one person become one: their sign-ups, letters, keys and contact.

Attendance and certificates come first, from the app above, and then what stands here: together
they are `recoverycollege.people.merging`, which locks everything and reads it again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.models import CourseRun
from enrolment.events import log
from enrolment.models import (
    Adjustment,
    Enrolment,
    Event,
    Letter,
    MergedKey,
    MergedRecord,
    Message,
    RepeatedSubmission,
    Student,
)
from enrolment.models.students import new_key
from enrolment.services.overtaken_letters import overtake
from enrolment.services.queue import fill, save_counters
from enrolment.services.students import give_up_new_emails, send_by_channel_of

CONTACT = ("email", "phone", "postal_address")
# Whoever reads what is sent there may have a link.
GIVEN_UP = ("email", "phone")


@dataclass(frozen=True)
class LiveTwice:
    """Both records of a person live on one run: which enrolment stays, and which one goes.

    A place over a wait; else the earlier one.
    """

    stays: Enrolment
    goes: Enrolment

    @property
    def places(self) -> int:
        """For how many it is afterwards. Of two places, the companion's seat is kept.

        Else as it was: a wait is not for more people than it was written up for, since they would
        pass others, and no other seat is theirs.
        """
        if self.stays.has_place and self.goes.has_place:
            return max(self.stays.places, self.goes.places)
        return self.stays.places

    @property
    def seats_freed(self) -> int:
        taken = sum(each.places for each in (self.stays, self.goes) if each.has_place)
        return taken - (self.places if self.stays.has_place else 0)


@dataclass(frozen=True)
class MergedContact:
    """How somebody is reached afterwards, and what nobody uses any more: (whose, field)."""

    fields: Mapping[str, str]
    given_up: tuple[tuple[Student, str], ...]


def live_twice(live: Iterable[Enrolment]) -> list[LiveTwice]:
    """Of live enrolments of two records, the pairs on one run, by the run's key. No query."""
    by_run: dict[int, list[Enrolment]] = {}
    for each in live:
        by_run.setdefault(each.run_id, []).append(each)
    pairs = []
    for _run, found in sorted(by_run.items()):
        if len(found) == 2:
            stays, goes = sorted(found, key=lambda each: (not each.has_place, each.pk))
            pairs.append(LiveTwice(stays, goes))
    return pairs


def merged_contact(kept: Student, gone: Student, *, take: Iterable[str] = ()) -> MergedContact:
    """What the kept record has, and what it lacks from the other one; no query.

    `take` names what is taken from the other though the kept one has it, too. Channel, language and
    news stay as the kept one has them; the channel of somebody who could not be reached is the
    other's.
    """
    fields, given_up, wanted = {}, [], set(take)
    for name in CONTACT:
        own, other = getattr(kept, name), getattr(gone, name)
        takes = bool(other) and (not own or name in wanted)
        fields[name] = other if takes else own
        if name in GIVEN_UP and own and other and own != other:
            given_up.append((kept if takes else gone, name))
    is_unreachable = kept.channel == Student.Channel.NONE
    fields["channel"] = gone.channel if is_unreachable else kept.channel
    fields["municipality"] = kept.municipality or gone.municipality
    return MergedContact(fields, tuple(given_up))


def lock_students(*students: Student) -> list[Student]:
    """Their rows as they are now, by key, locked until the transaction ends; the known ones."""
    rows = Student.objects.select_for_update().order_by("pk")
    return list(rows.known().filter(pk__in=[each.pk for each in students]))


@transaction.atomic
def merge_students(
    *,
    kept: Student,
    gone: Student,
    runs: Mapping[int, CourseRun],
    take: Iterable[str] = (),
    links_end: bool = False,
    by: Any,
    now: datetime | None = None,
) -> Student:
    """Let the enrolments, letters and keys of one record be the other's, and delete its row.

    `runs` are all that either has an enrolment in, locked; both students must be locked, too, and
    nothing but what stands here may point at the row that goes. Where both live on a run, one
    enrolment stays (`LiveTwice`); the other is withdrawn with an event and no letter, and the queue
    fills. Letters that nobody needs any more are overtaken. The row's keys lead to the kept one;
    with `links_end`, those of a record whose address or number is given up open nothing more.
    Raises ValidationError where a third record has the name and contact.
    """
    now = now or timezone.now()
    contact = merged_contact(kept, gone, take=take)
    live = Enrolment.objects.live().filter(student__in=[kept, gone])
    touched = []
    for pair in live_twice(live):
        run = runs[pair.stays.run_id]
        _let_go(pair, run, by=by, now=now)
        touched.append(run)
    gone.enrolments.live().update(language=kept.language)
    gone.enrolments.update(student=kept)
    Letter.objects.filter(student=gone).update(student=kept)
    Event.objects.filter(subject="student", subject_id=gone.pk).update(subject_id=kept.pk)
    _hand_over_keys(kept, gone, ending=contact.given_up if links_end else (), now=now)
    gone.merged_records.update(student=kept)
    MergedRecord.objects.create(student=kept, number=gone.pk, made_at=gone.created_at)
    gone.delete()
    for name, value in contact.fields.items():
        setattr(kept, name, value)
    if Student.Reminders.NONE in (kept.reminders, gone.reminders):
        kept.reminders = Student.Reminders.NONE
    kept.merged_at = now
    kept.kept_at = max(filter(None, (kept.kept_at, gone.kept_at)), default=None)
    kept.full_clean()
    kept.save()
    log("merged", kept, by=by, now=now)
    _tidy_letters(kept)
    for run in touched:
        fill(run, now=now)
    return kept


def _let_go(pair: LiveTwice, run: CourseRun, *, by: Any, now: datetime) -> None:
    """Withdraw the surplus enrolment, and let what hangs on it hang on the one that stays."""
    stays, goes = pair.stays, pair.goes
    run.places_taken -= pair.seats_freed
    run.waiting -= sum(each.is_waiting for each in (stays, goes)) - stays.is_waiting
    save_counters(run)
    stays.places = pair.places
    stays.save(update_fields=["places"])
    goes.status = Enrolment.Status.WITHDRAWN
    goes.withdrawn_at, goes.merged_into = now, stays
    goes.save(update_fields=["status", "withdrawn_at", "merged_into"])
    log("merged_place", goes, by=by, now=now)
    Enrolment.objects.filter(merged_into=goes).update(merged_into=stays)
    RepeatedSubmission.objects.filter(enrolment=goes).update(enrolment=stays)
    Message.objects.filter(enrolment=goes).update(enrolment=stays)
    _hand_over_adjustments(pair)
    # What staff wrote to the one that goes alone is still to be told. Everything else is said in
    # what the other one was, or is, told.
    unsent = Letter.objects.unsent().filter(enrolment=goes)
    has_got = Letter.objects.filter(enrolment=stays, overtaken_at=None, message__isnull=False)
    unsent.filter(message__isnull=False).exclude(
        message__in=list(has_got.values_list("message", flat=True))
    ).update(enrolment=stays)
    unsent.update(overtaken_at=now, overtaken_by=Letter.OvertakenBy.FOLDED)


def _hand_over_adjustments(pair: LiveTwice) -> None:
    """All of them, also beyond `ADJUSTMENTS_KEPT`; the same words once, arranged if one is."""
    kept = {each.text: each for each in pair.stays.adjustments.all()}
    for each in pair.goes.adjustments.all():
        same = kept.get(each.text)
        if same is None:
            Adjustment.objects.filter(pk=each.pk).update(enrolment=pair.stays)
            continue
        if same.arranged_at is None and each.arranged_at is not None:
            Adjustment.objects.filter(pk=same.pk).update(arranged_at=each.arranged_at)
        Event.objects.filter(subject="adjustment", subject_id=each.pk).update(subject_id=same.pk)
        each.delete()


def _hand_over_keys(
    kept: Student, gone: Student, *, ending: Iterable[tuple[Student, str]], now: datetime
) -> None:
    """Let the keys of the row that goes lead to the kept one, but for those that end.

    Where one ends, so do the addresses that either was to confirm.
    """
    ended = {student.pk for student, _name in ending}
    if ended:
        give_up_new_emails(kept, now=now)
    if kept.pk in ended:
        kept.key, kept.calendar_key = new_key(), new_key()
        kept.merged_keys.all().delete()
    if gone.pk in ended:
        return  # its merged keys go with the row
    gone.merged_keys.update(student=kept)
    MergedKey.objects.bulk_create(
        MergedKey(student=kept, key=key, is_calendar=is_calendar, merged_at=now)
        for key, is_calendar in ((gone.key, False), (gone.calendar_key, True))
    )


def _tidy_letters(kept: Student) -> None:
    """What is still to be told goes by the kept record's channel, once, and if it still holds."""
    unsent = Letter.objects.unsent().filter(student=kept)
    links = unsent.filter(kind=Letter.Kind.LINK)
    news = unsent.filter(is_beside=False, address="").exclude(kind=Letter.Kind.LINK)
    send_by_channel_of(kept, news)
    reachable = {"email": kept.email, "phone": kept.phone, "paper": kept.postal_address}
    links.exclude(channel__in=[name for name, value in reachable.items() if value]).update(
        channel=kept.channel
    )
    newest = {each.channel: each.pk for each in links.order_by("pk")}
    links.exclude(pk__in=newest.values()).update(
        overtaken_at=timezone.now(), overtaken_by=Letter.OvertakenBy.FOLDED
    )
    free = unsent.filter(claimed_by=None)
    overtake(free.exclude(pk__in=Letter.objects.unsent().still_true().values("pk")))
