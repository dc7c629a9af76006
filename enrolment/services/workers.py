"""The program that sends letters: several at once, and a sign every few seconds that it lives."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, connections
from django.db.models import Max
from django.utils import timezone

from enrolment.models import LettersWorker
from enrolment.services.delivery import send_due
from enrolment.services.overtaken_letters import overtake_untrue
from enrolment.services.page_links import answer_link_requests
from enrolment.services.tutor_letters import owe_reminders

BATCH = 100
SECONDS_BETWEEN_SIGNS = 5
SECONDS_BETWEEN_TIDYING = 60


def last_seen_worker() -> datetime | None:
    """When a program that sends letters was seen last; None where none is known. One query."""
    seen: datetime | None = LettersWorker.objects.aggregate(at=Max("seen_at"))["at"]
    return seen


def send_once(*, report: Callable[[str], None]) -> None:
    """Look up who asked for a link, remind tutors, send all that is due, one letter after the
    other, and end.
    """
    answer_link_requests()
    overtake_untrue()
    owe_reminders()
    while True:
        sent, failed = send_due(limit=BATCH)
        if sent or failed:
            report(f"{sent} sent, {failed} not sent.")
        if sent + failed < BATCH:
            return


def work(
    *,
    interval: float,
    is_stopping: Callable[[], bool],
    report: Callable[[str], None],
    complain: Callable[[str], None],
) -> None:
    """Send what is due, `LETTERS_AT_ONCE` letters at a time, until told to stop.

    `interval` is in seconds, between two looks. Every thread has a database connection of its own;
    a database that is away is waited for.
    """
    stop = threading.Event()
    # Under which key each thread takes letters just now.
    keys: dict[int, UUID] = {}
    senders = [
        threading.Thread(
            target=partial(
                _send,
                number,
                keys,
                interval=interval,
                is_stopping=stop.is_set,
                report=report,
                complain=complain,
            ),
            name=f"letters-{number}",
        )
        for number in range(settings.LETTERS_AT_ONCE)
    ]
    for sender in senders:
        sender.start()
    said_at = time.monotonic()
    while any(sender.is_alive() for sender in senders):
        if is_stopping():
            stop.set()
        if time.monotonic() - said_at > SECONDS_BETWEEN_SIGNS:
            _say_alive(list(keys.values()), complain)
            said_at = time.monotonic()
        senders[0].join(0.1)
        time.sleep(0 if senders[0].is_alive() else 0.1)
    with suppress(DatabaseError):  # the rows are old soon enough
        LettersWorker.objects.filter(pk__in=keys.values()).delete()
    connection.close()


def _say_alive(keys: list[UUID], complain: Callable[[str], None]) -> None:
    """Write down that these live, and forget those that were last seen long ago."""
    now = timezone.now()
    try:
        close_old_connections()
        LettersWorker.objects.bulk_create(
            [LettersWorker(pk=key, seen_at=now) for key in keys],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["seen_at"],
        )
        LettersWorker.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
    except DatabaseError as error:
        complain(database_is_away(error))
        connection.close()


def _send(
    number: int,
    keys: dict[int, UUID],
    *,
    interval: float,
    is_stopping: Callable[[], bool],
    report: Callable[[str], None],
    complain: Callable[[str], None],
) -> None:
    """What one thread does. The first one also looks up who asked for a link, reminds, and tidies.

    After an error it goes on under another key: what it held may or may not be sent, and is
    somebody's again once the old key has not been seen for a while, as if the program had died.
    """
    tidied_at = 0.0
    while not is_stopping():
        done = 0
        try:
            close_old_connections()
            if number not in keys:
                keys[number] = LettersWorker.objects.create().key
            if number == 0:
                answer_link_requests()
                if time.monotonic() - tidied_at > SECONDS_BETWEEN_TIDYING:
                    overtake_untrue()
                    owe_reminders()
                    tidied_at = time.monotonic()
            sent, failed = send_due(worker=keys[number], limit=BATCH, is_stopping=is_stopping)
            if sent or failed:
                report(f"{sent} sent, {failed} not sent.")
            done = sent + failed
        except DatabaseError as error:
            keys.pop(number, None)
            complain(database_is_away(error))
            connection.close()
        except Exception as error:  # nobody would miss a thread that has ended
            keys.pop(number, None)
            complain(f"Not sent ({type(error).__name__}); trying again.")
        if done < BATCH:
            pause(interval, is_stopping)
    connections.close_all()


def database_is_away(error: DatabaseError) -> str:
    """A line for the log, without the database's own words: they may hold what somebody wrote."""
    return f"The database is away ({type(error).__name__}); trying again."


def pause(seconds: float, is_stopping: Callable[[], bool]) -> None:
    """Wait, and stop waiting soon after a signal has come."""
    until = time.monotonic() + seconds
    while not is_stopping() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 0.2))
