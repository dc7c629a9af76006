"""The outbox: letters that a person deals with, by phone or on paper, and letters sent again."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from enrolment import letters
from enrolment.events import log
from enrolment.models import Letter
from enrolment.services import errors


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
        current.text = still[0].text
    current.outcome = Letter.Outcome(outcome)
    if current.outcome == Letter.Outcome.UNREACHED:
        current.attempts += 1
    else:
        current.sent_at = timezone.now()
    current.save(update_fields=["outcome", "attempts", "sent_at", "text"])
    log(f"letter_{current.outcome}", current, by=by)
    return current


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
    current.channel = current.student.channel
    current.claimed_at = current.failed_at = None
    current.attempts, current.last_error, current.outcome = 0, "", ""
    current.not_before = current.refused_at = None
    current.is_from_public_form = False
    current.save(
        update_fields=[
            "channel",
            "claimed_at",
            "failed_at",
            "attempts",
            "last_error",
            "outcome",
            "not_before",
            "refused_at",
            "is_from_public_form",
        ]
    )
    log("sent_again", current, by=by)
    return current
