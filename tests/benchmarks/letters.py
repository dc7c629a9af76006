"""A full queue, a cancelled run and three hundred letters, beside the least that could do the same.

The floor of the first two is the same rows written in bulk, with nothing asked; that of the letters
is the mail server's own pace with one bare connection.
"""

import threading
import time
import uuid
from collections.abc import Callable
from functools import partial
from smtplib import SMTP
from statistics import median

from tests.benchmarks import scratch

ROUNDS, WAITING, CANCELLED, LETTERS = 5, 40, 70, 300
# With texts written under the lock, one letter at a time: what these two took.
STATEMENTS_BEFORE = {"fill": 267, "cancel": 218}


def full_run(number: int, *, places: int):
    """A run with so many places taken, and the others waiting."""
    from courses.models import CourseRun
    from tests.factories import enrol, make_published_run

    run = make_published_run(capacity=places, sessions=2)
    for _each in range(number):
        enrol(run)
    return CourseRun.objects.get(pk=run.pk)


def measured(done: Callable[[], object]) -> tuple[float, int]:
    """Milliseconds and statements."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        began = time.perf_counter()
        done()
        taken = time.perf_counter() - began
    return taken * 1000, len(captured)


def bare(run, number: int) -> None:
    """Lock the run, change the people's rows, write a letter and an event each."""
    from django.db import transaction
    from django.utils import timezone

    from courses.models import CourseRun
    from enrolment.models import Enrolment, Event, Letter

    now = timezone.now()
    with transaction.atomic():
        CourseRun.objects.select_for_update().get(pk=run.pk)
        people = list(Enrolment.objects.filter(run=run)[:number])
        Enrolment.objects.filter(pk__in=[each.pk for each in people]).update(called_at=now)
        CourseRun.objects.filter(pk=run.pk).update(contact_name="")
        Letter.objects.bulk_create(
            Letter(
                dedupe_key=f"bare:{uuid.uuid4()}",
                student_id=each.student_id,
                enrolment=each,
                kind="place",
                channel="email",
                owed_since=now,
            )
            for each in people
        )
        Event.objects.bulk_create(
            Event(verb="got_place", subject="enrolment", subject_id=each.pk, happened_at=now)
            for each in people
        )


def under_the_lock() -> None:
    from enrolment import services
    from tests.factories import make_user

    by = make_user()
    for what, number in (("fill", WAITING), ("cancel", CANCELLED)):
        found, floors = [], []
        for _each in range(ROUNDS):
            run = full_run(number + 1, places=1 if what == "fill" else number + 1)
            floors.append(measured(partial(bare, run, number))[0])
            verb = (
                partial(services.set_capacity, run=run, capacity=number + 1)
                if what == "fill"
                else partial(services.cancel_run, run=run, by=by)
            )
            found.append(measured(verb))
        name = f"{number} in the queue get a place" if what == "fill" else f"{number} are cancelled"
        scratch.tell(f"{name}: floor", median(floors), "ms")
        taken, statements = median(each for each, _number in found), found[0][1]
        print(f"  {name:<46}{taken:9.1f} ms  {median(floors) / taken:6.0%} of the floor's pace")
        print(f"  {'':<46}{statements:9} statements, {STATEMENTS_BEFORE[what]} before")


def through_two_workers() -> None:
    from django.conf import settings
    from django.db import connections

    from enrolment import services
    from enrolment.models import Letter
    from tests.mail_server import MailServer, listening

    Letter.objects.unsent().update(overtaken_at="2000-01-01T00:00Z", overtaken_by="over")
    full_run(LETTERS, places=LETTERS)
    with listening(MailServer()) as server:
        settings.EMAIL_BACKEND = "recoverycollege.mail.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        done = threading.Event()

        def work() -> None:
            services.work(
                interval=0.05, is_stopping=done.is_set, report=lambda line: None, complain=print
            )
            connections.close_all()

        began = time.perf_counter()
        workers = [threading.Thread(target=work) for _each in range(2)]
        for worker in workers:
            worker.start()
        while Letter.objects.waiting().exists():
            time.sleep(0.1)
        pace = LETTERS / (time.perf_counter() - began)
        done.set()
        for worker in workers:
            worker.join()
        copies = len(server.raw)
        floor = bare_pace(server.port, server.raw[0])
    scratch.tell("a bare connection", floor, "letters/s")
    scratch.tell(f"{LETTERS} letters through two workers", pace, "letters/s", floor=floor)
    print(f"  {'':<46}{copies:9} arrived")


def bare_pace(port: int, text: bytes) -> float:
    """The same bytes again and again, over one line."""
    began = time.perf_counter()
    with SMTP("127.0.0.1", port) as line:
        for _each in range(LETTERS):
            line.sendmail("post@example.org", ["kari@example.org"], text)
    return LETTERS / (time.perf_counter() - began)


if __name__ == "__main__":
    with scratch.database():
        under_the_lock()
        through_two_workers()
