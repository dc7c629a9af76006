"""The code from an app: who must have one, how it is set up, used, lost and trusted."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from enrolment import services as enrolment_services
from enrolment.models import Letter
from recoverycollege.staff import services
from tests import factories
from tests.one_time_codes import code_of
from tests.recoverycollege.test_sign_in import RIGHT, sign_in_as, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SET_UP = "/konto/totrinn/app/"
SECOND = "/logg-inn/totrinn/"
MOMENT = factories.oslo(2026, 11, 23, 14, 20)


@pytest.fixture
def clock():
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    settings.SIGN_IN_BURST_BY_NAME = settings.SIGN_IN_BURST_BY_NETWORK = 10**6
    factories.get_college()


def signed_in(user, **query: str) -> Client:
    client = Client()
    client.post("/logg-inn/", {"login": user.username, "password": RIGHT} | query)
    return client


def set_up(client: Client, url: str = SET_UP) -> tuple[str, list[str]]:
    """The key of the app, and the recovery codes."""
    page = client.get(url).content.decode()
    key = re.search(r'setup-key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    done = client.post(url, {"code": code_of(key)}, follow=True)
    return key, re.findall(r"<li><code>(\d{8})</code>", done.content.decode())


def make_owner():
    owner = factories.make_user("eier")
    owner.groups.add(factories.get_group("owners"))
    return owner


@pytest.mark.usefixtures("clock")
def test_coordinator_reaches_nothing_until_the_app_is_set_up_and_then_what_they_wanted():
    client = signed_in(factories.make_coordinator("leder"))
    for path in ("/kursholder/", "/konto/totrinn/", "/logg-inn/passord/"):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, f"/logg-inn/?next={path}")
    assert client.get("/admin/medarbeidere/").url == "/admin/login/?next=/admin/medarbeidere/"
    led = client.get("/logg-inn/?next=/admin/medarbeidere/")
    assert led.url == f"{SET_UP}?next=%2Fadmin%2Fmedarbeidere%2F"
    assert client.post(led.url, {"code": "000000"}).status_code == 200
    _key, codes = set_up(client, led.url)
    assert len(codes) == 10
    page = client.get(f"/konto/totrinn/koder/{led.url.removeprefix(SET_UP)}").content.decode()
    assert 'href="/admin/medarbeidere/"' in page
    assert client.get("/admin/medarbeidere/").status_code == 200


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("make", "is_led"),
    [
        (factories.make_coordinator, True),
        (make_owner, True),
        (lambda: factories.make_user("root", is_staff=True, is_superuser=True), True),
        (lambda: factories.make_tutor_with_sign_in().user, False),
    ],
)
def test_who_must_set_up_the_app(make, is_led, settings):
    client = signed_in(make())
    assert client.get("/kursholder/").status_code == (302 if is_led else 200)
    settings.SECOND_FACTOR_REQUIRED = False
    assert client.get("/kursholder/").status_code == 200


def test_password_alone_signs_nobody_in_who_has_the_app(clock):
    leder = factories.make_coordinator("leder")
    key, codes = set_up(signed_in(leder))
    clock.shift(timedelta(minutes=2))
    client = Client()
    answer = client.post("/logg-inn/?next=/admin/", {"login": "leder", "password": RIGHT})
    assert answer.url == SECOND
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/").status_code == 302
    wrong = client.post(SECOND, {"code": "000000"})
    assert "Koden stemmer ikke" in text_of(wrong)
    assert client.post(SECOND, {"code": code_of(key)}).url == "/logg-inn/husk/"
    assert client.post("/logg-inn/husk/", {"action": "skip"}).url == "/admin/"
    # The same code lets nobody in twice, and each recovery code one person once.
    for code, lets_in in ((code_of(key), False), (codes[0], True), (codes[0], False)):
        other = signed_in(leder)
        assert (other.post(SECOND, {"code": code}).status_code == 302) == lets_in


def test_app_works_while_the_mail_server_is_away(clock, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    leder = factories.make_coordinator("leder")
    key, codes = set_up(signed_in(leder))
    enrolment_services.send_due()
    for code in (code_of(key), codes[0]):
        clock.shift(timedelta(minutes=2))
        client = signed_in(leder)
        assert client.post(SECOND, {"code": code if code in codes else code_of(key)}).url


def test_codes_are_counted_apart_from_passwords_and_shut_out(clock, settings):
    settings.SECOND_FACTORS_PER_HOUR = 4
    leder = factories.make_coordinator("leder")
    key, _codes = set_up(signed_in(leder))  # one try
    client = signed_in(leder)
    found = [client.post(SECOND, {"code": "000000"}) for _each in range(5)]
    assert [each.status_code for each in found] == 3 * [200] + 2 * [429]
    assert 'value="000000"' in found[-1].content.decode()
    clock.shift(timedelta(minutes=1))
    assert client.post(SECOND, {"code": code_of(key)}).status_code == 429
    assert sign_in_as("leder", RIGHT).status_code == 302


def test_own_device_is_remembered_until_the_password_changes(clock, settings):
    leder = factories.make_coordinator("leder")
    key, _codes = set_up(signed_in(leder))
    clock.shift(timedelta(minutes=2))
    client = signed_in(leder)
    client.post(SECOND, {"code": code_of(key)})
    trusted = client.post("/logg-inn/husk/", {"action": "trust"})
    cookie = trusted.cookies["trusted_device"]
    assert (cookie["max-age"], cookie["httponly"]) == (30 * 24 * 3600, True)
    client.post("/logg-ut/")
    assert client.post("/logg-inn/", {"login": "leder", "password": RIGHT}).url == "/admin/"
    words = "tre ville ender"
    new = {"old_password": RIGHT, "new_password1": words, "new_password2": words}
    assert client.post(reverse("password"), new).url == "/admin/"
    client.post("/logg-ut/")
    assert client.post("/logg-inn/", {"login": "leder", "password": words}).url == SECOND
    assert Client().post("/logg-inn/", {"login": "leder", "password": words}).url == SECOND


def test_who_has_been_signed_in_for_a_while_says_again_who_they_are(clock):
    user = factories.make_tutor_with_sign_in().user
    client = signed_in(user)
    clock.shift(timedelta(minutes=11))
    asked = client.get(SET_UP)
    assert asked.url == "/konto/bekreft/?next=%2Fkonto%2Ftotrinn%2Fapp%2F"
    assert client.post(asked.url, {"password": "feil"}).status_code == 200
    assert client.post(asked.url, {"password": RIGHT}).url == SET_UP
    set_up(client)
    assert Authenticator.objects.filter(user=user).count() == 2


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    "forget",
    [
        lambda leder: services.forget_second_factor(user=leder, by=None),
        lambda leder: call_command("let_in_again", "leder", "--without-app", stdout=io.StringIO()),
    ],
)
def test_lost_telephone_is_forgotten_by_a_colleague_or_the_command(forget):
    leder = factories.make_coordinator("leder")
    set_up(signed_in(leder))
    forget(leder)
    client = signed_in(leder)
    assert "_auth_user_id" in client.session
    assert client.get("/admin/").status_code == 302


@pytest.mark.usefixtures("clock")
def test_changing_the_telephone_needs_another_app_at_once():
    client = signed_in(factories.make_coordinator("leder"))
    set_up(client)
    assert client.post("/konto/totrinn/app/fjern/").url == "/konto/totrinn/"
    assert client.get("/admin/").status_code == 302
    set_up(client)
    assert client.get("/admin/").status_code == 200


@pytest.mark.usefixtures("clock")
def test_letters_tell_of_what_was_changed_and_the_secret_is_sealed(
    django_capture_on_commit_callbacks,
):
    user = factories.make_user("kari", email="kari@example.org")
    client = signed_in(user)
    with django_capture_on_commit_callbacks(execute=True):
        key, _codes = set_up(client)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/konto/totrinn/koder/nye/")
    client.post("/konto/totrinn/app/fjern/")
    enrolment_services.send_due()
    said = [each.body for each in mail.outbox]
    assert ["kode fra en app" in each for each in said] == [True, False, True]
    assert Letter.objects.filter(kind="sign_in").count() == 3
    set_up(client)
    assert key not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_key_that_was_changed_without_its_fallback_is_said_in_words(clock, settings):
    leder = factories.make_coordinator("leder")
    key, _codes = set_up(signed_in(leder))
    clock.shift(timedelta(minutes=2))
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another key of the same installation"
    client = signed_in(leder)
    answer = client.post(SECOND, {"code": code_of(key)})
    assert "Nøklene til denne installasjonen er byttet" in text_of(answer)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert client.post(SECOND, {"code": code_of(key)}).status_code == 302
