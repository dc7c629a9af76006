"""Letters that a person deals with, by phone or on paper, and letters sent again."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from enrolment import letters
from enrolment.events import log, log_all
from enrolment.models import Letter, Student
from enrolment.models.recipients import channel_of
from enrolment.schedule_changes import programme_of, programmes

# How a letter is that nobody has tried to send.
FRESH: dict[str, Any] = {
    "failed_at": None,
    "attempts": 0,
    "unclear_ends": 0,
    "last_error": "",
    "outcome": "",
    "not_before": None,
    "refused_at": None,
    "written_at": None,
    "is_from_public_form": False,
}


def record_letter_outcomes(*, said: Mapping[int, str], outcome: str, by: Any) -> list[Letter]:
    """Write down how staff dealt with letters. Returns those that are left, because they changed.

    `said` holds, by the letter's key, the fingerprint of what the page or the paper said. A letter
    that says something else by now, or nothing any more, is left as it is, so that nobody counts as
    told of what they were not. Somebody who was not reached stays on the list, whatever was to be
    said. What is dealt with already changes nothing. One more statement for every hundred letters.
    Must be called outside `atomic`: the letters are written before their rows are locked.
    """
    outcome = Letter.Outcome(outcome)
    now = timezone.now()
    wanted = Letter.objects.filter(pk__in=said)
    is_told = outcome != Letter.Outcome.UNREACHED
    to_say = letters.as_of_now(wanted.unsent().still_true()) if is_told else []
    shown = {each.pk: each for each in to_say if letters.fingerprint(each) == said[each.pk]}
    done, left = [], []
    with transaction.atomic():
        rows = wanted.filter(sent_at=None).order_by("pk").select_for_update(of=("self",))
        locked = list(rows.select_related(*Letter.RECIPIENTS))
        still_true = wanted.unsent().still_true().order_by().values_list("pk", flat=True)
        holding = set(still_true) if is_told else set()
        moved = _moved_since(shown.values())
        for current in locked:
            if not is_told:
                if current.overtaken_at is None:
                    current.attempts += 1
                    done.append(current)
                continue
            written = shown.get(current.pk)
            if written is None or current.pk not in holding or current.pk in moved:
                left.append(current)
                continue
            current.language, current.text = written.language, written.text
            current.subject, current.written_at, current.sent_at = written.subject, now, now
            done.append(current)
        for current in done:
            current.outcome = outcome
        Letter.objects.bulk_update(
            done,
            ["outcome", "attempts", "sent_at", "language", "subject", "text", "written_at"],
            batch_size=100,
        )
        if outcome == Letter.Outcome.REACHED:
            _spare_them_the_same(done, now=now)
        log_all(f"letter_{outcome}", done, by=by, now=now)
    return left


def _moved_since(written: Collection[Letter]) -> set[int]:
    """Keys of letters with another time or place than their runs have now. At most one query.

    A change that was announced meanwhile found them untold, and owes nobody another letter.
    """
    runs = {each.about_run.pk: each.about_run for each in written if each.about_run}
    now = programmes(runs.keys())
    moved = {pk for pk, run in runs.items() if programme_of(run) != now[pk]}
    return {each.pk for each in written if each.about_run and each.about_run.pk in moved}


@transaction.atomic
def take_back_letter_outcomes(*, letters: Collection[int], by: Any) -> list[Letter]:
    """Undo «told» or «posted»: the letters wait again, with what was spared them by it.

    Nobody was told: it was pressed by mistake. Left as it is where something else was owed to the
    same person about the same run since (that counts on what they were told), and where it does
    not hold any more. Returns the letters that wait again, with those they are to.
    """
    since = Letter.objects.filter(owed_since__gt=OuterRef("sent_at")).order_by()
    newer = since.filter(
        Q(student=OuterRef("student"), enrolment__run=OuterRef("enrolment__run"))
        | Q(tutor=OuterRef("tutor"), run=OuterRef("run"))
        | Q(interest=OuterRef("interest"))
    )
    told = [Letter.Outcome.REACHED, Letter.Outcome.POSTED]
    holding = Letter.objects.filter(pk__in=letters).still_true().order_by().values("pk")
    rows = Letter.objects.filter(pk__in=holding, outcome__in=told, sent_at__isnull=False)
    # Whoever has asked anew is told of the next run by a letter of its own.
    rows = rows.exclude(interest__isnull=False, interest__told_at__isnull=True)
    found = list(
        rows.filter(~Exists(newer))
        .select_for_update(of=("self",))
        .select_related(*Letter.RECIPIENTS, "enrolment")
        .order_by("pk")
    )
    moments = {each.sent_at for each in found}
    spared = Letter.objects.filter(
        overtaken_by=Letter.OvertakenBy.FOLDED,
        overtaken_at__in=moments,
        student__in={each.student_id for each in found if each.student_id is not None},
        enrolment__run__in={each.enrolment.run_id for each in found if each.enrolment is not None},
    )
    spared.update(overtaken_at=None, overtaken_by="")
    waiting_again = {"sent_at": None, "outcome": "", "written_at": None, "subject": "", "text": ""}
    for each in found:
        if each.kind != Letter.Kind.LINK:  # that one answers a page in its language
            each.language = ""
        for name, value in waiting_again.items():
            setattr(each, name, value)
    Letter.objects.bulk_update(found, [*waiting_again, "language"], batch_size=100)
    log_all("took_back_letter", found, by=by)
    return found


def _spare_them_the_same(told: Collection[Letter], *, now: datetime) -> None:
    """Whoever was told by telephone needs no SMS, no news of a change, and no second call.

    About the same run, that is. To tutors there is one letter of each kind at most. One statement.
    """
    keys = [each.pk for each in told]
    about_the_run = Letter.objects.filter(
        pk__in=keys, student=OuterRef("student"), enrolment__run=OuterRef("enrolment__run")
    ).order_by()
    says_the_same = Exists(about_the_run.filter(kind=OuterRef("kind")))
    same = Letter.objects.unsent().exclude(pk__in=keys).filter(Exists(about_the_run))
    same.filter(
        Q(channel=Letter.Channel.SMS)
        | Q(kind=Letter.Kind.CHANGED)
        | Q(says_the_same, failed_at__isnull=False),
        claimed_by=None,
    ).update(overtaken_at=now, overtaken_by=Letter.OvertakenBy.FOLDED)


@transaction.atomic
def send_again(*, letter: Letter, by: Any) -> Letter:
    """Try a letter that did not arrive once more, by the channel that they have now.

    Since when it waits stays as it was; and it need not take its turn.
    """
    current = (
        Letter.objects.select_for_update(of=("self",))
        .select_related(*Letter.RECIPIENTS)
        .get(pk=letter.pk)
    )
    if current.sent_at is not None or current.overtaken_at is not None:
        return current
    if current.student is not None and not current.is_beside:
        current.channel = current.student.channel
    elif current.tutor is not None:
        current.channel = channel_of(current.tutor)
    elif current.interest is not None:
        current.channel = channel_of(current.interest)
    current.claimed_by = None
    for name, value in FRESH.items():
        setattr(current, name, value)
    current.save(update_fields=["channel", "claimed_by", *FRESH])
    log("sent_again", current, by=by)
    return current


@transaction.atomic
def send_all_again(*, by: Any) -> int:
    """The mail server is mended: try every e-mail that was refused or put off at once.

    Returns how many. What a worker holds just now is its own.
    """
    stuck = Letter.objects.unsent().filter(channel=Student.Channel.EMAIL, claimed_by=None)
    found = list(
        stuck.exclude(last_error="").order_by("pk").select_for_update(of=("self",)).only("pk")
    )
    Letter.objects.filter(pk__in=[each.pk for each in found]).update(**FRESH)
    log_all("sent_again", found, by=by)
    return len(found)
