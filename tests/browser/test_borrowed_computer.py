"""Whoever sits down at the same computer afterwards finds no name and no address."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Error, Page, expect

from enrolment import links
from enrolment.models import Enrolment
from tests import factories
from tests.browser.conftest import WIDE

pytestmark = pytest.mark.django_db(transaction=True)

NAME, EMAIL, WISH = "Kari Nordmann", "kari@example.org", "Plass ved døra"


@pytest.fixture(params=["browser", "browser_with_page_cache"])
def page(request, live_server):
    """A visitor's page; also in a browser that keeps whole pages for going back."""
    context = request.getfixturevalue(request.param).new_context(
        base_url=live_server.url, locale="nb-NO", viewport=WIDE
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def run():
    return factories.make_published_run(sessions=2)


def address_of(run) -> str:
    return reverse("sign_up", args=[run.course.slug, run.pk])


def write_and_look_over(page: Page, run) -> None:
    page.goto(address_of(run))
    fill(page)
    page.get_by_role("button", name="Gå videre og se om alt stemmer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stemmer dette?")


def fill(page: Page) -> None:
    page.get_by_label("Hva vil du bli kalt?").fill(NAME)
    page.get_by_label("E-post").fill(EMAIL)
    page.get_by_label("Er det noe praktisk").fill(WISH)


def everything_on(page: Page) -> str:
    """All that can be read on a page, also in its fields, once the page stands still."""
    return page.wait_for_function(
        """() => document.readyState === 'complete' && document.title
            + document.documentElement.outerHTML
            + [...document.querySelectorAll('input, textarea')].map(each => each.value).join(' ')"""
    ).json_value()


def go_back(page: Page) -> None:
    everything_on(page)  # before a page stands still, there is no way back from it
    try:
        page.go_back()
    except Error as error:
        # The browser's own page, «Confirm Form Resubmission»: it has forgotten the check page.
        # Playwright reports the refusal before that page is there.
        assert "ERR_CACHE_MISS" in str(error)  # noqa: PT017
        page.wait_for_function("() => location.protocol === 'chrome-error:'")
        page.wait_for_timeout(300)


def assert_back_shows_nothing(page: Page, *, steps: int) -> None:
    for _step in range(steps):
        go_back(page)
        seen = everything_on(page)
        for written in (NAME, EMAIL, WISH):
            assert written not in seen, page.url


def test_after_the_receipt_going_back_shows_no_name_and_no_address(page, run):
    write_and_look_over(page, run)
    page.get_by_role("button", name="Meld meg på").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har plass")
    expect(page.get_by_text("Er dette en lånt maskin?")).to_be_visible()
    assert_back_shows_nothing(page, steps=2)
    assert Enrolment.objects.count() == 1


def test_the_check_page_is_not_to_be_had_by_sending_the_form_once_more(page, run):
    write_and_look_over(page, run)
    page.get_by_role("button", name="Meld meg på").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har plass")
    go_back(page)
    page.reload()
    assert NAME not in everything_on(page)
    assert Enrolment.objects.count() == 1


def test_after_a_change_of_the_answers_going_back_shows_nothing_either(page, run):
    write_and_look_over(page, run)
    page.get_by_role("button", name="Endre").click()
    page.get_by_role("button", name="Gå videre og se om alt stemmer").click()
    page.get_by_role("button", name="Meld meg på").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har plass")
    assert_back_shows_nothing(page, steps=4)


def test_before_the_last_button_going_back_finds_the_answers(page, run):
    write_and_look_over(page, run)
    go_back(page)
    expect(page.get_by_label("Hva vil du bli kalt?")).to_have_value(NAME)
    expect(page.get_by_label("E-post")).to_have_value(EMAIL)
    expect(page.get_by_label("Er det noe praktisk")).to_have_value(WISH)
    assert Enrolment.objects.count() == 0


def test_the_second_person_finds_their_own_answers_and_the_third_finds_none(page, run):
    write_and_look_over(page, run)
    page.get_by_role("button", name="Meld meg på").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har plass")
    page.goto(address_of(run))
    page.get_by_label("Hva vil du bli kalt?").fill("Ola Prøve")
    page.get_by_label("E-post").fill("ola@example.org")
    page.get_by_role("button", name="Gå videre og se om alt stemmer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stemmer dette?")
    go_back(page)
    expect(page.get_by_label("Hva vil du bli kalt?")).to_have_value("Ola Prøve")
    page.get_by_role("button", name="Gå videre og se om alt stemmer").click()
    page.get_by_role("button", name="Meld meg på").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har plass")
    go_back(page)
    go_back(page)
    assert "Ola Prøve" not in everything_on(page)


def test_an_address_that_was_written_to_get_a_link_is_gone(page):
    factories.get_college()
    page.goto(reverse("my_page"))
    page.get_by_label("E-postadressen eller telefonnummeret ditt").fill(EMAIL)
    page.get_by_role("button", name="Send meg lenken min").click()
    page.wait_for_url("**/sendt/")
    go_back(page)
    assert EMAIL not in everything_on(page)


def test_after_signing_out_going_back_shows_nothing_and_the_link_is_closed(page, run):
    person = factories.make_person(name=NAME, email=EMAIL)
    student = factories.enrol(run, person=person).student
    page_link = reverse("my_page_sign_in", args=[links.page_token(student)])
    page.goto(page_link)
    page.get_by_role("button", name="Åpne siden min").click()
    expect(page.get_by_text(NAME)).to_be_visible()
    page.get_by_text("Logg ut", exact=True).first.click()
    page.get_by_role("button", name="Lånt maskin: logg ut og steng lenken").click()
    page.wait_for_url("/")
    assert_back_shows_nothing(page, steps=2)
    page.goto(page_link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Lenken virker ikke lenger")


def test_no_request_tells_the_address_of_a_personal_page(page, live_server, run):
    student = factories.enrol(run).student
    requests = []
    page.on("request", lambda request: requests.append(request))
    page.goto(reverse("my_page_sign_in", args=[links.page_token(student)]))
    page.get_by_role("button", name="Åpne siden min").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hei")
    told = {request.all_headers().get("referer", "") for request in requests}
    by_pages = {each for each in told if "/static/" not in each}  # a style sheet names itself
    assert by_pages == {"", f"{live_server.url}/"}


def test_a_register_sent_after_the_session_ended_is_shown_after_sign_in_and_saved(page):
    tutor = factories.make_tutor_with_sign_in()
    run = factories.make_published_run(in_days=-0.01)
    run.assignments.filter(role="peer").update(tutor=tutor)
    client = Client()
    client.force_login(tutor.user)
    name = settings.SESSION_COOKIE_NAME
    page.goto("/")
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": page.url}])
    page.goto(reverse("tutor_register", args=[run.pk]))
    page.get_by_label("Navn").fill(NAME)
    client.post(reverse("sign_out"))
    page.get_by_role("button", name="Lagre").click()
    page.get_by_label("Brukernavn").fill(tutor.user.username)
    page.get_by_label("Passord").fill("et langt passord")
    page.get_by_role("button", name="Logg inn").click()
    expect(page.get_by_text("Her er det igjen")).to_be_visible()
    expect(page.get_by_label("Navn")).to_have_value(NAME)
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_role("group", name=NAME)).to_be_visible()
