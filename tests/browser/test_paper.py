"""What people print of the public pages fits the paper it is meant for."""

import io

import pypdf
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from courses.models import CourseRun
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]


def sheets(page: Page, url: str) -> int:
    """How many A4 pages the browser prints it on."""
    page.goto(url)
    page.evaluate("document.fonts.ready.then(() => true)")
    margin = dict.fromkeys(("top", "right", "bottom", "left"), "15mm")
    return len(pypdf.PdfReader(io.BytesIO(page.pdf(format="A4", margin=margin))).pages)


@pytest.fixture
def demo_college(transactional_db):
    call_command("load_demo")


def test_demo_college_prints_on_few_sheets(page, demo_college):
    """Every course and run as the demo college has them, some with many sessions."""
    runs = CourseRun.objects.public().published().can_be_joined(timezone.now())
    about = [[each.course.slug, each.pk] for each in runs.select_related("course")]
    assert len(about) > 8
    slugs = sorted({slug for slug, _pk in about})
    courses = {slug: sheets(page, reverse("course", args=[slug])) for slug in slugs}
    assert [slug for slug, number in courses.items() if number > 2] == []
    first_times = {slug: sheets(page, reverse("first_time", args=[slug, pk])) for slug, pk in about}
    assert first_times == dict.fromkeys(first_times, 1)


def test_semester_of_twelve_runs_prints_on_one_sheet(page, transactional_db):
    venue = factories.make_venue(name="Frivilligsentralen")
    for number in range(12):
        course = factories.make_course(title=f"Hverdagen i små steg, del {number}")
        factories.make_published_run(
            course=course, venue=venue, in_days=2 + number / 4, sessions=1 + number // 2
        )
    semester = factories.get_semester()
    assert sheets(page, reverse("semester", args=[semester.slug])) == 1
