"""Certificates on screen and as files."""

import io

import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from certificates import services
from certificates.models import Certificate
from enrolment.links import page_token
from enrolment.models import Student
from tests import factories
from tests.certificates.test_attendance_views import teach
from tests.certificates.test_services import be_there, make_held_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_on_fixed_days")]


def as_student(student: Student) -> Client:
    """A client of somebody who came in by their own link."""
    client = Client()
    client.post(reverse("my_page_sign_in", args=[page_token(student)]))
    return client


def names_in(response) -> list[str]:
    """The fourth line of each page is the student's name."""
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    return [page.extract_text().splitlines()[2] for page in reader.pages]


def test_tutor_issues_once_and_sees_who_is_new():
    run = make_held_run()
    be_there(run, name="Åse Vik")
    client, url = teach(run), reverse("tutor_certificates", args=[run.pk])
    assert [each.name for each in client.get(url).context["without"]] == ["Åse Vik"]
    response = client.post(url, follow=True)
    assert response.redirect_chain == [(url, 302)]
    assert [each.name for each in response.context["certificates"]] == ["Åse Vik"]
    assert response.context["without"] == []
    be_there(run, name="Bo Ek")
    assert [each.name for each in client.get(url).context["without"]] == ["Bo Ek"]
    client.post(url)
    client.post(url)
    assert Certificate.objects.count() == 2


def test_coordinator_searches_by_number_or_title_and_by_no_name(client):
    run = make_held_run()
    be_there(run, name="Åse Vik")
    services.issue(run=run, by=None)
    certificate = Certificate.objects.get()
    client.force_login(factories.make_coordinator())
    url = reverse("admin:certificates_certificate_changelist")

    def found(wanted: str) -> list[Certificate]:
        return list(client.get(url, {"q": wanted}).context["cl"].queryset)

    assert found(certificate.printed_number.lower()) == [certificate]
    assert found(certificate.title) == [certificate]
    assert found("Åse") == []


def test_get_issues_nothing():
    run = make_held_run()
    be_there(run)
    client = teach(run)
    for page in ("tutor_certificates", "tutor_certificates_pdf"):
        client.get(reverse(page, args=[run.pk]))
    assert Certificate.objects.count() == 0


def test_all_are_printed_in_norwegian_order_and_again_with_the_same_bytes():
    run = make_held_run()
    for name in ("Åse", "Øystein", "Zara", "Anna"):
        be_there(run, name=name)
    services.issue(run=run, by=None)
    client, url = teach(run), reverse("tutor_certificates_pdf", args=[run.pk])
    response = client.get(url)
    assert names_in(response) == ["Anna", "Zara", "Øystein", "Åse"]
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="kursbevis.pdf"'
    assert response["Cache-Control"] == "private, no-store"
    assert client.get(url).content == response.content


def test_one_persons_is_printed_alone():
    run = make_held_run()
    for name in ("Åse", "Anna"):
        be_there(run, name=name)
    services.issue(run=run, by=None)
    certificate = Certificate.objects.get(name="Anna")
    url = reverse("tutor_certificate", args=[run.pk, certificate.pk])
    assert names_in(teach(run).get(url)) == ["Anna"]


def test_certificate_of_another_run_is_not_there():
    run, other = make_held_run(), make_held_run()
    be_there(other)
    (certificate,) = services.issue(run=other, by=None)
    client = teach(run)
    for url in (
        reverse("tutor_certificate", args=[run.pk, certificate.pk]),
        reverse("tutor_certificate", args=[other.pk, certificate.pk]),
        reverse("tutor_certificates_pdf", args=[other.pk]),
    ):
        assert client.get(url).status_code == 404


def test_there_is_nothing_to_print_before_anything_is_issued():
    run = make_held_run()
    response = teach(run).get(reverse("tutor_certificates_pdf", args=[run.pk]))
    assert response.status_code == 404


