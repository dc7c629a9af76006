"""The program that sends letters is killed fifty times, at any moment."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote, urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone

from courses.models import CourseRun
from enrolment import services
from enrolment.models import Letter, LettersWorker
from enrolment.models.workers import WORKER_IS_DEAD_AFTER
from tests import factories
from tests.enrolment.conftest import by_our_backend
from tests.enrolment.test_bad_day import SENT, STAFF, state_of
from tests.mail_server import At, MailServer, Trouble, listening

pytestmark = pytest.mark.django_db(transaction=True)


def database_url() -> str:
    """Where the test's own database is."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{quote(name)}"))


@contextmanager
def letters_program(server: MailServer, *, at_once: int) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "recoverycollege.settings",
        "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "DEFAULT_FROM_EMAIL": "post@example.org",
    }
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.letters_program", str(at_once)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield program
    finally:
        program.stdin.close()
        program.wait(30)
        program.stdout.close()


def start_and_kill(program: subprocess.Popen[str], server: MailServer, *, at_once: int) -> None:
    """Start a worker, let it say a few commands to the server, and kill it a moment later."""
    enough = server.commands + random.randint(1, 8 * at_once)
    program.stdin.write("\n")
    program.stdin.flush()
    process = int(program.stdout.readline())
    until = time.monotonic() + 20
    while server.commands < enough and time.monotonic() < until:
        time.sleep(0.002)
    time.sleep(random.uniform(0, 0.05))
    os.kill(process, signal.SIGKILL)
    assert program.stdout.readline() == "ended\n"


def sign_up(run: CourseRun, number: int) -> list[Letter]:
    return [factories.enrol(run).letters.get() for _each in range(number)]


@pytest.mark.parametrize("at_once", [1, 4])
def test_killing_loses_nothing_and_costs_one_copy_of_what_was_under_way(settings, at_once):
    kills = 25
    run = factories.make_published_run(capacity=1000)
    letters = sign_up(run, 30)
    with listening(MailServer([Trouble(At.END, waits=0.03, keeps=True)])) as server:
        with letters_program(server, at_once=at_once) as program:
            for _each in range(kills):
                start_and_kill(program, server, at_once=at_once)
                # Forty-five seconds later:
                LettersWorker.objects.update(
                    seen_at=timezone.now() - WORKER_IS_DEAD_AFTER - timedelta(seconds=1)
                )
                if Letter.objects.waiting().count() < 15:
                    letters += sign_up(run, 20)
        by_our_backend(settings, server.port)
        services.send_due(limit=1000)

    unclear = Letter.objects.filter(unclear_ends__gt=0).count()
    assert unclear > 0  # else no kill met a letter, and this test shows nothing
    states = {letter.student.email: state_of(letter) for letter in letters}
    assert set(states.values()) <= {SENT, STAFF}
    copies = Counter(each["To"] for each in server.got)
    assert all(copies[email] >= 1 for email, state in states.items() if state == SENT)
    assert max(copies.values()) <= 2
    assert len(set(server.raw)) == len(copies)
    assert len(server.raw) - len(copies) <= min(unclear, kills * at_once)
