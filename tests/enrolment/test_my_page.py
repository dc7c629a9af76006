import html
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enrolment import emails, links, services
from enrolment.links import Purpose
from enrolment.models import ClosedLink, Enrolment, Letter, Student
from tests import factories

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def page_link_of(student: Student) -> str:
    return reverse("my_page_sign_in", args=[links.page_token(student)])


def come_in(student: Student) -> Client:
    client = Client()
    client.post(page_link_of(student))
    return client


def withdrawal_of(enrolment: Enrolment) -> str:
    return reverse("withdraw", args=[links.enrolment_token(Purpose.WITHDRAW, enrolment)])


def press(client: Client, url: str, **fields: str):
    """Press the button of the page, and see the page it leads to."""
    shown = re.search(r'name="shown" value="([^"]+)"', text_of(client.get(url)))
    assert shown
    return client.post(url, {"shown": shown[1], **fields}, follow=True)


def test_without_a_link_the_page_asks_for_an_address_and_sets_no_session(client):
    factories.get_college()
    response = client.get(reverse("my_page"))
    assert "Send meg lenken min" in text_of(response)
    assert "session" not in client.cookies


def test_opening_the_link_signs_nobody_in_but_the_button_does(client):
    student = factories.enrol(factories.make_published_run()).student
    page = client.get(page_link_of(student))
    assert page.status_code == 200
    assert student.name not in text_of(page)
    assert "session" not in client.cookies
    response = client.post(page_link_of(student))
    assert response.url == reverse("my_page")
    assert client.cookies["session"]["max-age"] == ""
    own = client.get(response.url)
    assert student.name in text_of(own)
    assert own["Cache-Control"] == "private, no-store"
    assert own["X-Robots-Tag"] == "noindex, nofollow"


def test_session_has_another_key_after_coming_in(client):
    """Whoever made a browser use a key they know does not come in by it."""
    student = factories.enrol(factories.make_published_run()).student
    session = client.session
    session["kept"] = "since before"
    session.save()
    known = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = known

    client.post(page_link_of(student))

    assert client.session["student"] == student.key
    assert client.session.session_key != known
    assert not client.session.exists(known)


def test_the_session_holds_the_key_and_no_name_or_address():
    student = factories.make_student()
    factories.get_college()
    come_in(student)
    held = Session.objects.get().get_decoded()
    assert held.keys() == {"student", "student_opened_at", "student_link"}
    assert held["student"] == student.key
    assert student.name not in str(held)
    assert student.email not in str(held)


def test_the_session_ends_12_hours_after_the_link_was_opened_however_much_it_is_used():
    factories.get_college()
    student = factories.make_student()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = come_in(student)
        assert "senest etter 12 timer" in text_of(client.get(reverse("my_page")))
        for _half_hour in range(23):
            clock.shift(timedelta(minutes=30))
            assert student.name in text_of(client.get(reverse("my_page")))
        clock.shift(timedelta(minutes=30, seconds=2))
        assert student.name not in text_of(client.get(reverse("my_page")))


def test_a_session_of_before_that_does_not_know_when_it_began_has_ended(client):
    factories.get_college()
    student = factories.make_student()
    session = client.session
    session["student"] = student.key
    session.save()
    assert student.name not in text_of(client.get(reverse("my_page")))


def test_signing_out_leaves_the_link_open_and_empties_the_cache():
    factories.get_college()
    student = factories.make_student()
    page_link = page_link_of(student)
    client = Client()
    client.post(page_link)
    response = client.post(reverse("my_sign_out"))
    assert response["Clear-Site-Data"] == '"cache"'
    assert student.name not in text_of(client.get(reverse("my_page")))
    assert client.get(page_link).status_code == 200


