"""What staff write to people on a run: kept as a draft, then sent once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.models import CourseRun
from courses.services import lock_run
from enrolment.events import log
from enrolment.letters import tidy
from enrolment.models import Enrolment, Letter, Message
from enrolment.services import errors
from enrolment.services.outbox import owe


def check_can_be_told(run: CourseRun, now: datetime | None = None) -> None:
    """Raise RunCancelled or RunFinished where nobody on the run is written to any more."""
    if run.is_cancelled:
        raise errors.RunCancelled
    if run.is_finished(now):
        raise errors.RunFinished


@transaction.atomic
def save_message(
    *,
    run: CourseRun,
    submission: UUID,
    audience: str,
    text: str,
    language: str,
    enrolment: Enrolment | None = None,
    seen: datetime | None = None,
    by: Any,
    now: datetime | None = None,
) -> Message:
    """Keep a draft, new or changed; nobody is told of it. Saving twice is saving once.

    `submission` is the form's: the draft is found by it. `seen` is when the draft was last changed,
    as far as the page knew: raises MessageChanged where a colleague has changed it since. Raises
    MessageSent, and ValidationError where a rule is broken.
    """
    lock_run(run.pk)
    now = now or timezone.now()
    message = Message.objects.filter(run=run, submission=submission).first()
    if message is None:
        message = Message(run=run, submission=submission, created_at=now)
    answers = {
        "audience": audience,
        "text": tidy(text),
        "language": language,
        "enrolment": enrolment,
    }
    is_new = message.pk is None
    if not is_new and all(getattr(message, name) == value for name, value in answers.items()):
        return message
    if message.is_sent:
        raise errors.MessageSent
    # One's own older page is no colleague's: somebody went back and wrote on.
    if not is_new and message.changed_at != seen and message.written_by != by:
        raise errors.MessageChanged
    for name, value in answers.items():
        setattr(message, name, value)
    message.written_by, message.changed_at = by, now
    message.full_clean()
    message.save()
    return message


@transaction.atomic
def delete_draft(*, message: Message) -> None:
    """Delete a draft. Deleting twice is deleting once. Raises MessageSent."""
    lock_run(message.run_id)
    current = Message.objects.filter(pk=message.pk).first()
    if current is None:
        return
    if current.is_sent:
        raise errors.MessageSent
    current.delete()


@transaction.atomic
def send_message(
    *, message: Message, by: Any, seen: datetime | None = None, now: datetime | None = None
) -> Message:
    """Owe everybody whom it is to a letter with these words. Sending twice is sending once.

    They are told by their own channel; how many stands on the message. `seen` is when the draft
    was last changed, as far as the page knew: raises MessageChanged where it says something else by
    now. Raises RunCancelled, RunFinished and NobodyToTell.
    """
    run = lock_run(message.run_id)
    current = Message.objects.get(pk=message.pk)
    if current.is_sent:
        return current
    if seen is not None and seen != current.changed_at:
        raise errors.MessageChanged
    now = now or timezone.now()
    check_can_be_told(run, now)
    people = list(current.people().select_related("student"))
    told = owe(Letter.Kind.MESSAGE, people, occasion=str(current.pk), message=current, now=now)
    if not told:
        raise errors.NobodyToTell
    current.sent_at, current.sent_to = now, told
    current.save(update_fields=["sent_at", "sent_to"])
    log("sent_message", current, by=by, now=now)
    return current
