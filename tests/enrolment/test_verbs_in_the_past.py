"""Every verb about places takes the moment it happens at; all that it writes bears that moment."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from courses import services as course_services
from courses.models import CourseRun
from enrolment import services
from enrolment.models import Enrolment, Event, Letter
from enrolment.schedule_changes import programme
from tests import factories
from tests.enrolment import invariants
from tests.enrolment.announcing import announce_change

pytestmark = pytest.mark.django_db

STARTS_AT = (timezone.now() - timedelta(days=30)).replace(microsecond=0)


def day(number: float):
    """A moment so many days before the first session of the run, which is long over."""
    return STARTS_AT - timedelta(days=number)


@pytest.fixture
def run():
    factories.get_college()
    semester = factories.make_semester(enrolment_opens_at=day(60))
    run = factories.make_run(capacity=1, sessions=0, semester=semester)
    factories.make_session(run, starts_at=STARTS_AT)
    course_services.publish(run=run, now=day(70))
    return CourseRun.objects.get()


def enrol(run, *, now, **fields: object) -> Enrolment:
    person = factories.make_person()
    arguments = {"run": run, "submission": uuid.uuid4(), "person": person} | fields
    return services.enrol(**arguments, now=now).enrolment


def test_run_is_published_then(run):
    assert run.published_at == day(70)


@pytest.mark.parametrize(
    ("now", "refusal"), [(day(61), services.NotOpenYet), (day(0), services.RunStarted)]
)
def test_whether_sign_up_is_open_is_asked_of_then(run, now, refusal):
    with pytest.raises(refusal):
        enrol(run, now=now)


def test_sign_up_waiting_withdrawal_and_promotion_bear_their_moments(run):
    notice = None
    first = enrol(run, now=day(20), has_consented=True, notice=notice, adjustment="Teleslynge.")
    second = enrol(run, now=day(15))
    services.withdraw(enrolment=first, now=day(5))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.enrolled_at, first.placed_at, first.consented_at) == (day(20),) * 3
    assert first.withdrawn_at == day(5)
    assert (second.enrolled_at, second.placed_at) == (day(15), day(5))
    assert set(Letter.objects.values_list("enrolment", "kind", "owed_since", "overtaken_at")) == {
        (first.pk, "place", day(20), day(5)),
        (first.pk, "withdrawn", day(5), None),
        (second.pk, "waiting", day(15), day(5)),
        (second.pk, "promoted", day(5), None),
    }
    events = Event.objects.filter(subject="enrolment")
    assert set(events.values_list("subject_id", "verb", "happened_at")) == {
        (first.pk, "enrolled", day(20)),
        (first.pk, "withdrew", day(5)),
        (second.pk, "enrolled", day(15)),
        (second.pk, "got_place", day(5)),
    }
    invariants.check_all()


def test_after_the_queue_closed_then_a_call_gives_the_place(run):
    first, second = enrol(run, now=day(20)), enrol(run, now=day(15))
    services.withdraw(enrolment=first, now=day(0.5))
    second.refresh_from_db()
    assert second.is_waiting
    with pytest.raises(services.QueueFillsByItself):
        services.record_call(enrolment=second, outcome="yes", by=None, now=day(2))
    services.record_call(enrolment=second, outcome="yes", by=None, now=day(0.25))
    second.refresh_from_db()
    assert (second.called_at, second.placed_at) == (day(0.25), day(0.25))


def test_companion_given_up_and_withdrawal_undone_then(run):
    CourseRun.objects.update(capacity=2)
    two = enrol(run, now=day(20), places=2)
    services.give_up_companion(enrolment=two, now=day(10))
    assert Letter.objects.get(kind="companion").owed_since == day(10)
    services.withdraw(enrolment=two, now=day(9))
    two.refresh_from_db()
    again = services.undo_withdrawal(enrolment=two, now=day(8)).enrolment
    assert (again.enrolled_at, again.placed_at) == (day(8), day(8))
    with pytest.raises(services.RunFinished):
        services.withdraw(enrolment=again)


def test_run_is_cancelled_then(run):
    enrolment = enrol(run, now=day(20))
    with pytest.raises(services.RunFinished):
        services.cancel_run(run=run, by=None)
    assert services.cancel_run(run=run, by=None, now=day(3)) == 1
    assert CourseRun.objects.get().cancelled_at == day(3)
    assert enrolment.letters.get(kind="cancelled").owed_since == day(3)
    assert Event.objects.get(verb="cancelled").happened_at == day(3)


def events(verb: str) -> list:
    return list(Event.objects.filter(verb=verb).values_list("happened_at", flat=True))


def test_more_places_are_given_then(run):
    enrol(run, now=day(20))
    second, third = enrol(run, now=day(15)), enrol(run, now=day(14))
    services.set_capacity(run=run, capacity=2, now=day(5))
    second.refresh_from_db()
    assert (second.placed_at, events("changed_capacity")) == (day(5), [day(5)])
    assert second.letters.get(kind="promoted").owed_since == day(5)
    # After the waiting list has closed nothing fills by itself.
    services.set_capacity(run=run, capacity=3, now=day(0.5))
    third.refresh_from_db()
    assert third.is_waiting


def test_queue_is_filled_then(run):
    enrol(run, now=day(20))
    second = enrol(run, now=day(15))
    CourseRun.objects.update(capacity=2)
    assert services.fill_queue(run=run, now=day(0.5)) == 0
    assert services.fill_queue(run=run, now=day(3)) == 1
    second.refresh_from_db()
    assert (second.placed_at, events("got_place")) == (day(3), [day(3)])


def test_call_is_reopened_then(run):
    first, second = enrol(run, now=day(20)), enrol(run, now=day(15))
    services.withdraw(enrolment=first, now=day(0.5))
    services.record_call(enrolment=second, outcome="cannot", by=None, now=day(0.4))
    with pytest.raises(services.RunFinished):
        services.reopen_call(enrolment=second, by=None)
    services.reopen_call(enrolment=second, by=None, now=day(0.3))
    assert events("reopened_call") == [day(0.3)]


def test_change_is_announced_then(run):
    enrolment = enrol(run, now=day(20))
    Letter.objects.update(sent_at=day(20))
    before = programme(run)
    run.sessions.update(starts_at=STARTS_AT + timedelta(hours=1))
    assert announce_change(run=run, by=None, before=before, now=day(6)) == 1
    assert enrolment.letters.get(kind="changed").owed_since == day(6)
    assert events("changed_programme") == [day(6)]
    # Changed back before anybody was told: as things were then, there is nothing left to tell.
    run.sessions.update(starts_at=STARTS_AT)
    announce_change(run=run, by=None, before=before, now=day(5))
    assert enrolment.letters.get(kind="changed").overtaken_at == day(5)


def test_run_goes_back_to_draft_then(run):
    with pytest.raises(services.HasBegun):
        services.check_can_be_draft(run)
    with pytest.raises(services.HasBegun):
        services.back_to_draft(run=run, by=None)
    services.check_can_be_draft(run, day(9))
    drop_in = services.RunEdit({"entry": "drop_in", "capacity": None})
    services.save_run(run=run, edit=drop_in, by=None, now=day(10))
    services.back_to_draft(run=run, by=None, now=day(9))
    assert (events("changed_entry"), events("back_to_draft")) == ([day(10)], [day(9)])


def test_adjustment_is_written_and_arranged_and_contact_changed_then(run):
    enrolment = enrol(run, now=day(20), adjustment="Teleslynge.")
    adjustment = enrolment.adjustments.get()
    services.mark_arranged(adjustment=adjustment, is_arranged=True, by=None, now=day(4))
    services.change_contact(student=enrolment.student, name="Kari", by=None, now=day(3))
    adjustment.refresh_from_db()
    assert (adjustment.created_at, adjustment.arranged_at) == (day(20), day(4))
    assert (events("arranged"), events("changed_contact")) == ([day(4)], [day(3)])
