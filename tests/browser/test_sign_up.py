"""A student signs up, finds their page and withdraws, in a real browser."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from courses.models import College
from enrolment import emails, links, services
from enrolment.links import Purpose
from enrolment.models import Enrolment, Letter
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run():
    course = factories.make_course(title="Selvtillit og selvfølelse")
    return factories.make_published_run(course=course, capacity=2, sessions=2)


def address_of(run) -> str:
    return reverse("sign_up", args=[run.course.slug, run.pk])


def write_and_look_over(page: Page, run, **answers: str) -> None:
    page.goto(address_of(run))
    page.get_by_label("Hva vil du bli kalt?").fill(answers.get("name", "Kari Nordmann"))
    page.get_by_label("E-post").fill(answers.get("email", "kari@example.org"))
    page.get_by_role("button", name="Gå videre og se om alt stemmer").click()


def test_from_form_to_receipt(page, check_page, run):
    College.objects.update(municipalities="Fjordvik\nNes", offers_news=True)
    check_page(page, address_of(run), "sign-up form")
    write_and_look_over(page, run)
    check_page(page, None, "sign-up check")
    page.get_by_role("button", name="Endre").click()
    expect(page.get_by_label("Hva vil du bli kalt?")).to_have_value("Kari Nordmann")
    expect(page.get_by_label("Hvilken kommune bor du i?")).to_have_value("")
    page.get_by_label("Hvilken kommune bor du i?").select_option("En annen kommune")
    page.get_by_label("Jeg vil gjerne høre fra dere").check()
    page.get_by_role("button", name="Gå videre og se om alt stemmer").click()
    check_page(page, None, "sign-up check with more")
    page.get_by_role("button", name="Meld meg på").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har plass")
    check_page(page, None, "sign-up receipt")
    page.reload()
    assert Enrolment.objects.count() == 1


def test_going_back_keeps_what_was_written(page, run):
    write_and_look_over(page, run)
    expect(page.get_by_role("heading", level=1)).to_have_text("Stemmer dette?")
    page.go_back()
    expect(page.get_by_label("E-post")).to_have_value("kari@example.org")


def test_double_click_enrols_once(page, run):
    write_and_look_over(page, run)
    page.get_by_role("button", name="Meld meg på").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har plass")
    assert Enrolment.objects.count() == Letter.objects.count() == 1


def test_errors_have_focus_and_lead_to_the_field(page, check_page, run):
    page.goto(address_of(run))
    page.get_by_role("button", name="Gå videre og se om alt stemmer").click()
    expect(page.locator(".error-summary")).to_be_focused()
    assert page.title().startswith("Feil: ")
    check_page(page, None, "sign-up errors")
    page.get_by_role("link", name="Skriv navnet du vil bli kalt.").click()
    expect(page.get_by_label("Hva vil du bli kalt?")).to_be_focused()


def test_all_of_it_works_without_javascript(new_page, run):
    page = new_page(java_script_enabled=False)
    write_and_look_over(page, run)
    page.get_by_role("button", name="Meld meg på").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har plass")


def test_refused_and_choosing_pages(page, check_page, run):
    factories.enrol(run)
    page.goto(address_of(run))
    page.get_by_label("Hva vil du bli kalt?").fill("To Sammen")
    page.get_by_label("E-post").fill("to@example.org")
    page.get_by_label("Jeg tar med meg noen").check()
    page.get_by_role("button", name="Gå videre og se om alt stemmer").click()
    page.get_by_role("button", name="Meld meg på").click()
    check_page(page, None, "sign-up one place")
    page.get_by_role("button", name="Vi venter på to plasser").click()
    check_page(page, None, "sign-up written up")
    factories.make_published_run(course=run.course, in_days=40)
    write_and_look_over(page, run)
    services.cancel_run(run=run, by=factories.make_user())
    page.get_by_role("button", name="Sett meg på ventelista").click()
    check_page(page, None, "sign-up refused")
    page.get_by_role("button", name="Meld meg på her med det jeg skrev").click()
    expect(page.get_by_label("E-post")).to_have_value("kari@example.org")


def test_own_page_and_withdrawal_from_the_letter(page, check_page, run):
    enrolment = factories.enrol(run, places=2)
    factories.enrol(run)
    found = re.findall(
        r"https?://\S+", emails.with_links(factories.written(enrolment.letters.get()))
    )
    _calendar, withdrawal, page_link = (urlsplit(each).path for each in found)
    check_page(page, page_link, "page link")
    page.get_by_role("button", name="Åpne siden min").click()
    check_page(page, None, "my page")
    page.get_by_text("Alle dager, avmelding").click()
    page.get_by_role("link", name="Jeg kommer alene").click()
    check_page(page, None, "come alone")
    page.get_by_role("button", name="Ja, jeg kommer alene").click()
    check_page(page, withdrawal, "withdraw")
    page.get_by_role("button", name="Meld meg av").click()
    check_page(page, None, "withdrawn")
    page.get_by_role("button", name="Meld meg på igjen").click()
    expect(page.get_by_text("Du har plass")).to_be_visible()
    page.goto(reverse("my_page"))
    page.get_by_text("Logg ut", exact=True).first.click()
    page.get_by_role("button", name="Logg ut", exact=True).click()
    check_page(page, reverse("my_page"), "my link")
    page.get_by_label("E-postadressen eller telefonnummeret ditt").fill("kari@example.org")
    page.get_by_role("button", name="Send meg lenken min").click()
    check_page(page, None, "my link asked")
    check_page(page, reverse("withdraw", args=["tull"]), "link gone")


def test_waiting_list_on_own_page(page, check_page, run):
    factories.enrol(run, places=2)
    waiting = factories.enrol(run, person=factories.make_person(language="nn"))
    page.goto(f"/nn{reverse('my_page_sign_in', args=[links.page_token(waiting.student)])}")
    page.get_by_role("button", name="Opne sida mi").click()
    expect(page.get_by_text("Du er nummer 1 i køen.")).to_be_visible()
    check_page(page, None, "my page waiting")
    token = links.enrolment_token(Purpose.WITHDRAW, waiting)
    check_page(page, reverse("withdraw", args=[token]), "leave the waiting list")


def test_letter_as_html_is_accessible(page, check_page, live_server, run):
    letter = factories.enrol(run).letters.get()
    content = emails.as_email(factories.written(letter)).alternatives[0].content
    page.route("**/brev", lambda route: route.fulfill(body=content, content_type="text/html"))
    check_page(page, f"{live_server.url}/brev", "letter")