def test_on_a_borrowed_computer_the_link_is_closed_with_all_it_opened_and_nothing_else():
    student = factories.enrol(factories.make_published_run()).student
    enrolment = student.enrolments.get()
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        page_link = page_link_of(student)
    other_link = page_link_of(student)
    here, elsewhere, by_other_link = Client(), Client(), Client()
    here.post(page_link)
    elsewhere.post(page_link)
    by_other_link.post(other_link)
    response = here.post(reverse("my_sign_out"), {"close": "link"})
    assert response["Clear-Site-Data"] == '"cache"'
    assert (here.get(page_link).status_code, here.post(page_link).status_code) == (404, 404)
    assert student.name not in text_of(elsewhere.get(reverse("my_page")))
    assert student.name in text_of(by_other_link.get(reverse("my_page")))
    assert here.get(withdrawal_of(enrolment)).status_code == 200
    calendar = reverse("calendar", args=[links.enrolment_token(Purpose.CALENDAR, enrolment)])
    assert here.get(calendar).status_code == 200
    factories.ask_for_page_link(student.email)
    assert student.letters.filter(kind="link").exists()
    assert here.get(page_link_of(student)).status_code == 200


def test_a_closed_link_is_remembered_by_its_hash_alone_until_it_expires():
    factories.get_college()
    student = factories.make_student()
    token = links.page_token(student)
    client = Client()
    client.post(reverse("my_page_sign_in", args=[token]))
    client.post(reverse("my_sign_out"), {"close": "link"})
    assert token not in str(ClosedLink.objects.values().get())
    expires = timezone.now() + timedelta(days=settings.LINK_DAYS)
    services.purge_closed_links(now=expires - timedelta(minutes=1))
    assert ClosedLink.objects.count() == 1
    services.purge_closed_links(now=expires + timedelta(minutes=1))
    assert ClosedLink.objects.count() == 0


def test_closing_a_link_without_having_come_in_by_one_closes_nothing(client):
    factories.get_college()
    client.post(reverse("my_sign_out"), {"close": "link"})
    assert ClosedLink.objects.count() == 0


def test_renewing_the_key_ends_links_and_sessions():
    student = factories.make_student()
    factories.get_college()
    client, page_link = come_in(student), page_link_of(student)
    services.change_contact(student=student, by=factories.make_user(), email="ny@example.org")
    assert "Send meg lenken min" in text_of(client.get(reverse("my_page")))
    assert client.get(page_link).status_code == 404


def test_sign_out_forgets_the_student():
    student = factories.make_student()
    factories.get_college()
    client = come_in(student)
    client.post(reverse("my_sign_out"))
    assert student.name not in text_of(client.get(reverse("my_page")))
    assert Client().get(reverse("my_sign_out")).status_code == 405


def test_sign_out_of_the_student_keeps_staff_signed_in():
    student = factories.make_student()
    factories.get_college()
    client = Client()
    client.force_login(factories.make_user())
    client.post(page_link_of(student))
    client.post(reverse("my_sign_out"))
    assert list(client.session.keys()) != []
    assert "student" not in client.session


def bad_tokens() -> list[str]:
    student = factories.make_student()
    enrolment = factories.enrol(factories.make_published_run())
    good = links.page_token(student)
    return [
        "tull",
        good[:-1],
        links.enrolment_token(Purpose.WITHDRAW, enrolment),
        links.enrolment_token(Purpose.CALENDAR, enrolment),
    ]


def test_bad_links_get_one_kind_page(client):
    tokens = bad_tokens()
    pages = [client.get(reverse("my_page_sign_in", args=[token])) for token in tokens]
    assert {page.status_code for page in pages} == {404}
    assert all("Send meg lenken min" in text_of(page) for page in pages)
    # The language links repeat the address, and the form has its own secret.
    bodies = {
        re.sub(r'value="\w{64}"', "", text_of(page).replace(token, ""))
        for page, token in zip(pages, tokens, strict=True)
    }
    assert len(bodies) == 1
    for token in tokens:
        assert client.post(reverse("my_page_sign_in", args=[token])).status_code == 404


def test_links_do_not_end_up_in_the_log(client, caplog):
    enrolment = factories.enrol(factories.make_published_run())
    student = enrolment.student
    token = links.enrolment_token(Purpose.CALENDAR, enrolment)
    services.change_contact(student=student, by=None, email="ny@example.org")
    assert client.get(reverse("calendar", args=[token])).status_code == 404
    assert client.get(reverse("my_calendar", args=[student.calendar_key])).status_code == 404
    assert caplog.text == ""


