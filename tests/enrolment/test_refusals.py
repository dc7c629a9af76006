"""A mail server that refuses everybody: nobody's letter is given up, and staff are told why."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from enrolment import services
from enrolment.admin.warnings import waiting_letters
from enrolment.models import Letter
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

REFUSAL = "550 5.7.1 your network is blocked"


def some_letters(number: int) -> list[Letter]:
    run = factories.make_published_run(capacity=100)
    return [factories.enrol(run).letters.get() for _each in range(number)]


@pytest.mark.parametrize("answer", ["rcpt_answer", "data_answer"])
@pytest.mark.parametrize("words", [REFUSAL, "451 4.7.1 not today"])
def test_the_same_refusal_of_three_people_puts_all_letters_off(post, answer, words):
    setattr(post, answer, words)
    found = some_letters(5)
    assert services.send_due() == (0, 3)
    assert services.send_due() == (0, 0)
    assert not Letter.objects.filter(failed_at__isnull=False).exists()
    assert not Letter.objects.for_staff().exists()
    for minutes in range(1, 600, 60):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
            services.send_due()
    assert not Letter.objects.filter(failed_at__isnull=False).exists()
    setattr(post, answer, "")
    with time_machine.travel(timezone.now() + timedelta(hours=11)):
        assert services.send_due() == (5, 0)
    due = Letter.objects.order_by("pk").values_list("owed_since", flat=True)
    assert list(due) == [each.owed_since for each in found]


def test_refusals_in_a_row_are_counted_across_rounds(post):
    post.rcpt_answer = REFUSAL
    for each in range(3):
        some_letters(1)
        assert services.send_due() == (0, 1)
        given_up = Letter.objects.filter(failed_at__isnull=False).count()
        assert given_up == (each + 1 if each < 2 else 0)


def test_addresses_that_do_not_exist_are_given_up_and_hold_nobody_up(post):
    """Three in a row look like the college's fault, until the server takes another letter."""
    post.refused = {each.student.email for each in some_letters(3)}
    good = some_letters(2)
    assert services.send_due() == (0, 3)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert services.send_due() == (2, 0)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert services.send_due() == (0, 3)
    assert {each.student.email for each in Letter.objects.for_staff()} == post.refused
    sent = Letter.objects.exclude(sent_at=None)
    assert {each.pk for each in sent} == {each.pk for each in good}


def test_different_refusals_are_the_receivers_own(post):
    one, two, three = some_letters(3)
    post.refused = {one.student.email, two.student.email}
    Letter.objects.filter(pk=three.pk).update(owed_since=timezone.now() - timedelta(hours=1))
    assert services.send_due() == (1, 2)
    assert Letter.objects.filter(failed_at__isnull=False).count() == 2


def told_by_a_worker(minutes: float) -> tuple[int, str] | None:
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        factories.make_worker()
    return told(minutes)


def told(minutes: float) -> tuple[int, str] | None:
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        waiting = waiting_letters()
    return (waiting.number, waiting.reason) if waiting else None


def test_index_tells_since_when_letters_wait_and_that_nobody_sends_them():
    assert told(60) is None
    found = some_letters(2)
    assert told(5) is None
    assert told(11) == (
        2,
        "Ingen prøver å sende dem: programmet som sender brev (send_letters), går ikke.",
    )
    with time_machine.travel(timezone.now() + timedelta(minutes=30)):
        assert waiting_letters().since == found[0].owed_since


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"rcpt_answer": REFUSAL}, "E-posttjeneren tar ikke imot brevene nå (svar 550)."),
        ({"data_answer": "451 no"}, "E-posttjeneren tar ikke imot brevene nå (svar 451)."),
        ({"mail_answer": "550 no"}, "E-posttjeneren godtar ikke avsenderadressen til skolen."),
    ],
)
def test_index_tells_in_words_why_letters_wait(post, answers, reason):
    for name, value in answers.items():
        setattr(post, name, value)
    some_letters(3)
    start = timezone.now()
    for minute in range(13):
        with time_machine.travel(start + timedelta(minutes=minute)):
            services.send_due()
    assert told_by_a_worker(13) == (3, reason)


def test_index_tells_that_the_mail_server_is_away(settings, post):
    settings.EMAIL_PORT = 1
    some_letters(3)
    for minute in range(0, 13, 2):
        with time_machine.travel(timezone.now() + timedelta(minutes=minute)):
            services.send_due()
    assert told_by_a_worker(13) == (3, "E-posttjeneren svarer ikke (ConnectionRefusedError).")


def test_letters_that_wait_their_turn_are_no_fault(post):
    run = factories.make_published_run()
    for _each in range(8):
        factories.enrol(run, person=factories.make_person(email="felles@example.org"))
    assert services.send_due() == (6, 0)
    assert told(30) is None
