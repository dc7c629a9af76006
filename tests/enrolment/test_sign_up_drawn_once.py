"""The pages of a sign-up are drawn once and kept; what is somebody's own is kept with none."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import College, CourseSession, Venue
from enrolment import queries, services
from enrolment.views.sign_up import to_receipt
from tests import factories

pytestmark = pytest.mark.django_db

SECRETS = re.compile(r'name="(csrfmiddlewaretoken|shown)" value="[^"]*"')
KARI = {"step": "check", "name": "Kari Nordmann", "email": "kari@example.org"}
OLA = {"step": "check", "name": "Ola Hansen", "phone": "22 86 50 00"}


@pytest.fixture
def run():
    factories.get_college()
    course = factories.make_course(slug="kurs", title="Håp", language="nb")
    venue = factories.make_venue(name="Biblioteket", town="Sandnes")
    return factories.make_published_run(course=course, venue=venue, sessions=2, capacity=2)


def form_page(client, run) -> str:
    return client.get(reverse("sign_up", args=["kurs", run.pk])).content.decode()


def check_page(client, run, answers=KARI) -> str:
    return client.post(reverse("sign_up", args=["kurs", run.pk]), answers).content.decode()


def receipt(client, run) -> str:
    address = to_receipt("kurs", run.pk, services.Outcome.PLACE)["Location"]
    return client.get(address).content.decode()


PAGES = [form_page, check_page, receipt]


def change(row, **fields):
    """Write the fields past everything that could notice it."""
    type(row).objects.filter(pk=row.pk).update(**fields)


def session_moves(run):
    first = run.sessions.first()
    change(first, starts_at=first.starts_at + timedelta(minutes=30))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "happens",
    [
        lambda run: change(run.course, title="Et nytt navn"),
        lambda run: change(run.course, language="en"),
        lambda run: change(run.venue, name="Bydelshuset"),
        lambda run: change(run.venue, street="Gata 9"),
        lambda run: change(run.venue, town="Egersund"),
        session_moves,
        lambda run: change(run.sessions.first(), is_optional=True),
        lambda run: change(run.sessions.first(), venue=factories.make_venue(name="Kinoen")),
        lambda run: change(run, status="cancelled", cancelled_at=timezone.now()),
        lambda run: College.objects.update(phone="+4751000000"),
        lambda run: College.objects.update(email="ny@example.org"),
        lambda run: College.objects.update(name="Mestringsskolen"),
        lambda run: College.objects.update(accessibility_statement_url="https://example.org/uu"),
    ],
)
def test_page_shows_at_once_what_changed(client, run, page, happens):
    before = SECRETS.sub("", page(client, run))
    assert SECRETS.sub("", page(client, run)) == before
    happens(run)
    assert SECRETS.sub("", page(client, run)) != before


@pytest.mark.parametrize(
    ("page", "happens"),
    [
        (check_page, lambda run: College.objects.update(ground_rules="Vi hører på hverandre.")),
        (check_page, lambda run: College.objects.update(privacy_notice="Vi lagrer litt.")),
        (check_page, lambda run: College.objects.update(legal_basis="consent")),
        (receipt, lambda run: change(run.venue, how_to_find="Gul dør.")),
        (receipt, lambda run: change(run, practical="Ta med matpakke.")),
        (receipt, lambda run: change(run.assignments.first().tutor, name="Åse Ny")),
        (form_page, lambda run: change(run, enrolment_closes_at=timezone.now())),
    ],
)
def test_page_shows_at_once_what_only_it_shows(client, run, page, happens):
    before = SECRETS.sub("", page(client, run))
    happens(run)
    assert SECRETS.sub("", page(client, run)) != before


@pytest.mark.parametrize("page", [form_page, check_page])
def test_page_tells_of_the_waiting_list_at_once(client, run, page):
    page(client, run)
    for _each in range(2):
        factories.enrol(run)
    assert "Plassene er tatt" in page(client, run)


def test_page_tells_that_a_session_was_held(client, run, monkeypatch):
    before = receipt(client, run)
    now = run.sessions.first().ends_at
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert receipt(client, run) != before


@pytest.mark.parametrize("address", ["/kurs/kurs/{}/pamelding/", "/en/kurs/kurs/{}/pamelding/"])
def test_empty_form_is_not_drawn_again_after_somebody_signed_up(client, run, address):
    assert client.get(address.format(run.pk)).templates
    factories.enrol(run)
    assert not Client().get(address.format(run.pk)).templates


def test_each_browser_gets_a_form_of_its_own_that_it_can_send(run):
    form_page(Client(), run)
    for answers in (KARI, OLA):
        client = Client(enforce_csrf_checks=True)
        (token,) = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', form_page(client, run))
        assert 'name="after_0"' in form_page(client, run)
        assert "Stemmer dette?" in check_page(client, run, answers | {"csrfmiddlewaretoken": token})
        assert "CSRF" not in check_page(client, run, answers | {"csrfmiddlewaretoken": token})
        assert Client(enforce_csrf_checks=True).post(f"/kurs/kurs/{run.pk}/pamelding/", answers)


def test_nobody_sees_the_answers_of_somebody_else(run):
    pages = [check_page(Client(), run, answers) for answers in (KARI, OLA, KARI)]
    for page, own, others in zip(pages, (KARI, OLA, KARI), (OLA, KARI, OLA), strict=True):
        assert page.count(own["name"]) == 3  # to read, and in both forms
        assert others["name"] not in page
    signed = {re.search(r'name="shown" value="([^"]*)"', page)[1] for page in pages}
    assert len(signed) == len(pages)


def test_answers_are_escaped(client, run):
    page = check_page(client, run, KARI | {"adjustment": '<b>"ro" & plass</b>'})
    assert "<b>" not in page
    assert page.count("&lt;b&gt;&quot;ro&quot; &amp; plass&lt;/b&gt;") == 3


def test_what_one_is_told_stands_on_no_page_of_others(client, run):
    before = SECRETS.sub("", form_page(client, run))
    told = Client()
    told.force_login(factories.make_coordinator())
    told.post(reverse("admin:courses_venue_add"), {"name": "Kinoen", "town": "Sola"})
    assert "Kinoen" in form_page(told, run)
    for each in (told, client, Client()):
        assert SECRETS.sub("", form_page(each, run)) == before


def test_college_of_a_sign_up_is_the_stored_one(run, django_assert_num_queries):
    stored = College.objects.get()
    with django_assert_num_queries(1):
        college = queries.sign_up_facts("kurs", run.pk).college
        shown = (college.name, college.phone, college.ground_rules, college.legal_basis)
    assert shown == (stored.name, stored.phone, stored.ground_rules, stored.legal_basis)
    assert college.privacy_text == stored.privacy_text  # read when it is asked for


def test_run_of_a_sign_up_is_the_stored_one(run, django_assert_num_queries):
    another = Venue.objects.create(name="Kinoen", town="Sola", is_public=True)
    CourseSession.objects.filter(pk=run.sessions.last().pk).update(venue=another)
    with django_assert_num_queries(1):
        found = queries.sign_up_facts("kurs", run.pk).run
        venues = [each.place.name for each in found.session_list]
    assert found == run
    assert found.opens_at == run.opens_at
    assert venues == ["Biblioteket", "Kinoen"]
