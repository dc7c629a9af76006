"""The call list: letters to read aloud, and free places from the top of the queue."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from enrolment import services
from enrolment.models import Adjustment, Enrolment, Event, Letter, Student
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_letters_for_people_without_email_are_on_the_call_list(staff) -> None:
    run = factories.make_published_run()
    person = factories.make_person(name="Ada Moen", email="", phone="+4799999999")
    letter = factories.enrol(run, person=person).letters.get()
    factories.enrol(run)
    response = staff.get(reverse("admin:call_list"))
    [person] = response.context["people"]
    assert [each.pk for each, _paper in person.letters] == [letter.pk]
    outcome, shown = reverse("admin:letter_outcomes"), factories.shown(letter)
    staff.post(outcome, {"outcome": "unreached", "letters": shown})
    letter.refresh_from_db()
    assert (letter.sent_at, letter.outcome) == (None, "unreached")
    staff.post(outcome, {"outcome": "reached", "letters": shown})
    assert not staff.get(reverse("admin:call_list")).context["people"]


def late_run():
    """After the waiting list closed: one place came free, two wait."""
    run = factories.make_published_run(capacity=1)
    first = factories.enrol(run)
    waiting = [factories.enrol(run), factories.enrol(run)]
    run.waiting_list_closes_at = timezone.now() - timedelta(hours=1)
    run.save(update_fields=["waiting_list_closes_at"])
    services.withdraw(enrolment=first)
    return run, waiting


def test_free_place_is_offered_from_the_top_of_the_queue(staff) -> None:
    _run, (first, second) = late_run()
    [offer] = staff.get(reverse("admin:call_list")).context["free_places"]
    assert offer.first == first
    staff.post(reverse("admin:call_outcome", args=[first.pk]), {"outcome": "cannot"})
    [offer] = staff.get(reverse("admin:call_list")).context["free_places"]
    assert (offer.first, offer.called) == (second, [first])
    Student.objects.update(channel="phone", phone="+4799999999")
    answer = staff.post(reverse("admin:call_outcome", args=[second.pk]), {"outcome": "yes"})
    assert answer["Location"] == reverse("admin:receipt", args=[second.pk])
    second.refresh_from_db()
    assert second.has_place
    assert staff.get(reverse("admin:call_list")).context["free_places"] == []


def test_two_who_meet_one_free_place_can_come_alone_or_stay_next(staff) -> None:
    _run, (first, _second) = late_run()
    Enrolment.objects.filter(pk=first.pk).update(places=2)
    page = staff.get(reverse("admin:call_list")).content.decode()
    assert "One place is free, and they are two." in page
    assert reverse("admin:withdrawal", args=[first.pk]) in page
    assert 'value="yes"' not in page
    staff.post(reverse("admin:withdrawal", args=[first.pk]), {"_companion": "1"})
    assert 'value="yes"' in staff.get(reverse("admin:call_list")).content.decode()


def test_nobody_is_passed_over(staff) -> None:
    _run, (_first, second) = late_run()
    page = staff.post(
        reverse("admin:call_outcome", args=[second.pk]), {"outcome": "yes"}, follow=True
    )
    second.refresh_from_db()
    assert second.is_waiting
    assert "Somebody else is next in the queue." in page.content.decode()


def test_somebody_who_rang_back_is_next_again(staff) -> None:
    _run, (first, _second) = late_run()
    url = reverse("admin:call_outcome", args=[first.pk])
    staff.post(url, {"outcome": "unreached"})
    staff.post(url, {"outcome": "reopen"})
    [offer] = staff.get(reverse("admin:call_list")).context["free_places"]
    assert offer.first == first


def test_button_pressed_signed_out_leads_back_and_says_so(staff, client, coordinator) -> None:
    run = factories.make_published_run()
    enrolment = factories.enrol(run, adjustment="En stol")
    calls = reverse("admin:call_list")
    run_page = reverse("admin:run_people", args=[run.pk])
    for name, rows, back in (
        ("letter_outcomes", [], calls),
        ("send_all_again", [], reverse("admin:index")),
        ("call_outcome", [enrolment.pk], calls),
        ("arranged", [Adjustment.objects.get().pk], f"{run_page}?at=adjustments#adjustments"),
    ):
        url = reverse(f"admin:{name}", args=rows)
        client.logout()
        assert url in client.post(url)["Location"]
        client.force_login(coordinator)
        answer = client.get(url, follow=True)
        assert answer.redirect_chain == [(back, 302)]
        assert "Not written down. Please try again." in answer.content.decode()
    assert not Event.objects.exclude(verb="enrolled").exists()


def test_what_the_caller_was_told_at_once_is_no_line_on_the_call_list(staff) -> None:
    run = factories.make_published_run()
    enrolment = factories.enrol(
        run, person=factories.make_person(email="", phone="+4799999999", channel="phone")
    )
    receipt = reverse("admin:receipt", args=[enrolment.pk])
    told = "Told on the phone now"
    assert told in staff.get(receipt).content.decode()
    letter = enrolment.letters.get()
    response = staff.post(
        reverse("admin:letter_outcomes"),
        {"outcome": "reached", "from_receipt": "1", "letters": factories.shown(letter)},
    )
    assert response.headers["Location"] == reverse("admin:run_people", args=[run.pk])
    assert Letter.objects.for_staff().count() == 0
    assert told not in staff.get(receipt).content.decode()
