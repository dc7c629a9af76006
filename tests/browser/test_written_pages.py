"""From the shipped drafts to a page of the college's own, and a story told and withdrawn."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from recoverycollege.demo.pages import STORY
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_a_draft_to_a_page(page: Page, check_page: Callable[..., None], sign_in) -> None:
    factories.make_college()
    sign_in(page, factories.make_coordinator("kari"))
    pages = reverse("admin:courses_page_changelist")
    check_page(page, pages, "no-pages")
    page.get_by_role("button", name="Legg til ferdige tekster som utkast").click()
    expect(page.get_by_text("5 utkast er lagt til.")).to_be_visible()
    check_page(page, None, "drafts")
    page.get_by_role("link", name="Styringsgruppa").click()
    check_page(page, None, "draft")
    page.get_by_label("Publisert").check()
    page.get_by_role("button", name="Lagre", exact=True).click()
    expect(page.get_by_text("Skriv dette selv først: [antall]").first).to_be_visible()
    check_page(page, None, "draft-error")
    for code in ("nb", "nn", "en"):
        text = page.locator(f"#id_text_{code}")
        text.fill("## Om gruppa\n\nÅtte personer.\n\n- Fire\n- Fire")
    page.get_by_label("Hvor lenken står").select_option("i menyen øverst")
    page.locator("#id_files-0-upload").set_input_files(
        {"name": "Referat fra mai.txt", "mimeType": "text/plain", "buffer": b"Referat"}
    )
    page.get_by_role("button", name="Lagre", exact=True).click()
    page.get_by_role("row").get_by_role("link", name="Styringsgruppa").click()
    page.get_by_role("link", name="Forhåndsvisning").click()
    check_page(page, None, "preview")
    page.goto(reverse("front_page"))
    page.get_by_role("link", name="Styringsgruppa").click()
    expect(page.get_by_role("heading", name="Om gruppa")).to_be_visible()
    for prefix in ("", "/nn", "/en"):
        check_page(page, f"{prefix}/om/styringsgruppe/", f"written-page{prefix[1:]}")


def test_story_told_and_withdrawn(page: Page, check_page: Callable[..., None], sign_in) -> None:
    factories.make_college()
    title, text = STORY
    factories.make_story(slug="stolen", titles={"nb": title}, texts={"nb": text}, teller="Olaug")
    factories.make_page(slug="om", titles={"nb": "Om oss"})
    check_page(page, reverse("stories"), "stories")
    page.get_by_role("link", name=title).click()
    for prefix in ("", "/en"):
        check_page(page, f"{prefix}/om/stolen/", f"story{prefix[1:]}")
    sign_in(page, factories.make_coordinator("kari"))
    page.goto(reverse("admin:courses_page_changelist"))
    page.get_by_role("link", name=title).click()
    check_page(page, None, "story-admin")
    page.get_by_role("button", name="Fortelleren trekker den tilbake").click()
    expect(page.get_by_text("Historien er trukket tilbake.")).to_be_visible()
    check_page(page, None, "story-withdrawn")
    response = page.goto(reverse("page", args=["stolen"]))
    assert response
    assert response.status == 404
