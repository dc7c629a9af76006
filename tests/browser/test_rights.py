"""A student reads everything about them and has it erased; staff do it for others."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from courses.models import Tutor
from enrolment import links
from enrolment.models import Student
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _list_of_erasures(settings, tmp_path) -> None:
    settings.ERASURES_FILE = tmp_path / "erasures"


def test_a_student_reads_everything_and_has_it_erased(
    new_page, check_page, transactional_db
) -> None:
    factories.make_college(phone="22 86 50 00", email="post@example.org")
    run = factories.make_published_run(capacity=1)
    person = factories.make_person(name="Sigrun Vik", email="sigrun@example.org")
    student = factories.enrol(run, person=person, adjustment="Teleslynge ved vinduet").student
    full = factories.make_published_run(capacity=1)
    factories.enrol(full)
    factories.enrol(full, person=person)
    page = new_page(viewport={"width": 320, "height": 800})
    page.goto(reverse("my_page_sign_in", args=[links.page_token(student)]))
    page.get_by_role("button").filter(has_text="Åpne").first.click()
    page.locator("summary", has_text="Det vi vet om deg").click()
    page.get_by_role("link", name="Se eller hent alt om meg").click()
    expect(page.get_by_role("heading", name="Alt om meg", level=1)).to_be_visible()
    check_page(page, None, "my-data")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Hent det som fil (JSON)").click()
    assert fetched.value.suggested_filename == "opplysninger.json"
    page.get_by_role("link", name="Slett alt om meg").click()
    expect(page.get_by_text("Du mister plassen din på")).to_be_visible()
    check_page(page, None, "my-erasure")
    page.get_by_role("button", name="Ja, slett alt").click()
    expect(page.get_by_role("heading", name="Alt er slettet")).to_be_visible()
    check_page(page, None, "my-erased")
    assert not Student.objects.known().filter(pk=student.pk).exists()


def test_staff_hand_over_and_erase(new_page, sign_in, check_page, transactional_db) -> None:
    run = factories.make_published_run(capacity=2)
    person = factories.make_person(name="Sigrun Vik", email="sigrun@example.org")
    student = factories.enrol(run, person=person).student
    made_up = factories.enrol(run).student
    tutor = factories.make_tutor(name="Torunn Lie", email="torunn@example.org")
    run.assignments.filter(role="peer").update(tutor=tutor)
    page = new_page(viewport={"width": 320, "height": 800})
    sign_in(page, factories.make_coordinator("kari"))
    page.goto(reverse("admin:enrolment_student_change", args=[student.pk]))
    page.get_by_role("link", name="Alt om personen, til utlevering").click()
    check_page(page, None, "student-data")
    page.go_back()
    page.get_by_role("link", name="Slett alt …").click()
    check_page(page, None, "student-erase")
    page.get_by_role("button", name="Slett alt").click()
    expect(page.get_by_text("Alt om personen er slettet.")).to_be_visible()
    check_page(page, None, "student-erased")
    page.goto(reverse("admin:enrolment_student_changelist"))
    check_page(page, None, "students")
    page.get_by_role("checkbox").last.check()
    page.get_by_role("combobox").first.select_option("erase")
    page.get_by_role("button", name="Gå").click()
    expect(page.get_by_role("heading", name="Slette alt om 1 person?")).to_be_visible()
    check_page(page, None, "erase-several")
    page.get_by_role("button", name="Slett alt").click()
    expect(page.get_by_text("Alt om 1 person er slettet.")).to_be_visible()
    assert not Student.objects.known().filter(pk=made_up.pk).exists()
    page.goto(reverse("admin:courses_tutor_change", args=[tutor.pk]))
    page.get_by_role("link", name="Slett navn og kontakt …").click()
    expect(page.get_by_text("Ikke ennå:")).to_be_visible()
    check_page(page, None, "tutor-not-yet")
    run.assignments.filter(tutor=tutor).update(tutor=factories.make_tutor())
    page.reload()
    check_page(page, None, "tutor-erase")
    page.get_by_role("button", name="Slett kursholderen").click()
    expect(
        page.get_by_text("Navn, portrett, ord og kontaktopplysninger er slettet.")
    ).to_be_visible()
    assert Tutor.objects.get(pk=tutor.pk).name == ""
    page.goto(reverse("admin:tutor_courses", args=[tutor.pk]))
    check_page(page, None, "tutor-erased")


def test_a_tutor_reads_everything(new_page, sign_in, check_page, transactional_db) -> None:
    tutor = factories.make_tutor_with_sign_in(name="Torunn Lie", presentation="Hei, jeg er her.")
    factories.make_published_run().assignments.filter(role="peer").update(tutor=tutor)
    page = new_page(viewport={"width": 320, "height": 800})
    sign_in(page, tutor.user)
    page.goto(reverse("tutor_runs"))
    page.get_by_role("link", name="Alt om meg").click()
    expect(page.get_by_role("heading", name="Alt om meg", level=1)).to_be_visible()
    check_page(page, None, "tutor-data")
