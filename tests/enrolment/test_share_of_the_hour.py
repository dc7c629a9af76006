"""How many letters and lines from public forms one address or number gets in an hour."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from enrolment import services
from enrolment.models import Letter, Student
from tests import factories

pytestmark = pytest.mark.django_db

EMAIL, PHONE = "felles@example.org", "+4791234567"


def sign_up_names(number: int, *, run=None, **fields: object) -> None:
    """So many people sign up online by one address or number."""
    run = run or factories.make_published_run(capacity=100)
    contact = {"email": EMAIL} | {
        key: fields.pop(key) for key in ("email", "phone") if key in fields
    }
    for _each in range(number):
        factories.enrol(run, person=factories.make_person(**contact), **fields)


def test_six_an_hour_go_to_one_address_and_none_is_dropped(post):
    sign_up_names(14)
    start, sent = timezone.now(), []
    for hour in (0, 0.5, 1.1, 1.5, 2.2):
        with time_machine.travel(start + timedelta(hours=hour)):
            sent.append(services.send_due()[0])
    assert sent == [6, 0, 6, 0, 2]
    assert len({each.get_body(["plain"]).get_content() for each in post.got}) == 14


def test_others_do_not_wait_for_an_address_that_has_had_its_share(post):
    sign_up_names(8)
    factories.enrol(factories.make_published_run())
    assert services.send_due() == (7, 0)


def test_what_staff_write_and_news_of_a_place_do_not_wait(post):
    run = factories.make_published_run(capacity=7)
    sign_up_names(8, run=run)
    services.send_due()
    factories.enrol(
        factories.make_published_run(),
        person=factories.make_person(email=EMAIL),
        by=factories.make_user(),
    )
    services.withdraw(enrolment=run.enrolments.first())
    assert services.send_due() == (3, 0)
    kinds = sorted(Letter.objects.exclude(sent_at=None).values_list("kind", flat=True))
    assert kinds == ["place"] * 7 + ["promoted", "withdrawn"]


def test_letters_with_the_link_to_ones_page_take_their_turn(post):
    for _each in range(8):
        factories.make_student(email=EMAIL)
    factories.ask_for_page_link(EMAIL)
    assert services.send_due() == (6, 0)


def test_surplus_to_one_person_goes_as_one_letter_that_says_all(post):
    person = factories.make_person(email=EMAIL)
    runs = [factories.make_published_run() for _each in range(8)]
    for run in runs:
        factories.enrol(run, person=person)
    factories.ask_for_page_link(EMAIL)
    assert services.send_due() == (1, 0)
    assert services.send_due() == (0, 0)
    text = post.got[0].get_body(["plain"]).get_content()
    for run in runs:
        assert len(re.findall(rf"plass på «?{re.escape(run.course.title)}»?\.", text)) == 1
    assert text.count("Hei, ") == 1
    assert text.count("Vennlig hilsen") == 1
    links = {line for line in text.split() if "/avmelding/" in line}
    assert len(links) == 8
    assert not Letter.objects.unsent().exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_count_to_the_same_six(post):
    sign_up_names(10)
    counts = []

    def work() -> None:
        try:
            counts.append(services.send_due()[0])
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _each in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == len(post.got) == 6


def lines() -> int:
    return Letter.objects.for_staff().count()


def test_six_lines_an_hour_come_of_one_number():
    sign_up_names(14, email="", phone=PHONE)
    sign_up_names(1, email="", phone="+4791234568")
    start, shown = timezone.now(), []
    for hour in (0, 0.5, 1.1, 2.2):
        with time_machine.travel(start + timedelta(hours=hour)):
            shown.append(lines())
    assert shown == [7, 7, 13, 15]


def test_lines_that_are_dealt_with_make_no_room_for_more_within_the_hour():
    sign_up_names(10, email="", phone=PHONE)
    said = factories.said(*Letter.objects.for_staff())
    services.record_letter_outcomes(said=said, outcome="reached", by=factories.make_user())
    assert lines() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        assert lines() == 4


def test_emails_that_did_not_arrive_count_as_lines_of_the_number(post):
    post.rcpt_answer = "550 5.1.1 no such person"
    for number in range(8):
        sign_up_names(1, email=f"ingen{number}@example.org", phone=PHONE)
    Letter.objects.update(failed_at=timezone.now())
    assert lines() == 6


def test_staffs_own_lines_all_stand_there():
    run = factories.make_published_run(capacity=100)
    sign_up_names(9, run=run, email="", phone=PHONE, by=factories.make_user())
    assert lines() == 9


def test_whoever_has_a_line_is_told_everything_on_it():
    person = factories.make_person(email="", phone=PHONE)
    for _each in range(9):
        factories.enrol(factories.make_published_run(), person=person)
    assert Student.objects.count() == 1
    assert lines() == 9
