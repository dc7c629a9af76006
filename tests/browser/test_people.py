"""A coordinator finds a person, makes two records one, signs somebody up. Clicks are counted."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from enrolment.models import Enrolment, Student
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "+4799999901"


class Clicks:
    """A coordinator who counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.number = page, 0

    def click(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name, exact=True).click()
        self.number += 1


@pytest.fixture
def twice(transactional_db) -> tuple[Student, Student]:
    """One person by two records, both on one run, where a third waits."""
    run = factories.make_published_run(capacity=2)
    online = factories.make_person(name="Kjærsti Li", email="k@example.org", phone=PHONE)
    rang = factories.make_person(name="Kjersti Li", email="", phone=PHONE, channel="phone")
    pair = factories.enrol(run, person=online).student, factories.enrol(run, person=rang).student
    factories.enrol(run)
    factories.enrol(factories.make_published_run(), person=rang, adjustment="Stor skrift")
    factories.make_published_run()
    return pair


@pytest.mark.parametrize("width", [1280, 320])
def test_two_records_are_found_and_become_one(width, new_page, sign_in, check_page, twice) -> None:
    kept, gone = twice
    page = new_page(viewport={"width": width, "height": 800})
    sign_in(page, factories.make_coordinator("kari"))
    coordinator = Clicks(page)
    page.goto(reverse("admin:index"))
    page.get_by_role("searchbox").fill("kjersti li")
    coordinator.click("button", "Finn")
    check_page(page, None, f"search-{width}")
    assert "kjersti" not in page.url
    coordinator.click("link", "Kjersti Li")
    check_page(page, None, f"student-alike-{width}")
    page.get_by_role("link", name="Slå sammen med Kjærsti Li").click()
    coordinator.number += 1
    check_page(page, None, f"merge-{width}")
    expect(
        page.get_by_text("til den første på ventelista, som får beskjed med en gang.")
    ).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    coordinator.click("button", "Slå dem sammen")
    expect(page.get_by_text("De to oppføringene er slått sammen.")).to_be_visible()
    expect(page.get_by_text("fikk plass fra ventelista").first).to_be_visible()
    assert coordinator.number == 4
    assert not Student.objects.filter(pk=gone.pk).exists()
    assert Enrolment.objects.live().filter(student=kept).count() == 2
    check_page(page, None, f"student-{width}")
    page.get_by_role("link", name="Slå sammen med …").click()
    check_page(page, None, f"merge-choose-{width}")


def test_somebody_known_is_signed_up_in_two_clicks(page, sign_in, check_page, twice) -> None:
    kept, _gone = twice
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:enrolment_student_change", args=[kept.pk]))
    runs = page.locator(".do-list a", has_text="Selvtillit")
    before = Enrolment.objects.count()
    runs.first.click()
    check_page(page, None, "phone-sign-up-known")
    page.get_by_role("button", name="Meld på").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kvittering")
    assert Enrolment.objects.count() == before + 1


def test_caller_who_looks_like_somebody_is_asked_for(page, sign_in, check_page, twice) -> None:
    kept, _gone = twice
    run = factories.make_published_run()
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:phone_sign_up", args=[run.pk]))
    page.get_by_label("Navn", exact=True).fill("Kjærsty Li")
    page.get_by_label("Telefon", exact=True).fill("99 99 99 01")
    page.get_by_role("button", name="Meld på").click()
    check_page(page, None, "phone-sign-up-alike")
    page.get_by_label("Det er denne: Kjærsti Li").check()
    page.get_by_role("button", name="Meld på").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kvittering")
    assert Enrolment.objects.get(run=run).student == kept
