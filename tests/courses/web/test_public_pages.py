"""What browsers and proxies may keep of the public pages."""

import gzip

import pytest
from django.core.cache import cache
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


@pytest.mark.parametrize(("path", "status"), [("/kurs/finnes-ikke/", 404), ("/kurs", 301)])
def test_what_no_view_says_anything_about_is_kept_by_nobody(client, path, status):
    response = client.get(path)
    assert (response.status_code, response["Cache-Control"]) == (status, "private, no-store")


# Compressed pages

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.mark.parametrize("url", [url for url in PUBLIC if url != "/kurs/nye.rss"])
def test_page_goes_compressed_to_a_browser_that_takes_it_so(client, run, url):
    whole = client.get(url)
    small = client.get(url, headers=GZIP)
    assert (small["Content-Encoding"], small["Vary"]) == ("gzip", whole["Vary"])
    assert "Accept-Encoding" in small["Vary"]
    assert "Content-Encoding" not in whole
    assert gzip.decompress(small.content) == whole.content
    assert len(small.content) < len(whole.content)


@pytest.mark.parametrize("url", ["/", "/kurs/"])
def test_compressed_page_that_is_still_the_same_is_not_sent_again(client, run, url):
    first = client.get(url, headers=GZIP)
    again = client.get(url, headers={**GZIP, "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["Vary"]) == (304, b"", first["Vary"])
    # The whole page is another answer, with a tag of its own.
    assert client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_what_somebody_searches_for_is_not_kept_compressed(client, run):
    client.get("/kurs/", headers=GZIP)
    before = set(cache._cache)
    answer = client.get("/kurs/?tekst=Kari+Nordmann", headers=GZIP)
    assert answer["Content-Encoding"] == "gzip"
    assert {key for key in set(cache._cache) - before if "gzip" in key} == set()


@pytest.mark.parametrize("url", PUBLIC)
def test_page_is_not_compressed_for_a_browser_with_a_cookie(client, run, url):
    client.cookies["session"] = "x" * 32
    assert "Content-Encoding" not in client.get(url, headers=GZIP)


@pytest.mark.parametrize("name", ["my_page", "my_link", "verify", "sign_in", "claim"])
def test_page_with_a_form_to_send_is_never_compressed(client, run, name):
    assert "Content-Encoding" not in client.get(reverse(name), headers=GZIP)


def test_sign_up_and_pages_of_staff_are_never_compressed(client, run):
    pages = [reverse("sign_up", args=["kurs", run.pk]), "/kurs/finnes-ikke/"]
    assert [url for url in pages if "Content-Encoding" in client.get(url, headers=GZIP)] == []
    client.force_login(factories.make_coordinator())
    for url in (reverse("admin:index"), reverse("tutor_runs")):
        answer = client.get(url, headers=GZIP)
        assert (answer.status_code, "Content-Encoding" in answer) == (200, False)
