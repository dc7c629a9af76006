"""What was done with a run, as its history tells it."""

import html
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from certificates import services as certificate_services
from courses.models import CourseRun
from enrolment import services
from enrolment.models import Letter
from recoverycollege.admin.run_history import ENTRIES_PER_PAGE, entries_of
from tests import factories
from tests.enrolment.run_page import address, answers, noon_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> User:
    return factories.make_coordinator("kari")


@pytest.fixture
def staff(client: Client, coordinator: User) -> Client:
    client.force_login(coordinator)
    return client


def url_of(run: CourseRun) -> str:
    return reverse("admin:run_history", args=[run.pk])


def text_of(response) -> str:
    assert response.status_code == 200
    words = re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode()))
    return re.sub(r"\s+", " ", words)


def told(run: CourseRun) -> list[str]:
    with translation.override("en"):
        return [each.what for each in entries_of(CourseRun.objects.get(pk=run.pk))]


def move_a_week(run: CourseRun, by: User) -> None:
    move = services.Move(days=7)
    services.move_run(
        run=run,
        move=move,
        shown=services.plan_move(run=CourseRun.objects.get(pk=run.pk), move=move).fingerprint,
        announcement=services.Announcement.TELL,
        by=by,
    )


def test_changes_and_who_was_told_stand_newest_first(coordinator):
    run = noon_run(capacity=2)
    for _person in range(2):
        factories.enrol(run)
    Letter.objects.update(sent_at=timezone.now())
    move_a_week(run, coordinator)
    Letter.objects.filter(kind="changed", pk=Letter.objects.latest("pk").pk).update(
        sent_at=timezone.now()
    )
    services.cancel_run(run=run, by=coordinator)
    lines = told(run)
    assert lines.index("Cancelled the run") < lines.index("Moved the run")
    assert "Cancelled: 2 are still to be told" in lines
    # One was overtaken by the cancelling, and hears of that.
    assert "Changed time or venue: 1 person was told" in lines
    assert "Place: 2 people were told" in lines
    assert lines[-1] == "Published for the first time"


def test_page_says_when_with_the_weekday_and_who(staff, coordinator):
    run = noon_run()
    services.cancel_run(run=run, by=coordinator, now=factories.oslo(2026, 10, 8, 18))
    text = text_of(staff.get(url_of(run)))
    assert "torsdag 8. oktober 2026 kl. 18.00 Avlyste kurset kari" in text


def test_session_is_named_by_its_moment(coordinator):
    run = noon_run()
    late = factories.make_session(run, starts_at=factories.oslo(2030, 10, 10, 18))
    edit = services.RunEdit(sessions=[services.SessionEdit(late.pk, is_cancelled=True)])
    services.save_run(run=run, edit=edit, by=coordinator)
    assert "Cancelled a session: Thursday 10\xa0October 2030, 18:00" in told(run)


def test_heads_that_were_counted_stand_there_too(coordinator):
    run = noon_run()
    session = run.sessions.get()
    certificate_services.set_headcount(
        run=run, session=session, headcount=9, by=coordinator, now=session.starts_at
    )
    assert any(line.startswith("Wrote how many came: ") for line in told(run))


def test_fields_of_the_run_that_were_changed_are_named(staff):
    run = noon_run()
    staff.post(address(run), answers(run, practical="Ta med sko."))
    staff.post(address(run), answers(run, **{"sessions-0-theme": "Håp"}))
    lines = told(run)
    assert "Changed practical information." in lines
    assert "Saved the page: sessions or tutors may be changed." in lines


def test_message_leads_to_its_page_and_says_to_how_many(coordinator):
    run = noon_run()
    factories.enrol(run)
    message = services.send_message(message=factories.make_message(run), by=coordinator)
    [entry] = [each for each in entries_of(run) if each.url]
    assert entry.url == reverse("admin:message", args=[message.pk])
    assert "Sent a message to 1 person" in told(run)


def test_what_each_person_hears_of_their_own_place_is_one_line_a_day():
    run = noon_run()
    for days in (0, 0, 1):
        factories.enrol(run, now=timezone.now() - timedelta(days=days))
    lines = [line for line in told(run) if line.startswith("Place: ")]
    assert lines == ["Place: 2 are still to be told", "Place: 1 is still to be told"]


@pytest.mark.parametrize(
    ("is_sent", "words"), [(True, "1 tutor was told"), (False, "1 tutor is still to be told")]
)
def test_letters_to_tutors_are_counted_as_such(is_sent, words):
    run = noon_run()
    Letter.objects.create(
        tutor=factories.make_tutor(email="ola@example.org"),
        run=run,
        kind=Letter.Kind.CHANGED,
        channel=Letter.Channel.EMAIL,
        dedupe_key="changed:tutor",
        sent_at=timezone.now() if is_sent else None,
    )
    assert f"Changed time or venue: {words}" in told(run)


def test_nothing_of_another_run_and_no_name_stands_there(staff, coordinator):
    run, other = noon_run(), noon_run()
    for each in (run, other):
        factories.enrol(each, person=factories.make_person(name="Ada Sporfinner"))
        one = services.send_message(
            message=factories.make_message(each, text="Kjære Ada Sporfinner"), by=coordinator
        )
        assert one.is_sent
    services.cancel_run(run=other, by=coordinator)
    text = text_of(staff.get(url_of(run)))
    assert "Sporfinner" not in text
    assert "Avlyste kurset" not in text


def test_page_takes_as_many_queries_however_much_has_happened(staff, coordinator):
    run = noon_run()
    staff.get(url_of(run))
    counts = []
    for round_number in range(2):
        for _person in range(2):
            factories.enrol(run)
        factories.make_session(run, in_days=20 + round_number)
        move_a_week(run, coordinator)
        services.send_message(message=factories.make_message(run), by=coordinator)
        with CaptureQueriesContext(connection) as queries:
            staff.get(url_of(run))
        counts.append(len(queries))
    assert counts == [11, 11]


def test_long_history_has_pages(staff, coordinator):
    run = noon_run()
    for number in range(ENTRIES_PER_PAGE + 1):
        services.set_capacity(run=run, capacity=20 + number, by=coordinator)
    first = staff.get(url_of(run))
    assert len(first.context["entries"]) == ENTRIES_PER_PAGE
    assert "?page=2" in first.content.decode()
    second = staff.get(url_of(run) + "?page=2")
    assert len(second.context["entries"]) == 2
    assert staff.get(url_of(run) + "?page=tull").status_code == 200


def test_page_of_the_run_leads_to_it(staff):
    run = noon_run()
    assert f'href="{url_of(run)}"' in staff.get(address(run)).content.decode()
