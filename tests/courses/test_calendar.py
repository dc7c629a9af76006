"""The programme for calendars, for anybody."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from courses.models import CourseRun, Venue
from enrolment import services
from tests import factories

pytestmark = pytest.mark.django_db

LINK = "https://video.example.org/rom"


def events_at(client, address: str) -> list:
    response = client.get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def address_of(run: CourseRun) -> str:
    return reverse("run_calendar", args=[run.course.slug, run.pk])


def test_run_has_a_file_before_any_sign_up(client, settings):
    run = factories.make_published_run(sessions=2)
    run.sessions.update(theme="Håp", online_link=LINK)
    events = events_at(client, address_of(run))
    assert [event["DTSTART"].dt for event in events] == [
        each.starts_at for each in run.session_list
    ]
    first = events[0]
    assert first["SUMMARY"] == run.course.title
    assert first["LOCATION"] == f"{run.venue.name}, Storgata 1, Sandnes"
    assert first["STATUS"] == "CONFIRMED"
    assert first["TRANSP"] == "TRANSPARENT"
    assert first["URL"] == f"{settings.SITE_URL}/kurs/{run.course.slug}/"
    assert first["DESCRIPTION"].startswith("Håp\nPå nett.")
    assert LINK not in first["DESCRIPTION"]


def test_file_and_catalogue_know_a_session_by_the_same_id(client):
    run = factories.make_published_run(sessions=2)
    ids = [event["UID"] for event in events_at(client, address_of(run))]
    assert [event["UID"] for event in events_at(client, "/kurs/kalender.ics")] == ids
    assert len(set(ids)) == 2


def test_catalogue_holds_all_that_anybody_may_see_to_come_and_of_late(client, settings):
    settings.CALENDAR_PAST_DAYS = 30
    factories.get_college()
    factories.make_run()
    factories.make_published_run(entry="closed")
    past = factories.make_published_run()
    shown = factories.make_published_run(entry="drop_in")
    ends_at = timezone.now() - timedelta(days=31)
    past.sessions.update(starts_at=ends_at - timedelta(hours=2), ends_at=ends_at)
    events = events_at(client, "/kurs/kalender.ics")
    assert [event["SUMMARY"] for event in events] == [shown.course.title]
    calendar = Calendar.from_ical(client.get("/kurs/kalender.ics").content)
    assert calendar["NAME"] == "Skolen ved fjorden"
    assert "REFRESH-INTERVAL" in calendar


def test_home_is_never_named(client):
    run = factories.make_published_run()
    Venue.objects.update(is_public=False)
    for address in (address_of(run), "/kurs/kalender.ics"):
        (event,) = events_at(client, address)
        assert "LOCATION" not in event
        assert run.venue.name not in client.get(address).content.decode()


def test_drafts_closed_runs_and_wrong_addresses_are_not_found(client):
    factories.get_college()
    draft = factories.make_run()
    closed = factories.make_published_run(entry="closed")
    shown = factories.make_published_run()
    wrong = reverse("run_calendar", args=[draft.course.slug, shown.pk])
    for address in (address_of(draft), address_of(closed), wrong):
        assert client.get(address).status_code == 404


def test_what_is_off_is_cancelled(client):
    run = factories.make_published_run(sessions=2)
    before = events_at(client, address_of(run))
    session = run.sessions.first()
    session.cancelled_at = timezone.now()
    session.save()
    events = events_at(client, address_of(run))
    assert [event["STATUS"] for event in events] == ["CANCELLED", "CONFIRMED"]
    services.cancel_run(run=run, by=factories.make_user())
    events = events_at(client, address_of(run))
    assert [event["STATUS"] for event in events] == ["CANCELLED"] * 2
    assert [event["UID"] for event in events] == [event["UID"] for event in before]


def test_words_are_in_the_language_of_the_address(client, settings):
    run = factories.make_published_run()
    address = address_of(run)
    for prefix, words in (("", "Spørsmål? Ring"), ("/en", "Questions? Ring")):
        (event,) = events_at(client, prefix + address)
        assert words in event["DESCRIPTION"]
        assert event["URL"] == f"{settings.SITE_URL}{prefix}/kurs/{run.course.slug}/"


def test_pages_lead_to_the_files(client, settings):
    settings.SITE_URL = "https://kurs.example.org"
    run = factories.make_published_run()
    assert f'href="{address_of(run)}"' in client.get(f"/kurs/{run.course.slug}/").content.decode()
    catalogue = client.get("/kurs/").content.decode()
    assert 'href="webcal://kurs.example.org/kurs/kalender.ics"' in catalogue
    assert 'value="https://kurs.example.org/kurs/kalender.ics"' in catalogue


def test_number_of_queries_stays(client, django_assert_num_queries):
    factories.make_published_run()
    with django_assert_num_queries(2):
        client.get("/kurs/kalender.ics")
    for _each in range(2):
        factories.make_published_run(sessions=2)
    with django_assert_num_queries(2):
        client.get("/kurs/kalender.ics")
