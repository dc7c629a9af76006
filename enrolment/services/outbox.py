"""The outbox: letters that a person deals with, by phone or on paper, and letters sent again."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from enrolment.events import log
from enrolment.models import Letter


@transaction.atomic
def record_letter_outcome(*, letter: Letter, outcome: str, by: Any) -> Letter:
    """Write down how staff dealt with a letter. Somebody who was not reached stays on the list.

    Recording for a letter that is dealt with already changes nothing.
    """
    current = Letter.objects.select_for_update().get(pk=letter.pk)
    if current.sent_at is not None:
        return current
    current.outcome = Letter.Outcome(outcome)
    if current.outcome == Letter.Outcome.UNREACHED:
        current.attempts += 1
    else:
        current.sent_at = timezone.now()
    current.save(update_fields=["outcome", "attempts", "sent_at"])
    log(f"letter_{current.outcome}", current, by=by)
    return current


@transaction.atomic
def send_again(*, letter: Letter, by: Any) -> Letter:
    """Try a letter that did not arrive once more, by the channel the student has now."""
    current = (
        Letter.objects.select_for_update(of=("self",)).select_related("student").get(pk=letter.pk)
    )
    if current.sent_at is not None:
        return current
    current.channel = current.student.channel
    current.claimed_at = current.failed_at = None
    current.attempts, current.last_error, current.outcome = 0, "", ""
    current.due_at = timezone.now()
    current.save(
        update_fields=[
            "channel",
            "claimed_at",
            "failed_at",
            "attempts",
            "last_error",
            "outcome",
            "due_at",
        ]
    )
    log("sent_again", current, by=by)
    return current