def test_page_tells_that_the_run_goes_on():
    run = make_held_run()
    be_there(run)
    client, url = teach(run), reverse("tutor_certificates", args=[run.pk])
    assert "Kurset fortsetter" not in client.get(url).content.decode()
    factories.make_session(run, in_days=3)
    assert "Kurset fortsetter" in client.get(url).content.decode()


# The student's own


def test_student_sees_and_opens_own_certificates_only():
    run = make_held_run()
    kari, ase = be_there(run, name="Kari Lie"), be_there(run, name="Åse Vik")
    services.issue(run=run, by=None)
    own, others = [Certificate.objects.get(student=student) for student in (kari, ase)]
    client = as_student(kari)
    response = client.get(reverse("my_certificates"))
    assert response.context["certificates"] == [own]
    assert response.context["section"] == "my_page"
    assert response["Cache-Control"] == "private, no-store"
    assert names_in(client.get(reverse("my_certificate", args=[own.pk]))) == ["Kari Lie"]
    assert names_in(client.get(reverse("my_certificates_pdf"))) == ["Kari Lie"]
    assert client.get(reverse("my_certificate", args=[others.pk])).status_code == 404


def test_all_of_a_students_certificates_come_in_one_file():
    kari = None
    for _each in range(3):
        run = make_held_run()
        kari = kari or factories.make_student(name="Kari Lie")
        kari.attendances.create(session=run.sessions.first(), is_present=True)
        services.issue(run=run, by=None)
    response = as_student(kari).get(reverse("my_certificates_pdf"))
    assert names_in(response) == ["Kari Lie"] * 3
    assert response["Content-Disposition"] == 'inline; filename="kursbevis.pdf"'


def test_nobody_without_a_link_gets_in(client):
    run = make_held_run()
    be_there(run)
    (certificate,) = services.issue(run=run, by=None)
    response = client.get(reverse("my_certificates"))
    assert (response.status_code, response.url) == (302, reverse("my_page"))
    assert client.get(reverse("my_certificates_pdf")).status_code == 404
    assert client.get(reverse("my_certificate", args=[certificate.pk])).status_code == 404
    # A tutor's sign-in is not a student's link.
    assert teach(run).get(reverse("my_certificate", args=[certificate.pk])).status_code == 404


def test_certificate_that_was_withdrawn_is_not_printed():
    run = make_held_run()
    kari = be_there(run)
    (certificate,) = services.issue(run=run, by=None)
    Certificate.objects.update(revoked_at=certificate.issued_at)
    client = as_student(kari)
    assert client.get(reverse("my_certificates")).context["certificates"] == []
    assert client.get(reverse("my_certificate", args=[certificate.pk])).status_code == 404
    url = reverse("tutor_certificate", args=[run.pk, certificate.pk])
    assert teach(run).get(url).status_code == 404


def test_erased_students_certificate_is_not_printed():
    run = make_held_run()
    be_there(run)
    (certificate,) = services.issue(run=run, by=None)
    Certificate.objects.update(name="", student=None)
    url = reverse("tutor_certificate", args=[run.pk, certificate.pk])
    assert teach(run).get(url).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_own_list_costs_the_same_for_any_number(number, django_assert_num_queries):
    kari = factories.make_student()
    course = factories.make_course()
    for _each in range(number):
        run = make_held_run(course=course)
        kari.attendances.create(session=run.sessions.first(), is_present=True)
        services.issue(run=run, by=None)
    client = as_student(kari)
    with django_assert_num_queries(4):
        assert client.get(reverse("my_certificates")).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_printing_costs_the_same_for_any_number(number, django_assert_num_queries):
    run = make_held_run()
    for each in range(number):
        be_there(run, name=f"Student {each}")
    services.issue(run=run, by=None)
    client = teach(run)
    with django_assert_num_queries(8):
        client.get(reverse("tutor_certificates_pdf", args=[run.pk]))
