"""A coordinator prepares a semester in a real browser: last year's runs, and a new series."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses import services as course_services
from courses.models import CourseRun, SchoolHoliday, Semester
from courses.services.rhythm import nth_weekday
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

# Counts what a hand does: a press of the mouse, however the page answers it.
COUNT_CLICKS = """addEventListener('pointerdown', () =>
    sessionStorage.setItem('clicks', Number(sessionStorage.getItem('clicks')) + 1), true)"""


def clicks(page: Page) -> int:
    return int(page.evaluate("Number(sessionStorage.getItem('clicks'))"))


def starts(year: int, number: int) -> list[datetime]:
    """When the sessions of one of the twelve begin."""
    if number == 0:  # on the second Tuesday of the month
        days = [nth_weekday(year, month, 1, 2) for month in (2, 3, 4, 5)]
        return [factories.oslo(day.year, day.month, day.day, 18) for day in days]
    first = factories.oslo(year, 1, 12 + number, 22 if number == 1 else 10)
    return [first + timedelta(weeks=week) for week in range(24 if number == 2 else 6)]


@pytest.fixture
def semesters(transactional_db) -> tuple[Semester, Semester]:
    """The spring of this year with twelve runs and a cancelled one, and that of the next.

    Among them one a month, one past midnight, and one beyond its semester's end; week 8 is winter
    holiday.
    """
    year = (timezone.localdate() - timedelta(days=4)).year  # of the newest spring that has begun
    spring, next_spring = (
        Semester.objects.create(
            year=each,
            term="spring",
            starts_on=f"{each}-01-{day:02}",
            ends_on=f"{each}-06-20",
            enrolment_opens_at=timezone.now(),
        )
        for each, day in ((year, 5), (year + 1, 11))
    )
    factories.get_college()
    for number in range(12):
        run = factories.make_run(
            sessions=0,
            semester=spring,
            course=factories.make_course(title=f"Kurs nummer {number + 1:02}"),
        )
        for starts_at in starts(year, number):
            factories.make_session(run, starts_at=starts_at, hours=3)
        course_services.publish(run=run)
    cancelled = factories.make_published_run(
        semester=spring, course=factories.make_course(title="Avlyst")
    )
    CourseRun.objects.filter(pk=cancelled.pk).update(
        status="cancelled", cancelled_at=timezone.now()
    )
    monday = date.fromisocalendar(year + 1, 8, 1)
    SchoolHoliday.objects.create(
        name="Vinterferie", starts_on=monday, ends_on=monday + timedelta(days=4)
    )
    return spring, next_spring


def test_twelve_runs_of_last_year_are_twelve_complete_drafts(
    page, sign_in, check_page, semesters
) -> None:
    spring, next_spring = semesters
    sign_in(page, factories.make_coordinator())
    page.context.add_init_script(COUNT_CLICKS)
    runs = reverse("admin:courses_courserun_changelist")
    page.goto(f"{runs}?semester__id__exact={spring.pk}")
    page.get_by_role("link", name="Kopier et semester").click()
    expect(page.get_by_text("12 av 13 kurs er krysset av.")).to_be_visible()
    # Two of them wait until the winter holiday is over.
    for number in (4, 5):
        row = page.get_by_role("row").filter(has_text=f"Kurs nummer {number:02}")
        row.get_by_label("uker").click()
        page.keyboard.type("1")
    page.get_by_role("button", name="Vis dagene på nytt").click()
    check_page(page, None, "copy-semester-shifted")
    page.get_by_role("button", name="Lag utkastene").click()
    expect(page.get_by_text("12 utkast er laget")).to_be_visible()
    assert clicks(page) == 5
    drafts = CourseRun.objects.with_programme().filter(semester=next_spring)
    assert [course_services.missing_for_publication(run) for run in drafts] == [[]] * 12
    expect(page.locator("section[aria-labelledby=ready] > ul > li")).to_have_count(12)


def test_series_is_shown_before_it_is_saved(page, sign_in, check_page, semesters) -> None:
    draft = factories.make_run(sessions=0, semester=semesters[1])
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:run_programme", args=[draft.pk]))
    page.get_by_role("link", name="Samlinger i fast rytme").click()
    page.get_by_role("button", name="Vis dagene").click()
    check_page(page, None, "session-pattern-refused")
    page.get_by_label("Første dag").fill(f"{semesters[1].year}-02-16")
    page.get_by_label("Fra", exact=True).fill("18:00")
    page.get_by_label("Til", exact=True).fill("20:00")
    page.get_by_label("Antall samlinger").fill("4")
    page.get_by_role("button", name="Vis dagene").click()
    expect(page.locator(".odd", has_text="Vinterferie")).to_have_count(1)
    page.locator("li", has_text="Vinterferie").get_by_role("checkbox").uncheck()
    check_page(page, None, "session-pattern-days")
    page.get_by_role("button", name="Legg til samlingene").click()
    expect(page.locator("#sessions-group fieldset.has_original")).to_have_count(3)
    check_page(page, reverse("admin:courses_schoolholiday_changelist"), "admin-school-holidays")
