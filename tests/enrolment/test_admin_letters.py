"""Letters in the admin: sending all of them again from the index, and a letter's own page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from courses.models import CourseSession
from enrolment import services
from enrolment.models import Letter, LettersWorker, Student
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(factories.make_coordinator())
    return client


def by_phone(name: str) -> Letter:
    """What somebody who signed up by phone is owed."""
    person = factories.make_person(name=name, email="", phone="+4799999001")
    return factories.enrol(factories.make_published_run(), person=person).letters.get()


# Send all again, and the worker


def overdue(error: str = "", *, is_running: bool = True) -> None:
    for _each in range(2):
        factories.enrol(factories.make_published_run())
    Letter.objects.update(owed_since=timezone.now() - timedelta(hours=2), last_error=error)
    if error:
        Letter.objects.update(not_before=timezone.now() + timedelta(hours=2), attempts=3)
    if is_running:
        LettersWorker.objects.create()


def test_the_index_sends_all_again_and_says_how_many(staff):
    overdue("SMTPAuthenticationError 535")
    button = f'action="{reverse("admin:send_all_again")}"'
    assert button in staff.get(reverse("admin:index")).content.decode()
    page = staff.post(reverse("admin:send_all_again"), follow=True)
    assert page.redirect_chain == [(reverse("admin:index"), 302)]
    assert "2 brev blir sendt på nytt nå." in page.content.decode()
    assert Letter.objects.to_send().count() == 2
    assert button not in page.content.decode()


def test_there_is_no_button_where_nobody_sends(staff):
    overdue("SMTPAuthenticationError 535", is_running=False)
    page = staff.get(reverse("admin:index")).content.decode()
    assert "Ingen prøver å sende dem" in page
    assert reverse("admin:send_all_again") not in page


def test_sending_all_again_needs_the_permission(client):
    overdue("SMTPAuthenticationError 535")
    client.force_login(factories.make_user(is_staff=True))
    assert client.post(reverse("admin:send_all_again")).status_code == 403
    assert not Letter.objects.to_send().exists()


@pytest.mark.parametrize(
    ("language", "nobody", "just_now"),
    [
        ("nb", "Ingen prøver å sende dem", "De blir sendt akkurat nå."),
        ("nn", "Ingen prøver å sende dei", "Dei blir sende akkurat no."),
        ("en", "Nobody tries to send them", "They are being sent just now."),
    ],
)
def test_the_index_tells_whether_anybody_sends(staff, language, nobody, just_now):
    overdue(is_running=False)
    with translation.override(language):
        assert nobody in staff.get(reverse("admin:index")).content.decode()
        LettersWorker.objects.create()
        assert just_now in staff.get(reverse("admin:index")).content.decode()


# A letter's own page


def shown_on_its_page(staff, letter: Letter) -> str:
    page = staff.get(reverse("admin:enrolment_letter_change", args=[letter.pk])).content.decode()
    return page.partition("field-state")[2].partition("field-is_from_public_form")[0]


def test_a_letters_page_says_what_it_would_say_now_and_then_what_was_said(staff):
    letter = by_phone("Ada Moen")
    page = shown_on_its_page(staff, letter)
    assert "ikke sendt ennå" in page
    assert "Hei, Ada Moen!" in page
    assert "[[" not in page
    assert "http" not in page
    said, by = factories.said(letter), factories.make_user()
    services.record_letter_outcomes(said=said, outcome="reached", by=by)
    Student.objects.update(name="Eva Moen")
    page = shown_on_its_page(staff, letter)
    assert "Hei, Ada Moen!" in page
    assert "[[" not in page


def test_a_letters_page_says_in_words_by_what_it_was_overtaken(staff):
    letter = by_phone("Ada Moen")
    services.withdraw(enrolment=letter.enrolment)
    page = shown_on_its_page(staff, letter)
    assert "ikke sendt: avmeldingen" in page
    assert "Det gjelder ikke lenger, så det står ingenting her." in page
    assert "Hei, Ada Moen!" not in page


def test_a_letter_that_holds_no_more_and_was_written_once_says_nothing(staff):
    person = factories.make_person(name="Ada Moen")
    letter = factories.enrol(factories.make_published_run(), person=person).letters.get()
    Letter.objects.update(text="Hei, Ada Moen!", written_at=timezone.now())
    CourseSession.objects.update(
        starts_at=timezone.now() - timedelta(hours=4), ends_at=timezone.now() - timedelta(hours=1)
    )
    assert "Hei, Ada Moen!" not in shown_on_its_page(staff, letter)
