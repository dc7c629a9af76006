"""«Sign up for one more»: filled in for whoever came by their own link, and for nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from enrolment import links, services
from enrolment.models import Enrolment, Student
from enrolment.views.sign_up import to_receipt
from tests import factories
from tests.field_walks import hidden_on

pytestmark = pytest.mark.django_db

NAME, EMAIL, PHONE = "Ada Sporfinner", "ada@example.org", "90 12 34 56"


@pytest.fixture
def student() -> Student:
    person = factories.make_person(name=NAME, email=EMAIL, phone="+4790123456")
    return factories.enrol(factories.make_published_run(), person=person).student


@pytest.fixture
def run():
    return factories.make_published_run()


def come_in(student: Student) -> Client:
    client = Client()
    client.post(reverse("my_page_sign_in", args=[links.page_token(student)]))
    return client


def form_of(run) -> str:
    return reverse("sign_up", args=[run.course.slug, run.pk])


def receipt_of(run) -> str:
    return to_receipt(run.course.slug, run.pk, services.Outcome.PLACE)["Location"]


def test_the_form_is_filled_in_and_kept_by_no_browser(student, run):
    response = come_in(student).get(form_of(run))
    said = response.content.decode()
    for known in (NAME, EMAIL, PHONE):
        assert f'value="{known}"' in said
    assert response["Cache-Control"] == "private, no-store"


def test_sent_as_it_is_it_is_the_same_person_and_the_receipt_offers_one_more(student, run):
    client = come_in(student)
    written = {"step": "check", "name": NAME, "email": EMAIL, "phone": PHONE}
    check = client.post(form_of(run), written)
    done = client.post(form_of(run), hidden_on(check, "enrol"), follow=True).content.decode()
    assert Enrolment.objects.get(run=run).student == student
    assert "Meld deg på et til" in done
    for known in (NAME, EMAIL, PHONE):
        assert known not in done


def test_nobody_else_is_known_by_form_or_receipt(student, run):
    others = [Client(), come_in(student), Client()]
    others[1].post(reverse("my_sign_out"))
    others[2].force_login(factories.make_coordinator())
    come_in(student).get(form_of(run))  # what was drawn for the student is kept for nobody
    come_in(student).get(receipt_of(run))
    for client in others:
        assert NAME not in client.get(form_of(run)).content.decode()
        receipt = client.get(receipt_of(run)).content.decode()
        assert "Meld deg på et til" not in receipt
        assert "er borte fra nettleseren" in receipt


def test_what_is_written_over_it_changes_nothing_about_the_student(student, run):
    client = come_in(student)
    written = {"step": "check", "name": NAME, "email": EMAIL, "phone": "99 99 99 87"}
    client.post(form_of(run), hidden_on(client.post(form_of(run), written), "enrol"))
    assert Student.objects.get(pk=student.pk).phone == "+4790123456"