def test_link_works_for_its_days_and_no_longer(client, settings):
    student = factories.make_student()
    factories.get_college()
    page_link = page_link_of(student)
    with time_machine.travel(timezone.now() + timedelta(days=settings.LINK_DAYS - 1)):
        assert client.get(page_link).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=settings.LINK_DAYS + 1)):
        assert client.get(page_link).status_code == 404


def ask(contact: str):
    answer = Client().post(reverse("my_link"), {"contact": contact}, follow=True)
    services.answer_link_requests()
    return answer


def test_known_and_unknown_get_the_same_answer():
    student = factories.make_student(phone="+4791234567")
    factories.get_college()
    known, unknown = ask(student.email.upper()), ask("ukjent@example.org")
    assert known.content == unknown.content
    assert ask("912 34 567").content == known.content
    assert [letter.channel for letter in student.letters.order_by("pk")] == ["email", "phone"]
    assert list(Letter.objects.for_staff()) == [student.letters.get(channel="phone")]


def test_each_person_at_a_shared_address_gets_a_letter_once_an_hour():
    factories.get_college()
    for name in ("Anne", "Bjørn"):
        factories.make_student(name=name, email="felles@example.org")
    ask("felles@example.org")
    ask("felles@example.org")
    assert Letter.objects.count() == 2
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        ask("felles@example.org")
    assert Letter.objects.count() == 4


@pytest.mark.parametrize("contact", ["", "tull", "a@b", "\x00", "9" * 9000, "a" * 9000 + "@b.no"])
def test_what_is_no_address_is_told_kindly(contact):
    factories.get_college()
    response = ask(contact)
    assert response.status_code == 200
    assert "<title>Feil: " in text_of(response)


def test_own_page_says_how_things_stand():
    run = factories.make_published_run(capacity=1)
    first, second = factories.enrol(run), factories.enrol(run)
    assert "Du har plass" in text_of(come_in(first.student).get(reverse("my_page")))
    waiting = text_of(come_in(second.student).get(reverse("my_page")))
    assert "Du er nummer 1 i køen." in waiting
    assert first.student.name not in waiting


def test_online_link_is_for_those_with_a_place():
    run = factories.make_published_run(capacity=1)
    run.sessions.update(online_link="https://video.example.org/rom")
    first, second = factories.enrol(run), factories.enrol(run)
    assert "video.example.org" in text_of(come_in(first.student).get(reverse("my_page")))
    assert "video.example.org" not in text_of(come_in(second.student).get(reverse("my_page")))
    assert "video.example.org" in emails.with_links(factories.written(first.letters.get()))
    assert "video.example.org" not in emails.with_links(factories.written(second.letters.get()))


@pytest.mark.parametrize("number", [1, 3])
def test_own_page_takes_the_same_queries_however_much_there_is(number, django_assert_num_queries):
    person = factories.make_person()
    for _each in range(number):
        run = factories.make_published_run(capacity=1)
        factories.enrol(run)
        student = factories.enrol(run, person=person).student
    client = come_in(student)
    with django_assert_num_queries(8):
        client.get(reverse("my_page"))


def test_withdrawing_takes_a_button_and_the_place_goes_on(client):
    run = factories.make_published_run(capacity=1)
    first, second = factories.enrol(run), factories.enrol(run)
    page = text_of(client.get(withdrawal_of(first)))
    assert "går videre med en gang" in page
    assert Enrolment.objects.get(pk=first.pk).has_place
    answer = press(client, withdrawal_of(first))
    done = text_of(answer)
    assert "Du er avmeldt" in done
    assert "bakerst på ventelista" in done
    in_page = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    assert f'href="{reverse("my_page")}"' in in_page
    assert Enrolment.objects.get(pk=second.pk).has_place


