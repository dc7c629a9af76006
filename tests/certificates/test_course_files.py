"""Files of a course: fetched by its tutors and by nobody else."""

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import CourseDeveloper, Substitution, TutorAssignment
from tests import factories

pytestmark = pytest.mark.django_db


def fetch(user, file):
    client = Client()
    client.force_login(user)
    return client.get(reverse("course_file", args=[file.pk]))


@pytest.fixture
def run():
    return factories.make_published_run(sessions=2)


@pytest.fixture
def file(run):
    return factories.make_course_file(run.course)


def test_whoever_teaches_developed_or_looks_after_the_course_gets_it(run, file) -> None:
    assigned, substitute, developer, past = (
        factories.make_tutor_with_sign_in() for _each in range(4)
    )
    assignment = TutorAssignment.objects.create(run=run, tutor=assigned, role="peer")
    Substitution.objects.create(
        session=run.sessions.last(), assignment=assignment, tutor=substitute
    )
    CourseDeveloper.objects.create(course=run.course, tutor=developer, role="peer")
    earlier = factories.make_published_run(course=run.course, in_days=-30)
    TutorAssignment.objects.create(run=earlier, tutor=past, role="peer")
    users = [each.user for each in (assigned, substitute, developer, past)]
    for user in (*users, factories.make_coordinator()):
        response = fetch(user, file)
        assert (response.status_code, response.content) == (200, b"Plan")


def test_strangers_are_not_told_that_there_is_such_a_file(run, file) -> None:
    of_a_draft = factories.make_tutor_with_sign_in()
    draft = factories.make_run(course=run.course)
    TutorAssignment.objects.create(run=draft, tutor=of_a_draft, role="peer")
    of_another = factories.make_tutor_with_sign_in()
    TutorAssignment.objects.create(
        run=factories.make_published_run(), tutor=of_another, role="peer"
    )
    owner = factories.make_user(is_staff=True)
    for user in (of_a_draft.user, of_another.user, owner, factories.make_user()):
        assert fetch(user, file).status_code == 404
    assert Client().get(reverse("course_file", args=[file.pk])).status_code == 302


def test_a_link_has_no_content_here(run) -> None:
    link = factories.make_course_file(run.course, link="https://example.org/film")
    assert fetch(factories.make_coordinator(), link).status_code == 404


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("Øvelse på å være.pdf", "application/pdf"),
        ("plan.TXT", "text/plain; charset=utf-8"),
        ("bilde.jpeg", "image/jpeg"),
        ('pl"an; x.odt', "application/vnd.oasis.opendocument.text"),
        ("å" * 146 + ".pdf", "application/pdf"),
        ("gammel.ukjent", "application/octet-stream"),
    ],
)
def test_file_is_saved_under_its_name_and_never_shown(run, name: str, content_type: str) -> None:
    file = factories.make_course_file(run.course, file_name=name, content=b"<script>")
    response = fetch(factories.make_coordinator(), file)
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert quote(name) in disposition or name.replace('"', '\\"') in disposition
    assert response["Content-Type"] == content_type
    assert response["X-Content-Type-Options"] == "nosniff"
    assert set(response["Cache-Control"].split(", ")) == {"private", "no-store"}


def test_files_are_listed_where_tutors_work(client) -> None:
    run = factories.make_published_run(in_days=0.01)
    tutor = factories.make_tutor_with_sign_in()
    TutorAssignment.objects.create(run=run, tutor=tutor, role="peer")
    file = factories.make_course_file(run.course, title="Øvelsen", kind="handout")
    link = factories.make_course_file(
        run.course, title="Filmen", link="https://example.org/film", order=1
    )
    client.force_login(tutor.user)
    for address in (reverse("tutor_runs"), reverse("tutor_register", args=[run.pk])):
        page = client.get(address).content.decode()
        assert "2 filer og lenker til deg som holder kurset" in page
        assert f'href="{reverse("course_file", args=[file.pk])}">Øvelsen</a>' in page
        assert f'href="{link.link}" rel="noreferrer">Filmen</a>' in page
        assert "til utdeling" in page


def test_developers_find_the_files_of_their_courses(client, run, file) -> None:
    developer = factories.make_tutor_with_sign_in()
    CourseDeveloper.objects.create(course=run.course, tutor=developer, role="peer")
    CourseDeveloper.objects.create(course=factories.make_course(), tutor=developer, role="peer")
    client.force_login(developer.user)
    response = client.get(reverse("tutor_runs"))
    assert response.context["developed"] == [run.course]
    assert reverse("course_file", args=[file.pk]) in response.content.decode()


@pytest.mark.any_database
def test_no_page_for_students_leads_to_a_file(client, run, file) -> None:
    for address in (reverse("course", args=[run.course.slug]), reverse("catalogue")):
        page = client.get(address).content.decode()
        assert file.title not in page
        assert "kursholder/fil" not in page
