"""Everything about one person, to read and to take along: nothing forgotten, nobody else's."""

import json
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from certificates import services as certificate_services
from certificates.models import Certificate
from certificates.services import Cell, Mark
from courses.models import CourseRun, Tutor
from enrolment import links, services
from enrolment.models import Enrolment, Event, Letter, Message, Question, Student
from recoverycollege.people import export
from recoverycollege.people.merging import merge
from tests import factories

pytestmark = pytest.mark.django_db

DECLARED = {"student": export.STUDENT, "tutor": export.TUTOR}

# Rows that point at a student, a tutor or a sign-in, and are told elsewhere or tell of others.
LEFT_OUT = {
    (Certificate, "issued_by"): "the log says what somebody did; the rest is another person's",
    (Enrolment, "registered_by"): "as above",
    (Event, "actor"): "stands in the log",
    (Question, "answered_by"): "as above",
    (LogEntry, "user"): "of coordinators alone, about the catalogue",
    (EmailAddress, "user"): "the library's own table, which stays empty",
    (CourseRun, "tutors"): "the assignments, looked at from the other side",
}


def relations(model: type[Model]) -> set[tuple[type[Model], str]]:
    return {
        (each.related_model, each.field.name)
        for each in model._meta.get_fields(include_hidden=True)
        if each.auto_created and each.is_relation
    }


@pytest.mark.parametrize("kind", DECLARED)
def test_every_column_is_shown_or_left_out_for_a_reason(kind: str) -> None:
    for held in [*DECLARED[kind], export.LOG]:
        columns = {each.name for each in held.model._meta.concrete_fields}
        assert {*held.shown, *held.left_out} == columns, (
            f"Show {held.model.__name__}'s new column to whom it is about, or say in `left_out` "
            "of the app's `export` why not."
        )
        assert not set(held.shown) & held.left_out.keys()
        assert all(held.left_out.values())


@pytest.mark.parametrize(
    ("kind", "models"),
    [("student", [Student, Enrolment]), ("tutor", [Tutor, get_user_model()])],
)
def test_every_table_that_points_at_a_person_is_declared(kind, models) -> None:
    declared = {held.model for held in DECLARED[kind]}
    pointing = set().union(*map(relations, models))
    missing = {
        (model, name)
        for model, name in pointing
        if model not in declared
        and (model, name) not in LEFT_OUT
        and name != "developers"  # a course's own, through CourseDeveloper
        and not model._meta.auto_created
    }
    assert not missing, "Declare the table in the app's `export`."


def labels_of_shown() -> list[object]:
    return [
        held.labels.get(name, held.model._meta.get_field(name).verbose_name)
        for held in [*export.STUDENT, *export.TUTOR, export.LOG]
        for name in held.shown
    ]


@pytest.mark.any_database
def test_every_label_can_be_translated() -> None:
    assert not [each for each in labels_of_shown() if type(each) is str]


def make_student_with_everything() -> Student:
    """By the verbs: one row at least in each table that is declared."""
    person = factories.make_person(
        name="Sigrun Vik", email="sigrun@example.org", phone="+4799999921"
    )
    run = factories.make_published_run()
    enrolment = factories.enrol(run, person=person, adjustment="Teleslynge")
    factories.enrol(run, person=person)
    other = factories.enrol(
        factories.make_published_run(),
        person=factories.make_person(name="Sigrun Vik", email="", phone="+4799999921"),
    )
    merge(kept=enrolment.student, gone=other.student, by=factories.make_user("kollega"))
    student = Student.objects.get(pk=enrolment.student_id)
    session = run.sessions.get()
    now = timezone.now()
    message = factories.make_message(
        run, audience="one", enrolment=enrolment, text="Vi har funnet sekken din."
    )
    services.send_message(message=message, by=factories.make_user("avsender"))
    services.ask_to_be_told(
        course=run.course, name="Sigrun", email=student.email, phone="", language="nb"
    )
    services.ask_question(
        text="Er det heis i huset?", contact=student.email, language="nb", course=run.course
    )
    certificate_services.offer_to_develop(name="Sigrun", contact=student.email, language="nb")
    services.ask_for_page_link(contact=student.email, language="nb")
    run.sessions.update(starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1))
    certificate_services.save_register(
        run=run, session=session, cells={student.pk: Cell(Mark.UNMARKED, Mark.PRESENT)}, by=None
    )
    certificate_services.issue(run=run, by=None)
    return student


