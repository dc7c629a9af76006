"""The figures and the annual report, in a real browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from courses.models import AnnualReport, College
from recoverycollege.figures import freezing
from tests import factories
from tests.factories import oslo
from tests.recoverycollege.figures.counted import Counted, mark

pytestmark = pytest.mark.django_db(transaction=True)


def make_years() -> Counted:
    """Two years that are over, the newer one corrected since."""
    counted = Counted()
    freezing.freeze_finished_years(oslo(2026, 2, 1))
    newcomers = [factories.make_student(name=f"Ny {letter}") for letter in "ABCDEFGH"]
    mark(counted.sleep.sessions.get(), *newcomers)
    return counted


@pytest.mark.parametrize("prefix", ["", "/nn", "/en"])
def test_owners_read_figures_and_report(page, sign_in, check_page, prefix):
    make_years()
    words = {"opening": {"nb": "Takk for et godt år.", "nn": "Takk for eit godt år."}}
    AnnualReport.objects.create(year=2025, words=words)
    owner = factories.make_user()
    owner.groups.add(factories.get_group("owners"))
    sign_in(page, owner)
    check_page(page, f"{prefix}/tall/?ar=2025", f"figures {prefix}")
    page.get_by_role("link", name="2025", exact=False).and_(
        page.locator("[href*=arsrapport]")
    ).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2025")
    check_page(page, f"{prefix}/tall/arsrapport/2025/", f"annual report {prefix}")


def test_coordinators_go_from_the_index_to_figures_report_and_subsidy(page, sign_in, check_page):
    make_years()
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:index"))
    page.get_by_role("link", name="Tall", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tall for")
    check_page(page, "/tall/?ar=2025", "figures, exact")
    check_page(page, reverse("admin:courses_annualreport_add"), "words of a report")
    check_page(page, reverse("admin:study_subsidy"), "subsidy, empty")


def test_anybody_reads_what_the_college_shows(page, check_page):
    make_years()
    College.objects.update(shows_public_figures=True)
    check_page(page, "/tall/", "public figures")


def test_figures_can_be_read_in_the_dark(new_page, check_page):
    make_years()
    College.objects.update(shows_public_figures=True)
    check_page(new_page(color_scheme="dark"), "/tall/", "figures in the dark")
