"""Signing in as staff: in two steps, with a code by e-mail, and who is let in by whom."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Page, expect

from enrolment import services
from tests import factories
from tests.one_time_codes import code_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _leder(settings):
    factories.make_college()
    leder = factories.make_coordinator("leder")
    leder.email = "leder@example.org"
    leder.save()
    settings.SECOND_FACTOR_REQUIRED = True
    settings.SIGN_IN_BURST_BY_NAME = settings.SIGN_IN_BURST_BY_NETWORK = 10**6


def send(page: Page, button: str = "Logg inn", **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"[name='{name}']").fill(value)
    page.get_by_role("button", name=button).click()


def mailed(pattern: str) -> str:
    services.send_due()
    return re.search(pattern, mail.outbox[-1].body, re.MULTILINE)[1]


def test_a_coordinator_sets_up_the_app_and_invites_a_tutor_who_comes(
    page, new_page, check_page, settings
):
    tutor = factories.make_tutor(name="Kari Nordmann", email="kari@example.org")
    check_page(page, reverse("admin:staff"), "sign-in")
    send(page, login="leder", password="et langt passord")
    expect(page.get_by_role("heading", name="Sett opp appen")).to_be_visible()
    page.get_by_text("Jeg kan ikke bruke kameraet").click()
    check_page(page, None, "sign-in-set-up")
    key = page.locator(".setup-key").inner_text().replace(" ", "")
    send(page, "Gå videre", code="000000")
    check_page(page, None, "sign-in-set-up-error")
    assert page.title().startswith("Feil:")
    send(page, "Gå videre", code=code_of(key))
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    codes = page.locator(".recovery-codes li").all_inner_texts()
    check_page(page, None, "sign-in-recovery-codes")
    page.get_by_role("link", name="Jeg har tatt vare på dem").click()

    expect(page.get_by_role("heading", name="Medarbeidere og tilgang")).to_be_visible()
    check_page(page, None, "admin-staff")
    page.get_by_role("link", name="Inviter noen").click()
    check_page(page, None, "admin-staff-invite")
    for label, value in (("Navn", "Kari Nordmann"), ("E-post", "kari@example.org")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Hvilken kursholder").select_option(label=str(tutor))
    page.get_by_role("button", name="Send invitasjonen").click()
    expect(page.get_by_text("Kari Nordmann er invitert.")).to_be_visible()
    check_page(page, None, "admin-staff-invited")

    other = new_page()
    other.goto(mailed(r"http://localhost:8000(/konto/\S+)"))
    check_page(other, None, "sign-in-choose-password")
    words = "tre ville ender"
    send(other, "Velg passordet", password="sommer2026", again="sommer2026")
    check_page(other, None, "sign-in-choose-password-error")
    send(other, "Velg passordet", password=words, again=words)
    send(other, login="kari@example.org", password=words)
    expect(other.get_by_role("heading", level=1)).not_to_have_text("Logg inn")
    check_page(other, reverse("mfa_index"), "sign-in-second-factor")

    page.goto(reverse("admin:staff"))
    page.get_by_role("link", name="Ta bort tilgangen").last.click()
    check_page(page, None, "admin-staff-end-access")
    page.goto(reverse("mfa_deactivate_totp"))
    check_page(page, None, "sign-in-take-away")
    check_page(page, reverse("mfa_generate_recovery_codes"), "sign-in-new-codes")
    check_page(page, reverse("mfa_index"), "sign-in-has-app")
    check_page(page, reverse("account_reauthenticate"), "sign-in-again")
    check_page(page, reverse("mfa_reauthenticate"), "sign-in-again-app")

    third = new_page()
    third.goto(reverse("sign_in"))
    send(third, login="leder", password="et langt passord")
    expect(third.get_by_role("heading", name="Det andre trinnet")).to_be_visible()
    check_page(third, None, "sign-in-second-step")
    send(third, code=codes[0])
    expect(third.get_by_role("heading", name="Er dette din egen enhet?")).to_be_visible()
    check_page(third, None, "sign-in-trust")
    third.get_by_role("button", name="Ja, den er min").click()
    expect(third.get_by_role("heading", name="Medarbeidere og tilgang")).to_have_count(0)
    assert {each["name"] for each in third.context.cookies()} >= {"session", "trusted_device"}


def test_a_code_by_email_and_a_forgotten_password(page, check_page, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    check_page(page, reverse("account_request_login_code"), "sign-in-ask-for-code")
    send(page, "Send meg en kode", email="leder@example.org")
    expect(page.get_by_role("heading", name="Skriv koden")).to_be_visible()
    check_page(page, None, "sign-in-code")
    send(page, code=mailed(r"^([B-Z]{4}-[B-Z]{4})$"))
    expect(page.get_by_role("link", name="Medarbeidere")).to_be_visible()
    page.get_by_role("button", name="Logg ut").click()
    check_page(page, reverse("forgotten"), "sign-in-forgotten")
    send(page, "Send meg en lenke", email="leder@example.org")
    expect(page.get_by_role("heading", name="Se i innboksen din")).to_be_visible()
    check_page(page, None, "sign-in-forgotten-sent")
    check_page(page, reverse("choose_password", args=["x"]), "sign-in-link-gone")
