"""The pages of whoever is asked to wait, and of whoever lets people in again."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from courses.web import sign_in as sign_in_limits
from enrolment import services
from enrolment.models import Enrolment
from tests import factories
from tests.browser.test_sign_up import write_and_look_over

pytestmark = pytest.mark.django_db(transaction=True)


def shut_out(username: str) -> None:
    for each in range(20):
        sign_in_limits.count_attempt(username=username, network=f"198.51.100.{each}")


def test_sign_up_that_was_asked_to_wait_is_sent_again_by_one_button(page, check_page, settings):
    settings.SIGN_UPS_PER_HOUR_BY_NETWORK = 0
    run = factories.make_published_run()
    write_and_look_over(page, run)
    page.get_by_role("button", name="Meld meg på").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Prøv igjen om litt, eller ring oss")
    check_page(page, None, "sign-up later")
    assert Enrolment.objects.count() == 0
    settings.SIGN_UPS_PER_HOUR_BY_NETWORK = 100
    page.get_by_role("button", name="Prøv igjen").click()
    expect(heading).to_have_text("Du har plass")


def test_link_that_was_not_asked_for_yet_keeps_the_contact(page, check_page, settings):
    settings.LINK_REQUESTS_PER_HOUR = 0
    factories.get_college()
    page.goto(reverse("my_link"))
    page.locator("#id_contact").fill("kari@example.org")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("Prøv igjen om litt, eller ring oss.")
    check_page(page, None, "my link later")
    expect(page.locator("#id_contact")).to_have_value("kari@example.org")


def test_tutor_who_is_shut_out_keeps_the_name_and_is_let_in_by_the_coordinator(
    page, new_page, sign_in, check_page
):
    tutor = factories.make_tutor_with_sign_in()
    factories.get_college()
    shut_out(tutor.user.username)

    def try_to_sign_in() -> None:
        page.locator("#id_password").fill("et langt passord")
        page.get_by_role("button", name="Logg inn").click()

    page.goto(reverse("sign_in"))
    page.locator("#id_login").fill(tutor.user.username)
    try_to_sign_in()
    expect(page.locator(".error-summary")).to_contain_text("be en koordinator slippe deg inn")
    check_page(page, None, "sign-in later")
    expect(page.locator("#id_login")).to_have_value(tutor.user.username)
    expect(page.locator("#id_password")).to_have_value("")

    staff = new_page()
    sign_in(staff, factories.make_coordinator())
    check_page(staff, reverse("admin:courses_tutor_change", args=[tutor.pk]), "tutor shut out")
    staff.get_by_role("button", name="Slipp kursholderen inn igjen").click()
    expect(staff.locator(".messagelist")).to_contain_text("Kursholderen kan logge inn igjen.")
    check_page(staff, None, "tutor let in again")

    try_to_sign_in()
    page.wait_for_url(f"**{reverse('tutor_runs')}")


def test_index_says_where_people_are_asked_to_wait(page, sign_in, check_page, settings):
    settings.SIGN_UPS_PER_HOUR_BY_NETWORK = 0
    run = factories.make_published_run()
    services.count_sign_up(run_id=run.pk, network="192.0.2.7")
    sign_in(page, factories.make_coordinator())
    check_page(page, reverse("admin:index"), "index asked to wait")
    expect(page.locator(".note").first).to_contain_text("Denne timen fikk 1 forsøk beskjed")
