"""A page that is not there, a form that cannot be taken, a database that is away: in words."""

import re

import pytest
from django.db import DatabaseError, OperationalError
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


def test_page_that_is_not_there_helps_onwards(client):
    factories.get_college()
    response = client.get("/finnes-ikke/")
    assert response.status_code == 404
    assert "22 86 50 00" in response.content.decode()


def test_refused_form_says_how_to_go_on():
    factories.get_college()
    response = Client(enforce_csrf_checks=True).post("/personvern/")
    assert response.status_code == 403
    page = response.content.decode()
    assert "Skjemaet ble ikke sendt" in page
    assert "22 86 50 00" in page
    assert "token" not in page


class Failing:
    """Stands for a database that does not answer."""

    def __getattr__(self, name: str) -> object:
        raise DatabaseError("a secret detail")


def test_failure_page_tells_the_phone_and_no_detail(monkeypatch):
    factories.get_college()
    monkeypatch.setattr("courses.views.errors.connection", Failing())
    response = Client(raise_request_exception=False).get("/healthz")
    assert response.status_code == 500
    page = response.content.decode()
    assert "Noe gikk galt hos oss" in page
    assert "22 86 50 00" in page
    assert "secret" not in page


def test_failure_page_needs_no_database(monkeypatch):
    monkeypatch.setattr("courses.views.errors.connection", Failing())
    monkeypatch.setattr("courses.web.plain_pages.College.objects", Failing())
    response = Client(raise_request_exception=False).get("/healthz")
    assert response.status_code == 500
    assert "Noe gikk galt hos oss" in response.content.decode()


def test_a_database_that_is_away_is_no_fault_of_ours(monkeypatch):
    class Away:
        def __getattr__(self, name: str) -> object:
            raise OperationalError("a secret detail")

    monkeypatch.setattr("courses.views.errors.connection", Away())
    response = Client(raise_request_exception=False).get("/healthz")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    page = response.content.decode()
    assert "Prøv igjen" in page
    assert "secret" not in page


def test_a_form_with_too_many_fields_is_told_so_in_words(settings):
    factories.get_college()
    fields = {f"mark-{number}": "present" for number in range(6000)}
    for page, words in (("/min-side/lenke/", "Dette var mer"), ("/nn/min-side/lenke/", "meir enn")):
        response = Client().post(page, fields)
        assert response.status_code == 413
        assert words in response.content.decode()


def test_a_form_with_too_much_text_is_told_so_in_words():
    factories.get_college()
    sent = "contact=" + "a" * 1_100_000
    response = Client().post("/min-side/lenke/", sent, "application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "Ingenting er lagret" in response.content.decode()


def test_every_answer_has_the_one_referrer_policy(settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    factories.get_college()
    client = Client(raise_request_exception=False)
    pages = ["/", "/kurs/", "/finnes-ikke/", "/logg-inn/", "/admin/", "/min-side/", "/healthz"]
    pages += ["/static/css/college.css", "/bilder/finnes-ikke.png", "/kalender/tull.ics", "/kurs"]
    for page in pages:
        response = client.get(page)
        if response.streaming:
            b"".join(response)
            for closer in response._resource_closers:
                closer()
        assert response["Referrer-Policy"] == "strict-origin", page
    assert client.post("/", {"a": "b"})["Referrer-Policy"] == "strict-origin"
    assert client.get("/", PATH_INFO="/a\0/")["Referrer-Policy"] == "strict-origin"
    bad = client.get("/", headers={"host": "bad host"})
    assert (bad.status_code, bad["Referrer-Policy"]) == (400, "strict-origin")
    refused = Client(enforce_csrf_checks=True).post("/min-side/lenke/")
    assert (refused.status_code, refused["Referrer-Policy"]) == (403, "strict-origin")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://kurs.example.org"}, 200),
        ({"referer": "https://kurs.example.org/"}, 200),
        ({"origin": "https://other.example.org"}, 403),
        ({"referer": "https://other.example.org/"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_forms_over_https_need_no_more_than_the_origin(settings, headers, status):
    settings.ALLOWED_HOSTS = ["kurs.example.org"]
    settings.CSRF_COOKIE_SECURE = True
    factories.get_college()
    client = Client(enforce_csrf_checks=True, headers={"host": "kurs.example.org"})
    page = client.get("/min-side/", secure=True).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    fields = {"csrfmiddlewaretoken": token, "contact": "a"}
    response = client.post("/min-side/lenke/", fields, secure=True, headers=headers)
    assert response.status_code == status


def test_address_that_makes_no_sense_gets_a_plain_page(settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    response = Client(raise_request_exception=False).get("/", headers={"host": "bad host"})
    assert response.status_code == 400
    assert "Vi forsto ikke adressen" in response.content.decode()
