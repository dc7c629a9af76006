"""Signing in with a code by e-mail, and choosing another password by a link."""

import html
import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from enrolment import services
from enrolment.models import Letter
from recoverycollege.staff import services as staff_services
from tests import factories

pytestmark = pytest.mark.django_db

ASK, WRITE, FORGOTTEN = "/logg-inn/kode/", "/logg-inn/kode/skriv/", "/logg-inn/glemt/"
CODE = re.compile(r"^[B-Z]{4}-[B-Z]{4}$", re.MULTILINE)
MOMENT = factories.oslo(2026, 11, 23, 14, 20)


@pytest.fixture
def clock():
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _at_once(monkeypatch, settings):
    monkeypatch.setattr("recoverycollege.staff_sign_in.views.ANSWER_TAKES", 0)
    settings.SIGN_IN_BURST_BY_NAME = settings.SIGN_IN_BURST_BY_NETWORK = 10**6


@pytest.fixture
def kari():
    factories.get_college()
    return factories.make_user("kari", email="kari@example.org")


def ask(client: Client, email: str = "kari@example.org", url: str = ASK, **headers: str):
    return client.post(url, {"email": email}, **headers)


def sent_code() -> str:
    services.send_due()
    return CODE.search(mail.outbox[-1].body)[0]


@pytest.mark.usefixtures("clock")
def test_a_code_that_was_asked_for_signs_in_and_leads_onward(kari):
    client = Client()
    asked = ask(client, "Kari@Example.org", f"{ASK}?next=/kursholder/")
    assert (asked.status_code, asked.url) == (302, f"{WRITE}?next=%2Fkursholder%2F")
    done = client.post(asked.url, {"code": sent_code().lower().replace("-", " ")})
    assert done.url == "/kursholder/"
    assert client.session["_auth_user_id"] == str(kari.pk)
    assert not EmailAddress.objects.exists()


@pytest.mark.usefixtures("clock", "kari")
def test_no_row_holds_the_code_before_or_after_it_is_sent():
    client = Client()
    ask(client)
    letter = Letter.objects.get()
    sealed = letter.sealed
    code = sent_code()
    letter.refresh_from_db()
    said = f"{sealed} {letter.subject} {letter.text} {letter.dedupe_key}"
    assert code not in said
    assert code.replace("-", "") not in said
    assert letter.sealed == ""
    assert "[[code]]" in letter.text
    assert code not in mail.outbox[-1].subject


@pytest.mark.usefixtures("kari")
def test_of_several_codes_the_newest_is_sent_and_none_that_is_too_old(clock):
    clients = [Client(), Client()]
    for client in clients:
        ask(client)
        clock.shift(timedelta(minutes=1))
    code = sent_code()
    assert len(mail.outbox) == 1
    assert clients[0].post(WRITE, {"code": code}).status_code == 200
    assert clients[1].post(WRITE, {"code": code}).status_code == 302
    ask(Client())
    clock.shift(timedelta(minutes=11))
    services.send_due()
    assert len(mail.outbox) == 1
    assert set(Letter.objects.filter(sent_at=None).values_list("overtaken_by", "sealed")) == {
        ("nothing_left", "")
    }


@pytest.mark.usefixtures("kari")
def test_mail_server_that_comes_back_finds_a_code_that_works_or_lets_another_be_asked_for(clock):
    """Whenever it comes back after somebody has used up their letters."""
    for minutes in (1, 5, 8, 9, 10, 11, 15):
        with time_machine.travel(MOMENT + timedelta(days=minutes), tick=False) as now:
            for _each in range(3):
                client = Client()
                assert ask(client).status_code == 302
                now.shift(timedelta(seconds=50))
            assert ask(Client()).status_code == 429
            now.shift(timedelta(minutes=minutes))
            services.send_due()
            sent = mail.outbox and CODE.search(mail.outbox[-1].body)
            works = bool(sent) and client.post(WRITE, {"code": sent[0]}).status_code == 302
            assert works or ask(Client()).status_code == 302
            mail.outbox.clear()


@pytest.mark.usefixtures("clock", "kari")
@pytest.mark.parametrize(
    ("url", "field"), [(ASK, "email"), (FORGOTTEN, "email"), ("/en" + ASK, "email")]
)
def test_known_and_unknown_addresses_get_the_same_answers(url, field):
    answers = []
    for address in ("kari@example.org", "nobody@example.org"):
        client, told = Client(), []
        for _each in range(5):
            response = client.post(url, {field: address}, follow=True)
            page = html.unescape(response.content.decode()).replace(address, "…")
            page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
            told.append((response.status_code, response.redirect_chain, page))
            client.post("/logg-ut/")
        answers.append(told)
    assert answers[0] == answers[1]
    assert [status for status, _chain, _page in answers[0]] == 3 * [200] + 2 * [429]
    assert Letter.objects.count() == 3
    assert 'value="…"' in answers[0][-1][2]


