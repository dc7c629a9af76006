"""Sending what waits in the outbox by e-mail, and by SMS beside it.

A letter is claimed in a short transaction, written with the facts of the moment, sent outside any
transaction, then marked: two workers never hold the same letter, nor two to the same person, and
no network call keeps the database waiting.
"""

import logging
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Case, F, Max, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from courses.models import Tutor
from enrolment import emails, letters, sms
from enrolment.models import Letter, LettersWorker, Recipient, Student
from enrolment.models.letters import LetterQuerySet
from enrolment.services.delivery_errors import NoAddress, describe, is_permanent, is_unclear
from enrolment.services.overtaken_letters import overtake

logger = logging.getLogger(__name__)

# How long to wait after the first, second, … attempt that failed.
BACK_OFF = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)]
MARKING_ATTEMPTS = 3
AN_HOUR = timedelta(hours=1)
# After so many tries of which nobody knows whether they arrived, a letter is a line for staff.
UNCLEAR_ENDS = 2
UNCLEAR = "Unclear"


@dataclass
class Claimed:
    """A letter in this worker's hands, and older ones to the same student that go with it."""

    letter: Letter
    folded: list[Letter]

    @property
    def is_sms(self) -> bool:
        return self.letter.channel == Letter.Channel.SMS

    @property
    def keys(self) -> list[int]:
        return [self.letter.pk, *(each.pk for each in self.folded)]


def send_due(
    *, worker: UUID | None = None, limit: int = 100, is_stopping: Callable[[], bool] = lambda: False
) -> tuple[int, int]:
    """Send up to `limit` letters that are due. Returns how many were sent, and how many were not.

    A letter that the receiver refuses for good, or that failed `LETTER_ATTEMPTS` times, is given
    up: it appears on the call list. Others are tried again later. Where the mail server itself
    does not let us in, or refuses `SAME_REFUSALS` people in a row with the same answer, no letter
    is at fault: all wait, for as long as it takes. Where the line breaks while a letter is under
    way, nobody knows whether it arrived: the same bytes go once more, if they still hold, and after
    that it is a line for staff. An SMS never goes twice, and is given up in silence: whoever it is
    to stands on the call list already. Must be called outside `atomic`; several threads may call it
    at once. `worker` is a `LettersWorker` that says itself that it lives; without one, this call
    does.
    """
    own = None
    if worker is None:
        own = LettersWorker.objects.create()
        worker = own.key
    sent = failed = 0
    mailer = get_connection()
    try:
        while sent + failed < limit and not is_stopping():
            if own is not None:
                own.seen_at = timezone.now()
                own.save(update_fields=["seen_at"])
            claimed = claim(worker)
            if claimed is None:
                break
            try:
                if not claimed.is_sms:
                    mailer.open()
            except Exception as error:  # no such host, no answer, no TLS, no sign-in, …
                put_off(claimed, error)
                failed += 1
                break
            # Written as late as can be: with the facts of now, or not at all.
            message = compose(claimed)
            if message is None:
                continue
            try:
                if isinstance(message, Exception):
                    raise message
                _send(message, claimed.letter.recipient, mailer=mailer)
            except DatabaseError:
                raise
            except sms.SmsNotTaken as error:
                put_off(claimed, error)
                failed += 1
            except smtplib.SMTPSenderRefused as error:  # the college's address, so every letter's
                put_off(claimed, error)
                failed += 1
                break
            except Exception as error:  # whatever stops one letter must not stop the others
                mailer.close()
                failed += 1
                if mark_failed(claimed, error):
                    break
            else:
                mark_sent(claimed)
                sent += 1
    finally:
        mailer.close()
        if own is not None:
            own.delete()
    return sent, failed


def _send(message: EmailMessage | str, to: Recipient, *, mailer: Any) -> None:
    """Send an e-mail, or an SMS. Raises NoAddress, or what the server's answer calls for."""
    if isinstance(message, str):
        if not to.phone:
            raise NoAddress
        sms.send(to=to.phone, text=message)
    else:
        if not to.email:
            raise NoAddress
        mailer.send_messages([message])


