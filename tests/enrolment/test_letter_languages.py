"""In which language somebody is written to: that of the form or page that they used last."""

import pytest
from django.test import Client
from django.utils import translation

from enrolment import services
from enrolment.models import Letter
from tests import factories
from tests.enrolment.test_my_page import come_in, press, withdrawal_of
from tests.enrolment.test_sign_up import confirm

pytestmark = pytest.mark.django_db

KARI = {"name": "Kari Lie", "email": "kari@example.org"}


def sent() -> list[tuple[str, str]]:
    """The kind and language of what goes out now."""
    before = set(Letter.objects.exclude(sent_at=None).values_list("pk", flat=True))
    services.send_due()
    new = Letter.objects.exclude(sent_at=None).exclude(pk__in=before).order_by("pk")
    return [(each.kind, each.language) for each in new]


def sign_up(run, language: str) -> None:
    with translation.override(language):
        assert confirm(Client(), run, **KARI).status_code == 302


def test_an_english_form_by_somebody_known_makes_that_letter_english_and_no_other(post):
    norwegian, english = (factories.make_published_run() for _each in range(2))
    sign_up(norwegian, "nb")
    assert sent() == [("place", "nb")]
    sign_up(english, "en")
    assert sent() == [("place", "en")]
    assert "You have a place on" in post.got[-1].get_body(["plain"]).get_content()
    for run in (norwegian, english):
        services.cancel_run(run=run, by=factories.make_user())
    assert sent() == [("cancelled", "nb"), ("cancelled", "en")]


def test_whoever_opens_their_page_in_nynorsk_is_written_to_in_nynorsk(post):
    run = factories.make_published_run()
    enrolment = factories.enrol(run)
    assert sent() == [("place", "nb")]
    with translation.override("nn"):
        come_in(enrolment.student)
    services.withdraw(enrolment=enrolment)
    assert sent() == [("withdrawn", "nn")]
    enrolment.student.refresh_from_db()
    assert enrolment.student.language == "nn"


def test_whoever_withdraws_on_an_english_page_is_answered_in_english(post):
    enrolment = factories.enrol(factories.make_published_run())
    sent()
    with translation.override("en"):
        press(Client(), withdrawal_of(enrolment))
    assert sent() == [("withdrawn", "en")]


def test_opening_a_link_without_pressing_the_button_changes_no_language(post):
    enrolment = factories.enrol(factories.make_published_run())
    with translation.override("en"):
        Client().get(withdrawal_of(enrolment))
    assert sent() == [("place", "nb")]


def test_staff_correct_the_language(post):
    enrolment = factories.enrol(factories.make_published_run())
    with translation.override("en"):
        come_in(enrolment.student)
    services.change_contact(
        student=enrolment.student, language="nb", by=factories.make_coordinator()
    )
    assert sent() == [("place", "nb")]


def test_the_link_answers_in_the_language_of_the_page_where_it_was_asked_for(post):
    student = factories.make_student(language="nn")
    factories.get_college()
    factories.ask_for_page_link(student.email, language="en")
    assert sent() == [("link", "en")]
