"""The throttle counts exactly, whoever asks at the same time, and keeps nothing that tells."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from courses.models import RateCount
from courses.web import throttle
from courses.web.throttle import RateLimit
from tests import factories
from tests.enrolment.test_races import at_once

pytestmark = pytest.mark.django_db

AT_TWENTY_PAST_TWO = factories.oslo(2026, 11, 23, 14, 20)


def limit(who: str = "192.0.2.7", *, what: str = "try", most: int = 2, **fields) -> RateLimit:
    return RateLimit(what=what, who=who, most=most, **fields)


def test_each_try_counts_and_one_too_many_is_told():
    with time_machine.travel(AT_TWENTY_PAST_TWO, tick=False):
        assert [throttle.goes_beyond(limit()) for _each in range(4)] == [False, False, True, True]


@pytest.mark.parametrize("other", [limit("192.0.2.8"), limit(what="another")])
def test_others_and_other_things_have_a_count_of_their_own(other):
    throttle.count_one(limit())
    assert throttle.so_far([limit(), other]) == [1, 0]


def test_several_limits_are_counted_in_one_statement(django_assert_num_queries):
    throttle.count_one(limit("b"))
    with django_assert_num_queries(1):
        assert throttle.count_one(limit("c"), limit("b"), limit("a")) == [1, 2, 1]


@pytest.mark.parametrize(("count", "one_too_many"), [(0, False), (1, False), (2, True), (3, True)])
def test_any_limit_may_be_the_one(count, one_too_many):
    for _each in range(count):
        throttle.count_one(limit("run"))
    assert throttle.goes_beyond(limit("network"), limit("run")) == one_too_many


def test_reading_counts_nothing(django_assert_num_queries):
    throttle.count_one(limit())
    for _each in range(3):
        with django_assert_num_queries(1):
            assert throttle.so_far([limit("nobody"), limit()]) == [0, 1]
    assert not throttle.is_used_up(limit())
    throttle.count_one(limit())
    assert throttle.is_used_up(limit())


def test_reading_nothing_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert throttle.so_far([]) == []


def test_next_hour_of_the_clock_begins_anew():
    with time_machine.travel(AT_TWENTY_PAST_TWO, tick=False):
        throttle.count_one(limit())
        assert limit().ends_at == factories.oslo(2026, 11, 23, 15)
    with time_machine.travel(factories.oslo(2026, 11, 23, 14, 59), tick=False):
        assert throttle.count_one(limit()) == [2]
    with time_machine.travel(factories.oslo(2026, 11, 23, 15), tick=False):
        assert throttle.count_one(limit()) == [1]


def test_shorter_period_is_a_count_of_its_own():
    short = {"period": timedelta(seconds=10)}
    with time_machine.travel(AT_TWENTY_PAST_TWO, tick=False):
        assert throttle.count_one(limit(), limit(**short)) == [1, 1]
    with time_machine.travel(AT_TWENTY_PAST_TWO + timedelta(seconds=10), tick=False):
        assert throttle.count_one(limit(), limit(**short)) == [2, 1]


def test_limit_stays_in_its_period_when_the_clock_strikes_meanwhile():
    with time_machine.travel(factories.oslo(2026, 11, 23, 14, 59), tick=False) as clock:
        at_two = limit()
        throttle.count_one(at_two)
        clock.move_to(factories.oslo(2026, 11, 23, 15))
        throttle.take_one_back(at_two)
        assert throttle.so_far([at_two, limit()]) == [0, 0]


def test_one_is_taken_back_but_never_more_than_there_are():
    throttle.count_one(limit())
    for _each in range(2):
        throttle.take_one_back(limit())
    assert throttle.so_far([limit()]) == [0]


def test_forgetting_a_limit_begins_anew_and_leaves_the_others():
    throttle.count_one(limit(), limit("other"))
    throttle.forget(limit())
    assert throttle.so_far([limit(), limit("other")]) == [0, 1]


def test_what_is_kept_tells_neither_who_nor_whether_it_is_the_same_one():
    for minutes in (0, 60):
        moment = AT_TWENTY_PAST_TWO + timedelta(minutes=minutes)
        with time_machine.travel(moment, tick=False):
            throttle.count_one(limit())
    keys = set(RateCount.objects.values_list("pk", flat=True))
    assert len(keys) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)


def test_counting_deletes_nothing():
    with time_machine.travel(AT_TWENTY_PAST_TWO, tick=False):
        throttle.count_one(limit())
    with time_machine.travel(AT_TWENTY_PAST_TWO + timedelta(hours=1), tick=False):
        throttle.count_one(limit())
    assert RateCount.objects.count() == 2


def test_old_counts_are_forgotten_by_the_daily_command():
    with time_machine.travel(AT_TWENTY_PAST_TWO, tick=False):
        throttle.count_one(limit())
        call_command("purge_expired", stdout=io.StringIO())
        assert RateCount.objects.count() == 1
    with time_machine.travel(factories.oslo(2026, 11, 23, 15), tick=False):
        throttle.count_one(limit())
        call_command("purge_expired", "--dry-run", stdout=io.StringIO())
        assert RateCount.objects.count() == 2
        call_command("purge_expired", stdout=io.StringIO())
        assert list(RateCount.objects.values_list("pk", flat=True)) == [limit().key]


@pytest.mark.django_db(transaction=True)
def test_sixty_at_once_are_sixty_and_each_has_a_number_of_its_own():
    with time_machine.travel(AT_TWENTY_PAST_TWO):
        results = at_once(*[lambda: throttle.count_one(limit()) for _each in range(60)])
        assert sorted(results, key=repr) == sorted(([each + 1] for each in range(60)), key=repr)
        assert throttle.so_far([limit()]) == [60]


@pytest.mark.django_db(transaction=True)
def test_sixty_at_once_that_share_limits_in_any_order_never_lock_each_other_out():
    names = ["a", "b", "c"]

    def count(turn: int):
        ordered = names[turn % 3 :] + names[: turn % 3]
        return lambda: throttle.count_one(*[limit(name) for name in ordered])

    with time_machine.travel(AT_TWENTY_PAST_TWO):
        results = at_once(*[count(turn) for turn in range(60)])
        assert [each for each in results if isinstance(each, Exception)] == []
        assert throttle.so_far([limit(name) for name in names]) == [60, 60, 60]


@pytest.mark.django_db(transaction=True)
def test_old_counts_may_be_forgotten_while_sixty_count():
    with time_machine.travel(AT_TWENTY_PAST_TWO, tick=False):
        for each in range(50):
            throttle.count_one(limit(str(each)))
    with time_machine.travel(AT_TWENTY_PAST_TWO + timedelta(hours=1)):
        jobs = [lambda: throttle.count_one(limit()) for _each in range(56)]
        results = at_once(*jobs, *[lambda: throttle.purge_old_counts(now=timezone.now())] * 4)
        assert [each for each in results if isinstance(each, Exception)] == []
        assert throttle.so_far([limit()]) == [56]
        assert RateCount.objects.count() == 1
