"""A form that staff send after their session has ended."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certificates.models import Attendance
from enrolment.forms_kept_over_sign_in import KEPT, SIGNED_USER
from enrolment.models import Enrolment
from tests import factories

pytestmark = pytest.mark.django_db

NAME = "Kari Nordmann"
PASSWORD = "et langt passord"
SHOWN_AGAIN = "Her er det igjen"


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def signed_user_in(page: str) -> str:
    return re.search(rf'name="{SIGNED_USER}" value="([^"]+)"', page)[1]


@pytest.fixture
def tutor():
    return factories.make_tutor_with_sign_in()


@pytest.fixture
def run(tutor):
    """A run that is on now, with one person in it."""
    run = factories.make_published_run(in_days=1)
    run.assignments.filter(role="peer").update(tutor=tutor)
    factories.enrol(run)
    now = timezone.now()
    run.sessions.update(starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))
    return run


@pytest.fixture
def pages_of(run):
    """Each page whose form is kept: its address, who opens it, and what is written there."""
    student = Enrolment.objects.get().student
    coming = factories.make_published_run()
    register = reverse("tutor_register", args=[run.pk])
    coordinator = factories.make_coordinator()
    caller = reverse("admin:phone_sign_up", args=[coming.pk])
    return {
        "register": (
            f"{register}?samling={run.sessions.get().pk}",
            None,
            {f"mark-{student.pk}": "present", f"shown-{student.pk}": "", "name": NAME},
        ),
        "headcount": (reverse("tutor_session_code", args=[run.pk]), None, {"headcount": "17"}),
        "names": (
            reverse("tutor_names", args=[run.pk]),
            None,
            {"names": f"{NAME}\r\nOla Prøve", "sessions": str(run.sessions.get().pk)},
        ),
        "caller": (caller, coordinator, {"name": NAME, "phone": "22 86 50 11", "channel": "phone"}),
    }


PAGES = pytest.mark.parametrize("page", ["register", "headcount", "names", "caller"])


def open_then_end_session(client: Client, address: str, user) -> str:
    """The form as the user opened it, and then their session ends on the server."""
    client.force_login(user)
    page = client.get(address).content.decode()
    Session.objects.all().delete()
    return signed_user_in(page)


def sign_in(client: Client, user, to: str):
    return client.post(
        reverse("sign_in"), {"login": user.username, "password": PASSWORD, "next": to}
    )


@PAGES
def test_a_form_sent_too_late_is_shown_again_and_saved_when_it_is_pressed_once_more(
    pages_of, tutor, page
):
    address, user, fields = pages_of[page]
    user = user or tutor.user
    client = Client()
    fields = fields | {SIGNED_USER: open_then_end_session(client, address, user)}
    before = (Enrolment.objects.count(), Attendance.objects.count())
    response = client.post(address, fields, follow=True)
    assert response.redirect_chain[-1][0].startswith("/logg-inn/?next=")
    assert NAME not in text_of(response)
    response = sign_in(client, user, address)
    assert response.url == address
    shown = text_of(client.get(address))
    assert SHOWN_AGAIN in shown
    written = [value for name, value in fields.items() if name not in (SIGNED_USER,)]
    for value in written:
        for line in value.split("\r\n"):
            assert line in shown
    assert (Enrolment.objects.count(), Attendance.objects.count()) == before
    client.post(address, fields)
    assert SHOWN_AGAIN not in text_of(client.get(address))


def test_what_is_pressed_once_more_is_saved(pages_of, tutor, run):
    address, _user, fields = pages_of["register"]
    client = Client()
    fields = fields | {SIGNED_USER: open_then_end_session(client, address, tutor.user)}
    client.post(address, fields)
    sign_in(client, tutor.user, address)
    assert 'value="present" checked' in re.sub(
        r' id="[^"]*"| class="[^"]*"', "", client.get(address).content.decode()
    )
    assert not Attendance.objects.exists()
    client.post(address, fields)
    assert Attendance.objects.filter(session__run=run, is_present=True).count() == 2


@PAGES
def test_a_form_without_its_user_is_not_kept(pages_of, tutor, page):
    address, _user, fields = pages_of[page]
    for signed in ("", "tull", f"{tutor.user.pk}:{address}"):
        client = Client()
        client.post(address, fields | {SIGNED_USER: signed})
        assert Session.objects.count() == 0
        assert "session" not in client.cookies


@PAGES
def test_somebody_else_who_signs_in_never_sees_it_and_it_is_deleted(pages_of, tutor, page):
    address, user, fields = pages_of[page]
    client = Client()
    signed = open_then_end_session(client, address, user or tutor.user)
    client.post(address, fields | {SIGNED_USER: signed})
    assert KEPT in Session.objects.get().get_decoded()
    other = factories.make_coordinator()
    sign_in(client, other, address)
    assert KEPT not in Session.objects.get().get_decoded()
    assert SHOWN_AGAIN not in text_of(client.get(address))
    client.post(reverse("sign_out"))
    sign_in(client, user or tutor.user, address)
    assert SHOWN_AGAIN not in text_of(client.get(address))


def test_a_form_of_one_page_is_not_kept_for_another(pages_of, tutor, run):
    address = reverse("tutor_names", args=[run.pk])
    client = Client()
    signed = open_then_end_session(client, address, tutor.user)
    client.post(pages_of["register"][0], {SIGNED_USER: signed, "name": NAME})
    assert Session.objects.count() == 0


def test_a_form_is_kept_for_half_an_hour(pages_of, tutor):
    address, _user, fields = pages_of["register"]
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = Client()
        signed = open_then_end_session(client, address, tutor.user)
        client.post(address, fields | {SIGNED_USER: signed})
        clock.shift(timedelta(minutes=29))
        sign_in(client, tutor.user, address)
        assert SHOWN_AGAIN in text_of(client.get(address))
        clock.shift(timedelta(minutes=2))
        assert SHOWN_AGAIN not in text_of(client.get(address))
        assert KEPT not in Session.objects.get().get_decoded()


def test_a_session_gets_a_new_key_when_the_user_signs_in(pages_of, tutor):
    address, _user, fields = pages_of["register"]
    client = Client()
    signed = open_then_end_session(client, address, tutor.user)
    client.cookies["session"] = "chosenbyanattacker0000000000000"
    client.post(address, fields | {SIGNED_USER: signed})
    before = client.cookies["session"].value
    assert before != "chosenbyanattacker0000000000000"
    sign_in(client, tutor.user, address)
    assert client.cookies["session"].value != before


def test_no_identity_number_is_kept(pages_of, tutor):
    address, _user, fields = pages_of["register"]
    client = Client()
    signed = open_then_end_session(client, address, tutor.user)
    client.post(address, fields | {SIGNED_USER: signed, "name": "Kari 01010750160"})
    kept = dict(Session.objects.get().get_decoded()[KEPT]["fields"])
    assert kept["name"] == [""]


def test_a_form_whose_token_is_of_an_older_sign_in_is_shown_again(pages_of, tutor):
    address, _user, fields = pages_of["register"]
    client = Client(enforce_csrf_checks=True)
    signed = open_then_end_session(client, address, tutor.user)
    client.force_login(tutor.user)  # in another tab
    response = client.post(address, fields | {SIGNED_USER: signed, "csrfmiddlewaretoken": "a" * 64})
    assert (response.status_code, response.url) == (302, address)
    assert NAME in text_of(client.get(address))
    assert not Attendance.objects.exists()


def test_a_form_without_cookie_and_session_is_kept_by_its_signed_user(pages_of, tutor):
    address, _user, fields = pages_of["register"]
    signed = open_then_end_session(Client(), address, tutor.user)
    client = Client(enforce_csrf_checks=True)  # the browser was closed meanwhile
    response = client.post(address, fields | {SIGNED_USER: signed})
    assert response.url.startswith("/logg-inn/?next=/kursholder/")
    client.force_login(tutor.user)
    assert NAME in text_of(client.get(address))


def test_a_form_without_its_token_is_refused_to_somebody_else(pages_of, tutor):
    address, _user, fields = pages_of["register"]
    client = Client(enforce_csrf_checks=True)
    signed = open_then_end_session(client, address, tutor.user)
    client.force_login(factories.make_coordinator())
    assert client.post(address, fields | {SIGNED_USER: signed}).status_code == 403
    assert KEPT not in Session.objects.get().get_decoded()


def test_five_hundred_and_five_names_are_saved_and_kept(run, tutor):
    """More fields than Django takes by itself."""
    session = run.sessions.get()
    students = [factories.make_student(name=f"Student {number}") for number in range(505)]
    Attendance.objects.bulk_create(
        [Attendance(session=session, student=each, is_present=False) for each in students]
    )
    address = f"{reverse('tutor_register', args=[run.pk])}?samling={session.pk}"
    fields = {f"mark-{each.pk}": "present" for each in students}
    fields |= {f"shown-{each.pk}": "absent" for each in students}
    fields["name"] = ""
    client = Client()
    fields[SIGNED_USER] = open_then_end_session(client, address, tutor.user)
    client.post(address, fields)
    sign_in(client, tutor.user, address)
    shown = client.get(address).content.decode()
    assert SHOWN_AGAIN in shown
    assert client.post(address, fields).status_code == 302
    assert Attendance.objects.filter(session=session, is_present=True).count() == 505


def test_a_staff_session_slides_with_use_and_ends_without():
    client = Client()
    factories.get_college()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.force_login(factories.make_coordinator())
        for _each in range(4):
            clock.shift(timedelta(hours=11))
            assert client.get(reverse("tutor_runs")).status_code == 200
        clock.shift(timedelta(hours=12, minutes=1))
        assert client.get(reverse("tutor_runs")).status_code == 302


def test_reading_a_few_pages_in_a_row_writes_the_session_once(django_assert_num_queries):
    client = Client()
    factories.get_college()
    client.force_login(factories.make_coordinator())
    client.get(reverse("tutor_runs"))
    before = Session.objects.get().expire_date
    client.get(reverse("tutor_runs"))
    assert Session.objects.get().expire_date == before


def test_messages_for_staff_are_in_no_cookie(run, tutor):
    client = Client()
    client.force_login(tutor.user)
    address = reverse("tutor_register", args=[run.pk])
    client.post(address, {"headcount": "3", "shown_headcount": ""})
    assert client.cookies.keys() == {"session"}
    assert "Lagret." in text_of(client.get(address))
    assert "Lagret." not in text_of(client.get(address))


def test_browsing_sets_no_cookie():
    factories.make_published_run()
    client = Client()
    for page in ("/", "/kurs/", "/personvern/", "/kursbevis/", "/finnes-ikke/"):
        client.get(page)
    assert client.cookies == {}
    assert Session.objects.count() == 0
