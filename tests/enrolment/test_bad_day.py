"""A mail server's bad day: nothing is lost, and nothing arrives more often than it must."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connections
from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone

from courses.models import CourseRun, CourseSession
from courses.norwegian.formatting import WORD_JOINER, day
from enrolment import services
from enrolment.models import Letter, LettersWorker
from enrolment.models.workers import WORKER_IS_DEAD_AFTER
from enrolment.schedule_changes import programme
from enrolment.services import delivery
from tests import factories
from tests.enrolment.announcing import announce_change
from tests.enrolment.conftest import by_our_backend
from tests.mail_server import At, MailServer, Trouble, listening

pytestmark = pytest.mark.django_db

PEOPLE = ["ada@example.org", "bo@example.org", "cai@example.org", "dag@example.org"]
ONE = PEOPLE[0]
SENT, WAITS, STAFF = "sent", "waits", "staff"
# Where a server hangs, a second and a half stands for the minute of EMAIL_TIMEOUT.
SHORT = {"EMAIL_TIMEOUT": 1.5}
HANGS = 60


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    with listening(MailServer()) as server:
        by_our_backend(settings, server.port)
        settings.EMAIL_TIMEOUT = 30
        yield server


def letters_to(*people: str, **fields: object) -> list[Letter]:
    """One letter to each, about the same run."""
    run = factories.make_published_run(capacity=len(people), **fields)
    return [
        factories.enrol(run, person=factories.make_person(email=email)).letters.get()
        for email in people
    ]


def state_of(letter: Letter) -> str:
    """Where a letter is. Raises AssertionError for one that is nowhere: that one is lost."""
    same = {"pk": OuterRef("pk")}
    # In one query: a worker may send it in this very moment.
    row = (
        Letter.objects.annotate(
            waits=Exists(Letter.objects.waiting().filter(**same)),
            is_for_staff=Exists(Letter.objects.for_staff().filter(**same)),
        )
        .values("sent_at", "waits", "is_for_staff")
        .get(pk=letter.pk)
    )
    states = {SENT: row["sent_at"] is not None, WAITS: row["waits"], STAFF: row["is_for_staff"]}
    [state] = [name for name, holds in states.items() if holds]
    return state


def send_until_nothing_is_due(*, rounds: int = 6) -> None:
    """Time passes: whatever waits is tried again, so many times."""
    for _each in range(rounds):
        Letter.objects.update(not_before=None)
        services.send_due()


@dataclass
class Day:
    """What goes wrong, and what becomes of the letters to `PEOPLE` while it does."""

    troubles: list[Trouble]
    one: str  # the state of the letter to ONE …
    others: str  # … and of the others', after two rounds
    copies: int = 1  # of the letter to ONE, when the server is mended
    copies_of_others: int = 1
    left: str = SENT  # the state of the letter to ONE then
    settings: dict[str, object] = field(default_factory=dict)


SIGNS_IN = {"EMAIL_HOST_USER": "post", "EMAIL_HOST_PASSWORD": "wrong"}
DAYS = {
    "no banner": Day([Trouble(At.GREETING, waits=HANGS)], WAITS, WAITS, settings=SHORT),
    "greets late": Day([Trouble(At.GREETING, waits=0.75)], SENT, SENT, settings=SHORT),
    "greets and hangs up": Day([Trouble(At.HELLO, drops=True)], WAITS, WAITS),
    "has no service": Day([Trouble(At.GREETING, "554 no service")], WAITS, WAITS),
    "wrong password": Day(
        [Trouble(At.SIGN_IN, "535 5.7.8 wrong password")], WAITS, WAITS, settings=SIGNS_IN
    ),
    "TLS fails": Day([Trouble(At.TLS, "220 go on")], WAITS, WAITS),
    "TLS is refused": Day([Trouble(At.TLS, "454 not now")], WAITS, WAITS),
    "TLS breaks the line": Day([Trouble(At.TLS, drops=True)], WAITS, WAITS),
    "sender refused": Day([Trouble(At.SENDER, "550 not you")], WAITS, WAITS),
    "sender refused for now": Day([Trouble(At.SENDER, "451 not now")], WAITS, WAITS),
    "drops at MAIL": Day([Trouble(At.SENDER, drops=True)], WAITS, WAITS),
    "hangs at MAIL": Day([Trouble(At.SENDER, waits=HANGS)], WAITS, WAITS, settings=SHORT),
    "450 for one": Day([Trouble(At.RECIPIENT, "450 not now", to=ONE)], WAITS, SENT),
    "450 for all": Day([Trouble(At.RECIPIENT, "450 not now")], WAITS, WAITS),
    "421 for one": Day([Trouble(At.RECIPIENT, "421 closing", to=ONE)], WAITS, SENT),
    "550 for one": Day(
        [Trouble(At.RECIPIENT, "550 nobody", to=ONE)], STAFF, SENT, copies=0, left=STAFF
    ),
    "550 for all": Day([Trouble(At.RECIPIENT, "550 nobody")], WAITS, WAITS),
    "drops at RCPT for one": Day([Trouble(At.RECIPIENT, drops=True, to=ONE)], WAITS, SENT),
    "drops at RCPT for all": Day([Trouble(At.RECIPIENT, drops=True)], WAITS, WAITS),
    "hangs at RCPT for one": Day(
        [Trouble(At.RECIPIENT, waits=HANGS, to=ONE)], WAITS, SENT, settings=SHORT
    ),
    "DATA 451 for one": Day([Trouble(At.DATA, "451 not now", to=ONE)], WAITS, SENT),
    "DATA 451 for all": Day([Trouble(At.DATA, "451 not now")], WAITS, WAITS),
    "DATA 554 for one": Day(
        [Trouble(At.DATA, "554 no", to=ONE)], STAFF, SENT, copies=0, left=STAFF
    ),
    "DATA 554 for all": Day([Trouble(At.DATA, "554 no")], WAITS, WAITS),
    "text 451 for one": Day([Trouble(At.END, "451 not now", to=ONE)], WAITS, SENT),
    "text 451 for all": Day([Trouble(At.END, "451 not now")], WAITS, WAITS),
    "text 554 for one": Day(
        [Trouble(At.END, "554 spam", to=ONE)], STAFF, SENT, copies=0, left=STAFF
    ),
    "text 554 for all": Day([Trouble(At.END, "554 spam")], WAITS, WAITS),
    # From here on nobody knows whether it arrived.
    "drops mid-DATA once": Day([Trouble(At.TEXT, drops=True, to=ONE, times=1)], SENT, SENT),
    "drops mid-DATA each time": Day(
        [Trouble(At.TEXT, drops=True, to=ONE)], STAFF, SENT, copies=0, left=STAFF
    ),
    "drops after accepting once": Day(
        [Trouble(At.END, drops=True, keeps=True, to=ONE, times=1)], SENT, SENT, copies=2
    ),
    "drops after accepting each time": Day(
        [Trouble(At.END, drops=True, keeps=True, to=ONE)], STAFF, SENT, copies=2, left=STAFF
    ),
    "hangs at the end once": Day(
        [Trouble(At.END, waits=HANGS, keeps=True, to=ONE, times=1)],
        SENT,
        SENT,
        copies=2,
        settings=SHORT,
    ),
    # And here nothing is wrong but the manners.
    "accepts, then drops the line": Day([Trouble(At.AFTER, drops=True)], SENT, SENT),
    "takes its time with one": Day([Trouble(At.RECIPIENT, waits=0.3, to=ONE)], SENT, SENT),
}


@pytest.mark.any_database  # about mail servers; the others here are about rows too
@pytest.mark.parametrize("name", DAYS)
def test_nothing_is_lost_or_sent_more_often_than_it_must(server, settings, name):
    day = DAYS[name]
    for setting, value in day.settings.items():
        setattr(settings, setting, value)
    server.troubles = day.troubles
    letters = letters_to(*PEOPLE)

    send_until_nothing_is_due(rounds=2)
    assert [state_of(each) for each in letters] == [day.one, *3 * [day.others]]

    server.troubles = []
    send_until_nothing_is_due()
    assert [state_of(each) for each in letters] == [day.left, *3 * [SENT]]
    copies = Counter(each["To"] for each in server.got)
    assert [copies[email] for email in PEOPLE] == [day.copies, *3 * [day.copies_of_others]]
    assert len(set(server.raw)) == len(copies)  # a second copy is the same, byte for byte


def test_a_server_may_greet_after_half_a_minute(settings):
    """As some do, to keep spammers off; «greets late» shows that they get their letters."""
    assert settings.EMAIL_TIMEOUT >= 60


@pytest.mark.parametrize("how", ["down", "no worker"])
def test_letters_wait_as_long_as_it_takes(settings, how):
    server = MailServer()
    with listening(server):
        by_our_backend(settings, server.port)
    letters = letters_to(*PEOPLE)
    if how == "down":
        send_until_nothing_is_due(rounds=settings.LETTER_ATTEMPTS + 1)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert {state_of(each) for each in letters} == {WAITS}
        with listening(server):
            services.send_due()
    assert {state_of(each) for each in letters} == {SENT}
    assert len(server.raw) == len(PEOPLE)


def test_a_line_that_closes_after_each_letter_costs_nothing(server):
    server.troubles = [Trouble(At.AFTER, drops=True)]
    letters_to(*PEOPLE)
    assert services.send_due() == (4, 0)
    assert server.lines == 4
    assert set(Letter.objects.values_list("attempts", "unclear_ends")) == {(1, 0)}


def test_one_line_serves_for_many_letters(server):
    letters_to(*PEOPLE)
    assert services.send_due() == (4, 0)
    assert server.lines == 1


# After an unclear end


UNCLEAR = {
    "text": {"at": At.TEXT, "drops": True},
    "answer": {"at": At.END, "drops": True, "keeps": True},
}


@pytest.fixture(params=UNCLEAR)
def unclear(request, server) -> Letter:
    """A letter of which nobody knows whether it arrived."""
    server.troubles = [Trouble(**UNCLEAR[request.param], times=1)]
    [letter] = letters_to(ONE)
    assert services.send_due() == (0, 1)
    letter.refresh_from_db()
    assert (letter.unclear_ends, state_of(letter)) == (1, WAITS)
    return letter


@pytest.mark.parametrize(
    "between",
    [
        None,
        Trouble(At.GREETING, "554 no service"),
        Trouble(At.SENDER, "451 not now"),
        Trouble(At.RECIPIENT, "450 not now"),
        Trouble(At.RECIPIENT, drops=True),
        Trouble(At.END, "451 not now"),
    ],
    ids=["nothing", "greeting", "sender", "recipient", "line", "text"],
)
def test_the_same_bytes_go_once_more_whatever_happened_in_between(server, unclear, between):
    written_at = unclear.written_at
    stored = delivery.emails.as_email(unclear).message().as_bytes(linesep="\r\n")
    if between is not None:
        server.troubles = [between]
        send_until_nothing_is_due(rounds=2)
        assert state_of(unclear) == WAITS
    server.troubles = []
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        send_until_nothing_is_due()
    unclear.refresh_from_db()
    assert (state_of(unclear), unclear.written_at) == (SENT, written_at)
    assert set(server.raw) == {stored + b"\r\n" if not stored.endswith(b"\n") else stored}
    assert len({each["Message-ID"] for each in server.got}) == 1


def moved(run: CourseRun, *, days: int) -> None:
    """Every session is some days later, and everybody is told."""
    before = programme(run)
    for session in CourseSession.objects.filter(run=run):
        session.starts_at += timedelta(days=days)
        session.ends_at += timedelta(days=days)
        session.save()
    announce_change(run=run, by=factories.make_user(), before=before)


def test_with_other_facts_it_goes_with_another_text(server, unclear):
    moved(unclear.enrolment.run, days=2)
    came_before = len(server.raw)
    send_until_nothing_is_due()
    assert len(server.raw) == came_before + 1
    assert len({each["Message-ID"] for each in server.got}) == len(server.got)
    assert state_of(unclear) == SENT


def test_a_change_that_may_have_arrived_is_told_also_when_it_is_taken_back(server, unclear):
    server.troubles = []
    send_until_nothing_is_due()
    run = unclear.enrolment.run
    [(was, *_rest)] = programme(run).meetings.values()
    moved(run, days=2)
    server.troubles = [Trouble(**UNCLEAR["answer"], times=1)]
    services.send_due()
    moved(run, days=-2)
    assert Letter.objects.get(kind="changed").may_have_arrived
    send_until_nothing_is_due()
    said = server.got[-1].get_body(["plain"]).get_content()
    assert f"Nå: {day(was)}".replace(WORD_JOINER, "") in said
    assert f"Før: {day(was + timedelta(days=2))}".replace(WORD_JOINER, "") in said


def test_what_does_not_hold_any_more_does_not_go_again(server, unclear):
    services.withdraw(enrolment=unclear.enrolment)
    came_before = len(server.raw)
    send_until_nothing_is_due()
    unclear.refresh_from_db()
    assert (unclear.sent_at, unclear.overtaken_by) == (None, Letter.OvertakenBy.WITHDRAWN)
    [told] = server.got[came_before:]
    assert "Du er nå avmeldt fra" in told.get_body(["plain"]).get_content()


def test_a_second_unclear_end_is_a_line_for_staff_and_staff_may_send_it_again(server, unclear):
    server.troubles = [Trouble(At.TEXT, drops=True)]
    send_until_nothing_is_due()
    assert state_of(unclear) == STAFF
    server.troubles = []
    send_until_nothing_is_due()
    assert state_of(unclear) == STAFF
    assert services.send_all_again(by=factories.make_user()) == 1
    services.send_due()
    assert state_of(unclear) == SENT


# Refused alike


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (Trouble(At.RECIPIENT, "550 nobody"), "(svar 550)"),
        (Trouble(At.END, "554 spam"), "(svar 554)"),
        (Trouble(At.SENDER, "550 not you"), "avsenderadresse"),
        (Trouble(At.SENDER, drops=True), "(svar 421)"),
        (Trouble(At.GREETING, drops=True), "svarer ikke"),
    ],
    ids=["recipients", "texts", "sender", "line", "silence"],
)
def test_what_hits_everybody_waits_is_told_and_goes_at_one_press(server, client, trouble, told):
    server.troubles = [trouble]
    letters = letters_to(*PEOPLE, "eli@example.org")
    Letter.objects.update(owed_since=timezone.now() - timedelta(hours=1))
    factories.make_worker()
    send_until_nothing_is_due(rounds=4)
    assert {state_of(each) for each in letters} == {WAITS}
    client.force_login(factories.make_coordinator())
    assert told in client.get(reverse("admin:index")).content.decode()
    server.troubles = []
    assert services.send_due() == (0, 0)
    assert services.send_all_again(by=factories.make_user()) == 5
    assert services.send_due() == (5, 0)


# Several at once


def run_workers(done: threading.Event, *, programs: int = 1) -> list[threading.Thread]:
    """Programs that send letters, each in threads of its own, until `done`."""

    def work() -> None:
        try:
            services.work(
                interval=0.05,
                is_stopping=done.is_set,
                report=lambda line: None,
                complain=lambda line: None,
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _each in range(programs)]
    for thread in threads:
        thread.start()
    return threads


def wait_for(holds, *, seconds: float = 20) -> bool:
    """Whether it holds within that time. Looks again and again."""
    pause = threading.Event()
    for _each in range(int(seconds / 0.02)):
        if holds():
            return True
        pause.wait(0.02)
    return False


@pytest.fixture
def at_work(transactional_db, server, settings):
    """A program that sends letters; ended with the test."""
    done = threading.Event()
    threads: list[threading.Thread] = []
    yield lambda programs=1: threads.extend(run_workers(done, programs=programs))
    done.set()
    for each in server.troubles:
        if each.until:
            each.until.set()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def test_a_slow_receiver_delays_nobody_else(at_work, server):
    has_answered = threading.Event()
    server.troubles = [Trouble(At.RECIPIENT, until=has_answered, to=ONE)]
    letters_to(*PEOPLE)
    at_work()
    assert wait_for(lambda: len(server.raw) == 3)
    assert {each["To"] for each in server.got} == set(PEOPLE[1:])
    has_answered.set()
    assert wait_for(lambda: len(server.raw) == 4)


def test_two_programs_send_each_letter_once(at_work, server):
    people = [f"person{each}@example.org" for each in range(30)]
    letters_to(*people)
    at_work(programs=2)
    assert wait_for(lambda: not Letter.objects.waiting().exists())
    assert sorted(each["To"] for each in server.got) == sorted(people)


def test_a_database_that_fails_while_a_letter_is_in_hand_holds_it_up_for_a_minute_at_most(
    at_work, server, monkeypatch
):
    as_of_now, failures = delivery.letters.as_of_now, []

    def fail_once(found):
        if not failures:
            failures.append(True)
            raise OperationalError
        return as_of_now(found)

    monkeypatch.setattr(delivery.letters, "as_of_now", fail_once)
    [letter] = letters_to(ONE)
    at_work()
    assert wait_for(lambda: failures)
    held = Letter.objects.get(pk=letter.pk).claimed_by
    if held is not None:
        LettersWorker.objects.filter(pk=held).update(
            seen_at=timezone.now() - WORKER_IS_DEAD_AFTER - timedelta(seconds=1)
        )
    assert wait_for(lambda: len(server.raw) == 1)
    assert wait_for(lambda: state_of(letter) == SENT)


def test_a_dead_workers_letter_is_somebody_elses_within_a_minute(server):
    [letter] = letters_to(ONE)
    worker = factories.make_worker()
    assert delivery.claim(worker).letter == letter
    assert services.send_due() == (0, 0)
    assert timedelta(seconds=55) >= WORKER_IS_DEAD_AFTER  # and a look every five seconds
    LettersWorker.objects.update(seen_at=timezone.now() - WORKER_IS_DEAD_AFTER)
    assert services.send_due() == (1, 0)


def test_a_withdrawal_that_may_have_arrived_goes_again_under_the_day_of_now(server):
    """Its words hold no day, its subject does: other bytes, so another Message-ID."""
    run = factories.make_published_run()
    enrolment = factories.enrol(run)
    services.send_due()
    services.withdraw(enrolment=enrolment)
    claimed = delivery.claim(factories.make_worker())
    first = delivery.compose(claimed)
    CourseSession.objects.update(
        starts_at=F("starts_at") + timedelta(days=1), ends_at=F("ends_at") + timedelta(days=1)
    )
    LettersWorker.objects.update(seen_at=timezone.now() - WORKER_IS_DEAD_AFTER)
    again = delivery.compose(delivery.claim(factories.make_worker()))
    assert first.subject != again.subject
    assert first.extra_headers["Message-ID"] != again.extra_headers["Message-ID"]
