from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.models import CourseRun
from enrolment import services
from enrolment.models import Enrolment
from enrolment.services import Outcome
from tests.enrolment.places import after_the_close, counters, kinds, sign_up
from tests.factories import (
    enrol,
    make_published_run,
    make_user,
)

pytestmark = pytest.mark.django_db


class TestCapacity:
    def test_raised_fills_from_the_queue(self):
        run = make_published_run(capacity=1)
        enrol(run), enrol(run), enrol(run)
        services.set_capacity(run=run, capacity=2)
        assert counters(run) == (2, 1)

    def test_below_the_places_taken_is_refused_with_the_number(self):
        run = make_published_run(capacity=4)
        enrol(run, places=2), enrol(run)
        with pytest.raises(services.CapacityBelowPlaces) as refused:
            services.set_capacity(run=run, capacity=2)
        assert refused.value.places_taken == 3

    def test_none_at_all_is_refused(self):
        with pytest.raises(ValidationError):
            services.set_capacity(run=make_published_run(), capacity=0)

    def test_of_a_run_without_sign_up_is_refused(self):
        with pytest.raises(services.EnrolmentClosed):
            services.set_capacity(run=make_published_run(entry="drop_in"), capacity=5)

    def test_after_the_close_fills_nothing(self):
        run = make_published_run(capacity=1)
        enrol(run), enrol(run)
        with after_the_close(run):
            services.set_capacity(run=run, capacity=2)
        assert counters(run) == (1, 1)

    def test_of_a_cancelled_run_is_refused(self):
        run = make_published_run()
        services.cancel_run(run=run, by=make_user())
        with pytest.raises(services.RunCancelled):
            services.set_capacity(run=run, capacity=99)


class TestCallList:
    def queue_after_the_close(self) -> tuple[CourseRun, list[Enrolment]]:
        run = make_published_run(capacity=1)
        first, *queue = [enrol(run) for _each in range(4)]
        with after_the_close(run):
            services.withdraw(enrolment=first)
        return run, queue

    def test_says_yes_gets_the_place_and_a_letter(self):
        run, queue = self.queue_after_the_close()
        with after_the_close(run):
            services.record_call(enrolment=queue[0], outcome="yes", by=make_user())
        queue[0].refresh_from_db()
        assert (queue[0].status, queue[0].call_outcome) == ("place", "yes")
        assert kinds(queue[0]) == ["waiting", "promoted"]

    @pytest.mark.parametrize("outcome", ["cannot", "unreached"])
    def test_next_one_is_called_after_an_outcome(self, outcome):
        run, queue = self.queue_after_the_close()
        staff = make_user()
        with after_the_close(run):
            with pytest.raises(services.NotNextInQueue):
                services.record_call(enrolment=queue[1], outcome="yes", by=staff)
            services.record_call(enrolment=queue[0], outcome=outcome, by=staff)
            services.record_call(enrolment=queue[1], outcome="yes", by=staff)
        queue[0].refresh_from_db()
        queue[1].refresh_from_db()
        assert (queue[0].status, queue[1].status) == ("waiting", "place")

    def test_somebody_who_rings_back_is_next_again(self):
        run, queue = self.queue_after_the_close()
        staff = make_user()
        with after_the_close(run):
            services.record_call(enrolment=queue[0], outcome="unreached", by=staff)
            services.reopen_call(enrolment=queue[0], by=staff)
            with pytest.raises(services.NotNextInQueue):
                services.record_call(enrolment=queue[1], outcome="yes", by=staff)
            services.record_call(enrolment=queue[0], outcome="yes", by=staff)

    def test_nobody_is_called_before_the_close(self):
        run = make_published_run(capacity=1)
        enrol(run)
        with pytest.raises(services.QueueFillsByItself):
            services.record_call(enrolment=enrol(run), outcome="yes", by=make_user())

    def test_nobody_is_called_without_a_free_place(self):
        run = make_published_run(capacity=1)
        enrol(run)
        waiting = enrol(run)
        with after_the_close(run), pytest.raises(services.NoRoom):
            services.record_call(enrolment=waiting, outcome="cannot", by=make_user())

    def test_a_pair_cannot_say_yes_to_one_place_but_one_of_them_can(self):
        run = make_published_run(capacity=2)
        first, _second = enrol(run), enrol(run)
        pair = enrol(run, places=2)
        staff = make_user()
        with after_the_close(run):
            services.withdraw(enrolment=first)
            with pytest.raises(services.NoRoom):
                services.record_call(enrolment=pair, outcome="yes", by=staff)
            services.give_up_companion(enrolment=pair)
            assert services.record_call(enrolment=pair, outcome="yes", by=staff).has_place

    def test_newcomer_after_the_close_joins_behind(self):
        run, _queue = self.queue_after_the_close()
        with after_the_close(run):
            assert sign_up(run).outcome == Outcome.REGISTERED


@pytest.mark.parametrize("hours_after", [-1, 0, 1, 48])
def test_queue_closes_at_the_start_however_late_its_close_is_written(hours_after):
    run = make_published_run(capacity=2)
    first, second, *queue = [enrol(run) for _each in range(4)]
    CourseRun.objects.filter(pk=run.pk).update(
        waiting_list_closes_at=run.starts_at + timedelta(hours=hours_after)
    )
    with time_machine.travel(run.starts_at - timedelta(hours=1, seconds=1), tick=False):
        services.withdraw(enrolment=first)
    with time_machine.travel(run.starts_at, tick=False):
        services.withdraw(enrolment=second)
        assert services.fill_queue(run=run) == 0
    for enrolment in queue:
        enrolment.refresh_from_db()
    assert [each.status for each in queue] == ["place", "waiting"]


def test_moving_the_close_fills_what_was_left():
    run = make_published_run(capacity=1, waiting_list_closes_at=timezone.now() - timedelta(hours=1))
    first, second = enrol(run), enrol(run)
    services.withdraw(enrolment=first)
    assert services.fill_queue(run=run) == 0
    CourseRun.objects.filter(pk=run.pk).update(waiting_list_closes_at=None)
    assert services.fill_queue(run=run) == 1
    second.refresh_from_db()
    assert second.has_place


def test_moving_the_close_of_a_cancelled_run_fills_nothing():
    run = make_published_run(capacity=1, waiting_list_closes_at=timezone.now() - timedelta(hours=1))
    first, _second = enrol(run), enrol(run)
    services.withdraw(enrolment=first)
    services.cancel_run(run=run, by=make_user())
    CourseRun.objects.filter(pk=run.pk).update(waiting_list_closes_at=None)
    assert services.fill_queue(run=run) == 0
    assert counters(run) == (0, 1)
