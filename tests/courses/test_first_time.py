"""«First time? This is what the day is like»: who has such a page, and what stands on it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import CourseRun
from enrolment import services
from tests import factories

pytestmark = pytest.mark.django_db

NOON = factories.oslo(2030, 5, 7, 12)


def run_at_noon(**fields: object) -> CourseRun:
    """Four hours at noon of a day to come, at the library."""
    course = factories.make_course(slug="kurs", breaks="En lang, med suppe.")
    venue = factories.make_venue(name="Biblioteket", has_quiet_room=True)
    run = factories.make_published_run(course=course, venue=venue, **fields)
    run.sessions.update(starts_at=NOON, ends_at=NOON + timedelta(hours=4))
    return run


def page_of(client, run: CourseRun, prefix: str = "") -> str:
    response = client.get(f"{prefix}/kurs/kurs/{run.pk}/forste-gang/")
    assert response.status_code == 200
    assert response.cookies == {}
    return response.content.decode().replace("\xa0", " ").replace("\u2060", "")


def test_day_is_told_hour_by_hour(client):
    run = run_at_noon(who_meets_you="Jeg står ved døra i gul genser.")
    page = page_of(client, run)
    lines = ["Kl. 11.45", "Kl. 12.00", "En lang, med suppe.", "Kl. 16.00", "Jeg står ved døra"]
    assert sorted(lines, key=page.index) == lines
    for words in ("Storgata 1, Sandnes", "Inngang fra torget", "Et stille rom"):
        assert words in page
    assert "11:45" in page_of(client, run, "/en")


def test_day_can_be_put_into_a_calendar(client):
    run = run_at_noon()
    address = f"/nn/kurs/kurs/{run.pk}/kalender.ics"
    assert f'href="{address}">Legg i kalenderen</a>' in page_of(client, run, "/nn")
    assert b"BEGIN:VEVENT" in client.get(address).content


def test_what_nobody_wrote_is_not_told(client):
    run = run_at_noon()
    run.course.breaks = ""
    run.course.save()
    page = page_of(client, run)
    assert "Pauser" not in page
    assert "Må jeg si noe?" not in page


def test_who_stands_in_is_who_meets_you(client):
    run = run_at_noon()
    run.assignments.first().substitutions.create(
        session=run.sessions.get(), tutor=factories.make_tutor(name="Kari Vikar")
    )
    assert "Kari Vikar" in page_of(client, run)


def cancelled(run):
    services.cancel_run(run=run, by=None)


def over(run):
    ago = timezone.now() - timedelta(days=1)
    run.sessions.update(starts_at=ago - timedelta(hours=1), ends_at=ago)


def for_a_group(run):
    CourseRun.objects.update(entry="closed", capacity=None)


def not_published(run):
    CourseRun.objects.update(status="draft")


@pytest.mark.parametrize("happens", [cancelled, over, for_a_group, not_published])
def test_there_is_no_such_page_where_nobody_can_come(client, happens):
    run = run_at_noon()
    assert "forste-gang" in client.get("/kurs/kurs/").content.decode()
    happens(run)
    assert client.get(f"/kurs/kurs/{run.pk}/forste-gang/").status_code == 404
    assert "forste-gang" not in client.get("/kurs/kurs/").content.decode()
