"""A machine of facts, outages, two workers and a clock, and people who read their letters in order.

What a letter says holds at the moment at which it is written and sent, whatever happens meanwhile;
and in the end everybody knows how it is.
"""

import os
import re
import smtplib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from courses.models import CourseRun
from courses.norwegian.formatting import WORD_JOINER, clock_range, day
from enrolment import services
from enrolment.models import Enrolment, Letter
from enrolment.schedule_changes import programme
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
        if self.machine.server == "busy":
            raise smtplib.SMTPDataError(451, b"try again later")
        for message in messages:
            self.machine.check(message)
            self.machine.arrives(message)


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
        self.held = None
        self.written = 0
        self.newest_read: dict[str, int] = {}
        self.inbox: dict[str, list[str]] = {}

    def teardown(self) -> None:
        try:
            if hasattr(self, "run"):
                self.everything_arrives()
        finally:
            delivery.get_connection = self.get_connection
            self.clock.stop()
            transaction.set_rollback(True)
            self.undo_everything.__exit__(None, None, None)

    @initialize(capacity=st.integers(1, 3))
    def open_the_run(self, capacity) -> None:
        self.run = factories.make_published_run(capacity=capacity, sessions=2, in_days=60)
        self.staff = factories.make_user()
        self.people = [factories.make_person(language="en") for _each in range(PEOPLE)]

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
    @rule(days=st.sampled_from([-2, -1, 1, 2]), drops=st.booleans())
    def move(self, days, drops) -> None:
        before = programme(self.run)
        sessions = list(self.run_now().sessions.all())
        if drops and len(sessions) > 1:
            sessions.pop().delete()
        for session in sessions:
            session.starts_at += timedelta(days=days)
            session.ends_at += timedelta(days=days)
            session.save()
        services.announce_change(run=self.run, by=self.staff, before=before)

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

    # Post

    @rule(server=st.sampled_from(["up", "up", "busy", "away"]))
    def weather(self, server) -> None:
        self.server = server

    @rule(minutes=st.sampled_from([1, 6, 31, 130]))
    def wait(self, minutes) -> None:
        self.traveller.shift(timedelta(minutes=minutes))

    @rule()
    def work(self) -> None:
        services.send_due()

    @rule()
    def another_worker_takes_a_letter(self) -> None:
        """It is written, and under way: what happens meanwhile, it does not know."""
        if self.held is not None or (claimed := delivery.claim(factories.make_worker())) is None:
            return
        message = delivery.compose(claimed)
        if message is not None:
            self.check(message)
            self.held = (claimed, message)

    @rule(fate=st.sampled_from(["arrives", "arrives", "refused", "lost"]))
    def another_worker_is_done(self, fate) -> None:
        if self.held is None:
            return
        (claimed, message), self.held = self.held, None
        if fate == "arrives":
            self.arrives(message)
            delivery.mark_sent(claimed)
        elif fate == "refused":
            delivery.mark_failed(claimed, smtplib.SMTPDataError(451, b"try again later"))
        else:  # the worker was killed; its claim runs out
            self.traveller.shift(timedelta(minutes=11))

    @precondition(is_on)
    @rule(moves=st.booleans(), fate=st.sampled_from(["arrives", "refused"]))
    def something_happens_while_a_letter_is_under_way(self, moves, fate) -> None:
        self.another_worker_takes_a_letter()
        if self.held is not None:
            email = self.held[0].letter.student.email
            if moves:
                self.move(1, drops=False)
            else:
                self.withdraw([each.email for each in self.people].index(email), undoes=False)
            self.work()
            self.another_worker_is_done(fate)

    # What people read

    def arrives(self, message: EmailMultiAlternatives) -> None:
        """Letters come in the order in which they were written."""
        email = message.to[0]
        assert message.written > self.newest_read.get(email, 0)
        self.newest_read[email] = message.written
        self.inbox.setdefault(email, []).append(message.body)

    def check(self, message: EmailMultiAlternatives) -> None:
        """Everything that the letter says holds now."""
        self.written += 1
        message.written = self.written
        who = [each.email for each in self.people].index(message.to[0])
        assert said(message.body) == [self.truth(who)], message.body
        if self.truth(who) in ("place", "waiting"):
            assert days_in(message.body) == self.days(), message.body
        if number := re.search(r"You are number (\d+) in the queue", message.body):
            assert int(number[1]) == self.newest(who).queue_number()

    def truth(self, who: int) -> str:
        enrolment = self.newest(who)
        assert enrolment is not None
        if self.run_now().is_cancelled and enrolment.is_live:
            return "cancelled"
        return str(enrolment.status)

    def days(self) -> list[str]:
        with translation.override("en"):
            return [
                f"{day(each.starts_at)}, {clock_range(each.starts_at, each.ends_at)}".replace(
                    WORD_JOINER, ""
                )
                for each in self.run_now().sessions.all()
            ]

    def everything_arrives(self) -> None:
        """The server is back, and stays. Everybody knows the last fact, and nothing is left."""
        self.server = "up"
        self.another_worker_is_done("lost")
        for _round in range(6):
            self.traveller.shift(timedelta(hours=7))
            services.send_due()
        assert not Letter.objects.unsent().by_hand().exists() or self.is_given_up()
        assert not Letter.objects.waiting().exists()
        for who, person in enumerate(self.people):
            letters = self.inbox.get(person.email.lower(), [])
            if self.newest(who) is None or self.is_given_up(person.email):
                continue
            assert said(letters[-1]) == [self.truth(who)]
            if self.truth(who) in ("place", "waiting"):
                assert days_in(letters[-1]) == self.days()

    def is_given_up(self, email: str = "") -> bool:
        """Whether something became a line on the call list, after five attempts."""
        given_up = Letter.objects.for_staff()
        return (given_up.filter(student__email=email) if email else given_up).exists()


def said(text: str) -> list[str]:
    return [name for name, words in SAYS.items() if re.search(words, text)]


def days_in(text: str) -> list[str]:
    """The days of the programme, without those that stand among what has changed."""
    block = re.search(r"^When:\n((?:– .*\n?)*)", text, re.MULTILINE)
    return [line.removeprefix("– ") for line in block[1].splitlines()] if block else []


def test_nobody_reads_older_news_after_newer():
    run_state_machine_as_test(
        NewsMachine,
        settings=settings(
            max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "30")),
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
