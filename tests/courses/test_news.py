"""What programs read of the public pages: calendars, feed, map of the site, JSON-LD, robots.txt."""

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from courses.models import CourseRun
from enrolment import services
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def runs():
    """One run for everybody, and others that nobody may hear of or that do not take place."""
    factories.make_college(name="Skolen ved fjorden")
    course = factories.make_course(title="Håp & trøst", slug="hap", summary="Om </script> håp.")
    shown = factories.make_published_run(course=course, sessions=2)
    factories.make_run(course=factories.make_course(title="Utkastet", slug="utkastet"))
    closed = factories.make_course(title="Gruppa", slug="gruppa")
    factories.make_published_run(course=closed, entry="closed")
    cancelled = factories.make_published_run(
        course=factories.make_course(title="Avlyst kurs", slug="avlyst")
    )
    services.cancel_run(run=cancelled, by=None)
    return shown


def read(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    assert response.cookies == {}
    return response.content.decode()


def test_feed_tells_of_runs_that_anybody_can_come_to(client, runs, settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://kurs.example.org", ["testserver"]
    feed = ElementTree.fromstring(read(client, "/kurs/nye.rss"))  # noqa: S314  # our own
    [item] = feed.findall(".//item")
    assert item.findtext("title").startswith("Håp & trøst, ")
    assert item.findtext("link") == f"{settings.SITE_URL}/kurs/hap/#run-{runs.pk}"
    assert feed.findtext("channel/title") == "Skolen ved fjorden"


def test_newest_run_stands_first_in_the_feed(client, runs):
    newer = factories.make_published_run()
    CourseRun.objects.filter(pk=runs.pk).update(published_at=timezone.now() - timedelta(days=1))
    feed = ElementTree.fromstring(read(client, "/kurs/nye.rss"))  # noqa: S314  # our own
    links = [each.text for each in feed.findall(".//item/link")]
    assert [link.rpartition("-")[2] for link in links] == [str(newer.pk), str(runs.pk)]


def test_map_of_the_site_has_each_public_page_in_each_language(client, runs):
    places = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", read(client, "/sitemap.xml"))
    semester = runs.semester.slug
    for page in ("/", "/kurs/", "/kurs/hap/", "/kurs/avlyst/", f"/semester/{semester}/"):
        for prefix in ("", "/nn", "/en"):
            assert prefix + page in places
    assert not [each for each in places if "gruppa" in each or "utkastet" in each]


def test_semester_shows_its_weeks_and_what_takes_place_in_them(client, runs):
    page = read(client, f"/semester/{runs.semester.slug}/")
    assert page.count('<li class="week">') == 2
    assert page.count(">Håp &amp; trøst</a>") == 2
    assert not re.search("Utkastet|Gruppa|Avlyst kurs", page)


def test_semester_of_nobody_is_not_found(client, runs):
    for address in ("/semester/1999-var/", "/semester/1999-var/kalender.ics", "/semester/x/"):
        assert client.get(address).status_code == 404


def test_calendar_of_a_semester_has_its_public_sessions(client, runs):
    other = factories.make_semester(year=2020)
    factories.make_published_run(semester=other, course=factories.make_course(title="I fjor"))
    file = read(client, f"/semester/{runs.semester.slug}/kalender.ics")
    assert file.count("SUMMARY:Håp & trøst") == 2
    assert "STATUS:CANCELLED" in file
    assert not re.search("Utkastet|Gruppa|I fjor", file)


@pytest.mark.parametrize("how_many", [1, 3])
def test_semester_asks_the_database_as_often_for_many(client, django_assert_num_queries, how_many):
    for _each in range(how_many):
        factories.make_published_run(sessions=3)
    address = f"/semester/{factories.get_semester().slug}/"
    client.get("/")  # the database is asked once whether it knows JSON
    with django_assert_num_queries(4):
        client.get(address)


def test_course_is_data_for_search_engines(client, runs):
    page = read(client, "/kurs/hap/")
    [words] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    course = json.loads(words)
    assert course["name"] == "Håp & trøst"
    assert course["description"] == "Om </script> håp."
    [instance] = course["hasCourseInstance"]
    assert datetime.fromisoformat(instance["startDate"]) == runs.starts_at
    assert instance["location"]["name"] == runs.venue.name
    assert "hasCourseInstance" not in read(client, "/kurs/avlyst/")


def test_shared_link_shows_what_it_leads_to(client, runs, settings):
    settings.SITE_URL = "https://skolen.example.org"
    page = read(client, "/nn/kurs/hap/")
    for name, content in {
        "title": "Håp &amp; trøst",
        "description": "Om &lt;/script&gt; håp.",
        "url": "https://skolen.example.org/nn/kurs/hap/",
        "locale": "nn_NO",
        "image": "https://skolen.example.org/static/images/share.png",
    }.items():
        assert f'<meta property="og:{name}" content="{content}">' in page


def test_robots_are_asked_to_leave_personal_pages_alone(client):
    lines = read(client, "/robots.txt").splitlines()
    for page in ("/min-side/", "/kursholder/", "/admin/", "/kurs/*/pamelding/", "/avmelding/"):
        for prefix in ("", "/nn", "/en"):
            assert f"Disallow: {prefix}{page}" in lines
    assert "Disallow: /kurs/" not in lines
    assert lines[-1].endswith("/sitemap.xml")
