from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from courses.models import CourseRun
from enrolment import services
from enrolment.models import Enrolment, Event, Letter
from tests.enrolment.announcing import announce_change
from tests.factories import (
    enrol,
    make_person,
    make_published_run,
    make_run,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_cancel_tells_everybody_with_or_waiting_for_a_place_once():
    run = make_published_run(capacity=1)
    placed, waiting, withdrawn = enrol(run), enrol(run), enrol(run)
    services.withdraw(enrolment=withdrawn)
    elsewhere = enrol(make_published_run())
    staff = make_user()
    assert services.cancel_run(run=run, by=staff) == 2
    assert services.cancel_run(run=run, by=staff) == 0
    told = Letter.objects.filter(kind="cancelled").values_list("enrolment", flat=True)
    assert set(told) == {placed.pk, waiting.pk}
    assert elsewhere.pk not in told
    assert Event.objects.get(verb="cancelled").actor == staff


def test_cancel_leaves_enrolments_as_they_are():
    run = make_published_run(capacity=1)
    enrol(run), enrol(run)
    services.cancel_run(run=run, by=make_user())
    run.refresh_from_db()
    assert (run.status, run.places_taken, run.waiting) == ("cancelled", 1, 1)
    assert list(Enrolment.objects.values_list("status", flat=True)) == ["place", "waiting"]


def test_cancel_of_somebody_without_contact_writes_no_letter():
    run = make_published_run()
    row = enrol(run)
    type(row.student).objects.update(email="", phone="", channel="none")
    assert services.cancel_run(run=run, by=make_user()) == 0


def test_cancel_refuses_a_draft_and_a_run_that_is_over():
    staff = make_user()
    with pytest.raises(services.EnrolmentClosed):
        services.cancel_run(run=make_run(), by=staff)
    run = make_published_run()
    with (
        time_machine.travel(run.ends_at + timedelta(hours=1)),
        pytest.raises(services.RunFinished),
    ):
        services.cancel_run(run=run, by=staff)


def test_every_verb_refuses_after_cancelling():
    run = make_published_run(capacity=2)
    placed, waiting = enrol(run, places=2), enrol(run, places=2)
    withdrawn = enrol(run)
    services.withdraw(enrolment=withdrawn)
    staff = make_user()
    services.cancel_run(run=run, by=staff)
    before = list(Enrolment.objects.order_by("pk").values())
    for refused in [
        lambda: enrol(run),
        lambda: services.withdraw(enrolment=placed),
        lambda: services.withdraw(enrolment=waiting),
        lambda: services.undo_withdrawal(enrolment=withdrawn),
        lambda: services.give_up_companion(enrolment=placed),
        lambda: services.set_capacity(run=run, capacity=12),
        lambda: services.record_call(enrolment=waiting, outcome="yes", by=staff),
        lambda: services.reopen_call(enrolment=waiting, by=staff),
        lambda: announce_change(run=run, by=staff),
        lambda: services.back_to_draft(run=run, by=staff),
    ]:
        with pytest.raises(services.RunCancelled):
            refused()
    assert services.fill_queue(run=run) == 0
    assert list(Enrolment.objects.order_by("pk").values()) == before


def test_announce_change_tells_each_time_it_is_announced():
    run = make_published_run(capacity=1)
    enrol(run), enrol(run, person=make_person(email="", phone="+4799999901"))
    staff = make_user()
    for expected in (2, 4):
        Letter.objects.update(sent_at=timezone.now())
        assert announce_change(run=run, by=staff) == 2
        assert Letter.objects.filter(kind="changed").count() == expected


def test_back_to_draft_takes_an_empty_run_off_the_catalogue():
    run = make_published_run()
    services.back_to_draft(run=run, by=make_user())
    assert not CourseRun.objects.public().filter(pk=run.pk).exists()


def test_back_to_draft_refuses_where_anybody_ever_signed_up():
    run = make_published_run()
    services.withdraw(enrolment=enrol(run))
    with pytest.raises(services.HasEnrolments):
        services.back_to_draft(run=run, by=make_user())


def test_back_to_draft_refuses_from_the_day_on_which_somebody_can_be_marked():
    cafe = make_published_run(entry="drop_in")
    session = cafe.sessions.get()
    with time_machine.travel(session.can_be_marked_from - timedelta(seconds=1), tick=False):
        services.check_can_be_draft(cafe)
    with (
        time_machine.travel(session.can_be_marked_from, tick=False),
        pytest.raises(services.HasBegun),
    ):
        services.back_to_draft(run=cafe, by=make_user())


def test_back_to_draft_refuses_once_the_run_has_begun():
    lecture = make_published_run(entry="drop_in")
    lecture.sessions.update(starts_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(services.HasBegun):
        services.back_to_draft(run=lecture, by=make_user())


def test_letters_are_due_at_once_and_hold_no_link():
    run = make_published_run()
    letter = Letter.objects.get(enrolment=enrol(run))
    assert letter.owed_since <= timezone.now()
    assert letter.sent_at is None
    assert "http" not in letter.text
