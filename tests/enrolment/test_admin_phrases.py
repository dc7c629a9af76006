"""The words of the coordinator's pages: dates, rows within a page, buttons, people to tell."""

import html
import json
import re

import pytest
from django.urls import reverse
from django.utils import translation

from courses.models import CourseRun
from enrolment.models import Enrolment
from tests import factories

pytestmark = pytest.mark.django_db


def page_of(staff, name: str, *args: object, language: str = "nb") -> str:
    with translation.override(language):
        return staff.get(reverse(f"admin:{name}", args=args)).content.decode()


def monday_run() -> CourseRun:
    run = factories.make_published_run()
    start = factories.oslo(2026, 12, 7, 14)
    run.sessions.update(starts_at=start, ends_at=factories.oslo(2026, 12, 7, 16))
    return run


@pytest.mark.parametrize(
    ("language", "add", "tutor", "session", "moment"),
    [
        ("nb", "Legg til", "kursholder", "samling", "mandag 7.\xa0desember 2026 kl.\xa014.00"),
        ("nn", "Legg til", "kurshaldar", "samling", "måndag 7.\xa0desember 2026 kl.\xa014.00"),
        ("en", "Add another", "tutor", "course session", "Monday 7\xa0December 2026, 14:00"),
    ],
)
def test_rows_within_a_runs_page_are_named_as_one_would_say_it(
    staff, language, add, tutor, session, moment
):
    run = monday_run()
    pages = ("courses_courserun_change", "run_programme")
    page = "".join(page_of(staff, name, run.pk, language=language) for name in pages)
    buttons = [
        json.loads(html.unescape(data))["options"]["addText"]
        for data in re.findall(r'data-inline-formset="([^"]+)"', page)
    ]
    assert buttons == [f"{add} {tutor}", f"{add} {session}"]
    assert f'<span class="inline_label">{moment}' in page
    labels = re.findall(r'class="inline_label">([^<]+)<', page)
    assert labels
    assert not any("#" in label for label in labels)


def test_empty_rows_within_a_page_have_a_number_and_the_one_to_come_is_new(staff):
    page = page_of(staff, "courses_courserun_add")
    labels = [label.strip() for label in re.findall(r'class="inline_label">([^<]+)<', page)]
    assert labels == ["nr. 1", "nr. 2", "(ny)", "nr. 1", "(ny)"]


def test_the_semester_begins_small_after_a_comma_and_large_by_itself():
    run = factories.make_run()
    with translation.override("nb"):
        name = run.semester.name
        assert name == name.lower()
        assert str(run) == f"{run.course.title}, {name}"
        assert str(run.semester) == name.capitalize()


@pytest.mark.parametrize(
    ("language", "quoted"), [("nb", "«Håp»"), ("nn", "«Håp»"), ("en", "“Håp”")]
)
def test_titles_within_sentences_of_the_admin_stand_in_quotation_marks(staff, language, quoted):
    run = factories.make_published_run(course=factories.make_course(title="Håp"))
    by_phone = factories.make_person(email="", phone="+4720000001")
    enrolment = factories.enrol(run, person=by_phone)
    calls = page_of(staff, "call_list", language=language)
    student = page_of(staff, "enrolment_student_change", enrolment.student_id, language=language)
    with translation.override(language):
        name = f"{quoted}, {run.semester.name}"
    assert f"{name}</a>." in calls
    labels = re.findall(r'aria-label="([^"]*Håp[^"]*)"', student)
    assert len(labels) == 2
    assert all(label.endswith(name) for label in labels)


def test_index_counts_people_to_tell_and_not_their_letters(staff):
    person = factories.make_person(email="", phone="+4720000001")
    for _number in range(2):
        factories.enrol(factories.make_published_run(), person=person)
    assert "1 person som skal ha beskjed" in page_of(staff, "index")
    other = factories.make_person(email="", phone="+4720000002")
    factories.enrol(factories.make_published_run(), person=other)
    assert "2 personer som skal ha beskjed" in page_of(staff, "index")


def test_buttons_say_what_they_do(staff):
    run = factories.make_published_run()
    enrolment = factories.enrol(run, adjustment="En stol")
    page = page_of(staff, "run_people", run.pk)
    assert re.findall(r'<button type="submit" name="arranged"[^>]*>([^<]+)<', page) == [
        "Merk som ordnet"
    ]
    withdrawal = reverse("admin:withdrawal", args=[enrolment.pk])
    assert re.findall(rf'href="{withdrawal}"[^>]*>([^<]+)<', page) == ["Registrer avmelding"]
    assert enrolment.status == Enrolment.Status.PLACE
