"""What staff correct about a student, and arrange for one."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.norwegian.names import normalise_name
from enrolment.events import log
from enrolment.models import Adjustment, Letter, Student
from enrolment.models.letters import LetterQuerySet
from enrolment.models.students import new_key, normalise_email
from enrolment.services.session_reminders import channel_of_reminders

CORRECTED = (
    *("name", "email", "phone", "channel", "postal_address", "language"),
    *("reminders", "municipality", "wants_news"),
)


@transaction.atomic
def change_contact(
    *, student: Student, by: Any, now: datetime | None = None, **fields: Any
) -> Student:
    """Correct a name, how somebody is reached, or what else they have told (`CORRECTED`).

    Letters not yet sent go the new way. A new e-mail address or phone number renews the
    student's keys: links that were sent to the old one stop working, and so does the address of the
    calendar, which whoever reads letters there could have found. An address that waits to be
    confirmed is given up by a new e-mail address, and where staff (`by`) correct the contact; not
    by the student's own new number. Raises ValidationError where another student is this very
    person.
    """
    current = Student.objects.select_for_update(no_key=True).known().get(pk=student.pk)
    before = (current.email, current.phone)
    for name in CORRECTED:
        if name in fields:
            setattr(current, name, fields[name])
    current.name = " ".join(current.name.split())
    current.name_key = normalise_name(current.name)
    current.email = normalise_email(current.email)
    if (current.email, current.phone) != before:
        current.key, current.calendar_key = new_key(), new_key()
        current.merged_keys.all().delete()
        # Whoever asked for another address may be why staff have to put the number right.
        if by is not None or current.email != before[0]:
            give_up_new_emails(current, now=now or timezone.now())
    current.full_clean()
    current.save()
    own = Letter.objects.unsent().filter(student=current, is_beside=False, address="")
    send_by_channel_of(current, own)
    if "language" in fields:
        current.enrolments.live().update(language=current.language)
    log("changed_contact", current, by=by, now=now)
    return current


def give_up_new_emails(student: Student, *, now: datetime) -> None:
    """Let the student's addresses that were to be confirmed be confirmed no more. Two statements.

    The addresses are emptied, as they are in time. What is not sent yet stays unsent.
    """
    letters = student.letters.filter(kind=Letter.Kind.NEW_EMAIL).exclude(address="")
    letters.unsent().update(overtaken_at=now, overtaken_by=Letter.OvertakenBy.NOTHING_LEFT)
    letters.update(address="")


def send_by_channel_of(student: Student, letters: LetterQuerySet) -> None:
    """Let these unsent letters go by the channel that the student has now, and reminders by the way
    that they have chosen; one that can go by none is overtaken by that. Two statements.
    """
    reminders = letters.filter(kind=Letter.Kind.COMING)
    letters.exclude(kind=Letter.Kind.COMING).update(channel=student.channel)
    # What a worker holds is written for its own channel: an SMS holds no link.
    reminders.filter(claimed_by=None).update(
        channel=channel_of_reminders(student) or student.channel
    )


@transaction.atomic
def use_language(*, student: Student, language: str) -> None:
    """The student has used a page of their own in this language: letters are written in it."""
    Student.objects.filter(pk=student.pk).exclude(language=language).update(language=language)
    student.enrolments.exclude(language=language).update(language=language)


@transaction.atomic
def mark_arranged(
    *, adjustment: Adjustment, is_arranged: bool, by: Any, now: datetime | None = None
) -> Adjustment:
    """Write down that something practical is arranged, or is not after all."""
    current = Adjustment.objects.select_for_update().get(pk=adjustment.pk)
    if bool(current.arranged_at) != is_arranged:
        now = now or timezone.now()
        current.arranged_at = now if is_arranged else None
        current.save(update_fields=["arranged_at"])
        log("arranged" if is_arranged else "not_arranged", current, by=by, now=now)
    return current
