"""The dark colours, those of the device, and paper."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from certificates.services import Mark
from courses.models import Picture, TutorAssignment
from tests import factories, pictures
from tests.browser.test_sign_up import address_of, write_and_look_over
from tests.certificates.test_attendance import UNMARKED, make_begun_run, save
from tests.certificates.test_views import as_student

pytestmark = pytest.mark.django_db(transaction=True)

WHITE = "rgb(255, 255, 255)"


@pytest.fixture
def dark(new_page) -> Page:
    return new_page(color_scheme="dark")


@pytest.fixture
def run(transactional_db):
    factories.get_college()
    course = factories.make_course(
        title="Selvtillit", slug="selvtillit", what_happens="Vi er sammen.", what_you_take="Ro."
    )
    return factories.make_published_run(course=course, capacity=2, sessions=2)


@pytest.fixture
def begun(transactional_db):
    """A run that is on, its register half filled in."""
    run = make_begun_run(people=3, sessions=3)
    first, second, third = run.enrolments.order_by("pk")
    third.adjustments.create(text="Teleslynge")
    save(run, {first.student: (UNMARKED, Mark.PRESENT), second.student: (UNMARKED, Mark.ABSENT)})
    return run


def background(page: Page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_public_pages_keep_the_rules_in_the_dark(dark, check_page, run):
    for name, url in {
        "front-page": "/",
        "catalogue": "/kurs/",
        "course": "/kurs/selvtillit/",
        "my-link": reverse("my_link"),
        "verify": reverse("verify"),
    }.items():
        check_page(dark, url, f"dark {name}")
        assert background(dark) == "rgb(16, 31, 34)", name


def test_sign_up_keeps_the_rules_in_the_dark(dark, check_page, run):
    check_page(dark, address_of(run), "dark sign-up")
    dark.get_by_role("button", name="Gå videre og se om alt stemmer").click()
    expect(dark.locator(".error-summary")).to_be_focused()
    check_page(dark, None, "dark sign-up errors")
    write_and_look_over(dark, run)
    check_page(dark, None, "dark sign-up check")
    dark.get_by_role("button", name="Meld meg på").click()
    expect(dark.get_by_role("heading", level=1)).to_have_text("Du har plass")
    check_page(dark, None, "dark receipt")


def test_own_pages_keep_the_rules_in_the_dark(dark, check_page, live_server, begun, run):
    enrolment = begun.enrolments.order_by("pk").first()
    factories.enrol(run, person=factories.make_person(name=enrolment.student.name))
    client = as_student(enrolment.student)
    cookie = {"name": "session", "value": client.cookies["session"].value, "url": live_server.url}
    dark.context.add_cookies([cookie])
    check_page(dark, reverse("my_page"), "dark my page")


def test_tutors_pages_keep_the_rules_in_the_dark(dark, sign_in, check_page, begun):
    tutor = factories.make_tutor_with_sign_in()
    TutorAssignment.objects.create(run=begun, tutor=tutor, role="peer")
    sign_in(dark, tutor.user)
    check_page(dark, reverse("tutor_register", args=[begun.pk]), "dark register")
    check_page(dark, reverse("tutor_runs"), "dark tutor runs")


def test_admin_keeps_the_rules_in_the_dark(dark, sign_in, check_page, run):
    factories.enrol(run, adjustment="En stol med armlener")
    sign_in(dark, factories.make_coordinator())
    for name, url in {
        "index": reverse("admin:index"),
        "run": reverse("admin:courses_courserun_change", args=[run.pk]),
        "people": reverse("admin:run_people", args=[run.pk]),
        "runs": reverse("admin:courses_courserun_changelist"),
        "call-list": reverse("admin:call_list"),
        "phone": reverse("admin:phone_sign_up", args=[run.pk]),
    }.items():
        check_page(dark, url, f"dark admin {name}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("colour", "ground"),
    [("#b0206e", "#d6d6ff"), ("#994900", "#bfe4ad")],
)
def test_pages_keep_the_rules_in_colours_of_the_colleges_own(
    new_page, check_page, run, scheme, colour, ground
):
    """Each as pale, or the ground as dark, as is allowed."""
    college = factories.get_college()
    college.colour, college.ground_colour = colour, ground
    college.clean()
    college.save()
    page = new_page(color_scheme=scheme)
    name = f"{scheme} {colour}"
    check_page(page, "/", f"{name} front-page")
    in_parts = ", ".join(str(each) for each in bytes.fromhex(ground[1:]))
    assert (background(page) == f"rgb({in_parts})") == (scheme == "light")
    check_page(page, "/kurs/", f"{name} catalogue")
    check_page(page, address_of(run), f"{name} sign-up")
    page.get_by_role("button", name="Gå videre og se om alt stemmer").click()
    expect(page.locator(".error-summary")).to_be_focused()
    check_page(page, None, f"{name} sign-up errors")
    page.emulate_media(media="print", color_scheme=scheme)
    assert background(page) == WHITE


def test_paper_is_light_and_a_logo_has_its_ground(dark, run):
    Picture.objects.create(name="logo.png", content=pictures.a_picture())
    type(factories.get_college()).objects.update(logo="logo.png")
    dark.goto("/")
    logo = dark.locator(".site-name img")
    expect(logo).to_have_css("background-color", WHITE)
    dark.emulate_media(media="print", color_scheme="dark")
    assert background(dark) == WHITE
    expect(dark.locator("h1")).to_have_css("color", "rgb(18, 55, 61)")
    dark.emulate_media(media="screen", color_scheme="light")
    assert background(dark) == "rgb(250, 245, 236)"


def test_marks_and_ticks_and_focus_are_seen_in_the_colours_of_the_device(new_page, sign_in, begun):
    page = new_page(forced_colors="active")
    tutor = factories.make_tutor_with_sign_in()
    TutorAssignment.objects.create(run=begun, tutor=tutor, role="peer")
    sign_in(page, tutor.user)
    page.goto(reverse("tutor_register", args=[begun.pk]))
    row = page.locator(".mark-row").nth(2)
    present = row.locator('input[value="present"]')
    before = row.screenshot()
    present.check(force=True)
    chosen = present.locator("+ label").evaluate("one => getComputedStyle(one).backgroundColor")
    other = row.locator('input[value="absent"] + label')
    assert chosen != other.evaluate("one => getComputedStyle(one).backgroundColor")
    assert row.screenshot() != before


def test_tick_is_seen_in_the_colours_of_the_device(new_page, run):
    page = new_page(forced_colors="active")
    page.goto(address_of(run))
    tick = page.locator("input[type=checkbox]").first
    tick.scroll_into_view_if_needed()
    tick.focus()
    expect(tick).not_to_have_css("outline-style", "none")
    unticked = tick.screenshot()
    tick.check()
    assert tick.screenshot() != unticked
