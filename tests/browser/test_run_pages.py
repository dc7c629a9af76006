"""The pages about a run in a real browser: short, and usable on a telephone."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from courses.models import CourseSession
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = (
    *("run_people", "run_programme", "courses_courserun_change", "run_messages"),
    "run_papers",
)


@pytest.fixture
def run(transactional_db):
    """Five sessions, one of them cancelled; two people with a place, one waiting."""
    run = factories.make_published_run(capacity=2, sessions=5, in_days=10)
    factories.enrol(run, adjustment="En stol med armlener"), factories.enrol(run)
    factories.enrol(run)
    factories.make_message(run, text="Ta med innesko.")
    last = run.sessions.last()
    CourseSession.objects.filter(pk=last.pk).update(cancelled_at=timezone.now(), theme="Håp")
    return run


@pytest.mark.parametrize("name", PAGES)
def test_page_of_a_run_passes_and_is_short(name, page, sign_in, check_page, run) -> None:
    sign_in(page, factories.make_coordinator())
    check_page(page, reverse(f"admin:{name}", args=[run.pk]), f"admin-{name}")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.evaluate("document.documentElement.scrollHeight") <= 1200
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_from_page_to_page_of_a_run(page, sign_in, run) -> None:
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:courses_courserun_changelist"))
    page.get_by_role("link", name=run.course.title).click()
    tabs = page.get_by_role("navigation", name="Sider om kurset")
    here = tabs.locator("[aria-current=page]")
    expect(here).to_have_text("Deltakere")
    for label in ("Program", "Om kurset", "Meldinger", "Utskrifter og lister", "Deltakere"):
        tabs.get_by_role("link", name=label).click()
        expect(here).to_have_text(label)
        expect(page.locator("h1")).to_have_text(str(run))
        # Where one is already leads nowhere: a tab fewer on the way to the first field.
        expect(tabs.get_by_role("link")).to_have_count(4)


def test_session_is_cancelled_and_restored_on_a_telephone(page, sign_in, run) -> None:
    session = run.sessions.first()
    sign_in(page, factories.make_coordinator())
    page.set_viewport_size({"width": 390, "height": 800})
    for _each in ("cancel", "restore"):
        page.goto(reverse("admin:run_programme", args=[run.pk]))
        row = page.get_by_role("group", name=str(session))
        row.get_by_role("checkbox", name="Avlyst").click()
        page.get_by_role("button", name="Lagre", exact=True).click()
        page.get_by_role("button", name="Lagre og gi beskjed").click()
        expect(page.get_by_role("status")).not_to_be_empty()
        session.refresh_from_db()
        row = page.get_by_role("group", name=str(session))
        assert row.locator("s").count() == session.is_cancelled
    assert not session.is_cancelled


def test_warnings_stand_on_top_and_are_read_once(page, sign_in, check_page, run) -> None:
    factories.make_session(
        factories.make_run(sessions=0, venue=run.venue), starts_at=run.sessions.first().starts_at
    )
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:run_programme", args=[run.pk]))
    page.locator("#id_sessions-0-theme").fill("Håp")
    begins = page.locator("#id_sessions-0-finishes").input_value()
    page.locator("#id_sessions-0-finishes").fill(begins[:-1] + ("1" if begins[-1] == "0" else "0"))
    page.get_by_role("button", name="Lagre", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    check_page(page, None, "admin-run-warned")
    page.get_by_role("button", name="Lagre likevel").click()
    page.get_by_role("button", name="Rett uten å si fra").click()
    expect(page.get_by_role("status")).not_to_be_empty()
    assert run.sessions.first().theme == "Håp"
