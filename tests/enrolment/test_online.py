"""A run that is held only online: no page, letter or file needs a venue."""

import pytest
from django.urls import reverse
from icalendar import Calendar

from courses import services as course_services
from courses.models import CourseRun
from enrolment import letters, links, schedule_changes
from enrolment.links import Purpose
from enrolment.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db

LINK = "https://video.example.org/rom"


def make_online_run(**fields: object) -> CourseRun:
    factories.get_college()
    run = factories.make_run(**fields)
    run.sessions.update(online_link=LINK)
    CourseRun.objects.filter(pk=run.pk).update(venue=None)
    course_services.publish(run=run)
    return CourseRun.objects.get(pk=run.pk)


def test_one_session_without_venue_and_link_is_missing_a_venue():
    run = factories.make_run(sessions=2)
    factories.get_college()
    run.sessions.update(online_link=LINK)
    lonely = run.sessions.last()
    type(lonely).objects.filter(pk=lonely.pk).update(online_link="")
    CourseRun.objects.filter(pk=run.pk).update(venue=None)
    with pytest.raises(course_services.NotPublishable) as refusal:
        course_services.publish(run=run)
    assert refusal.value.missing == [
        "Kurset har ikke noe lokale ennå. Velg ett, eller skriv en lenke for hver samling."
    ]


def test_public_pages_say_online_and_keep_the_link(client):
    run = make_online_run()
    for address in (
        reverse("catalogue"),
        reverse("course", args=[run.course.slug]),
        reverse("sign_up", args=[run.course.slug, run.pk]),
    ):
        page = client.get(address).content.decode()
        assert "på nett" in page.lower(), address
        assert LINK not in page


def test_letter_tells_the_link_once_to_those_with_a_place():
    run = make_online_run(sessions=3, capacity=1)
    placed, waiting = factories.enrol(run), factories.enrol(run)
    text = factories.written(Letter.objects.get(enrolment=placed)).text
    assert text.count(", på nett") == 3
    assert text.count(LINK) == 1
    text = factories.written(Letter.objects.get(enrolment=waiting)).text
    assert text.count(", på nett") == 3
    assert LINK not in text
    assert "Hvor:" not in letters.on_paper(factories.written(Letter.objects.get(enrolment=placed)))


def test_calendar_says_online(client):
    enrolment = factories.enrol(make_online_run())
    token = links.enrolment_token(Purpose.CALENDAR, enrolment)
    content = client.get(reverse("calendar", args=[token])).content
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event["LOCATION"] == "På nett"


def test_tutor_finds_the_link_at_the_register(client):
    run = make_online_run()
    client.force_login(factories.make_coordinator())
    assert LINK in client.get(reverse("tutor_register", args=[run.pk])).content.decode()
    assert client.get(reverse("tutor_runs")).status_code == 200
    assert client.get(reverse("tutor_sheet", args=[run.pk])).status_code == 200


def test_another_link_is_named_and_stands_in_no_sentence():
    run = make_online_run()
    before = schedule_changes.programme(run)
    run.sessions.update(online_link="https://video.example.org/nytt")
    (change,) = schedule_changes.changes(before, schedule_changes.programme(run))
    assert change.startswith("Ny lenke til å delta på nett: ")
    assert "https://" not in change


def test_link_beside_a_venue_is_told_and_does_not_stand_for_the_place():
    run = factories.make_published_run()
    before = schedule_changes.programme(run)
    run.sessions.update(online_link=LINK)
    (change,) = schedule_changes.changes(before, schedule_changes.programme(run))
    assert change.startswith("Ny lenke til å delta på nett: ")
    assert run.venue.name in change
    assert LINK not in change
