"""A machine of facts, outages, two workers and a clock, and people who read their letters in order.

What a letter says holds at the moment at which it is written and sent, whatever happens meanwhile;
and in the end everybody knows how it is.
"""

import os
import re
import smtplib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.test import override_settings
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from courses.models import CourseRun
from courses.norwegian.formatting import WORD_JOINER, clock_range, day
from enrolment import letters, services
from enrolment.letters import as_of_now
from enrolment.models import Enrolment, Letter, LettersWorker, Student
from enrolment.services import WhenOneLeft, delivery
from tests import factories

pytestmark = pytest.mark.django_db

BEGINNING = datetime(2026, 10, 20, 8, tzinfo=UTC)
PEOPLE = 3

# What the letters say, in English: the words of the templates themselves.
SAYS = {
    "place": r"You have a place on|now you have a place on|[Yy]our (own )?place is still yours",
    "waiting": r"You are (still )?on the waiting list|You keep your own turn on the waiting list",
    "withdrawn": r"You have now withdrawn from|You are no longer on the waiting list",
    "cancelled": r"is cancelled\.",
}

REMINDS = "This is just a reminder of"
PEOPLE_ARE_REMINDED = 55  # days before a session

SERVERS = ["up", "busy", "away", "drops", "takes and drops"]

whose = st.integers(0, PEOPLE - 1)


class Mailer:
    """The mail server, as `delivery` meets it."""

    def __init__(self, machine: "NewsMachine") -> None:
        self.machine = machine

    def open(self) -> None:
        if self.machine.server == "away":
            raise ConnectionRefusedError

    def close(self) -> None:
        pass

    def send_messages(self, messages: list[EmailMultiAlternatives]) -> None:
        server = self.machine.server
        if server == "busy":
            raise smtplib.SMTPDataError(451, b"try again later")
        try:
            for message in messages:
                self.machine.check(message)
                if server != "drops":
                    self.machine.arrives(message)
        except AssertionError as wrong:  # the worker would take it for a fault of the letter
            self.machine.wrong.append(wrong)
            raise
        if server in ("drops", "takes and drops"):
            raise smtplib.SMTPServerDisconnected


class NewsMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.undo_everything = transaction.atomic()
        self.undo_everything.__enter__()
        self.clock = time_machine.travel(BEGINNING, tick=False)
        self.traveller = self.clock.start()
        self.get_connection = delivery.get_connection
        delivery.get_connection = lambda: Mailer(self)
        self.server = "up"
        self.held: tuple[delivery.Claimed, EmailMultiAlternatives] | None = None
        self.wrong: list[AssertionError] = []
        self.written = 0
        self.owners: dict[str, int] = {}
        self.came: dict[str, bytes] = {}
        self.newest_read: dict[int, int] = {}
        self.inbox: dict[int, list[str]] = {}
        self.reminders: dict[int, list[str]] = {}
        # The sessions are far away: some nights after the beginning people are reminded.
        self.policy = override_settings(REMINDED_DAYS_BEFORE=(PEOPLE_ARE_REMINDED,))
        self.policy.enable()

    def teardown(self) -> None:
        try:
            if hasattr(self, "run"):
                self.everything_arrives()
        finally:
            delivery.get_connection = self.get_connection
            self.policy.disable()
            self.clock.stop()
            transaction.set_rollback(True)
            self.undo_everything.__exit__(None, None, None)

    @initialize(capacity=st.integers(1, 3))
    def open_the_run(self, capacity) -> None:
        self.run = factories.make_published_run(capacity=capacity, sessions=2, in_days=60)
        self.staff = factories.make_user()
        self.people = [factories.make_person(language="en") for _each in range(PEOPLE)]
        self.owners = {person.email: who for who, person in enumerate(self.people)}

    # Facts

    def newest(self, who: int) -> Enrolment | None:
        rows = Enrolment.objects.filter(run=self.run, student__email=self.people[who].email)
        return rows.order_by("pk").last()

    def run_now(self) -> CourseRun:
        return CourseRun.objects.get(pk=self.run.pk)

    def is_on(self) -> bool:
        return hasattr(self, "run") and not self.run_now().is_cancelled

    @precondition(is_on)
    @rule(who=whose, places=st.sampled_from([1, 1, 2]))
    def sign_up(self, who, places) -> None:
        factories.enrol(
            self.run_now(),
            person=self.people[who],
            places=places,
            when_one_left=WhenOneLeft.WAIT,
        )

    @precondition(is_on)
    @rule(who=whose, undoes=st.booleans())
    def withdraw(self, who, undoes) -> None:
        if (enrolment := self.newest(who)) is None:
            return
        services.withdraw(enrolment=enrolment)
        if undoes:
            services.undo_withdrawal(enrolment=enrolment, when_one_left=WhenOneLeft.WAIT)

    @precondition(is_on)
    @rule(who=whose)
    def come_alone(self, who) -> None:
        enrolment = self.newest(who)
        if enrolment is not None and enrolment.is_live:
            services.give_up_companion(enrolment=enrolment)

    @precondition(is_on)
    @rule(days=st.sampled_from([-2, -1, 1, 2]))
    def move(self, days) -> None:
        sessions = self.run_now().session_list
        if min(each.starts_at for each in sessions) < timezone.now() + timedelta(days=20):
            days = abs(days)
        by = timedelta(days=days)
        moved = {
            each.pk: {"starts_at": each.starts_at + by, "ends_at": each.ends_at + by}
            for each in sessions
        }
        self.save(sessions=[services.SessionEdit(pk, fields) for pk, fields in moved.items()])

    @precondition(is_on)
    @rule()
    def cancel_a_session(self) -> None:
        *others, last = self.run_now().session_list
        if others:
            self.save(sessions=[services.SessionEdit(last.pk, is_cancelled=True)])

    @precondition(is_on)
    @rule()
    def restore_a_session(self) -> None:
        run = self.run_now()
        for each in run.planned_sessions:
            taken = {other.starts_at for other in run.session_list}
            if each.is_cancelled and each.starts_at not in taken:
                self.save(sessions=[services.SessionEdit(each.pk, is_cancelled=False)])
                return

    @precondition(is_on)
    @rule()
    def add_a_session(self) -> None:
        last = max(each.starts_at for each in self.run_now().planned_sessions)
        starts_at = last + timedelta(days=3)
        new = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
        self.save(sessions=[services.SessionEdit(fields=new)])

    @precondition(is_on)
    @rule(of_one_session=st.booleans())
    def meet_elsewhere(self, of_one_session) -> None:
        venue = factories.make_venue()
        if of_one_session:
            last = self.run_now().session_list[-1]
            self.save(sessions=[services.SessionEdit(last.pk, {"venue": venue})])
        else:
            self.save(fields={"venue": venue})

    def save(self, **edit) -> None:
        services.save_run(
            run=self.run,
            edit=services.RunEdit(**edit),
            announcement=services.Announcement.TELL,
            by=self.staff,
        )

    @precondition(is_on)
    @rule()
    def make_room(self) -> None:
        run = self.run_now()
        if run.capacity < 4:
            services.set_capacity(run=run, capacity=run.capacity + 1)

    @precondition(is_on)
    @rule(really=st.integers(0, 7))
    def cancel(self, really) -> None:
        if really == 0:
            services.cancel_run(run=self.run, by=self.staff)

    @rule(who=whose)
    def correct_the_address(self, who) -> None:
        """Letters go to the new one from now on; what is under way still comes to the old one."""
        student = Student.objects.filter(email=self.people[who].email).first()
        if student is None:
            return
        email = f"new{factories.number()}@example.org"
        services.change_contact(student=student, email=email, by=self.staff)
        self.people[who] = replace(self.people[who], email=email)
        self.owners[email] = who

    @precondition(is_on)
    @rule(
        nights=st.sampled_from([1, 5, 9]),
        who=whose,
        happens=st.sampled_from(["nothing", "moved", "withdrawn", "session cancelled"]),
        server=st.sampled_from([*SERVERS, "up", "up"]),
    )
    def nights_pass(self, nights, who, happens, server) -> None:
        """Whoever has a place is reminded of what is near; and something may happen before day."""
        self.traveller.shift(timedelta(days=nights))
        night = timezone.localtime().replace(hour=2)
        self.traveller.move_to(night, tick=False)
        services.remind_students()
        if happens == "moved":
            self.move(1)
        elif happens == "withdrawn":
            self.withdraw(who, undoes=False)
        elif happens == "session cancelled":
            self.cancel_a_session()
        self.work(server, 0)
        self.traveller.move_to(night.replace(hour=9), tick=False)
        self.work(server, 0)

    # Post

    @rule(
        server=st.sampled_from([*SERVERS, "up"]),
        minutes=st.sampled_from([0, 1, 6, 31, 130]),
    )
    def work(self, server, minutes) -> None:
        """The mail server is as it is now, and after some minutes the first worker sends."""
        self.server = server
        self.traveller.shift(timedelta(minutes=minutes))
        if self.held is not None:  # the other worker lives, and says so
            worker = LettersWorker.objects.filter(pk=self.held[0].letter.claimed_by)
            worker.update(seen_at=timezone.now())
        services.send_due()

    @rule(servers=st.lists(st.sampled_from(SERVERS), min_size=2, max_size=5))
    def a_bad_afternoon(self, servers) -> None:
        for server in servers:
            self.work(server, 40)

    @rule()
    def another_worker_takes_a_letter(self) -> None:
        """It is written, and under way: what happens meanwhile, it does not know."""
        if self.held is not None or (claimed := delivery.claim(factories.make_worker())) is None:
            return
        message = delivery.compose(claimed)
        if message is not None:
            assert isinstance(message, EmailMultiAlternatives), message
            self.check(message)
            self.held = (claimed, message)

    @rule(
        fate=st.sampled_from(["arrives", "refused", "broken", "arrives and breaks"]),
        is_killed=st.sampled_from([False, False, True]),
    )
    def another_worker_is_done(self, fate, is_killed) -> None:
        """Or killed before it can write down what became of the letter; its claim runs out."""
        if self.held is None:
            return
        (claimed, message), self.held = self.held, None
        if fate in ("arrives", "arrives and breaks"):
            self.arrives(message)
        if is_killed:
            return
        if fate == "arrives":
            delivery.mark_sent(claimed)
        elif fate == "refused":
            delivery.mark_failed(claimed, smtplib.SMTPDataError(451, b"try again later"))
        else:
            delivery.mark_failed(claimed, smtplib.SMTPServerDisconnected())

    @precondition(is_on)
    @rule(
        moves=st.booleans(),
        fate=st.sampled_from(["arrives", "refused", "arrives and breaks"]),
        is_killed=st.sampled_from([False, False, True]),
    )
    def something_happens_while_a_letter_is_under_way(self, moves, fate, is_killed) -> None:
        self.another_worker_takes_a_letter()
        if self.held is not None:
            who = self.owners[self.held[1].to[0]]
            if moves:
                self.move(1)
            else:
                self.withdraw(who, undoes=False)
            services.send_due()
            self.another_worker_is_done(fate, is_killed)

    # What people read

    @invariant()
    def nothing_was_wrong(self) -> None:
        for wrong in self.wrong:
            raise wrong

    def arrives(self, message: EmailMultiAlternatives) -> None:
        """They come in the order in which they were written; one that comes twice is read once."""
        who, name = self.owners[message.to[0]], message.extra_headers["Message-ID"]
        name += message.to[0]  # to a new address it goes as to one that never got it
        if name in self.came:
            assert self.came[name] == message.message().as_bytes()
            return
        self.came[name] = message.message().as_bytes()
        assert message.written > self.newest_read.get(who, 0)
        self.newest_read[who] = message.written
        if REMINDS in message.body:
            told = days_in(message.body)
            assert told[0] not in self.reminders.get(who, [])
            self.reminders.setdefault(who, []).extend(told)
            return
        self.inbox.setdefault(who, []).append(message.body)

    def check(self, message: EmailMultiAlternatives) -> None:
        """Everything that the letter says holds now."""
        self.written += 1
        message.written = self.written
        self.check_text(self.owners[message.to[0]], message.body)

    def check_text(self, who: int, text: str) -> None:
        if REMINDS in text:
            assert self.truth(who) == "place", text
            assert 9 <= timezone.localtime().hour < 20
            [told] = days_in(text)
            assert told in self.days(), text
            return
        assert said(text) == [self.truth(who)], text
        if self.truth(who) in ("place", "waiting"):
            assert days_in(text) == self.days(), text
            assert venues_in(text) == self.venues(), text
        if number := re.search(r"You are number (\d+) in the queue", text):
            assert int(number[1]) == self.newest(who).queue_number()

    def truth(self, who: int) -> str:
        enrolment = self.newest(who)
        assert enrolment is not None
        if self.run_now().is_cancelled and enrolment.is_live:
            return "cancelled"
        return str(enrolment.status)

    def days(self) -> list[str]:
        """Every session to come as the letter writes it."""
        with translation.override("en"):
            return [
                f"{day(each.starts_at)}, {clock_range(each.starts_at, each.ends_at)}".replace(
                    WORD_JOINER, ""
                )
                for each in self.run_now().session_list
            ]

    def venues(self) -> set[str]:
        run = self.run_now()
        return {each.place.name for each in run.session_list}

    def everything_arrives(self) -> None:
        """The server is back, and stays. Everybody knows the last fact, and nothing is left."""
        self.server = "up"
        self.another_worker_is_done("refused", is_killed=True)
        for _round in range(6):
            self.traveller.shift(timedelta(hours=7))
            services.send_due()
        self.nothing_was_wrong()
        assert not Letter.objects.waiting().exists()
        for letter in as_of_now(Letter.objects.for_staff()):
            self.is_read_aloud(letter)
        left = Letter.objects.unsent().still_true().exclude(kind="coming", failed_at__isnull=False)
        assert not left.exists()
        for who in range(PEOPLE):
            if self.newest(who) is not None:
                self.check_text(who, self.inbox[who][-1])

    def is_read_aloud(self, letter: Letter) -> None:
        """A line on the call list: of a letter of which nobody knows whether it arrived, or that
        was refused five times."""
        who = self.owners[letter.recipient.email]
        self.check_text(who, letter.text)
        self.inbox.setdefault(who, []).append(letter.text)
        said = {letter.pk: letters.fingerprint(letter)}
        assert not services.record_letter_outcomes(said=said, outcome="reached", by=self.staff)


def said(text: str) -> list[str]:
    return [name for name, words in SAYS.items() if re.search(words, text)]


def days_in(text: str) -> list[str]:
    """The days of the programme, without those that stand among what has changed."""
    block = re.search(r"^When:\n((?:– .*\n?)*)", text, re.MULTILINE)
    lines = [line.removeprefix("– ") for line in block[1].splitlines()] if block else []
    return [", ".join(line.split(", ")[:2]) for line in lines]


def venues_in(text: str) -> set[str]:
    return set(re.findall(r"^(.+), Storgata 1, .*\nInngang fra torget", text, re.MULTILINE))


def test_nobody_reads_older_news_after_newer():
    run_state_machine_as_test(
        NewsMachine,
        settings=settings(
            max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "15")),
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
