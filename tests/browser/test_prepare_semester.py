"""Publishing a semester in three clicks, and the pages around it, in a real browser."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses.models import CourseFile, CourseRun, SchoolHoliday, Substitution, TutorAssignment
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clicks(page: Page) -> Callable[..., None]:
    """`clicks(role, name)` presses what is called so; `clicks.number` says how often."""

    def click(role: str, name: str) -> None:
        page.get_by_role(role, name=name, exact=True).click()
        click.number += 1

    click.number = 0
    return click


@pytest.fixture
def semester(transactional_db):
    """Two drafts that are ready, one with a slip in its plan, and one that lacks nearly all."""
    factories.make_college()
    semester = factories.make_semester()
    tutor = factories.make_tutor(name="Ada Moen", email="ada@example.org")
    for days, title in ((20, "Å snakke om skam"), (30, "Hverdagen i små steg")):
        run = factories.make_run(
            course=factories.make_course(title=title), in_days=days, sessions=3
        )
        TutorAssignment.objects.create(run=run, tutor=tutor, role="peer")
    day = timezone.localdate() + timedelta(days=20)
    SchoolHoliday.objects.create(name="Høstferie", starts_on=day, ends_on=day)
    return semester


def test_a_semester_is_published_in_three_clicks(page, sign_in, semester, clicks) -> None:
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:index"))
    clicks("link", f"Publiser {semester.name}")
    clicks("button", "Publiser de som er krysset av")
    expect(page.get_by_role("status")).to_contain_text("2 kurs er publisert.")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Publiser {semester.name}")
    assert CourseRun.objects.published().count() == 2
    assert clicks.number <= 3
    page.get_by_role("button", name="Angre: gjør dem til utkast igjen").click()
    expect(page.get_by_role("status")).to_contain_text("2 kurs er utkast igjen.")
    assert CourseRun.objects.published().count() == 0


def test_the_way_to_what_is_missing_ends_at_the_very_place(page, sign_in, semester) -> None:
    run = factories.make_run(venue=None)
    run.venue = None
    run.save()
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:publish_semester", args=[semester.pk]))
    page.get_by_role("link", name="Kurset har ikke noe lokale ennå").click()
    expect(page.locator("#id_venue")).to_be_in_viewport()


def test_a_file_is_added_and_fetched_by_the_tutor(page, new_page, sign_in, semester) -> None:
    run = factories.make_published_run(in_days=0.01)
    tutor = factories.make_tutor_with_sign_in()
    TutorAssignment.objects.create(run=run, tutor=tutor, role="peer")
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:courses_course_change", args=[run.course_id]))
    page.get_by_role("button", name="Legg til fil eller lenke").click()
    page.locator("#id_files-0-title").fill("Øvelsen")
    page.locator("#id_files-0-upload").set_input_files(
        {"name": "Øvelse på å være.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    page.get_by_role("button", name="Lagre og fortsett her").click()
    expect(page.get_by_role("link", name="Øvelse på å være.pdf")).to_be_visible()
    assert CourseFile.objects.get().file_name == "Øvelse på å være.pdf"

    tutors_page = new_page()
    sign_in(tutors_page, tutor.user)
    tutors_page.goto(reverse("tutor_register", args=[run.pk]))
    tutors_page.get_by_text("1 fil eller lenke til deg som holder kurset").click()
    with tutors_page.expect_download() as fetched:
        tutors_page.get_by_role("link", name="Øvelsen").click()
    assert fetched.value.suggested_filename == "Øvelse på å være.pdf"


def test_every_page_passes(page, new_page, sign_in, check_page, semester) -> None:
    lacking = factories.make_run(with_pair=False, sessions=0)
    held = factories.make_published_run(in_days=-8, sessions=3)
    tutor = factories.make_tutor_with_sign_in(name="Bo Lie")
    one, other = held.assignments.all()
    first, second, _last = held.sessions.all()
    Substitution.objects.create(session=first, assignment=one, tutor=tutor)
    Substitution.objects.create(session=second, assignment=other, tutor=None)
    TutorAssignment.objects.create(run=lacking, tutor=tutor, role="peer")
    long_name = "Øvelse_på_å_være_sammen_uten_å_si_noe_og_så_likevel_snakke_litt_etterpå.pdf"
    factories.make_course_file(held.course, title="Øvelsen", file_name=long_name, kind="handout")
    factories.make_course_file(held.course, title="Filmen", link="https://example.org/f", order=1)
    coming = factories.make_published_run(course=held.course, in_days=0.01)
    TutorAssignment.objects.create(run=coming, tutor=tutor, role="peer")

    sign_in(page, factories.make_coordinator())
    publish = reverse("admin:publish_semester", args=[semester.pk])
    check_page(page, reverse("admin:index"), "prepare-index")
    check_page(page, publish, "prepare-publish")
    page.get_by_role("button", name="Publiser de som er krysset av").click()
    check_page(page, None, "prepare-published")
    check_page(page, reverse("admin:semester_pairs", args=[semester.pk]), "prepare-pairs")
    check_page(page, reverse("admin:tutor_courses", args=[tutor.pk]), "prepare-tutor")
    page.get_by_text(f"{semester} (1)").click()
    check_page(page, None, "prepare-tutor-held")
    for name, address in (
        ("tutor-details", reverse("admin:courses_tutor_change", args=[tutor.pk])),
        ("semesters", reverse("admin:courses_semester_changelist")),
        ("semester", reverse("admin:courses_semester_change", args=[semester.pk])),
        ("course", reverse("admin:courses_course_change", args=[held.course_id])),
        ("draft", reverse("admin:courses_courserun_change", args=[lacking.pk])),
    ):
        check_page(page, address, f"prepare-{name}")
    empty = factories.make_semester(year=2001)
    check_page(page, reverse("admin:semester_pairs", args=[empty.pk]), "prepare-pairs-empty")
    check_page(page, reverse("admin:publish_semester", args=[empty.pk]), "prepare-publish-empty")

    tutors_page = new_page()
    sign_in(tutors_page, tutor.user)
    tutors_page.goto(reverse("tutor_runs"))
    tutors_page.get_by_text("2 filer og lenker til deg som holder kurset").click()
    check_page(tutors_page, None, "prepare-tutor-runs")
    tutors_page.goto(reverse("tutor_register", args=[coming.pk]))
    tutors_page.get_by_text("2 filer og lenker til deg som holder kurset").click()
    check_page(tutors_page, None, "prepare-register")
