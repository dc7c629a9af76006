from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from enrolment import letters, links, services
from enrolment.links import Purpose
from enrolment.models import Enrolment, Letter, Student
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


def test_withdrawing_takes_the_appointment_off_at_the_address_in_the_letter(client):
    enrolment = factories.enrol(factories.make_published_run())
    address = url_of(enrolment)
    services.withdraw(enrolment=enrolment)
    (event,) = Calendar.from_ical(client.get(address).content).walk("VEVENT")
    assert event["STATUS"] == "CANCELLED"
    assert client.get(reverse("calendar", args=["tull"])).status_code == 404


def test_ids_stay_when_keys_and_address_of_the_site_change(client, settings):
    enrolment = factories.enrol(factories.make_published_run())
    before = [event["UID"] for event in events_of(client, enrolment)]
    settings.SECRET_KEY, settings.SITE_URL = "en helt annen nøkkel " * 3, "https://ny.example.org"
    services.change_contact(student=enrolment.student, by=None, email="ny@example.org")
    enrolment = Enrolment.objects.get()
    assert [event["UID"] for event in events_of(client, enrolment)] == before


def test_file_says_when_it_was_made_and_what_it_holds_changed(client):
    enrolment = factories.enrol(factories.make_published_run())
    changed_at = max(enrolment.enrolled_at, enrolment.run.changed_at).replace(microsecond=0)
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        (event,) = events_of(client, enrolment)
        assert event["DTSTAMP"].dt == timezone.now().replace(microsecond=0)
    assert event["LAST-MODIFIED"].dt == changed_at
    counted_from = datetime(2020, 1, 1, tzinfo=UTC)
    assert event["SEQUENCE"] == (changed_at - counted_from).total_seconds()
    content = client.get(url_of(enrolment)).content
    assert b"METHOD:PUBLISH" in content
    assert max(map(len, content.split(b"\r\n"))) <= 75


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("place", "Legg det i kalenderen din: [[calendar]]"),
        ("waiting", "Hold av tiden i kalenderen din: [[calendar]]"),
        ("promoted", "Legg det i kalenderen din: [[calendar]]"),
        ("changed", "Har du det i kalenderen? Oppdater det her: [[calendar]]"),
        ("cancelled", "Har du det i kalenderen? Ta det ut her: [[calendar]]"),
        ("withdrawn", "Har du det i kalenderen? Ta det ut her: [[calendar]]"),
        ("companion", "Legg det i kalenderen din: [[calendar]]"),
    ],
)
def test_letters_about_time_or_place_carry_the_address(kind, line):
    enrolment = factories.enrol(factories.make_published_run())
    letter = Letter(kind=kind, student=enrolment.student, enrolment=enrolment, channel="email")
    text = factories.written(letter).text
    assert [each for each in text.split("\n") if "[[calendar]]" in each] == [line]
    assert "alender" not in letters.on_paper(letter)


# The student's subscription


def subscription_of(client, student: Student):
    return client.get(reverse("my_calendar", args=[student.calendar_key]))


def test_subscription_holds_everything_coming_and_recent(client, settings):
    settings.CALENDAR_PAST_DAYS = 30
    enrolment = factories.enrol(factories.make_published_run())
    student = enrolment.student
    person = factories.make_person(name=student.name, email=student.email)
    for days in (29, 31):
        run = factories.make_published_run()
        factories.enrol(run, person=person)
        ends_at = timezone.now() - timedelta(days=days)
        run.sessions.update(starts_at=ends_at - timedelta(hours=2), ends_at=ends_at)
    response = subscription_of(client, student)
    assert response["Cache-Control"] == "private, no-store"
    calendar = Calendar.from_ical(response.content)
    assert len(calendar.walk("VEVENT")) == 2
    assert {event["SUMMARY"] for event in calendar.walk("VEVENT")} == {"Skolen"}
    assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "Skolen"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in response.content
    assert b"X-PUBLISHED-TTL:PT6H\r\n" in response.content


def test_subscription_holds_no_online_link(client):
    run = factories.make_published_run()
    run.sessions.update(online_link="https://video.example.org/rom")
    content = subscription_of(client, factories.enrol(run).student).content.decode()
    text = content.replace("\r\n ", "")
    assert "video.example.org" not in text
    assert "Lenken står på siden din" in text
    assert run.course.title not in text


def test_number_of_queries_stays(client, django_assert_num_queries):
    student = factories.enrol(factories.make_published_run()).student
    with django_assert_num_queries(4):
        subscription_of(client, student)
    person = factories.make_person(name=student.name, email=student.email)
    for _each in range(2):
        factories.enrol(factories.make_published_run(sessions=2), person=person)
    with django_assert_num_queries(4):
        subscription_of(client, student)


def test_student_takes_a_new_address(client, settings):
    settings.SITE_URL = "https://kurs.example.org"
    student = factories.enrol(factories.make_published_run()).student
    client.post(reverse("my_page_sign_in", args=[links.page_token(student)]))
    page = client.get(reverse("my_page")).content.decode()
    path = reverse("my_calendar", args=[student.calendar_key])
    assert f'href="webcal://kurs.example.org{path}"' in page
    assert f'value="https://kurs.example.org{path}"' in page
    client.post(reverse("my_calendar_renew"))
    assert client.get(path).status_code == 404
    student.refresh_from_db()
    assert subscription_of(client, student).status_code == 200
    assert student.calendar_key in client.get(reverse("my_page")).content.decode()


def test_erased_student_has_no_calendar(client):
    student = factories.make_student()
    factories.get_college()
    assert subscription_of(client, student).status_code == 200
    Student.objects.update(erased_at=timezone.now())
    assert subscription_of(client, student).status_code == 404
