import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.models import NoticeVersion
from enrolment import services
from enrolment.models import Adjustment, Enrolment, Event, Letter, Student
from enrolment.services import Outcome, WhenOneLeft
from tests.enrolment.places import after_the_close, counters, kinds, sign_up
from tests.factories import (
    enrol,
    make_person,
    make_published_run,
    make_run,
    make_student,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_enrol_gives_a_place_where_there_is_room():
    run = make_published_run(capacity=1)
    answer = sign_up(run)
    assert (answer.outcome, answer.enrolment.status) == (Outcome.PLACE, "place")
    assert counters(run) == (1, 0)
    assert kinds(answer.enrolment) == ["place"]


def test_enrol_joins_waiting_list_when_run_is_full():
    run = make_published_run(capacity=1)
    enrol(run)
    answer = sign_up(run)
    assert (answer.outcome, answer.enrolment.status) == (Outcome.REGISTERED, "waiting")
    assert counters(run) == (1, 1)
    assert kinds(answer.enrolment) == ["waiting"]


def test_enrol_joins_behind_a_pair_that_does_not_fit():
    run = make_published_run(capacity=2)
    enrol(run)
    enrol(run, places=2, when_one_left=WhenOneLeft.WAIT)
    assert sign_up(run).outcome == Outcome.REGISTERED
    assert counters(run) == (1, 2)


def test_enrol_remembers_what_was_shown_and_who_registered_it():
    run = make_published_run()
    notice, staff = NoticeVersion.objects.get(), make_user()
    enrolment = enrol(run, notice=notice, has_consented=True, by=staff)
    enrolment.refresh_from_db()
    assert (enrolment.notice, enrolment.registered_by) == (notice, staff)
    assert enrolment.notice_shown_at
    assert enrolment.consented_at
    assert Event.objects.get(verb="enrolled").actor == staff


def test_same_submission_gets_its_true_answer_even_after_sign_up_closed():
    run = make_published_run(capacity=1)
    submission = uuid.uuid4()
    first = sign_up(run, submission=submission)
    with time_machine.travel(run.starts_at + timedelta(minutes=5)):
        again = sign_up(run, submission=submission, person=make_person())
    assert (again.outcome, again.enrolment) == (Outcome.PLACE, first.enrolment)
    assert Student.objects.count() == 1


def test_submission_of_another_run_is_a_sign_up_of_its_own():
    here, there = make_published_run(), make_published_run()
    submission = uuid.uuid4()
    first = sign_up(here, submission=submission)
    second = sign_up(there, submission=submission)
    assert second.enrolment != first.enrolment
    assert second.enrolment.run == there


def test_repeat_is_answered_by_the_run_alone():
    """A full run says the same to the one who has its place as to a newcomer."""
    run = make_published_run(capacity=1)
    person = make_person()
    enrol(run, person=person)
    newcomer, repeat = sign_up(run), sign_up(run, person=person)
    assert repeat.outcome == newcomer.outcome == Outcome.REGISTERED
    assert repeat.enrolment.has_place
    assert counters(run) == (1, 1)


def test_repeat_keeps_a_new_adjustment_and_only_once():
    run = make_published_run()
    person = make_person()
    enrol(run, person=person, adjustment="Teleslynge")
    sign_up(run, person=person, adjustment=" Stol med armlener ")
    sign_up(run, person=person, adjustment="Teleslynge")
    assert list(Adjustment.objects.values_list("text", flat=True)) == [
        "Teleslynge",
        "Stol med armlener",
    ]


def test_repeat_sends_the_current_letter_again_once_a_day():
    run = make_published_run()
    person = make_person()
    enrolment = enrol(run, person=person)
    sign_up(run, person=person)
    assert kinds(enrolment) == ["place"]
    Letter.objects.update(sent_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        sign_up(run, person=person)
        sign_up(run, person=person)
        assert kinds(enrolment) == ["place", "place"]
        Letter.objects.update(sent_at=timezone.now())
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        sign_up(run, person=person)
    assert kinds(enrolment) == ["place", "place", "place"]


def test_name_is_compared_without_case_and_spaces():
    run = make_published_run()
    enrol(run, person=make_person(name="Kari  Nordmann", email="kari@example.org"))
    enrol(run, person=make_person(name="kari nordmann ", email="Kari@Example.org"))
    student = Student.objects.get()
    assert (student.name, student.email) == ("Kari Nordmann", "kari@example.org")


def test_two_people_may_share_an_address():
    run = make_published_run()
    enrol(run, person=make_person(name="Kari", email="felles@example.org"))
    enrol(run, person=make_person(name="Ola", email="felles@example.org"))
    assert Student.objects.count() == 2
    assert counters(run) == (2, 0)


def test_sign_up_never_changes_an_existing_student():
    student = make_student(name="Kari", email="kari@example.org", phone="+4799999901")
    run = make_published_run()
    person = make_person(
        name="KARI", email="kari@example.org", phone="+4799999902", language="en", channel="phone"
    )
    assert enrol(run, person=person).student == student
    student.refresh_from_db()
    assert (student.name, student.phone, student.language, student.channel) == (
        "Kari",
        "+4799999901",
        "nb",
        "email",
    )


def test_row_without_contact_is_never_matched():
    turned_up = make_student(name="Kari", email="")
    run = make_published_run()
    assert enrol(run, person=make_person(name="Kari")).student != turned_up


def test_phone_alone_finds_the_person_again():
    student = make_student(name="Kari", email="", phone="+4799999901")
    run = make_published_run()
    person = make_person(name="Kari", email="", phone="+4799999901")
    assert enrol(run, person=person).student == student


def test_phone_alone_finds_nobody_who_gave_an_address_too():
    """Whoever knows a name and a number must not get that person's letters by signing up first."""
    stranger = make_student(name="Kari", email="stranger@example.org", phone="+4799999901")
    enrolment = enrol(
        make_published_run(), person=make_person(name="Kari", email="", phone="+4799999901")
    )
    assert enrolment.student != stranger
    assert [letter.channel for letter in enrolment.letters.all()] == ["phone"]


def test_adjustment_with_an_identity_number_is_not_stored_and_nothing_else_is():
    run = make_published_run()
    with pytest.raises(ValidationError):
        sign_up(run, adjustment="Jeg er 00000000000")
    assert not Enrolment.objects.exists()
    assert not Student.objects.exists()
    assert counters(run) == (0, 0)


@pytest.mark.parametrize(
    ("wish", "status", "places", "counted"),
    [
        (WhenOneLeft.ALONE, "place", 1, (2, 0)),
        (WhenOneLeft.WAIT, "waiting", 2, (1, 1)),
    ],
)
def test_pair_that_meets_one_free_place_chooses(wish, status, places, counted):
    run = make_published_run(capacity=2)
    enrol(run)
    with pytest.raises(services.OnePlaceLeft):
        sign_up(run, places=2)
    enrolment = enrol(run, places=2, when_one_left=wish)
    assert (enrolment.status, enrolment.places) == (status, places)
    assert counters(run) == counted


def test_pair_that_meets_a_queue_is_not_asked():
    run = make_published_run(capacity=2)
    enrol(run)
    enrol(run, places=2, when_one_left=WhenOneLeft.WAIT)
    assert sign_up(run, places=2).outcome == Outcome.REGISTERED


class TestClosedSignUp:
    def test_draft(self):
        with pytest.raises(services.EnrolmentClosed):
            sign_up(make_run())

    def test_drop_in(self):
        with pytest.raises(services.EnrolmentClosed):
            sign_up(make_published_run(entry="drop_in"))

    def test_not_open_yet(self):
        run = make_published_run(enrolment_opens_at=timezone.now() + timedelta(hours=1))
        with pytest.raises(services.NotOpenYet):
            sign_up(run)

    def test_window_is_over(self):
        run = make_published_run(enrolment_closes_at=timezone.now() - timedelta(hours=1))
        with pytest.raises(services.EnrolmentClosed) as closed:
            sign_up(run)
        assert closed.type is services.EnrolmentClosed

    def test_started(self):
        run = make_published_run(in_days=-1, sessions=2)
        with pytest.raises(services.RunStarted):
            sign_up(run)

    def test_cancelled(self):
        run = make_published_run()
        services.cancel_run(run=run, by=make_user())
        with pytest.raises(services.RunCancelled):
            sign_up(run)
        assert not Student.objects.exists()


class TestWithdrawing:
    def test_frees_the_place_for_the_head_of_the_queue(self):
        run = make_published_run(capacity=1)
        first, second, third = enrol(run), enrol(run), enrol(run)
        services.withdraw(enrolment=first)
        second.refresh_from_db()
        third.refresh_from_db()
        assert (second.status, third.status) == ("place", "waiting")
        assert kinds(second) == ["waiting", "promoted"]
        assert kinds(first) == ["place", "withdrawn"]
        assert counters(run) == (1, 1)

    def test_one_seat_does_not_let_anybody_pass_a_waiting_pair(self):
        run = make_published_run(capacity=2)
        first, second = enrol(run), enrol(run)
        pair, single = enrol(run, places=2), enrol(run)
        services.withdraw(enrolment=first)
        pair.refresh_from_db()
        single.refresh_from_db()
        assert (pair.status, single.status) == ("waiting", "waiting")
        services.withdraw(enrolment=second)
        pair.refresh_from_db()
        assert pair.status == "place"

    def test_from_the_queue(self):
        run = make_published_run(capacity=1)
        enrol(run)
        services.withdraw(enrolment=enrol(run, places=2))
        assert counters(run) == (1, 0)

    def test_after_the_close_fills_nothing(self):
        run = make_published_run(capacity=1)
        first, _second = enrol(run), enrol(run)
        with after_the_close(run):
            services.withdraw(enrolment=first)
        assert counters(run) == (0, 1)

    def test_is_refused_when_the_run_is_over(self):
        run = make_published_run()
        enrolment = enrol(run)
        with (
            time_machine.travel(run.ends_at + timedelta(hours=1)),
            pytest.raises(services.RunFinished),
        ):
            services.withdraw(enrolment=enrolment)


class TestUndoing:
    def test_gives_a_new_place_and_takes_the_adjustments_along(self):
        run = make_published_run(capacity=1)
        first = enrol(run, adjustment="Teleslynge")
        services.withdraw(enrolment=first)
        answer = services.undo_withdrawal(enrolment=first)
        assert answer.outcome == Outcome.PLACE
        assert answer.enrolment != first
        assert Adjustment.objects.get().enrolment == answer.enrolment

    def test_joins_the_end_of_the_queue_where_somebody_waits(self):
        run = make_published_run(capacity=1)
        first, _second, third = enrol(run), enrol(run), enrol(run)
        services.withdraw(enrolment=first)
        again = services.undo_withdrawal(enrolment=first).enrolment
        assert (third.queue_number(), again.queue_number()) == (1, 2)

    def test_twice_is_once(self):
        run = make_published_run()
        first = enrol(run)
        services.withdraw(enrolment=first)
        new = services.undo_withdrawal(enrolment=first).enrolment
        assert services.undo_withdrawal(enrolment=first).enrolment == new
        assert Enrolment.objects.count() == 2

    def test_answers_with_the_row_that_is_live_now(self):
        run = make_published_run()
        person = make_person()
        first = enrol(run, person=person)
        services.withdraw(enrolment=first)
        services.withdraw(enrolment=services.undo_withdrawal(enrolment=first).enrolment)
        live = enrol(run, person=person)
        assert services.undo_withdrawal(enrolment=first).enrolment == live

    def test_is_refused_for_somebody_erased(self):
        run = make_published_run()
        first = enrol(run)
        services.withdraw(enrolment=first)
        Student.objects.update(erased_at=timezone.now())
        with pytest.raises(services.NotLive):
            services.undo_withdrawal(enrolment=first)


class TestCompanion:
    def test_seat_goes_back_to_the_queue(self):
        run = make_published_run(capacity=2)
        pair, waiting = enrol(run, places=2), enrol(run)
        services.give_up_companion(enrolment=pair)
        waiting.refresh_from_db()
        assert waiting.has_place
        assert kinds(pair) == ["place", "companion"]
        assert counters(run) == (2, 0)

    def test_given_up_while_waiting_may_bring_the_place(self):
        run = make_published_run(capacity=2)
        enrol(run)
        pair = enrol(run, places=2, when_one_left=WhenOneLeft.WAIT)
        assert services.give_up_companion(enrolment=pair).has_place
        assert kinds(pair) == ["waiting", "companion", "promoted"]

    def test_given_up_twice_is_given_up_once(self):
        run = make_published_run(capacity=2)
        pair = enrol(run, places=2)
        services.give_up_companion(enrolment=pair)
        services.give_up_companion(enrolment=pair)
        assert counters(run) == (1, 0)

    def test_is_refused_after_withdrawal(self):
        pair = enrol(make_published_run(), places=2)
        services.withdraw(enrolment=pair)
        with pytest.raises(services.NotLive):
            services.give_up_companion(enrolment=pair)
