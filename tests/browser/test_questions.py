"""A question from the course's page to the coordinator who has answered it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from enrolment import services
from enrolment.models import Question
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_courses_page_to_the_answer(
    page: Page, check_page: Callable[..., None], sign_in
) -> None:
    factories.make_college(email="post@skolen.example.org")
    course = factories.make_published_run(in_days=60).course
    check_page(page, reverse("ask_us"), "ask-us")
    check_page(page, reverse("course", args=[course.slug]), "course")
    check_page(page, reverse("front_page"), "front")
    page.goto(reverse("course", args=[course.slug]))
    page.get_by_role("link", name="Spør oss om kurset").click()
    expect(page.get_by_role("heading", name="Spør oss")).to_be_visible()
    check_page(page, None, "ask-us-course")
    page.get_by_label("Hva lurer du på?").fill("Må jeg si noe?")
    page.get_by_role("button", name="Send spørsmålet").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("Hva lurer du på?")).to_have_value("Må jeg si noe?")
    check_page(page, None, "ask-us-error")
    page.get_by_label("E-postadressen eller telefonnummeret ditt").fill("ola@example.org")
    page.get_by_role("button", name="Send spørsmålet").click()
    expect(page.get_by_role("heading", name="Takk for at du spør")).to_be_visible()
    check_page(page, None, "question-asked")

    services.ask_question(
        text="Søstera mi sitter i rullestol. Kommer hun inn?\n\nOg er det plass til meg også?",
        contact="+4720000003",
        language="nn",
        course=None,
        now=timezone.now() - timedelta(days=1),
    )
    sign_in(page, factories.make_coordinator("kari"))
    page.goto(reverse("admin:index"))
    page.get_by_role("link", name="2 spørsmål fra nettsidene å svare på").click()
    check_page(page, None, "questions")
    of_ola = page.get_by_role("region", name="ola@example.org")
    of_ola.get_by_role("button", name="Besvart").click()
    expect(page.get_by_text("Notert som besvart: ola@example.org.")).to_be_visible()
    assert Question.objects.waiting().count() == 1
    page.get_by_text("Sist besvart").click()
    check_page(page, None, "questions-answered")
    page.get_by_role("button", name="Angre").click()
    expect(page.get_by_text("Notert som ikke besvart: ola@example.org.")).to_be_visible()
    assert Question.objects.waiting().count() == 2
