"""Files from the same address one after another, as calendars merge them.

Whatever happens between two of them, nothing is doubled and nothing is left behind; and a file that
was fetched before, opened once more, takes nothing back.
"""

import os
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from courses.models import CourseRun, CourseSession
from enrolment import links, services
from enrolment.links import Purpose
from enrolment.models import Enrolment
from tests import factories
from tests.enrolment.calendar_program import CalendarProgram

pytestmark = pytest.mark.django_db

BEGINNING = datetime(2026, 10, 20, 8, tzinfo=UTC)


class Scene:
    """A run in a week and the week after, with one place, and somebody who signs up."""

    def __init__(self) -> None:
        run = factories.make_published_run(capacity=1, sessions=2, in_days=7)
        self.run_pk = run.pk
        self.person = factories.make_person()
        factories.enrol(run, person=self.person)
        self.letter_link = self._letter_link()
        self.stranger: Enrolment | None = None

    @property
    def run(self) -> CourseRun:
        return CourseRun.objects.get(pk=self.run_pk)

    @property
    def enrolment(self) -> Enrolment:
        return (
            Enrolment.objects.filter(student__email=self.person.email)
            .select_related("student")
            .latest("pk")
        )

    def _letter_link(self) -> str:
        return reverse("calendar", args=[links.enrolment_token(Purpose.CALENDAR, self.enrolment)])

    def file(self) -> bytes:
        """What the link in the first letter answers, which is the same address all the time."""
        response = Client().get(self.letter_link)
        assert response.status_code == 200
        return response.content

    def subscription(self) -> bytes:
        address = reverse("my_calendar", args=[self.enrolment.student.calendar_key])
        response = Client().get(address)
        assert response.status_code == 200
        return response.content

    def expected(self) -> list[tuple[datetime, str, str]]:
        """How things stand, read from the rows and nothing else."""
        run, enrolment = self.run, self.enrolment
        if run.is_cancelled or enrolment.status == "withdrawn":
            return []
        status = "CONFIRMED" if enrolment.status == "place" else "TENTATIVE"
        return sorted(
            (session.starts_at, status, f"{venue.name}, {venue.address}")
            for session in run.sessions.select_related("venue")
            if session.cancelled_at is None
            for venue in [session.venue or run.venue]
        )

    # What happens

    def session(self, number: int = 0) -> CourseSession:
        sessions = list(self.run.sessions.filter(cancelled_at=None).order_by("pk"))
        return sessions[number % len(sessions)]

    def is_moved(self, number: int = 0) -> None:
        session = self.session(number)
        session.starts_at += timedelta(minutes=10)
        session.ends_at += timedelta(minutes=10)
        session.save()

    def all_are_moved(self) -> None:
        sessions = list(self.run.sessions.filter(cancelled_at=None))
        for session in sessions:
            session.starts_at += timedelta(minutes=7)
            session.ends_at += timedelta(minutes=7)
        CourseSession.objects.bulk_update(sessions, ["starts_at", "ends_at"])

    def is_off(self, number: int = 0) -> None:
        session = self.session(number)
        session.cancelled_at = timezone.now()
        session.save(update_fields=["cancelled_at"])

    def is_restored(self) -> None:
        session = self.run.sessions.exclude(cancelled_at=None).latest("cancelled_at")
        session.starts_at += timedelta(minutes=1)  # a replacement may have its hour
        session.ends_at += timedelta(minutes=1)
        session.cancelled_at = None
        session.save(update_fields=["starts_at", "ends_at", "cancelled_at"])

    def is_replaced_at_the_same_hour(self) -> None:
        starts_at = self.session().starts_at
        self.is_off()
        factories.make_session(self.run, starts_at=starts_at)

    def session_has_another_venue(self, number: int = 0) -> None:
        session = self.session(number)
        session.venue = factories.make_venue()
        session.save(update_fields=["venue"])

    def run_has_another_venue(self) -> None:
        run = self.run
        run.venue = factories.make_venue()
        run.save(update_fields=["venue"])

    def street_is_corrected(self) -> None:
        venue = self.run.venue
        venue.street = f"Storgata {factories.number()}"
        venue.save()

    def withdraws(self) -> None:
        services.withdraw(enrolment=self.enrolment)

    def signs_up_again(self) -> None:
        services.enrol(run=self.run, submission=uuid.uuid4(), person=self.person)

    def stranger_signs_up(self) -> None:
        self.stranger = factories.enrol(self.run)

    def stranger_withdraws(self) -> None:
        services.withdraw(enrolment=self.stranger)
        self.stranger = None

    def run_is_off(self) -> None:
        services.cancel_run(run=self.run, by=None)


STEPS = [
    [Scene.is_moved],
    [Scene.all_are_moved],
    [Scene.is_off],
    [Scene.is_restored],
    [Scene.is_replaced_at_the_same_hour],
    [Scene.session_has_another_venue],
    [Scene.run_has_another_venue],
    [Scene.street_is_corrected],
    [Scene.withdraws],
    [Scene.stranger_signs_up, Scene.signs_up_again],  # and waits
    [Scene.stranger_withdraws],  # and gets the place
    [Scene.withdraws, Scene.signs_up_again],  # with nothing fetched in between
    [Scene.run_is_off],
]


@pytest.mark.parametrize("fetch", [Scene.file, Scene.subscription])
def test_calendar_shows_how_it_is_after_every_step(fetch):
    with time_machine.travel(BEGINNING, tick=False) as clock:
        scene = Scene()
        program = CalendarProgram()
        older: list[bytes] = []
        for step in [[], *STEPS]:
            for happens in step:
                clock.shift(timedelta(minutes=1))
                happens(scene)
            file = fetch(scene)
            program.take(file)
            assert program.shown == scene.expected(), step
            for each in older:
                program.take(each)
            assert program.shown == scene.expected(), ("older files", step)
            older.append(file)
        assert program.shown == []
        assert len(program.events) == 3  # two sessions and a replacement: one event for each


