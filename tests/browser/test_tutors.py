"""The tutors' pages and a student's certificates in a real browser."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from certificates import services
from certificates.services import Mark
from courses.models import TutorAssignment
from tests import factories
from tests.certificates.test_attendance import UNMARKED, make_begun_run, marks_of, save, students_of
from tests.certificates.test_services import be_there, make_held_run
from tests.certificates.test_views import as_student

pytestmark = pytest.mark.django_db(transaction=True)


def teach(run, tutor=None):
    tutor = tutor or factories.make_tutor_with_sign_in()
    TutorAssignment.objects.create(run=run, tutor=tutor, role="peer")
    return tutor


@pytest.fixture
def run(transactional_db):
    """A run with everything that its pages can show."""
    run = make_begun_run(people=3, sessions=3)
    first, second, third = run.enrolments.order_by("pk")
    run.enrolments.filter(pk=first.pk).update(places=2)
    second.adjustments.create(text="Sitte nær døra", arranged_at=timezone.now())
    third.adjustments.create(text="Teleslynge")
    save(run, {first.student: (UNMARKED, Mark.PRESENT), second.student: (UNMARKED, Mark.ABSENT)})
    return run


def test_pages_of_a_run_pass(page, sign_in, check_page, run):
    sign_in(page, teach(run).user)
    for name in (
        *("tutor_register", "tutor_contacts", "tutor_sheet", "tutor_certificates"),
        "name_badges",
    ):
        check_page(page, reverse(name, args=[run.pk]), name)


def test_long_unbroken_name_leaves_its_pages_whole(page, sign_in, check_page, run):
    sign_in(page, teach(run).user)
    student = run.enrolments.order_by("pk").first().student
    student.name = "A" * 100
    student.save()
    services.issue(run=run, by=None)
    for name in ("tutor_register", "tutor_certificates", "name_badges"):
        check_page(page, reverse(name, args=[run.pk]), f"{name} long name")


def test_list_of_runs_passes(page, sign_in, check_page, run):
    tutor = teach(run)
    teach(make_held_run(), tutor)
    teach(make_begun_run(people=0, entry="drop_in"), tutor)
    sign_in(page, tutor.user)
    check_page(page, reverse("tutor_runs"), "tutor_runs")


def test_pages_without_anything_pass(page, sign_in, check_page):
    run = factories.make_published_run(entry="drop_in")
    held = make_begun_run(people=0, entry="drop_in")
    tutor = teach(run)
    teach(held, tutor)
    sign_in(page, tutor.user)
    check_page(page, reverse("tutor_register", args=[run.pk]), "tutor_register not begun")
    check_page(page, reverse("tutor_register", args=[held.pk]), "tutor_register empty")
    check_page(page, reverse("tutor_certificates", args=[held.pk]), "tutor_certificates empty")


def test_error_on_the_register_passes(page, sign_in, check_page, run):
    sign_in(page, teach(run).user)
    page.goto(reverse("tutor_register", args=[run.pk]))
    page.get_by_label("Navn").fill("Kari 01010750160")
    page.get_by_role("button", name="Lagre").click()
    check_page(page, None, "tutor_register error")
    assert page.title().startswith("Feil:")


def test_register_is_taken_with_one_thumb_and_without_javascript(new_page, sign_in, run):
    page = new_page(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    sign_in(page, teach(run).user)
    page.goto(reverse("tutor_register", args=[run.pk]))
    third = students_of(run)[2]
    row = page.get_by_role("group", name=third.name)
    for choice in row.get_by_role("radio").all():
        box = choice.bounding_box()
        assert min(box["width"], box["height"]) >= 44
    row.get_by_role("radio", name="Til stede", exact=True).check()
    button = page.get_by_role("button", name="Lagre")
    place = button.bounding_box()
    assert place["y"] + place["height"] <= 640  # always within reach of the thumb
    button.click()
    expect(page.get_by_text("Lagret.")).to_be_visible()
    assert marks_of(run.sessions.first())[third.pk] == Mark.PRESENT


def test_nothing_on_the_page_hides_behind_the_save_button(page, sign_in, run):
    """What the keyboard moves to stays in sight."""
    sign_in(page, teach(run).user)
    page.set_viewport_size({"width": 320, "height": 500})
    page.goto(reverse("tutor_register", args=[run.pk]))
    for choice in page.get_by_role("radio", checked=True).all():
        choice.focus()
        box = choice.bounding_box()
        button = page.get_by_role("button", name="Lagre").bounding_box()
        assert box["y"] + box["height"] <= button["y"]


def test_students_certificates_pass(page, live_server, check_page):
    run = make_held_run()
    student = be_there(run)
    services.issue(run=run, by=None)
    give_session(page, live_server, as_student(student))
    check_page(page, reverse("my_certificates"), "my_certificates")


def give_session(page, live_server, client: Client) -> None:
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
