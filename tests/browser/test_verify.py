"""Checking a certificate, and correcting one, in a real browser."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from certificates import services
from certificates.models import Certificate
from tests import factories
from tests.certificates.test_services import be_there, make_held_run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def certificate(transactional_db):
    factories.make_college()
    run = make_held_run(course=factories.make_course(discreet_title="Mot til å være seg selv"))
    be_there(run, sessions=2)
    (issued,) = services.issue(run=run, by=None)
    return issued


def ask(page, number: str, name: str = "Kari Lie") -> str:
    page.goto("/kursbevis/")
    page.locator("#id_number").fill(number)
    page.locator("#id_name").fill(name)
    with page.expect_navigation():
        page.locator("#verify button").click()
    return page.locator("h1").inner_text()


def test_form_keeps_the_rules_and_sets_no_cookie(page, check_page, certificate):
    for prefix in ("", "/nn", "/en"):
        check_page(page, f"{prefix}/kursbevis/", f"verify{prefix.replace('/', '-')}")
        assert page.context.cookies() == []


def test_every_answer_keeps_the_rules_and_sets_no_cookie(page, check_page, certificate, settings):
    assert ask(page, certificate.printed_number) == "Kursbeviset er ekte"
    check_page(page, None, "verify-genuine")
    assert ask(page, certificate.printed_number, "Ola Dal") == "Vi kan ikke bekrefte dette"
    check_page(page, None, "verify-unconfirmed")
    assert ask(page, "", "") == "Sjekk et kursbevis"
    check_page(page, None, "verify-error")
    services.reissue(certificate=certificate, by=None, name="Kari Lien")
    assert ask(page, certificate.printed_number) == "Kursbeviset er erstattet"
    check_page(page, None, "verify-replaced")
    newest = Certificate.objects.valid().get()
    services.revoke(certificate=newest, by=None)
    assert ask(page, newest.printed_number, "Kari Lien") == "Kursbeviset er ikke gyldig"
    check_page(page, None, "verify-withdrawn")
    settings.CERTIFICATE_CHECKS_PER_HOUR = 0
    assert ask(page, newest.printed_number) == "Kom gjerne tilbake litt senere"
    check_page(page, None, "verify-later")
    assert page.context.cookies() == []


def test_code_on_paper_writes_the_number_and_asks_for_the_name(page, certificate):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/kursbevis/#{certificate.number}")
    expect(page.locator("#id_number")).to_have_value(certificate.number)
    expect(page.locator("#id_name")).to_be_focused()
    page.locator("#id_name").fill("Kari Lie")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Kursbeviset er ekte")
    assert not [url for url in asked if certificate.number in url.partition("#")[0]]


def test_odd_mark_in_the_address_is_left_alone(page, certificate):
    page.goto("/kursbevis/#<b>noe helt annet</b>")
    assert page.locator("#id_number").input_value() == ""


def test_works_without_javascript(new_page, certificate):
    page = new_page(java_script_enabled=False)
    assert ask(page, certificate.printed_number.lower()) == "Kursbeviset er ekte"
    assert "Mot til å være seg selv" in page.locator("main").inner_text()


def test_tutor_corrects_renews_and_withdraws(page, check_page, sign_in, certificate):
    run = certificate.run
    be_there(run, name="Åse Vik")
    gone = be_there(run, name="Bo Ek")
    services.issue(run=run, by=None)
    certificate.student.attendances.filter(session=run.sessions.last()).update(is_present=False)
    gone.attendances.update(is_present=False)
    sign_in(page, factories.make_coordinator())
    check_page(page, f"/kursholder/{run.pk}/kursbevis/", "tutor-certificates-changed")
    with page.expect_navigation():
        page.get_by_role("button", name="Lag nye kursbevis til dem").click()
    expect(page.get_by_text("1 nytt kursbevis er laget")).to_have_count(1)
    with page.expect_navigation():
        page.get_by_role("link", name="Rett Åse Vik").click()
    check_page(page, None, "tutor-certificate-correct")
    page.locator("#id_name").fill("Åse Viken")
    with page.expect_navigation():
        page.get_by_role("button", name="Lag et nytt kursbevis").click()
    expect(page.get_by_role("link", name="Rett Åse Viken")).to_have_count(1)
    with page.expect_navigation():
        page.get_by_role("link", name="Trekk tilbake Bo Ek").click()
    check_page(page, None, "tutor-certificate-withdraw")
    with page.expect_navigation():
        page.get_by_role("button", name="Trekk kursbeviset tilbake").click()
    expect(page.get_by_role("link", name="Rett Bo Ek")).to_have_count(0)
    assert Certificate.objects.filter(revoked_at__lte=timezone.now()).get().name == "Bo Ek"


def test_admin_pages_of_certificates_keep_the_rules(page, check_page, sign_in, certificate):
    sign_in(page, factories.make_coordinator())
    number = certificate.printed_number
    check_page(page, f"/admin/certificates/certificate/?q={number}", "admin-certificates")
    check_page(
        page, f"/admin/certificates/certificate/{certificate.pk}/change/", "admin-certificate"
    )
    check_page(page, "/admin/courses/college/1/change/", "admin-college")
