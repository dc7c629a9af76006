"""A session that ends the next day: whatever writes its times writes them right."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from certificates.services.facts import facts_of_sessions
from courses import services as course_services
from courses.models import CourseRun, CourseSession
from courses.norwegian.formatting import DASH, clock_range
from enrolment import links
from enrolment.links import Purpose
from enrolment.models import Letter
from enrolment.schedule_changes import Meeting
from tests import factories

pytestmark = pytest.mark.django_db

# In the night before Sunday 28 October 2029 an hour comes twice.
NIGHTS = [
    (date(2029, 10, 26), datetime(2029, 10, 26, 20, tzinfo=UTC), 2.5),
    (date(2029, 10, 27), datetime(2029, 10, 27, 20, tzinfo=UTC), 2.5),
]


@pytest.fixture
def run() -> CourseRun:
    """Published, on two evenings in 2029, from 22.00 to 00.30."""
    found = factories.make_run(sessions=0)
    for day, _starts_at, _hours in NIGHTS:
        starts_at, ends_at = course_services.session_times(day, time(22), time(0, 30))
        CourseSession.objects.create(run=found, starts_at=starts_at, ends_at=ends_at)
    factories.get_college()
    course_services.publish(run=found)
    return CourseRun.objects.get(pk=found.pk)


def test_clock_and_length(run):
    for session, (_day, starts_at, hours) in zip(run.sessions.all(), NIGHTS, strict=True):
        assert (session.starts_at, session.hours) == (starts_at, hours)
        assert clock_range(session.starts_at, session.ends_at) == f"kl.\xa022.00{DASH}00.30"


def test_course_page_and_catalogue_name_the_evening_it_begins(run, client):
    page = client.get(reverse("course", args=[run.course.slug])).content.decode()
    assert "Fredag 26.\xa0oktober 2029" in page
    assert f"kl.\xa022.00{DASH}00.30" in page
    assert "2 samlinger, 2,5 timer hver gang" in page
    listed = client.get(reverse("catalogue")).content.decode()
    assert f"26.{DASH}27.\xa0oktober 2029, kl.\xa022.00{DASH}00.30" in listed


def test_letter_and_students_page(run, client):
    enrolment = factories.enrol(run)
    text = factories.written(Letter.objects.get()).text
    assert "fredag 26.\xa0oktober 2029, kl.\xa022.00–00.30" in text
    token = links.page_token(enrolment.student)
    page = client.post(reverse("my_page_sign_in", args=[token]), follow=True).content.decode()
    assert f"fredag 26.\xa0oktober 2029, kl.\xa022.00{DASH}00.30" in page


def test_sentence_about_a_change(run):
    session = run.sessions.first()
    assert str(Meeting(session.starts_at, session.ends_at, "Biblioteket")) == (
        f"fredag 26.\xa0oktober 2029, kl.\xa022.00{DASH}00.30, Biblioteket"
    )


def test_calendar(run, client):
    token = links.enrolment_token(Purpose.CALENDAR, factories.enrol(run))
    events = Calendar.from_ical(client.get(reverse("calendar", args=[token])).content)
    assert [(each["DTSTART"].dt, each["DTEND"].dt) for each in events.walk("VEVENT")] == [
        (datetime(2029, 10, 26, 20, tzinfo=UTC), datetime(2029, 10, 26, 22, 30, tzinfo=UTC)),
        (datetime(2029, 10, 27, 20, tzinfo=UTC), datetime(2029, 10, 27, 22, 30, tzinfo=UTC)),
    ]


def test_register(run, client):
    client.force_login(factories.make_coordinator())
    session = run.sessions.first()
    page = client.get(f"{reverse('tutor_register', args=[run.pk])}?samling={session.pk}")
    assert f"fredag 26.\xa0oktober 2029, kl.\xa022.00{DASH}00.30" in page.content.decode()
    midnight = factories.oslo(2029, 10, 27, 0)
    # It stays open past midnight, and opens on the day on which the session begins.
    assert session.can_be_marked(midnight)
    assert timezone.localdate(session.can_be_marked_from) == date(2029, 10, 26)


def test_certificate_counts_the_hours_and_dates_the_evening(run):
    facts = facts_of_sessions(list(run.sessions.all()))
    assert facts["hours"] == Decimal("5")
    assert (facts["first_on"], facts["last_on"]) == (date(2029, 10, 26), date(2029, 10, 27))
