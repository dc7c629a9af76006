from datetime import UTC, datetime

import pytest
from django.urls import reverse
from icalendar import Calendar

from enrolment import links, services
from enrolment.links import Purpose
from enrolment.models import Enrolment
from tests import factories

pytestmark = pytest.mark.django_db


def url_of(enrolment: Enrolment) -> str:
    return reverse("calendar", args=[links.enrolment_token(Purpose.CALENDAR, enrolment)])


def events_of(client, enrolment: Enrolment) -> list:
    response = client.get(url_of(enrolment))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def test_times_are_right_on_both_sides_of_the_clock_change(client):
    run = factories.make_run(sessions=0)
    for day, month in ((24, 3), (31, 3)):
        starts_at = factories.oslo(2030, month, day, 18)
        factories.make_session(run, starts_at=starts_at)
    factories.get_college()
    from courses import services as course_services

    course_services.publish(run=run)
    events = events_of(client, factories.enrol(run))
    assert [event["DTSTART"].dt for event in events] == [
        datetime(2030, 3, 24, 17, tzinfo=UTC),
        datetime(2030, 3, 31, 16, tzinfo=UTC),
    ]
    assert events[0]["DTEND"].dt == datetime(2030, 3, 24, 19, tzinfo=UTC)


def test_title_is_neutral_and_the_course_is_nowhere(client):
    run = factories.make_published_run()
    response = client.get(url_of(factories.enrol(run)))
    text = response.content.decode().replace("\r\n ", "")
    assert run.course.title not in text
    assert "Skolen ved fjorden" not in text
    event = events_of(client, Enrolment.objects.get())[0]
    assert event["SUMMARY"] == "Skolen"
    assert event["LOCATION"] == f"{run.venue.name}, Storgata 1, Sandnes"
    assert response["Content-Disposition"] == 'attachment; filename="avtale.ics"'


def test_ids_stay_when_a_session_is_moved(client):
    run = factories.make_published_run(sessions=2)
    enrolment = factories.enrol(run)
    before = [event["UID"] for event in events_of(client, enrolment)]
    session = run.sessions.first()
    session.ends_at = session.ends_at.replace(minute=59)
    session.save()
    assert [event["UID"] for event in events_of(client, enrolment)] == before
    assert len(set(before)) == 2


def test_online_link_is_for_those_with_a_place(client):
    run = factories.make_published_run(capacity=1)
    run.sessions.update(online_link="https://video.example.org/rom")
    has_place, waiting = factories.enrol(run), factories.enrol(run)
    place, wait = events_of(client, has_place)[0], events_of(client, waiting)[0]
    assert "video.example.org" in place["DESCRIPTION"]
    assert place["STATUS"] == "CONFIRMED"
    assert "video.example.org" not in wait["DESCRIPTION"]
    assert wait["STATUS"] == "TENTATIVE"


def test_cancelled_run_takes_the_appointment_off(client):
    run = factories.make_published_run()
    enrolment = factories.enrol(run)
    services.cancel_run(run=run, by=factories.make_user())
    assert events_of(client, enrolment)[0]["STATUS"] == "CANCELLED"


def test_withdrawn_has_no_calendar(client):
    enrolment = factories.enrol(factories.make_published_run())
    services.withdraw(enrolment=enrolment)
    assert client.get(url_of(enrolment)).status_code == 404
    assert client.get(reverse("calendar", args=["tull"])).status_code == 404
