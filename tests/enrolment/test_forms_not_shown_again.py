"""What a form that was sent to the end shows whoever comes after. See the browser tests, too."""

import pytest
from django.test import Client
from django.urls import reverse

from certificates import services as certificate_services
from enrolment import services
from enrolment.models import Enrolment, Student
from tests import factories
from tests.enrolment.test_sign_up import ANSWERS, check, hidden_fields, text_of, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    return factories.make_published_run()


def sign_up(client: Client, run) -> tuple[dict[str, str], dict[str, str]]:
    """Everything as a browser sends it. Returns what was sent to be looked over, and at the end."""
    first = {**hidden_fields(text_of(client.get(url_of(run))), "check"), **ANSWERS}
    last = hidden_fields(text_of(client.post(url_of(run), first)), "enrol")
    response = client.post(url_of(run), last, follow=True)
    assert response["Clear-Site-Data"] == '"cache"'
    return first, last


def test_the_forms_field_has_another_name_after_each_sign_up(client, run):
    for number in range(3):
        assert f'name="after_{number}"' in text_of(client.get(url_of(run)))
        sign_up(client, run)


def test_before_the_last_button_nothing_changes_and_no_cookie_is_set(client, run):
    check(client, run)
    check(client, run)
    assert 'name="after_0"' in text_of(client.get(url_of(run)))
    assert client.cookies.keys() == {"csrftoken"}


@pytest.mark.parametrize("step", ["check", "change"])
def test_a_form_out_of_the_history_is_not_shown_again(client, run, step):
    first, _last = sign_up(client, run)
    response = client.post(url_of(run), first | {"step": step})
    assert (response.status_code, response.url) == (302, url_of(run))
    response = client.post(url_of(run), first | {"step": step, "name": ""})
    assert (response.status_code, response.url) == (302, url_of(run))


def test_the_last_button_out_of_the_history_gives_the_receipt_and_enrols_nobody(client, run):
    _first, last = sign_up(client, run)
    response = client.post(url_of(run), last, follow=True)
    assert "Du har plass" in text_of(response)
    assert Enrolment.objects.count() == 1


def test_the_last_button_out_of_the_history_shows_no_name_where_the_run_is_cancelled(client, run):
    _first, last = sign_up(client, run)
    other_way = last | {"email": "annen@example.org"}
    services.cancel_run(run=run, by=factories.make_user())
    page = text_of(client.post(url_of(run), other_way))
    assert "avlyst" in page
    assert ANSWERS["name"] not in page


def test_another_form_that_stood_open_meanwhile_is_none_of_it(client, run):
    other = factories.make_published_run()
    first = {**hidden_fields(text_of(client.get(url_of(other))), "check"), **ANSWERS}
    sign_up(client, run)
    assert ANSWERS["name"] in text_of(client.post(url_of(other), first))


def test_the_next_one_on_the_same_computer_signs_up_as_usual(client, run):
    sign_up(client, run)
    first = hidden_fields(text_of(client.get(url_of(run))), "check")
    page = text_of(client.post(url_of(run), {**first, "name": "Ola", "email": "ola@example.org"}))
    client.post(url_of(run), hidden_fields(page, "enrol"))
    assert Student.objects.count() == 2


def test_the_cookie_tells_neither_who_nor_which_course(client, run):
    sign_up(client, run)
    cookie = client.cookies["sent"]
    assert cookie.value.endswith("-1")
    assert len(cookie.value) == 10
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")


@pytest.mark.parametrize("cookie", ["", "x", "00000000-99999", ".".join(["0" * 8 + "-1"] * 99)])
def test_a_cookie_of_somebody_elses_making_does_no_harm(client, run, cookie):
    client.cookies["sent"] = cookie
    sign_up(client, run)
    assert Enrolment.objects.count() == 1


def test_asking_for_a_link_forgets_the_address_that_was_written(client):
    factories.get_college()
    assert 'name="after_0"' in text_of(client.get(reverse("my_page")))
    response = client.post(reverse("my_link"), {"contact": "a@example.org"}, follow=True)
    assert response["Clear-Site-Data"] == '"cache"'
    assert 'name="after_1"' in text_of(client.get(reverse("my_page")))


def test_a_certificate_collected_by_code_forgets_the_name(client):
    tutor = factories.make_user()
    run = factories.make_published_run(in_days=-0.01, entry="drop_in", capacity=None)
    session = run.sessions.get()
    code = certificate_services.make_code(run=run, session=session, by=tutor)
    certificate_services.set_headcount(run=run, session=session, headcount=3, by=tutor)
    page = reverse("claim")
    first = hidden_fields(text_of(client.get(page)), "check")
    first |= {"code": code.code, "name": "Kari Nordmann"}
    last = hidden_fields(text_of(client.post(page, first)), "claim")
    response = client.post(page, last, follow=True)
    assert response["Clear-Site-Data"] == '"cache"'
    assert 'name="after_1"' in text_of(client.get(page))
    assert client.post(page, first).url == page
