"""What students correct about themselves, on their own page.

A name, a phone number, the channel and the language count at once. An e-mail address is the way to
the page itself, so a new one counts when its own letter has been opened and its button pressed, by
somebody who knows the student's name: a mistyped address is a stranger's. Whoever reads at the old
one is told. A number opens nothing by itself: it is dialled, and whoever
corrects it came in by their e-mail, where the change is told, too.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from courses.norwegian.names import normalise_name
from enrolment.models import Letter, Student
from enrolment.models.students import normalise_email
from enrolment.services import errors
from enrolment.services.students import change_contact


@transaction.atomic
def correct_own(*, student: Student, now: datetime | None = None, **fields: Any) -> Student:
    """Correct what counts at once: see `change_contact`, which it raises the errors of.

    A new phone number renews the student's keys, and is told by e-mail; an address that waits to be
    confirmed still does. Raises Student.DoesNotExist where the student has been erased meanwhile.
    """
    phone = Student.objects.select_for_update(no_key=True).known().get(pk=student.pk).phone
    current = change_contact(student=student, by=None, now=now, **fields)
    if current.phone != phone:
        _tell(current, of="phone", at=current.email, now=now or timezone.now())
    return current


@transaction.atomic
def ask_for_new_email(*, student: Student, email: str, now: datetime | None = None) -> Letter:
    """Owe the letter by which this address is confirmed. Nothing else changes yet.

    Only the newest such letter counts. Raises TooManyAddresses beyond `NEW_EMAILS_A_DAY`: nobody
    sends our letters to strangers; Student.DoesNotExist where the student has been erased.
    """
    now = now or timezone.now()
    current = Student.objects.select_for_update(no_key=True).known().get(pk=student.pk)
    asked = current.letters.filter(
        kind=Letter.Kind.NEW_EMAIL, owed_since__gt=now - timedelta(days=1)
    )
    if asked.count() >= settings.NEW_EMAILS_A_DAY:
        raise errors.TooManyAddresses
    current.letters.unsent().filter(kind=Letter.Kind.NEW_EMAIL).update(
        overtaken_at=now, overtaken_by=Letter.OvertakenBy.FOLDED
    )
    return Letter.objects.create(
        kind=Letter.Kind.NEW_EMAIL,
        student=current,
        channel=Letter.Channel.EMAIL,
        address=normalise_email(email),
        dedupe_key=f"{Letter.Kind.NEW_EMAIL}:{uuid.uuid4().hex}",
        owed_since=now,
    )


def new_email_of(student: Student, *, now: datetime | None = None) -> Letter | None:
    """The letter by which a new address is to be confirmed; None where there is none. One query."""
    since = (now or timezone.now()) - timedelta(days=settings.NEW_EMAIL_DAYS)
    newest = student.letters.filter(kind=Letter.Kind.NEW_EMAIL).order_by("-pk").first()
    if newest is None or newest.owed_since < since:
        return None
    return newest if newest.address not in ("", student.email) else None


@transaction.atomic
def confirm_new_email(
    *, student: Student, letter: Letter, name: str | None, now: datetime | None = None
) -> Student:
    """Let the address that the letter went to count, which renews the student's keys.

    `name` is what whoever opened the letter's link says that they are called; None where the
    student has come in to their page beside that. The old address is told. Raises WrongName, what
    `change_contact` raises, and NotLive where another letter counts by now, or the student has been
    erased.
    """
    now = now or timezone.now()
    current = Student.objects.select_for_update(no_key=True).known().filter(pk=student.pk).first()
    if current is None or new_email_of(current, now=now) != letter:
        raise errors.NotLive
    if name is not None and normalise_name(name) != current.name_key:
        raise errors.WrongName
    old = current.email
    changed = change_contact(student=current, by=None, now=now, email=letter.address)
    _tell(changed, of="email", at=old, now=now)
    return changed


def purge_new_emails(*, now: datetime, dry_run: bool = False) -> int:
    """Empty addresses that letters went to beside the student's own, `NEW_EMAIL_DAYS` afterwards.

    Nobody has confirmed them by then, or they are the student's own, or were.
    """
    old = Letter.objects.exclude(address="").filter(
        owed_since__lt=now - timedelta(days=settings.NEW_EMAIL_DAYS)
    )
    if dry_run:
        return old.count()
    old.unsent().update(overtaken_at=now, overtaken_by=Letter.OvertakenBy.NOTHING_LEFT)
    return old.update(address="")


def _tell(student: Student, *, of: str, at: str, now: datetime) -> None:
    """Owe the news that the `phone` or `email` has changed, to an address of before or of now.

    Which of them stands in its key (`Letter.tells_of_phone`): when the letter is written, the
    student may have yet another address.
    """
    if not at:
        return
    Letter.objects.create(
        kind=Letter.Kind.CONTACT,
        student=student,
        channel=Letter.Channel.EMAIL,
        address=at,
        dedupe_key=f"{Letter.Kind.CONTACT}:{of}:{uuid.uuid4().hex}",
        owed_since=now,
    )
