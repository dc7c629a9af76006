"""Letters that a person deals with, by phone or on paper, and letters sent again."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from enrolment import letters
from enrolment.events import log, log_all
from enrolment.models import Letter, Student
from enrolment.services import errors

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


@transaction.atomic
def record_letter_outcome(*, letter: Letter, outcome: str, by: Any, said: str = "") -> Letter:
    """Write down how staff dealt with a letter. Somebody who was not reached stays on the list.

    Recording for a letter that is dealt with already changes nothing. `said` is the fingerprint of
    what the page showed: raises LetterChanged where the letter says something else by now, so that
    nobody counts as told of what they were not.
    """
    current = Letter.objects.select_for_update().get(pk=letter.pk)
    if current.sent_at is not None:
        return current
    if outcome != Letter.Outcome.UNREACHED:
        still = letters.as_of_now(Letter.objects.unsent().still_true().filter(pk=letter.pk))
        if not still or (said and said != letters.fingerprint(still[0])):
            raise errors.LetterChanged
        current.language, current.text = still[0].language, still[0].text
        current.subject, current.written_at = still[0].subject, timezone.now()
    current.outcome = Letter.Outcome(outcome)
    if current.outcome == Letter.Outcome.UNREACHED:
        current.attempts += 1
    else:
        current.sent_at = timezone.now()
    current.save(
        update_fields=[
            "outcome",
            "attempts",
            "sent_at",
            "language",
            "subject",
            "text",
            "written_at",
        ]
    )
    if current.outcome == Letter.Outcome.REACHED and current.enrolment:
        _spare_them_the_same(current, run_id=current.enrolment.run_id)
    log(f"letter_{current.outcome}", current, by=by)
    return current


def _spare_them_the_same(told: Letter, *, run_id: int) -> None:
    """Whoever was told by telephone needs no SMS, no news of a change, and no second call."""
    same = Letter.objects.unsent().filter(
        student=told.student_id, enrolment__run=run_id, claimed_by=None
    )
    same.filter(
        Q(channel=Letter.Channel.SMS)
        | Q(kind=Letter.Kind.CHANGED)
        | Q(kind=told.kind, failed_at__isnull=False)
    ).update(overtaken_at=timezone.now(), overtaken_by=Letter.OvertakenBy.FOLDED)


@transaction.atomic
def send_again(*, letter: Letter, by: Any) -> Letter:
    """Try a letter that did not arrive once more, by the channel the student has now.

    Since when it waits stays as it was; and it need not take its turn.
    """
    current = (
        Letter.objects.select_for_update(of=("self",)).select_related("student").get(pk=letter.pk)
    )
    if current.sent_at is not None or current.overtaken_at is not None:
        return current
    if current.student is not None and not current.is_beside:
        current.channel = current.student.channel
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
    found = list(stuck.exclude(last_error="").select_for_update(of=("self",)).only("pk"))
    Letter.objects.filter(pk__in=[each.pk for each in found]).update(**FRESH)
    log_all("sent_again", found, by=by)
    return len(found)