@pytest.mark.usefixtures("kari")
@pytest.mark.parametrize("address", ["kari@example.org", "nobody@example.org"])
@pytest.mark.parametrize("url", [ASK, FORGOTTEN])
def test_an_answer_takes_as_long_for_known_and_unknown(monkeypatch, url, address):
    monkeypatch.setattr("recoverycollege.staff_sign_in.views.ANSWER_TAKES", 0.4)
    started = time.monotonic()
    ask(Client(), address, url)
    assert time.monotonic() - started >= 0.4


@pytest.mark.usefixtures("clock", "kari")
@pytest.mark.parametrize("address", ["kari@example.org", "nobody@example.org"])
def test_a_code_is_typed_five_times_and_what_was_typed_is_kept(address):
    client = Client()
    ask(client, address)
    found = [client.post(WRITE, {"code": "BCDF-GHJK"}) for _each in range(6)]
    assert [each.status_code for each in found] == 4 * [200] + 2 * [302]
    assert 'value="BCDF-GHJK"' in found[3].content.decode()


@pytest.mark.usefixtures("clock")
def test_a_forgotten_password_is_chosen_anew_once(kari):
    other_device = Client()
    other_device.force_login(kari)
    assert ask(Client(), url=FORGOTTEN).url == "/logg-inn/glemt/sendt/"
    services.send_due()
    link = re.search(r"http://localhost:8000(/konto/velg-passord/\S+)", mail.outbox[-1].body)[1]
    assert link not in Letter.objects.get().text
    client = Client()
    assert client.get(link).status_code == 200  # looking uses nothing up
    words = "tre ville ender"
    weak = client.post(link, {"password": "sommer2026", "again": "sommer2026"})
    assert "lett å gjette" in weak.content.decode()
    unlike = client.post(link, {"password": words, "again": "tre ville ande"})
    assert unlike.status_code == 200
    assert client.post(link, {"password": words, "again": words}).url == "/logg-inn/"
    assert client.get(link).status_code == 404
    assert client.post(link, {"password": "fire ville ender", "again": ""}).status_code == 404
    assert Client().post("/logg-inn/", {"login": "kari", "password": words}).status_code == 302
    assert other_device.get("/kursholder/").status_code == 302
    assert [each.kind for each in Letter.objects.order_by("pk")] == ["password", "sign_in"]


def test_link_works_for_an_hour_and_not_for_somebody_without_access(kari):
    with time_machine.travel(MOMENT, tick=False) as now:
        services.owe_password_link(user=kari, language="nb")
        services.send_due()
        link = re.search(r"/konto/velg-passord/\S+", mail.outbox[-1].body)[0]
        now.shift(timedelta(minutes=59))
        assert Client().get(link).status_code == 200
        now.shift(timedelta(minutes=2))
        assert Client().get(link).status_code == 404
    factories.make_coordinator()
    staff_services.take_access_away(user=kari, by=None)
    ask(Client(), url=FORGOTTEN)
    assert Letter.objects.count() == 1


def test_letters_about_the_sign_in_are_written_in_three_languages(kari):
    for language in ("nb", "nn", "en"):
        services.owe_invitation(user=kari, language=language)
        for what in services.SignInChange:
            services.owe_sign_in_change(user=kari, what=what, language=language)
    kari.set_unusable_password()
    kari.save()
    services.send_due()
    subjects = [each.subject for each in mail.outbox]
    assert len(mail.outbox) == 13  # of the invitations, the newest alone
    assert set(subjects) == {
        "Innloggingen din er endret",
        "Innlogginga di er endra",
        "Your sign-in has changed",
        "Welcome to Skolen",
    }
    assert all("[[" not in each.body for each in mail.outbox)


def test_staff_read_no_code_where_a_letter_is_shown(kari, clock):
    ask(Client())
    sent_code()
    staff = Client()
    staff.force_login(factories.make_coordinator())
    letter = Letter.objects.get()
    page = staff.get(reverse("admin:enrolment_letter_change", args=[letter.pk])).content.decode()
    assert CODE.search(page) is None
    assert "[[" not in page
