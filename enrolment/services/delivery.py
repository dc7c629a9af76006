"""Sending what waits in the outbox by e-mail.

A letter is claimed in one statement of its own, sent outside any transaction, then marked: two
workers never hold the same letter, and no network call keeps the database waiting.
"""

import logging
import smtplib
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.models import F
from django.utils import timezone

from enrolment import letters
from enrolment.models import Letter

logger = logging.getLogger(__name__)

# How long to wait after the first, second, … attempt that failed.
BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
MARKING_ATTEMPTS = 3


class NoAddress(Exception):
    """The student has no e-mail address any more."""


def send_due(
    *, limit: int = 100, is_stopping: Callable[[], bool] = lambda: False
) -> tuple[int, int]:
    """Send up to `limit` letters that are due. Returns how many were sent, and how many were not.

    A letter that the receiver refuses for good, or that failed `LETTER_ATTEMPTS` times, is given
    up: it appears on the call list. Others are tried again later. Where the mail server itself
    does not let us in, no letter is at fault: all wait, for as long as it takes. Must be called
    outside `atomic`.
    """
    sent = failed = 0
    mailer = get_connection()
    try:
        while sent + failed < limit and not is_stopping():
            letter = claim()
            if letter is None:
                break
            try:
                mailer.open()
            except Exception as error:  # no such host, no answer, no TLS, no sign-in, …
                _put_off(letter, error)
                failed += 1
                break
            try:
                if not letter.student.email:
                    raise NoAddress
                mailer.send_messages([letters.as_email(letter)])
            except DatabaseError:
                raise
            except smtplib.SMTPSenderRefused as error:  # the college's address, so every letter's
                _put_off(letter, error)
                failed += 1
                break
            except Exception as error:  # whatever stops one letter must not stop the others
                mailer.close()
                _mark_failed(letter, error)
                failed += 1
            else:
                _mark_sent(letter)
                sent += 1
    finally:
        mailer.close()
    return sent, failed


def claim() -> Letter | None:
    """Take the letter that has been due longest into this worker's hands; None where none is.

    The conditional update decides between workers: whoever comes second finds the condition gone.
    """
    while True:
        now = timezone.now()
        due = Letter.objects.to_send(now)
        pk = due.values_list("pk", flat=True).first()
        if pk is None:
            return None
        if due.order_by().filter(pk=pk).update(claimed_at=now, attempts=F("attempts") + 1):
            return Letter.objects.select_related("student", "enrolment__student").get(pk=pk)


def is_permanent(error: Exception) -> bool:
    """Whether trying again is of no use: the receiver's answer begins with 5, or no such address.

    A server that refuses the sender or the sign-in refuses everybody's letters: that is mended by
    the college, not by giving up the letters.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, NoAddress | smtplib.SMTPNotSupportedError | ValueError)


def describe(error: Exception) -> str:
    """The kind of error and the server's code. Its words may hold an address, so they stay out."""
    codes: list[int] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    return " ".join([type(error).__name__, *map(str, codes)])[:200]


def _mark_sent(letter: Letter) -> None:
    """Tried again where the database is away for a moment: unmarked, it would be sent twice."""
    for attempt in range(1, MARKING_ATTEMPTS + 1):
        try:
            Letter.objects.filter(pk=letter.pk).update(
                sent_at=timezone.now(), claimed_at=None, last_error=""
            )
        except DatabaseError:
            if attempt == MARKING_ATTEMPTS or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(attempt)
        else:
            return


def _put_off(letter: Letter, error: Exception) -> None:
    """Everything due waits a little. The attempt does not count."""
    now = timezone.now()
    logger.warning("The mail server takes no letters: %s", describe(error))
    Letter.objects.filter(pk=letter.pk, claimed_at=letter.claimed_at).update(
        claimed_at=None, attempts=F("attempts") - 1, last_error=describe(error)
    )
    Letter.objects.to_send(now).order_by().update(due_at=now + BACK_OFF[0])


def _mark_failed(letter: Letter, error: Exception) -> None:
    now = timezone.now()
    gives_up = is_permanent(error) or letter.attempts >= settings.LETTER_ATTEMPTS
    due_at: datetime = now + BACK_OFF[min(letter.attempts, len(BACK_OFF)) - 1]
    logger.warning("Letter %s was not sent: %s", letter.pk, describe(error))
    Letter.objects.filter(pk=letter.pk, claimed_at=letter.claimed_at).update(
        claimed_at=None,
        last_error=describe(error),
        due_at=letter.due_at if gives_up else due_at,
        failed_at=now if gives_up else None,
    )