def test_undo_puts_at_the_end_of_the_queue_and_old_links_still_work(client):
    run = factories.make_published_run(capacity=1)
    first = factories.enrol(run)
    factories.enrol(run)
    url = withdrawal_of(first)
    press(client, url)
    assert "Vi har skrevet deg opp" in text_of(press(client, url))
    assert "Du er nummer 1 i køen." in text_of(client.get(url))
    assert Enrolment.objects.count() == 3
    assert "Du er avmeldt" in text_of(press(client, url))
    assert Enrolment.objects.live().count() == 1


def test_the_same_press_twice_is_one_press(client):
    enrolment = factories.enrol(factories.make_published_run())
    url = withdrawal_of(enrolment)
    fields = {"shown": f"{enrolment.submission}-place"}
    for _each in range(2):
        assert "Du er avmeldt" in text_of(client.post(url, fields, follow=True))
    fields = {"shown": f"{enrolment.submission}-withdrawn"}
    for _each in range(2):
        assert "Du har plass" in text_of(client.post(url, fields, follow=True))
    assert Enrolment.objects.count() == 2


def test_undo_of_two_where_one_place_is_left_asks(client):
    run = factories.make_published_run(capacity=2)
    pair = factories.enrol(run, places=2)
    url = withdrawal_of(pair)
    press(client, url)
    factories.enrol(run)
    assert "Dere er to" in text_of(press(client, url))
    press(client, url, when_one_left="alone")
    newest = Enrolment.objects.latest("pk")
    assert (newest.status, newest.places) == ("place", 1)


def test_cancelled_run_needs_nothing(client):
    run = factories.make_published_run()
    enrolment = factories.enrol(run)
    services.cancel_run(run=run, by=factories.make_user())
    url = withdrawal_of(enrolment)
    assert "Kurset er avlyst." in text_of(client.get(url))
    assert "Kurset er avlyst." in text_of(
        client.post(url, {"shown": f"{enrolment.submission}-place"}, follow=True)
    )


def test_nobody_signs_up_again_for_what_has_begun(client):
    run = factories.make_published_run()
    enrolment = factories.enrol(run)
    url = withdrawal_of(enrolment)
    press(client, url)
    run.sessions.update(starts_at=timezone.now() - timedelta(hours=1))
    assert "Påmeldingen er stengt" in text_of(client.get(url))
    client.post(url, {"shown": f"{enrolment.submission}-withdrawn"})
    assert Enrolment.objects.count() == 1


def test_giving_up_the_companions_seat(client):
    run = factories.make_published_run(capacity=2)
    pair, alone = factories.enrol(run, places=2), factories.enrol(run)
    url = reverse("my_companion", args=[pair.submission])
    assert client.post(url).url == reverse("my_page")
    assert come_in(alone.student).post(url).status_code == 404
    own = come_in(pair.student)
    assert "Ja, jeg kommer alene" in text_of(own.get(url))
    assert Enrolment.objects.get(pk=pair.pk).places == 2
    own.post(url)
    assert Enrolment.objects.get(pk=pair.pk).places == 1
    assert Enrolment.objects.get(pk=alone.pk).has_place


def test_reading_changes_nothing(client):
    run = factories.make_published_run(capacity=1)
    enrolment = factories.enrol(run, places=1)
    before = list(Enrolment.objects.values()) + list(Letter.objects.values())
    calendar = reverse("calendar", args=[links.enrolment_token(Purpose.CALENDAR, enrolment)])
    for url in (page_link_of(enrolment.student), withdrawal_of(enrolment), calendar):
        assert client.get(url).status_code == 200
        assert client.head(url).status_code == 200
    assert before == list(Enrolment.objects.values()) + list(Letter.objects.values())


def test_links_in_a_letter_are_built_from_the_settings_and_work(client, settings):
    settings.SITE_URL = "https://skolen.example.org"
    run = factories.make_published_run()
    letter = factories.enrol(run, person=factories.make_person(language="nn")).letters.get()
    assert "http" not in factories.written(letter).text
    found = re.findall(r"https?://\S+", emails.with_links(letter))
    assert len(found) == 3
    for address in found:
        assert address.startswith("https://skolen.example.org/nn/")
        assert client.get(urlsplit(address).path).status_code == 200
