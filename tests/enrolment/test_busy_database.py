"""The database is locked by somebody else for too long, or away: nobody loses what they wrote."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from courses.models import CourseRun
from enrolment import services
from enrolment.models import Enrolment
from tests import factories
from tests.enrolment.test_sign_up import ANSWERS, check, hidden_fields, text_of, url_of


@contextmanager
def locked(run: CourseRun) -> Iterator[None]:
    """Somebody else holds the lock that signing up takes, and we wait for a moment only."""
    has_lock, may_go = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                CourseRun.objects.select_for_update().get(pk=run.pk)
                has_lock.set()
                may_go.wait(30)
        finally:
            connection.close()

    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute("PRAGMA busy_timeout = 100" if is_sqlite else "SET lock_timeout = 100")
    holder = threading.Thread(target=hold)
    holder.start()
    assert has_lock.wait(30)
    try:
        yield
    finally:
        may_go.set()
        holder.join()
        connection.close()  # and with it the short patience


@pytest.mark.django_db(transaction=True)
def test_a_sign_up_that_meets_a_held_lock_keeps_the_answers_and_goes_through_when_sent_again():
    run = factories.make_published_run()
    client = Client(enforce_csrf_checks=True)
    fields = hidden_fields(text_of(client.get(url_of(run))), "check")
    page = text_of(client.post(url_of(run), {**fields, **ANSWERS}))
    fields = hidden_fields(page, "enrol")
    with locked(run):
        response = client.post(url_of(run), fields)
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response["Cache-Control"] == "private, no-store"
    assert "Prøv igjen" in text_of(response)
    again = hidden_fields(text_of(response), "enrol")
    assert again.pop("csrfmiddlewaretoken")
    del fields["csrfmiddlewaretoken"]
    assert again == fields
    assert Enrolment.objects.count() == 0
    again["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
    assert "Du har plass" in text_of(client.post(url_of(run), again, follow=True))
    assert Enrolment.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_the_page_needs_no_database_and_tells_no_detail(client, monkeypatch, error):
    run = factories.make_published_run()
    fields = hidden_fields(text_of(check(client, run)), "enrol")

    def fail(*args: object, **kwargs: object) -> None:
        raise error("could not connect to 10.0.0.7, user kari")

    monkeypatch.setattr(services, "enrol", fail)
    monkeypatch.setattr("courses.web.plain_pages.College.objects.values_list", fail)
    page = client.post(url_of(run), fields)
    assert page.status_code == 503
    assert "10.0.0.7" not in text_of(page)
    assert hidden_fields(text_of(page), "enrol")["name"] == ANSWERS["name"]


@pytest.mark.django_db
def test_another_form_says_to_go_back_and_press_again(monkeypatch):
    """Signing in: what was written is not in the page, for it holds a password."""
    factories.get_college()

    def fail(*args: object, **kwargs: object) -> None:
        raise OperationalError

    monkeypatch.setattr("recoverycollege.staff_sign_in.backend._find", fail)
    client = Client(raise_request_exception=False)
    fields = {"login": "kari", "password": "et langt passord"}
    for page, words in (("sign_in", "Gå tilbake"), ("admin:login", "")):
        response = client.post(reverse(page), fields)
        assert words in text_of(response)
        assert "et langt passord" not in text_of(response)
    response = client.post(reverse("sign_in"), fields)
    assert (response.status_code, response["Retry-After"]) == (503, "30")


@pytest.mark.django_db
def test_the_page_is_in_the_language_of_its_address(monkeypatch):
    factories.get_college()

    def fail(*args: object, **kwargs: object) -> None:
        raise OperationalError

    monkeypatch.setattr("courses.queries.next_runs", fail)
    client = Client(raise_request_exception=False)
    assert "Vi fekk ikkje henta sida" in text_of(client.get("/nn/"))
    assert "Vi fikk ikke hentet siden" in text_of(client.get("/"))