def claim(worker: UUID) -> Claimed | None:
    """Take the letter that is next into this worker's hands; None where none is.

    Whoever claims holds the rows of everybody at the letter's address meanwhile, or the tutor's, so
    that two workers count to the same number, and never hold two letters to one student or tutor.

    At most `LETTERS_AN_HOUR` letters from public forms go to one address in an hour, whatever names
    were written with it. Where more wait than that, a person's letters go as one, and the rest
    waits until the first of them is an hour old. What staff write, and news of a place
    that was withdrawn, changed, cancelled or came free, neither waits for that nor counts.
    """
    while True:
        now = timezone.now()
        due = Letter.objects.to_send(now)
        found = due.values_list(
            "pk", "student", "student__email", "tutor", "is_from_public_form"
        ).first()
        if found is None:
            return None
        pk, student, email, tutor, is_public = found
        with transaction.atomic():
            people: list[int] = []
            if student is not None:
                people = _hold_people_at(email) if email else _hold_people(student)
            elif tutor is not None:
                list(Tutor.objects.select_for_update(no_key=True).order_by().filter(pk=tutor))
            folded: list[Letter] = []
            if is_public and email:
                left = _hold_back(people, due, now=now)
                if left <= 0:
                    continue
                waiting = due.filter(is_from_public_form=True, student__in=people)
                if waiting.order_by().count() > left:
                    folded = list(waiting.filter(student=student).exclude(pk=pk).order_by("pk"))
            if not _take(due.filter(pk=pk), worker, now=now):
                continue
            _take(Letter.objects.filter(pk__in=[each.pk for each in folded]), worker, now=now)
            letter = Letter.objects.select_related(*Letter.RECIPIENTS).get(pk=pk)
            claimed = Claimed(letter, folded)
            if letter.unclear_ends < _unclear_ends(letter):
                return claimed
            # Twice nobody knew whether it arrived; a third copy would be one too many.
            _in_hand(claimed).update(claimed_by=None)
            Letter.objects.filter(pk=pk).update(failed_at=now, last_error=UNCLEAR)


def _unclear_ends(letter: Letter) -> int:
    """How often nobody may know whether it arrived. An SMS that comes twice only worries, and so
    does a reminder.
    """
    is_once = letter.channel == Letter.Channel.SMS or letter.kind in Letter.BY_DAY
    return 1 if is_once else UNCLEAR_ENDS


def _take(free: LetterQuerySet, worker: UUID, *, now: datetime) -> int:
    """Claim these letters; how many were still to be had.

    One that was written and never marked was in the hands of a worker that died at it.
    """
    died = When(written_at__isnull=False, claimed_by__isnull=False, then=F("unclear_ends") + 1)
    return free.order_by().update(
        claimed_by=worker,
        claimed_at=now,
        attempts=F("attempts") + 1,
        unclear_ends=Case(
            died, default=F("unclear_ends"), output_field=models.PositiveSmallIntegerField()
        ),
    )


def _hold_people_at(email: str) -> list[int]:
    """Everybody at an address, locked until the transaction ends; new letters may be written."""
    rows = Student.objects.filter(email=email).order_by("pk")
    return list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _hold_people(student: int) -> list[int]:
    rows = Student.objects.filter(pk=student)
    return list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _hold_back(people: list[int], due: LetterQuerySet, *, now: datetime) -> int:
    """How many letters from public forms may go to these people now; with none, they are put off.

    A letter that a worker took and never marked may have been sent, and counts.
    """
    since = now - AN_HOUR
    to_them = Letter.objects.filter(
        student__in=people, channel=Student.Channel.EMAIL, is_from_public_form=True
    )
    gone = to_them.filter(
        Q(sent_at__gt=since, outcome="") | Q(sent_at=None, overtaken_at=None, claimed_at__gt=since)
    ).order_by()
    moments = sorted(
        gone.annotate(at=Coalesce("sent_at", "claimed_at")).values_list("at", flat=True)
    )
    left: int = settings.LETTERS_AN_HOUR - len(moments)
    if left <= 0:
        to_them.filter(pk__in=due.filter(student__in=people).order_by().values("pk")).update(
            not_before=moments[-settings.LETTERS_AN_HOUR] + AN_HOUR
        )
    return left


def compose(claimed: Claimed) -> EmailMessage | str | Exception | None:
    """The message, with what holds now; None where nothing of it does: then it is overtaken.

    What it says is stored before it goes, with the moment for which its links are signed: should
    nobody know in the end whether it arrived, and does it still hold, the same bytes go once more.
    What goes wrong in the writing of one letter must not stop the others, so it is returned.
    """
    keys = claimed.keys
    before = {each.pk: each for each in Letter.objects.filter(pk__in=keys)}
    message: EmailMessage | str | None = None
    try:
        told = letters.as_of_now(
            Letter.objects.unsent().filter(pk__in=keys).still_true().order_by("pk")
        )
        if len(told) > 1:
            letters.join(told)
        is_as_before = all(
            before[each.pk].written_at
            and (before[each.pk].subject, before[each.pk].text) == (each.subject, each.text)
            for each in told
        )
        moment = timezone.now().replace(microsecond=0)
        for each in told:
            if not is_as_before:
                each.written_at = moment
        if told:
            *claimed.folded, claimed.letter = told
            message = (
                claimed.letter.text
                if claimed.is_sms
                else emails.as_email(claimed.letter, after=claimed.folded)
            )
            Letter.objects.bulk_update(told, ["language", "subject", "text", "written_at"])
    except DatabaseError:
        raise
    except Exception as error:
        return error
    overtake(Letter.objects.filter(pk__in=set(keys) - {each.pk for each in told}))
    return message


