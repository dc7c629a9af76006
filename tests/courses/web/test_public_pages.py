"""What browsers and proxies may keep of the public pages."""

import pytest
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db

PUBLIC = [
    "/",
    "/kurs/",
    "/nn/kurs/",
    "/kurs/kurs/",
    "/kurs/kalender.ics",
    "/kurs/nye.rss",
    "/sitemap.xml",
    "/robots.txt",
    "/personvern/",
    "/tilgjengelighet/",
]


@pytest.fixture
def run():
    factories.get_college()
    return factories.make_published_run(course=factories.make_course(slug="kurs"))


@pytest.mark.parametrize("url", PUBLIC)
def test_page_may_be_kept_for_a_minute(client, run, url):
    assert client.get(url).headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("url", PUBLIC)
def test_page_that_is_still_the_same_is_not_sent_again(client, run, url):
    tag = client.get(url).headers["ETag"]
    again = client.get(url, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_page_that_has_changed_is_sent_again(client, run):
    tag = client.get("/kurs/").headers["ETag"]
    run.course.title = "Et nytt navn"
    run.course.save()
    assert client.get("/kurs/", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("url", PUBLIC)
@pytest.mark.parametrize("cookie", ["session", "csrftoken", "whatever"])
def test_browser_with_a_cookie_keeps_the_page_for_itself(client, run, url, cookie):
    client.cookies[cookie] = "x" * 32
    assert client.get(url).headers["Cache-Control"] == "private, no-cache"


def test_staff_page_with_a_message_is_kept_by_nobody_else(client, run):
    client.force_login(factories.make_coordinator())
    assert client.get("/kurs/").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("name", ["my_page", "verify", "sign_in"])
def test_page_with_a_form_to_send_is_not_for_everybody(client, run, name):
    assert "public" not in client.get(reverse(name)).headers.get("Cache-Control", "")


def test_sign_up_is_not_for_everybody(client, run):
    response = client.get(reverse("sign_up", args=["kurs", run.pk]))
    assert "public" not in response.headers.get("Cache-Control", "")


def test_page_that_is_not_there_is_not_kept(client):
    response = client.get("/kurs/finnes-ikke/")
    assert (response.status_code, response.headers.get("Cache-Control")) == (404, None)
