"""The student's own page on a small phone, and what they correct there."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import College
from enrolment import links, services
from enrolment.models import Student
from tests import factories
from tests.browser.conftest import NARROW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]

DOOR = "Gul dør i bakgården, opp trappa til venstre. Ring på hos «Kurs»."


@pytest.fixture
def student() -> Student:
    """Next time, one more to come, one to wait for, and one that was held."""
    person = factories.make_person(name="Kari Nordmann", email="kari@example.org")
    venue = factories.make_venue(name="Kanalen kurslokale", how_to_find=DOOR)
    for number, title in enumerate(("Søvn og hvile", "Grenser og nei", "Kosthold i hverdagen")):
        course = factories.make_course(title=title)
        run = factories.make_published_run(
            course=course, venue=venue, sessions=2, in_days=3 + 7 * number, capacity=1
        )
        if number == 2:
            factories.enrol(run)
        enrolment = factories.enrol(run, person=person)
    past = factories.make_published_run(course=factories.make_course(title="Å leve med uro"))
    factories.enrol(past, person=person)
    before = timezone.now() - timedelta(days=40)
    past.sessions.update(starts_at=before, ends_at=before + timedelta(hours=2))
    services.send_due()
    mail.outbox.clear()
    return enrolment.student


def come_in(page: Page, student: Student) -> None:
    page.goto(reverse("my_page_sign_in", args=[links.page_token(student)]))
    page.get_by_role("button", name="Åpne siden min").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Hei, {student.name}")


def test_four_courses_take_two_screens_of_a_small_phone_at_most(page, check_page, student):
    come_in(page, student)
    page.set_viewport_size(NARROW)
    bottom = page.evaluate("document.querySelector('main').getBoundingClientRect().bottom")
    assert bottom + page.evaluate("scrollY") <= 2 * NARROW["height"]
    expect(page.get_by_text("Gul dør i bakgården").first).to_be_in_viewport()
    expect(page.get_by_role("link", name="Kart")).to_be_in_viewport()
    expect(page.get_by_text("Du er nummer 1 i køen.")).to_be_visible()
    check_page(page, None, "my page with four courses")
    for summary in page.locator("main summary").all():
        if summary.is_visible():
            summary.click()
    check_page(page, None, "my page opened")
    check_page(page, reverse("my_letters"), "my letters")
    page.locator("main summary").first.click()
    expect(page.get_by_text("Kari Nordmann").first).to_be_visible()


def test_a_new_address_counts_when_it_has_answered(page, check_page, student):
    College.objects.update(municipalities="Fjordvik\nNes", offers_news=True)
    come_in(page, student)
    check_page(page, reverse("my_details"), "my details")
    page.get_by_label("Hvilken kommune bor du i?").select_option("Nes")
    page.get_by_label("E-post", exact=True).fill("ny@example.org")
    page.get_by_label("Navn", exact=True).fill("Kari Nordman")
    page.get_by_role("radio", name="Nynorsk").check()
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_text("Vi sender eit brev til ny@example.org.")).to_be_visible()
    check_page(page, None, "my details asked")
    services.send_due()
    [letter] = mail.outbox
    assert letter.to == ["ny@example.org"]
    assert "Kari" not in letter.body
    [address] = re.findall(r"https?://\S+", letter.body)
    page.context.clear_cookies()
    check_page(page, urlsplit(address).path, "new address")
    page.get_by_label("Namnet ditt").fill("Kari")
    page.get_by_role("button", name="Ja, skriv til meg her").click()
    expect(page.get_by_role("alert")).to_contain_text("Vi har eit anna namn her.")
    check_page(page, None, "new address, wrong name")
    expect(page.get_by_label("Namnet ditt")).to_have_value("Kari")
    page.get_by_label("Namnet ditt").fill("kari nordman")
    page.get_by_role("button", name="Ja, skriv til meg her").click()
    expect(page.get_by_text("Frå no av skriv vi til ny@example.org.")).to_be_visible()
    services.send_due()
    assert mail.outbox[-1].to == ["kari@example.org"]


def test_a_programme_of_ones_own_is_put_together(page, check_page, student):
    come_in(page, student)
    page.get_by_role("link", name="Mitt program").click()
    expect(page.get_by_role("checkbox", name="Søvn og hvile")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Kosthold i hverdagen")).to_be_checked()
    check_page(page, None, "my programme")