def test_what_was_never_fetched_in_between_comes_right_all_the_same():
    with time_machine.travel(BEGINNING, tick=False) as clock:
        scene = Scene()
        program = CalendarProgram()
        program.take(scene.file())
        for happens in (happens for step in STEPS[:-1] for happens in step):
            clock.shift(timedelta(minutes=1))
            happens(scene)
        program.take(scene.file())
        assert program.shown == scene.expected() != []


def test_letter_and_subscription_in_one_calendar_are_one_appointment():
    scene = Scene()
    program = CalendarProgram()
    program.take(scene.file())
    program.take(scene.subscription())
    assert program.shown == scene.expected()


def test_past_of_somebody_who_withdrew_stays():
    """They have been there: only what was still to come goes."""
    with time_machine.travel(BEGINNING, tick=False) as clock:
        scene = Scene()
        program = CalendarProgram()
        first, _second = scene.expected()
        clock.shift(timedelta(days=10))
        scene.withdraws()
        program.take(scene.file())
        assert program.shown == [first]


def test_session_that_was_held_before_the_run_was_cancelled_stays():
    with time_machine.travel(BEGINNING, tick=False) as clock:
        scene = Scene()
        first, _second = scene.expected()
        clock.shift(timedelta(days=10))
        scene.run_is_off()
        program = CalendarProgram()
        program.take(scene.file())
        assert program.shown == [first]


# Whatever happens


class CalendarMachine(RuleBasedStateMachine):
    """One calendar is fed from the letter, the other subscribes; both now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.undo_everything = transaction.atomic()
        self.undo_everything.__enter__()
        self.clock = time_machine.travel(BEGINNING, tick=False)
        self.traveller = self.clock.start()
        self.programs = {Scene.file: CalendarProgram(), Scene.subscription: CalendarProgram()}
        self.older: dict[object, list[bytes]] = {fetch: [] for fetch in self.programs}

    @initialize()
    def signs_up(self) -> None:
        self.scene = Scene()

    def teardown(self) -> None:
        try:
            if hasattr(self, "scene"):
                for fetch in self.programs:
                    self.looks(fetch)
        finally:
            self.clock.stop()
            transaction.set_rollback(True)
            self.undo_everything.__exit__(None, None, None)

    def looks(self, fetch) -> None:
        file = fetch(self.scene)
        self.programs[fetch].take(file)
        assert self.programs[fetch].shown == self.scene.expected()
        self.older[fetch].append(file)

    def time_passes(self) -> None:
        self.traveller.shift(timedelta(minutes=1))

    def is_on(self) -> bool:
        return not self.scene.run.is_cancelled

    def is_signed_up(self) -> bool:
        return self.is_on() and self.scene.enrolment.is_live

    @rule(fetch=st.sampled_from([Scene.file, Scene.subscription]))
    def a_calendar_looks(self, fetch) -> None:
        self.looks(fetch)

    @rule(fetch=st.sampled_from([Scene.file, Scene.subscription]), which=st.integers(min_value=0))
    def an_older_file_is_opened(self, fetch, which) -> None:
        """Right after the newest one, which it must not undo."""
        self.looks(fetch)
        older = self.older[fetch]
        self.programs[fetch].take(older[which % len(older)])
        assert self.programs[fetch].shown == self.scene.expected()

    @precondition(is_on)
    @rule(
        happens=st.sampled_from([Scene.is_moved, Scene.is_off, Scene.session_has_another_venue]),
        number=st.integers(0, 3),
    )
    def a_session_changes(self, happens, number) -> None:
        if (
            happens is Scene.is_off
            and self.scene.run.sessions.filter(cancelled_at=None).count() < 2
        ):
            return
        self.time_passes()
        happens(self.scene, number)

    @precondition(is_on)
    @rule(
        happens=st.sampled_from(
            [
                Scene.all_are_moved,
                Scene.is_replaced_at_the_same_hour,
                Scene.run_has_another_venue,
                Scene.street_is_corrected,
            ]
        )
    )
    def the_run_changes(self, happens) -> None:
        self.time_passes()
        happens(self.scene)

    @precondition(is_on)
    @rule()
    def a_session_is_restored(self) -> None:
        if self.scene.run.sessions.exclude(cancelled_at=None).exists():
            self.time_passes()
            self.scene.is_restored()

    @precondition(is_signed_up)
    @rule()
    def withdraws(self) -> None:
        self.time_passes()
        self.scene.withdraws()

    @precondition(lambda self: self.is_on() and not self.scene.enrolment.is_live)
    @rule()
    def signs_up_again(self) -> None:
        self.time_passes()
        self.scene.signs_up_again()

    @precondition(is_on)
    @rule()
    def a_stranger_comes_or_goes(self) -> None:
        self.time_passes()
        if self.scene.stranger is None:
            self.scene.stranger_signs_up()
        else:
            self.scene.stranger_withdraws()

    @precondition(is_on)
    @rule(is_meant=st.integers(0, 5))
    def the_run_is_off(self, is_meant) -> None:
        if not is_meant:
            self.time_passes()
            self.scene.run_is_off()


def test_nothing_is_doubled_and_nothing_left_behind():
    run_state_machine_as_test(
        CalendarMachine,
        settings=settings(
            max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "10")),
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
