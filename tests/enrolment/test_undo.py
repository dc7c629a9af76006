"""«Angre»: what was pressed by mistake is taken back by one button in the message about it."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enrolment import services
from enrolment.models import Adjustment, Enrolment, Letter
from tests import factories

pytestmark = pytest.mark.django_db


def undo_on(response) -> tuple[str, dict[str, str]]:
    """The address and the fields of the one «Angre» on the page."""
    (form,) = [each for each in forms(response) if "undo" in each["class"]]
    return form["action"], form["fields"]


def forms(response) -> list[dict]:
    found: list[dict] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            known = dict(attrs)
            if tag == "form":
                found.append({"fields": {}, "class": "", **known})
            elif tag == "input" and found and known.get("type") == "hidden":
                found[-1]["fields"][known["name"]] = known["value"]

    Reader().feed(response.content.decode())
    return found


def press_undo(staff: Client, response) -> str:
    address, fields = undo_on(response)
    return staff.post(address, fields, follow=True).content.decode()


def rung(**fields: object) -> Letter:
    person = factories.make_person(email="", phone="+4790123456", **fields)
    return factories.enrol(factories.make_published_run(), person=person).letters.get()


def tell(staff: Client, letter: Letter, outcome: str = "reached"):
    answer = {"letters": factories.shown(letter), "outcome": outcome}
    return staff.post(reverse("admin:letter_outcomes"), answer, follow=True)


@pytest.mark.parametrize("outcome", ["reached", "posted"])
def test_letter_marked_as_told_waits_again_as_if_nothing_had_been(staff, outcome) -> None:
    letter = rung(name="Kari")
    page = press_undo(staff, tell(staff, letter, outcome))
    assert "Angret: Kari står på lista igjen." in page
    again = Letter.objects.for_staff().get()
    assert (again.pk, again.outcome, again.text, again.written_at) == (letter.pk, "", "", None)


def test_what_was_spared_them_waits_again_too(staff) -> None:
    """An e-mail about a session that is near, and the call beside it that says the same."""
    run = factories.make_published_run(in_days=0.5)
    enrolment = factories.enrol(run, person=factories.make_person(phone="+4790123456"))
    Letter.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    before = services.RunEdit(
        sessions=[
            services.SessionEdit(
                run.sessions.get().pk, {"ends_at": run.ends_at + timedelta(hours=1)}
            )
        ]
    )
    services.save_run(run=run, edit=before, announcement=services.Announcement.TELL, by=None)
    call = Letter.objects.for_staff().get()
    e_mail = Letter.objects.unsent().get(channel="email", student=enrolment.student)
    response = tell(staff, call)
    e_mail.refresh_from_db()
    assert e_mail.overtaken_by == "folded"
    press_undo(staff, response)
    e_mail.refresh_from_db()
    assert (e_mail.overtaken_at, e_mail.overtaken_by) == (None, "")
    assert Letter.objects.for_staff().get() == call


def test_nothing_is_taken_back_on_which_later_news_counts(staff) -> None:
    letter = rung()
    response = tell(staff, letter)
    services.withdraw(enrolment=letter.enrolment)
    page = press_undo(staff, response)
    assert "Ikke angret" in page
    letter.refresh_from_db()
    assert letter.outcome == "reached"


def test_a_whole_pile_is_taken_back(staff) -> None:
    run = factories.make_published_run()
    for number in range(3):
        student = factories.make_student(
            email="", phone=f"+479012345{number}", postal_address="Storgata 1", channel="paper"
        )
        factories.enrol(
            run, person=factories.make_person(name=student.name, email="", phone=student.phone)
        )
    pile = list(Letter.objects.for_staff())
    answer = {"letters": factories.shown(*pile), "outcome": "posted", "is_pile": "1"}
    response = staff.post(reverse("admin:letter_outcomes"), answer, follow=True)
    assert not Letter.objects.for_staff().exists()
    press_undo(staff, response)
    assert set(Letter.objects.for_staff()) == set(pile)


def first_of_the_queue() -> Enrolment:
    """After the waiting list closed: one place came free, and somebody is to be rung."""
    run = factories.make_published_run(capacity=1)
    first, waiting = factories.enrol(run), factories.enrol(run)
    run.waiting_list_closes_at = timezone.now() - timedelta(hours=1)
    run.save(update_fields=["waiting_list_closes_at"])
    services.withdraw(enrolment=first)
    return waiting


def answered(staff: Client, enrolment: Enrolment, outcome: str):
    url = reverse("admin:call_outcome", args=[enrolment.pk])
    response = staff.post(url, {"outcome": outcome}, follow=True)
    enrolment.refresh_from_db()
    assert enrolment.call_outcome == outcome
    return response


@pytest.mark.parametrize("outcome", ["cannot", "unreached"])
def test_outcome_of_a_call_is_taken_back(staff, outcome) -> None:
    waiting = first_of_the_queue()
    page = press_undo(staff, answered(staff, waiting, outcome))
    waiting.refresh_from_db()
    assert waiting.call_outcome == ""
    assert f"Tilbake på ringelista: {waiting.student.name}." in page


def test_yes_on_the_phone_gives_a_place_and_is_not_undone(staff) -> None:
    waiting = first_of_the_queue()
    response = answered(staff, waiting, "yes")
    assert waiting.has_place
    assert [each for each in forms(response) if "undo" in each["class"]] == []


def test_adjustment_is_arranged_and_not_where_one_stands(staff) -> None:
    run = factories.make_published_run()
    person = factories.make_person(name="Kari")
    factories.enrol(run, person=person, adjustment="En stol")
    url = reverse("admin:arranged", args=[Adjustment.objects.get().pk])
    response = staff.post(url, {"arranged": "yes"}, follow=True)
    assert response.redirect_chain[-1][0].endswith("/people/?at=adjustments#adjustments")
    text = response.content.decode()
    assert text.count("Notert som ordnet: Kari.") == 1
    assert text.index('id="adjustments"') < text.index("Notert som ordnet")
    assert "Notert som ikke ordnet: Kari." in press_undo(staff, response)
    assert Adjustment.objects.get().arranged_at is None
