"""From a wish on the course's page to the letter, and the coordinator's Monday."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Page, expect

from courses.models import Tutor
from enrolment import services
from enrolment.models import Interest
from tests import factories
from tests.recoverycollege.test_what_waits import make_one_of_everything

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_a_wish_on_the_courses_page_to_the_letter_and_its_end(
    page: Page, check_page: Callable[..., None], settings, live_server
) -> None:
    settings.SITE_URL = live_server.url
    course = factories.make_published_run(in_days=-30).course
    page.goto(reverse("course", args=[course.slug]))
    page.get_by_role("link", name="Si fra når kurset går igjen").click()
    check_page(page, None, "interest")
    page.get_by_role("button", name="Si fra til meg").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("E-post").fill("ola@example.org")
    page.get_by_role("button", name="Si fra til meg").click()
    expect(page.get_by_role("heading", name="Vi sier fra")).to_be_visible()
    check_page(page, None, "interest-asked")

    services.publish_run(run=factories.make_run(course=course))
    services.send_due()
    [message] = [each for each in mail.outbox if each.to == ["ola@example.org"]]
    link = re.search(r"\S+/si-fra/\S+", message.body)
    assert link is not None
    page.goto(link[0])
    check_page(page, None, "interest-end")
    assert Interest.objects.count() == 1
    page.get_by_role("button", name="Slett det jeg skrev").click()
    expect(page.get_by_role("heading", name="Du står ikke på lista")).to_be_visible()
    assert not Interest.objects.exists()


def test_monday_with_everything_and_with_nothing(
    page: Page, check_page: Callable[..., None], sign_in
) -> None:
    sign_in(page, factories.make_coordinator("kari"))
    factories.make_college(accessibility_text="Det er lett å komme inn.")
    factories.make_published_run(in_days=60)
    Tutor.objects.update(email="kursholder@example.org")
    check_page(page, reverse("admin:index"), "monday-nothing")
    expect(page.get_by_text("Ingenting venter.")).to_be_visible()

    make_one_of_everything()
    check_page(page, reverse("admin:index"), "monday-everything")
    # The call list, told, and undone: three clicks, and one stands on the list.
    page.get_by_role("link", name="personer som skal ha beskjed").click()
    page.get_by_role("button", name="Snakket med").first.click()
    check_page(page, None, "undo")
    page.get_by_role("button", name="Angre").click()
    expect(page.get_by_text("står på lista igjen")).to_be_visible()