def test_export_holds_a_row_of_every_table_and_nothing_of_anybody_else() -> None:
    student = make_student_with_everything()
    factories.enrol(CourseRun.objects.last(), person=factories.make_person(name="En Annen"))

    sections = export.everything_about(student)

    names = [each.name for each in sections]
    assert names == [str(held.model._meta.model_name) for held in [*export.STUDENT, export.LOG]]
    words = "\n".join(
        f"{label}: {value}" for section in sections for row in section.rows for label, value in row
    )
    data = json.loads(export.as_json(sections))
    for text in ("Sigrun Vik", "sigrun@example.org", "Teleslynge", "Er det heis i huset?"):
        assert text in words
        assert text in json.dumps(data, ensure_ascii=False)
    assert "99 99 99 21" in words
    assert data["event"][0]["verb"] == "enrolled"
    assert "En Annen" not in words + json.dumps(data, ensure_ascii=False)
    for key in (student.key, student.calendar_key, *student.merged_keys.values_list("key")):
        assert str(key) not in json.dumps(data)


def test_letters_are_shown_without_the_places_of_their_links() -> None:
    student = factories.enrol(factories.make_published_run()).student
    services.send_due()
    sections = export.everything_about(student)
    [letter] = next(each.rows for each in sections if each.name == "letter")
    for text in (dict(letter)["Tekst"], export.as_json(sections)):
        assert "Du har plass på" in text
        assert "[[" not in text


def test_queries_do_not_grow_with_the_rows(django_assert_num_queries) -> None:
    student = make_student_with_everything()
    number = 19
    with django_assert_num_queries(number):
        export.as_json(export.everything_about(student))
    for _each in range(2):
        factories.enrol(
            factories.make_published_run(),
            person=factories.make_person(name=student.name, email=student.email),
            adjustment="Plass ved døra",
        )
    with django_assert_num_queries(number):
        export.as_json(export.everything_about(student))


def test_the_student_reads_and_fetches_it(client) -> None:
    student = make_student_with_everything()
    assert client.get(reverse("my_data")).status_code == 302
    client.post(reverse("my_page_sign_in", args=[links.page_token(student)]))
    page, file = client.get(reverse("my_data")), client.get(reverse("my_data_file"))
    for answer in (page, file):
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
    assert "Teleslynge" in page.content.decode()
    assert file["Content-Disposition"] == 'attachment; filename="opplysninger.json"'
    assert json.loads(file.content)["student"][0]["email"] == "sigrun@example.org"


def test_a_tutor_reads_their_own_and_a_coordinator_hands_it_over(client) -> None:
    tutor = factories.make_tutor_with_sign_in(
        name="Torunn Lie", email="torunn@example.org", phone="+4799999931", presentation="Hei."
    )
    other = factories.make_tutor(name="Ola Berg", email="ola@example.org")
    run = factories.make_published_run()
    run.assignments.filter(role="peer").update(tutor=tutor)
    Message.objects.create(
        run=run, audience="both", text="Ta med sko", language="nb", written_by=tutor.user,
        submission="11111111-1111-1111-1111-111111111111",
    )  # fmt: skip
    client.force_login(tutor.user)
    shown = client.get(reverse("tutor_data")).content.decode()
    data = json.loads(client.get(reverse("tutor_data_file")).content)
    assert data["tutor"][0]["phone"] == "+4799999931"
    assert data["user"][0]["username"] == tutor.user.username
    assert "password" not in data["user"][0]
    assert data["tutorassignment"] == [{"run": str(run), "role": "peer"}]
    assert all(each in shown for each in ("torunn@example.org", "Ta med sko", "Hei."))
    assert other.email not in shown
    client.force_login(factories.make_coordinator())
    page = client.get(reverse("admin:tutor_data", args=[tutor.pk])).content.decode()
    assert "torunn@example.org" in page
    assert Letter.objects.filter(tutor=other).count() == 0
