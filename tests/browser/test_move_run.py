"""A coordinator moves a whole run in a real browser."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import CourseRun, CourseSession
from courses.norwegian.formatting import day
from enrolment.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(transactional_db) -> CourseRun:
    """Eight evenings, the first of them held and the fourth cancelled; two people have a place."""
    run = factories.make_published_run(sessions=8, in_days=3)
    for _person in range(2):
        factories.enrol(run)
    Letter.objects.update(sent_at=timezone.now())
    sessions = list(run.sessions.all())
    yesterday = timezone.now() - timedelta(days=1)
    CourseSession.objects.filter(pk=sessions[0].pk).update(
        starts_at=yesterday, ends_at=yesterday + timedelta(hours=2)
    )
    CourseSession.objects.filter(pk=sessions[3].pk).update(cancelled_at=timezone.now())
    CourseRun.objects.update(waiting_list_closes_at=timezone.now() + timedelta(days=2))
    return CourseRun.objects.get(pk=run.pk)


def open_form(page: Page, run: CourseRun) -> None:
    page.goto(reverse("admin:run_programme", args=[run.pk]))
    page.get_by_role("link", name="Flytt hele kurset").click()


@pytest.mark.parametrize("width", [1280, 390])
def test_run_is_moved_and_its_history_tells_it(width: int, new_page, sign_in, run) -> None:
    page = new_page(viewport={"width": width, "height": 800})
    sign_in(page, factories.make_coordinator("kari"))
    last = run.sessions.last()
    open_form(page, run)
    page.get_by_label("Antall uker eller dager").fill("2")
    page.get_by_role("button", name="Vis hva som flyttes").click()
    expect(page.locator(".moves li")).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    # Back, and the answers are there still.
    page.get_by_role("button", name="Gå tilbake og rett").click()
    expect(page.get_by_label("Antall uker eller dager")).to_have_value("2")
    page.get_by_label("Antall uker eller dager").fill("1")
    page.get_by_role("button", name="Vis hva som flyttes").click()
    page.get_by_role("button", name="Flytt og gi beskjed").click()
    expect(page.get_by_text("Kurset er flyttet.")).to_be_visible()
    moved = run.sessions.get(pk=last.pk)
    assert day(moved.starts_at) == day(last.starts_at + timedelta(days=7))
    assert Letter.objects.filter(kind=Letter.Kind.CHANGED).count() == 2
    page.get_by_role("link", name="Historikk").click()
    expect(page.get_by_text("Endret tid eller sted: 2 skal få beskjed")).to_be_visible()
    expect(page.locator("li", has_text="Flyttet kurset")).to_contain_text("kari")


def test_every_step_passes(page, sign_in, check_page, run) -> None:
    sign_in(page, factories.make_coordinator())
    open_form(page, run)
    page.get_by_role("button", name="Vis hva som flyttes").click()
    check_page(page, None, "move-refused")
    page.get_by_label("Antall uker eller dager").fill("30")
    page.get_by_role("button", name="Vis hva som flyttes").click()
    check_page(page, None, "move-preview")
    page.get_by_role("button", name="Flytt uten å si fra").click()
    check_page(page, reverse("admin:run_history", args=[run.pk]), "run-history")
