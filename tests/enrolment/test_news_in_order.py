"""No older news after newer: letters over a mail server's bad day, and read from the call list."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from courses.models import CourseRun, CourseSession
from courses.norwegian.formatting import WORD_JOINER, day
from enrolment import letters, services
from enrolment.models import Enrolment, Letter
from enrolment.schedule_changes import programme
from enrolment.services import delivery
from tests import factories
from tests.enrolment.announcing import announce_change

pytestmark = pytest.mark.django_db

NOT_NOW = "451 4.7.1 try again later"


def arrived(post) -> list[str]:
    """What the letters say, in the order in which they came."""
    return [each.get_body(["plain"]).get_content().replace("\r\n", "\n") for each in post.got]


def move(run: CourseRun, *, days: int = 2) -> None:
    """The coordinator moves every session, and everybody is told."""
    before = programme(run)
    for session in CourseSession.objects.filter(run=run):
        session.starts_at += timedelta(days=days)
        session.ends_at += timedelta(days=days)
        session.save()
    announce_change(run=run, by=factories.make_user(), before=before)


def withdraw(run: CourseRun) -> None:
    for enrolment in Enrolment.objects.live().filter(run=run):
        services.withdraw(enrolment=enrolment)


def cancel(run: CourseRun) -> None:
    services.cancel_run(run=run, by=factories.make_user())


def withdraw_and_undo(run: CourseRun) -> None:
    for enrolment in Enrolment.objects.live().filter(run=run):
        services.undo_withdrawal(enrolment=services.withdraw(enrolment=enrolment))


@pytest.mark.parametrize("answer", ["mail_answer", "rcpt_answer", "data_answer"])
@pytest.mark.parametrize(
    ("what_happens", "kind"),
    [(withdraw, "withdrawn"), (move, "place"), (cancel, "cancelled"), (withdraw_and_undo, "place")],
)
def test_after_ten_minutes_of_451_one_letter_tells_how_it_is(post, answer, what_happens, kind):
    setattr(post, answer, NOT_NOW)
    run = factories.make_published_run()
    factories.enrol(run)
    old_day = day(run.starts_at)
    start = timezone.now()
    for minute in (0, 1, 5, 10):
        with time_machine.travel(start + timedelta(minutes=minute)):
            services.send_due()
    setattr(post, answer, "")
    with time_machine.travel(start + timedelta(minutes=12)):
        what_happens(run)
        assert services.send_due() == (1, 0)
        assert services.send_due() == (0, 0)
    with time_machine.travel(start + timedelta(days=2)):
        assert services.send_due() == (0, 0)
    assert [each.kind for each in Letter.objects.exclude(sent_at=None)] == [kind]
    [text] = arrived(post)
    assert (old_day.replace(WORD_JOINER, "") in text) == (
        what_happens in (cancel, withdraw_and_undo)
    )
    assert not Letter.objects.for_staff().exists()


def test_changed_letter_names_every_change_that_was_not_told_yet(post):
    run = factories.make_published_run(sessions=2)
    factories.enrol(run)
    services.send_due()
    first, last = (str(each) for each in sorted(programme(run).meetings.values()))
    post.rcpt_answer = NOT_NOW
    move(run)
    services.send_due()
    before = programme(run)
    venue = factories.make_venue(name="Kulturhuset", how_to_find="Bak kirken.")
    run.sessions.last().delete()
    run.sessions.update(venue=venue)
    announce_change(run=run, by=factories.make_user(), before=before)
    post.rcpt_answer = ""
    assert services.send_due() == (1, 0)
    assert services.send_due() == (0, 0)
    text = arrived(post)[-1]
    [now] = (str(each) for each in programme(run).meetings.values())
    [block] = [each for each in letters.blocks(text) if each.heading == "Dette er endret"]
    assert block.items == [
        f"Blir ikke holdt: {last}.".replace(WORD_JOINER, ""),
        f"Nå: {now}. Før: {first}.".replace(WORD_JOINER, ""),
    ]
    assert re.search(r"Hvor:\nKulturhuset, .*\nBak kirken\.", text)
    assert run.venue.name not in text.split("Når:")[1]


def test_a_change_taken_back_before_it_was_told_is_no_news(post):
    run = factories.make_published_run()
    factories.enrol(run)
    services.send_due()
    move(run, days=2)
    move(run, days=-2)
    assert services.send_due() == (0, 0)
    assert not Letter.objects.unsent().exists()


def test_change_is_told_with_the_place_to_whoever_knew_the_old_day(post):
    run = factories.make_published_run(capacity=1)
    first = factories.enrol(run)
    factories.enrol(run)
    services.send_due()
    move(run)
    services.withdraw(enrolment=first)
    assert services.send_due() == (2, 0)
    promoted = next(each for each in arrived(post) if "Godt nytt" in each)
    assert re.search(r"– Nå: .* Før: ", promoted)


def test_whoever_was_told_nothing_is_told_of_no_change(post):
    run = factories.make_published_run()
    factories.enrol(run)
    move(run)
    assert services.send_due() == (1, 0)
    assert "Før:" not in arrived(post)[0]


def test_letter_in_a_workers_hands_comes_before_the_newer_one(post):
    run = factories.make_published_run()
    enrolment = factories.enrol(run)
    taken = delivery.claim(factories.make_worker())
    services.withdraw(enrolment=enrolment)
    assert services.send_due() == (0, 0)  # not before the letter on its way has arrived
    delivery.mark_sent(taken)
    assert services.send_due() == (1, 0)
    assert Letter.objects.get(kind="place").sent_at is not None


def test_letter_in_a_workers_hands_that_did_not_arrive_is_not_sent_again(post):
    run = factories.make_published_run()
    enrolment = factories.enrol(run)
    delivery.claim(factories.make_worker())
    services.withdraw(enrolment=enrolment)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert services.send_due() == (1, 0)
        assert services.send_due() == (0, 0)
    assert Letter.objects.exclude(sent_at=None).get().kind == "withdrawn"


def test_change_while_a_letter_is_in_a_workers_hands_is_told_on_its_own(post):
    run = factories.make_published_run()
    factories.enrol(run)
    taken = delivery.claim(factories.make_worker())
    move(run)
    delivery.mark_sent(taken)
    assert services.send_due() == (1, 0)
    assert re.search(r"– Nå: .* Før: ", arrived(post)[0])


def test_news_that_is_no_longer_true_is_not_sent(post):
    run = factories.make_published_run()
    factories.enrol(run)
    CourseSession.objects.update(
        starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=1)
    )
    assert services.send_due() == (0, 0)
    assert Letter.objects.get().overtaken_at is not None


def test_call_list_reads_todays_day_and_number_one_block_each(client):
    client.force_login(factories.make_coordinator())
    run = factories.make_published_run(capacity=1)
    names = ["Ada Moen", "Bo Lie", "Cai Dahl"]
    ada, bo, _cai = (
        factories.enrol(
            run, person=factories.make_person(name=name, email="", phone=f"+479123456{number}")
        )
        for number, name in enumerate(names)
    )
    old_day = day(run.starts_at)
    services.withdraw(enrolment=bo)
    move(run)
    page = client.get(reverse("admin:call_list"))
    people = {
        each.student.name: [letter for letter, _paper in each.letters]
        for each in page.context["people"]
    }
    assert {name: [each.kind for each in found] for name, found in people.items()} == {
        "Ada Moen": ["place"],
        "Bo Lie": ["withdrawn"],
        "Cai Dahl": ["waiting"],
    }
    new_day = day(run.sessions.get().starts_at)
    assert "Du er nummer 1 i køen." in people["Cai Dahl"][0].text
    assert page.content.decode().count(new_day) == 2
    assert old_day not in page.content.decode()
    assert ada.letters.get().kind == "place"


def test_nobody_counts_as_told_of_what_changed_while_the_page_was_open(client):
    client.force_login(factories.make_coordinator())
    run = factories.make_published_run()
    person = factories.make_person(email="", phone="+4791234567")
    letter = factories.enrol(run, person=person).letters.get()
    calls, outcome = reverse("admin:call_list"), reverse("admin:letter_outcomes")
    shown = client.get(calls).context["people"][0].shown
    move(run)
    page = client.post(outcome, {"outcome": "reached", "letters": shown}, follow=True)
    assert "Ikke skrevet ned: noe er endret mens du hadde siden oppe." in page.content.decode()
    letter.refresh_from_db()
    assert letter.sent_at is None
    shown = client.get(calls).context["people"][0].shown
    client.post(outcome, {"outcome": "reached", "letters": shown})
    letter.refresh_from_db()
    assert letter.sent_at is not None
