"""What students correct about themselves, and what has to be answered for first."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import College
from enrolment import letters, links, services
from enrolment.models import Letter, Student
from tests import factories
from tests.enrolment.test_letters import FORBIDDEN

pytestmark = pytest.mark.django_db

NEW = "ny@example.org"


@pytest.fixture
def student() -> Student:
    return factories.enrol(factories.make_published_run()).student


def come_in(student: Student) -> Client:
    client = Client()
    client.post(reverse("my_page_sign_in", args=[links.page_token(student)]))
    return client


def link_sent_to(address: str) -> str:
    mail.outbox.clear()
    services.send_due()
    [body] = [each.body for each in mail.outbox if each.to == [address]]
    [link] = re.findall(r"https?://\S+", body)
    return urlsplit(link).path


def correct(client: Client, student: Student, **fields: str):
    values = {name: getattr(student, name) for name in ("name", "email", "phone", "channel")}
    written = values | {"language": student.language, "reminders": "email"} | fields
    return client.post(reverse("my_details"), written, follow=True)


def test_a_new_address_changes_nothing_before_it_has_answered(student):
    old, client = student.email, come_in(student)
    correct(client, student, email=NEW)
    link = link_sent_to(NEW)
    assert Client().get(link).status_code == 200
    student.refresh_from_db()
    assert student.email == old
    assert client.get(reverse("my_details")).status_code == 200


def test_answering_renews_the_keys_signs_in_and_tells_the_old_address(student):
    old, keys = student.email, (student.key, student.calendar_key)
    correct(come_in(student), student, email=NEW)
    page_link = reverse("my_page_sign_in", args=[links.page_token(student)])
    link, answering = link_sent_to(NEW), Client()
    assert answering.post(link, {"name": student.name}).url == reverse("my_page")
    student.refresh_from_db()
    assert student.email == NEW
    assert not {student.key, student.calendar_key} & set(keys)
    assert student.name in answering.get(reverse("my_page")).content.decode()
    assert Client().get(page_link).status_code == 404
    mail.outbox.clear()
    services.send_due()
    assert [each.to for each in mail.outbox] == [[old]]
    assert NEW not in mail.outbox[0].body
    assert "http" not in mail.outbox[0].body
    assert Client().post(link).status_code == 404
    assert answering.post(link).url == reverse("my_details")


def test_whoever_reads_at_a_mistyped_address_needs_the_name_and_is_told_nothing(student):
    old, stranger = student.email, come_in(factories.make_student())
    student = services.change_contact(student=student, by=None, name="Åse  Marie Øen")
    correct(come_in(student), student, email=NEW)
    link = link_sent_to(NEW)
    for name in ("", "Åse Øen", "Kari"):
        page = stranger.post(link, {"name": name})
        said = page.content.decode()
        assert page.status_code == 200
        assert "<title>Feil: " in said
        assert f'value="{name}"' in said or not name
        for secret in (student.name, "Øen" if name != "Åse Øen" else old, old, student.phone):
            assert not secret or secret not in said.replace(f'value="{name}"', "")
    assert Student.objects.get(pk=student.pk).email == old
    assert Letter.objects.filter(kind="contact").count() == 0
    assert stranger.post(link, {"name": " åse marie  øen"}).url == reverse("my_page")
    assert "Åse Marie Øen" in stranger.get(reverse("my_page")).content.decode()


def test_a_browser_that_is_signed_in_as_the_student_is_asked_no_name(student):
    client = come_in(student)
    correct(client, student, email=NEW)
    link = link_sent_to(NEW)
    assert 'name="name"' in Client().get(link).content.decode()
    assert 'name="name"' not in client.get(link).content.decode()
    assert client.post(link).url == reverse("my_page")
    assert Student.objects.get().email == NEW


def test_names_are_not_guessed_at_without_end(student, settings):
    settings.NEW_EMAIL_NAMES_A_DAY = 2
    letter = services.ask_for_new_email(student=student, email=NEW)
    link = reverse("my_new_email", args=[links.new_email_token(letter)])
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _each in range(2):
            assert Client().post(link, {"name": "Kari"}).status_code == 200
        page = Client().post(link, {"name": student.name})
        assert page.status_code == 429
        assert "Prøv igjen i morgen" in page.content.decode()
        assert f'value="{student.name}"' in page.content.decode()
        assert Student.objects.get().email != NEW
        clock.shift(timedelta(days=1))
        assert Client().post(link, {"name": student.name}).status_code == 302


def test_only_the_newest_address_can_be_confirmed_and_only_for_some_days(student):
    now = timezone.now()
    first = services.ask_for_new_email(student=student, email=NEW)
    second = services.ask_for_new_email(student=student, email="nyere@example.org")
    assert list(Letter.objects.unsent().still_true().filter(kind="new_email")) == [second]
    with pytest.raises(services.NotLive):
        services.confirm_new_email(student=student, letter=first, name=None)
    too_late = now + timedelta(days=settings.NEW_EMAIL_DAYS, minutes=1)
    with pytest.raises(services.NotLive):
        services.confirm_new_email(student=student, letter=second, name=None, now=too_late)
    services.confirm_new_email(student=student, letter=second, name=None)
    assert Student.objects.get(pk=student.pk).email == "nyere@example.org"


def test_nobody_sends_our_letters_to_many_strangers(student):
    for number in range(settings.NEW_EMAILS_A_DAY):
        services.ask_for_new_email(student=student, email=f"ny{number}@example.org")
    with pytest.raises(services.TooManyAddresses):
        services.ask_for_new_email(student=student, email=NEW)
    services.ask_for_new_email(
        student=student, email=NEW, now=timezone.now() + timedelta(days=1, minutes=1)
    )
    assert "Prøv igjen i morgen" in correct(come_in(student), student, email=NEW).content.decode()


def test_an_address_where_this_very_person_is_known_is_left_to_the_college(student):
    factories.make_student(name=student.name, email=NEW)
    letter = services.ask_for_new_email(student=student, email=NEW)
    with pytest.raises(ValidationError):
        services.confirm_new_email(student=student, letter=letter, name=None)
    response = Client().post(
        reverse("my_new_email", args=[links.new_email_token(letter)]), {"name": student.name}
    )
    assert "Ring oss" in response.content.decode()


def test_a_number_counts_at_once_is_told_by_email_and_keeps_this_browser_in(student):
    client, key = come_in(student), student.key
    page = correct(client, student, phone="90 12 34 56", channel="phone", name="Kari Ås")
    assert "Hei, Kari Ås" in page.content.decode()
    student.refresh_from_db()
    assert (student.phone, student.channel) == ("+4790123456", "phone")
    assert student.key != key
    told = Letter.objects.get(kind="contact")
    assert (told.channel, told.address) == ("email", student.email)
    assert "Telefonnummeret ditt" in factories.written(told).text


def test_each_letter_tells_of_what_changed_whichever_address_the_student_has_by_then(student):
    old = student.email
    services.correct_own(student=student, phone="+4790123456")
    for address in (NEW, old):  # and back again, before anything is sent
        letter = services.ask_for_new_email(student=student, email=address)
        services.confirm_new_email(student=student, letter=letter, name=None)
    told = Letter.objects.filter(kind="contact").order_by("pk")
    assert [
        (each.address, "Telefonnummeret ditt" in factories.written(each).text) for each in told
    ] == [(old, True), (old, False), (NEW, False)]


@pytest.mark.parametrize("is_sent", [True, False])
def test_a_corrected_number_leaves_a_new_address_to_be_confirmed(student, is_sent):
    client = come_in(student)
    correct(client, student, email=NEW)
    link = link_sent_to(NEW) if is_sent else ""
    correct(client, student, phone="90 12 34 56")
    assert NEW in client.get(reverse("my_details")).content.decode()
    Client().post(link or link_sent_to(NEW), {"name": student.name})
    student.refresh_from_db()
    assert (student.email, student.phone) == (NEW, "+4790123456")


@pytest.mark.parametrize("is_sent", [True, False])
@pytest.mark.parametrize("fields", [{"phone": "+4790123456"}, {"email": "rett@example.org"}])
def test_what_staff_put_right_gives_up_a_new_address(student, fields, is_sent):
    """Perhaps somebody else had come in, and asked for an address of their own."""
    letter = services.ask_for_new_email(student=student, email=NEW)
    link = (
        link_sent_to(NEW)
        if is_sent
        else reverse("my_new_email", args=[links.new_email_token(letter)])
    )
    services.change_contact(student=student, by=factories.make_user(), **fields)
    assert Client().get(link).status_code == 404
    assert NEW not in come_in(Student.objects.get()).get(reverse("my_details")).content.decode()
    mail.outbox.clear()
    services.send_due()
    assert [NEW] not in [each.to for each in mail.outbox]
    # Nor does their own next number give it back.
    services.correct_own(student=student, phone="+4799999987")
    assert Client().get(link).status_code == 404


def test_an_address_that_was_confirmed_once_is_not_confirmed_again_after_another(student):
    link = reverse(
        "my_new_email",
        args=[links.new_email_token(services.ask_for_new_email(student=student, email=NEW))],
    )
    Client().post(link, {"name": student.name})
    services.change_contact(student=student, by=None, email="rett@example.org")
    assert Client().post(link).status_code == 404
    assert Student.objects.get().email == "rett@example.org"


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_letters_about_an_address_are_neutral_and_open_no_page(student, language):
    services.correct_own(student=student, language=language, phone="+4790123456")
    services.ask_for_new_email(student=student, email=NEW)
    first = {"nb": "Beskjed fra", "nn": "Beskjed frå", "en": "Message from"}[language]
    for letter in Letter.objects.filter(kind__in=Letter.TO_ADDRESSES):
        said = factories.written(letter)
        assert said.subject == f"{first} Skolen"
        assert (student.name in said.text) == (letter.kind == Letter.Kind.CONTACT)
        assert letters.PAGE_LINK not in said.text
        assert not re.search(FORBIDDEN, said.text)


@pytest.mark.parametrize(
    "fields",
    [{"email": ""}, {"channel": "phone"}, {"channel": "paper"}, {"name": ""}, {"email": "tull"}],
)
def test_what_would_leave_somebody_unreached_is_refused_kindly(student, fields):
    before = Student.objects.values().get(pk=student.pk)
    assert "<title>Feil: " in correct(come_in(student), student, **fields).content.decode()
    assert Student.objects.values().get(pk=student.pk) == before


def test_reminders_are_chosen_where_the_college_sends_any(student, settings):
    client = come_in(student)
    page = client.get(reverse("my_details")).content.decode()
    assert 'name="reminders" value="email"' in page
    assert 'name="reminders" value="sms"' not in page  # the college sends none
    settings.SMS_BACKEND = "enrolment.sms.ConsoleBackend"
    refused = correct(client, student, reminders="sms", phone="22 11 22 33")
    assert "Skriv et mobilnummer" in refused.content.decode()
    correct(client, student, reminders="sms", phone="99 99 99 87")
    student.refresh_from_db()
    assert (student.reminders, student.phone) == ("sms", "+4799999987")
    College.objects.update(reminds_students=False)
    assert "reminders" not in client.get(reverse("my_details")).content.decode()
    correct(client, student, name="Ada Moen")
    student.refresh_from_db()
    assert (student.reminders, student.name) == ("sms", "Ada Moen")


def test_letters_about_an_address_are_nobodys_to_call_and_lose_it_in_time(student):
    services.ask_for_new_email(student=student, email=NEW)
    Letter.objects.filter(kind="new_email").update(failed_at=timezone.now())
    assert list(Letter.objects.for_staff()) == []
    page = come_in(student).get(reverse("my_details")).content.decode()
    assert f"Brevet til {NEW} kom ikke fram" in page
    later = timezone.now() + timedelta(days=settings.NEW_EMAIL_DAYS, minutes=1)
    assert services.purge_new_emails(now=later, dry_run=True) == 1
    services.purge_new_emails(now=later)
    assert not Letter.objects.exclude(address="").exists()


def test_a_student_sees_and_changes_what_was_asked_beside(student):
    College.objects.update(municipalities="Fjordvik\nNes", offers_news=True)
    client = come_in(student)
    correct(client, student, municipality="Nes", wants_news="on")
    student.refresh_from_db()
    assert (student.municipality, student.wants_news) == ("Nes", True)
    # What somebody has told stays theirs to take out, whatever is asked now.
    College.objects.update(municipalities="", offers_news=False)
    page = client.get(reverse("my_details")).content.decode()
    assert '<option value="Nes" selected>' in page
    correct(client, student)
    student.refresh_from_db()
    assert (student.municipality, student.wants_news) == ("", False)
    assert "wants_news" not in client.get(reverse("my_details")).content.decode()