def mark_sent(claimed: Claimed) -> None:
    """Write down that it has gone.

    Tried again where the database is away for a moment: unmarked, it would be sent twice.
    """
    letter = claimed.letter
    text = "\n\n".join(each.text for each in (*claimed.folded, letter))
    for attempt in range(1, MARKING_ATTEMPTS + 1):
        try:
            now = timezone.now()
            Letter.objects.filter(pk=letter.pk).update(
                sent_at=now, claimed_by=None, last_error="", text=text, sealed=""
            )
            Letter.objects.filter(pk__in=[each.pk for each in claimed.folded]).update(
                overtaken_at=now, overtaken_by=Letter.OvertakenBy.FOLDED, claimed_by=None
            )
        except DatabaseError:
            if attempt == MARKING_ATTEMPTS or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(attempt)
        else:
            return


def _in_hand(claimed: Claimed) -> QuerySet[Letter]:
    """What this worker still holds of what it took."""
    return Letter.objects.filter(
        pk__in=claimed.keys, claimed_by=claimed.letter.claimed_by, sent_at=None
    )


def put_off(claimed: Claimed, error: Exception) -> None:
    """The server lets nobody in: everything due by the same channel waits a little.

    The attempt does not count.
    """
    channel = claimed.letter.channel
    logger.warning("Nothing is taken by %s now: %s", channel, describe(error))
    _in_hand(claimed).filter(attempts__gt=0).update(attempts=F("attempts") - 1)
    _forget_text(claimed)
    _in_hand(claimed).update(claimed_by=None)
    _all_wait(channel, describe(error))


def _forget_text(claimed: Claimed) -> None:
    """It certainly did not go. What may have arrived at an earlier try stays, byte for byte."""
    _in_hand(claimed).filter(unclear_ends=0).update(written_at=None, subject="", text="")


def _all_wait(channel: str, reason: str) -> None:
    """Since when the letters are due stays as it is: the index tells how long they have waited."""
    now = timezone.now()
    due = Letter.objects.to_send(now).filter(channel=channel).order_by()
    due.update(not_before=now + BACK_OFF[0], last_error=reason)


def mark_failed(claimed: Claimed, error: Exception) -> bool:
    """Give the letter up, or try it again later. True where instead all letters wait."""
    now, letter, reply = timezone.now(), claimed.letter, describe(error)
    is_maybe_there = is_unclear(error)
    gives_up = (
        letter.unclear_ends + 1 >= _unclear_ends(letter)
        if is_maybe_there
        else is_permanent(error) or letter.attempts >= settings.LETTER_ATTEMPTS
    )
    wait = BACK_OFF[min(max(letter.attempts, 1), len(BACK_OFF)) - 1]
    is_same = letter.refused_at is not None and letter.last_error == reply
    logger.warning("Letter %s was not sent: %s", letter.pk, reply)
    if is_maybe_there:
        _in_hand(claimed).update(unclear_ends=F("unclear_ends") + 1)
    else:
        _forget_text(claimed)
    _in_hand(claimed).update(
        claimed_by=None,
        last_error=reply,
        refused_at=letter.refused_at if is_same else now,
        not_before=None if gives_up else now + wait,
        failed_at=now if gives_up else None,
        sealed="" if gives_up else letter.sealed,
    )
    if isinstance(error, sms.SmsUnclear):
        _all_wait(letter.channel, reply)
    if not isinstance(error, smtplib.SMTPException | OSError):
        return False  # our own fault, or the letter's: the server has not been asked
    return _same_for_all(reply)


def _same_for_all(reply: str) -> bool:
    """Put all letters off where several people in a row were refused alike. True where it did.

    Those who were refused are no longer given up, and are tried again after the others: so that
    a few addresses that do not exist hold nobody up. Once the server has taken another letter,
    they are refused for themselves.
    """
    by_email = Letter.objects.filter(channel=Student.Channel.EMAIL)
    taken = by_email.filter(sent_at__isnull=False, outcome="").aggregate(at=Max("sent_at"))["at"]
    refused = by_email.unsent().filter(refused_at__isnull=False, last_error=reply, outcome="")
    if taken is not None:
        refused = refused.filter(refused_at__gt=taken)
    people = refused.order_by().values("student__email", "tutor", "interest").distinct().count()
    if people < settings.SAME_REFUSALS:
        return False
    logger.warning("The mail server refuses everybody: %s", reply)
    keys = list(refused.values_list("pk", flat=True))
    _all_wait(Letter.Channel.EMAIL, reply)
    Letter.objects.filter(pk__in=keys, claimed_by=None, unclear_ends__lt=UNCLEAR_ENDS).update(
        failed_at=None, attempts=0, not_before=timezone.now() + BACK_OFF[1]
    )
    return True
