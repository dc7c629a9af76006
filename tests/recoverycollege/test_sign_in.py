"""Signing in as staff: how often passwords may be tried, and how somebody is let in again."""

import html
import io
import re
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import hashers
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import RateCount
from courses.web import sign_in
from enrolment import links
from enrolment.links import Purpose
from recoverycollege.staff import services
from tests import factories
from tests.enrolment.test_races import at_once

pytestmark = pytest.mark.django_db

RIGHT = "et langt passord"
URL = "/logg-inn/"
MOMENT = factories.oslo(2026, 11, 23, 14, 20)


@pytest.fixture
def clock():
    with time_machine.travel(MOMENT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def _no_burst(settings):
    settings.SIGN_IN_BURST_BY_NAME = settings.SIGN_IN_BURST_BY_NETWORK = 10**6


class CountingHasher(hashers.MD5PasswordHasher):
    """Remembers which passwords were hashed: of known and unknown names, right or wrong."""

    seen: list[str] = []

    def encode(self, password: str, salt: str) -> str:
        self.seen.append(password)
        return super().encode(password, salt)


@pytest.fixture
def hashed(settings) -> list[str]:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.seen.clear()
    return CountingHasher.seen


def sign_in_as(username: str, password: str = "feil", *, url: str = URL, **headers: str):
    return Client().post(url, {"login": username, "password": password}, **headers)


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def make_shut_out(username: str) -> None:
    for each in range(30):
        sign_in.count_attempt(username=username, network=f"198.51.100.{each}")


@pytest.mark.usefixtures("clock", "_no_burst")
def test_name_is_shut_out_after_ten_tries_from_anywhere_until_the_hour_is_over(clock, hashed):
    factories.make_user("kari")
    found = [sign_in_as("kari", REMOTE_ADDR=f"192.0.2.{each}").status_code for each in range(12)]
    assert found == 10 * [200] + 2 * [429]
    before = len(hashed)
    assert sign_in_as("kari", RIGHT).status_code == 429
    assert len(hashed) == before
    clock.move_to(factories.oslo(2026, 11, 23, 15))
    assert sign_in_as("kari", RIGHT).status_code == 302


@pytest.mark.usefixtures("clock", "_no_burst")
def test_network_is_shut_out_whatever_names_it_tries(settings, hashed):
    settings.SIGN_INS_PER_HOUR_BY_NETWORK = 5
    factories.make_user("kari")
    found = [sign_in_as(f"navn{each}").status_code for each in range(7)]
    assert found == 5 * [200] + 2 * [429]
    before = len(hashed)
    assert sign_in_as("kari", RIGHT).status_code == 429
    assert len(hashed) == before
    assert sign_in_as("kari", RIGHT, REMOTE_ADDR="192.0.2.9").status_code == 302


@pytest.mark.usefixtures("clock", "_no_burst")
def test_network_over_its_limit_shuts_no_further_name_out(settings):
    settings.SIGN_INS_PER_HOUR_BY_NETWORK = 5
    factories.make_user("kari")
    for each in range(5):
        sign_in_as(f"navn{each}")
    for _each in range(30):
        assert sign_in_as("kari").status_code == 429
    assert sign_in_as("kari", RIGHT, REMOTE_ADDR="192.0.2.9").status_code == 302


@pytest.mark.usefixtures("clock")
def test_burst_is_answered_in_part_and_goes_on_ten_seconds_later(clock, settings):
    factories.make_user("kari")
    found = [sign_in_as("kari").status_code for _each in range(5)]
    assert found == 3 * [200] + 2 * [429]
    clock.shift(timedelta(seconds=10))
    assert sign_in_as("kari", RIGHT).status_code == 302


@pytest.mark.usefixtures("clock")
def test_burst_over_many_names_is_answered_in_part(clock):
    found = [sign_in_as(f"navn{each}").status_code for each in range(8)]
    assert found == 6 * [200] + 2 * [429]
    assert sign_in_as("navn1", REMOTE_ADDR="192.0.2.9").status_code == 200


@pytest.mark.usefixtures("clock", "_no_burst")
def test_signing_in_resets_no_count(settings):
    settings.SIGN_INS_PER_HOUR_BY_NETWORK = 4
    factories.make_user("own")
    factories.make_user("kari")
    for username, password in (("kari", "feil"), ("own", RIGHT), ("kari", "feil"), ("own", RIGHT)):
        sign_in_as(username, password)
    assert sign_in_as("kari", RIGHT).status_code == 429
    assert sign_in_as("own", RIGHT).status_code == 429


@pytest.mark.usefixtures("clock", "_no_burst")
@pytest.mark.parametrize("other", ["KARI", " kari ", "\uff4bari", "Kari"])
def test_ways_of_writing_a_name_share_its_tries(other):
    for _each in range(10):
        sign_in_as(other)
    assert sign_in_as("kari").status_code == 429


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("language", ["", "/nn", "/en"])
def test_known_and_unknown_names_get_the_same_answer_and_keep_what_was_written(language):
    factories.make_user("kari")
    pages = []
    for username in ("kari", "nobody"):
        make_shut_out(username)
        response = sign_in_as(username, "hemmelig ord", url=f"{language}{URL}")
        assert response.status_code == 429
        page = text_of(response)
        assert f'value="{username}"' in page
        assert "hemmelig ord" not in page
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
        pages.append(page.replace(username, "…"))
    assert pages[0] == pages[1]
    words = {
        "": "Vent litt og prøv igjen, eller be en koordinator slippe deg inn.",
        "/nn": "Vent litt og prøv igjen, eller be ein koordinator sleppe deg inn.",
        "/en": "Wait a little and try again, or ask a coordinator to let you in.",
    }
    assert words[language] in pages[0]


@pytest.mark.usefixtures("clock", "_no_burst")
def test_all_languages_share_the_tries():
    for url in (URL, "/nn/logg-inn/", "/en/logg-inn/"):
        for _each in range(4):
            last = sign_in_as("kari", url=url)
    assert last.status_code == 429


@pytest.mark.usefixtures("clock")
def test_form_that_lacks_something_hashes_and_counts_nothing(hashed):
    for fields in ({}, {"login": "kari"}, {"password": "feil"}, {"login": "k\x00"}):
        assert Client().post(URL, fields).status_code == 200
    assert hashed == []
    assert not RateCount.objects.exists()


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("length", [150, 151, 100_000])
def test_name_of_any_length_is_taken_calmly(length):
    assert sign_in_as("k" * length).status_code == 200


@pytest.mark.usefixtures("clock")
def test_counting_a_try_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        sign_in.count_attempt(username="kari", network="192.0.2.7")


@pytest.mark.parametrize(
    "path", ["/admin/login/", "/nn/admin/login/", "/en/admin/login/", "/admin/", "/admin/logout/"]
)
def test_admin_looks_at_no_password(path, hashed):
    factories.make_user("kari", is_staff=True, is_superuser=True)
    hashed.clear()
    client = Client()
    response = client.post(path, {"login": "kari", "password": RIGHT, "next": "/admin/"})
    assert response.status_code == 302
    assert "sessionid" not in response.cookies
    assert "session" not in response.cookies
    assert hashed == []


@pytest.mark.usefixtures("clock", "_no_burst")
def test_password_is_not_guessed_in_a_browser_that_was_left_signed_in(hashed):
    user = factories.make_user("kari")
    client = Client()
    client.force_login(user)
    answers = {"old_password": "feil", "new_password1": "tre ville ender"}
    answers["new_password2"] = answers["new_password1"]
    found = [client.post("/logg-inn/passord/", answers).status_code for _each in range(12)]
    assert found == 10 * [200] + 2 * [429]
    before = len(hashed)
    answers["old_password"] = RIGHT
    page = client.post("/logg-inn/passord/", answers)
    assert "Vent litt og prøv igjen" in text_of(page)
    assert len(hashed) == before


@pytest.mark.django_db(transaction=True)
def test_sixty_wrong_passwords_at_once_are_mostly_not_hashed_and_shut_the_right_one_out(hashed):
    factories.make_user("kari")
    hashed.clear()
    with time_machine.travel(MOMENT):
        results = at_once(*[lambda: sign_in_as("kari").status_code for _each in range(60)])
        # Three of them; more only where a slow machine takes longer than ten seconds.
        assert set(results) == {200, 429}
        assert Counter(results)[200] <= 10
        assert len(hashed) == Counter(results)[200]
        assert sign_in_as("kari", RIGHT).status_code == 429
        assert RateCount.objects.order_by("-count").values_list("count", flat=True)[0] == 61


@pytest.mark.django_db(transaction=True)
def test_of_sixty_guesses_at_once_most_are_not_looked_at(hashed):
    factories.make_user("kari")
    hashed.clear()
    words = [*(f"gjett {each}" for each in range(59)), RIGHT]
    with time_machine.travel(MOMENT):
        at_once(*[lambda word=word: sign_in_as("kari", word).status_code for word in words])
    assert len(hashed) <= 10


# Let in again


@pytest.mark.usefixtures("clock")
def test_coordinator_lets_a_tutor_in_again_with_one_click():
    tutor = factories.make_tutor_with_sign_in()
    username = tutor.user.username
    make_shut_out(username)
    staff = Client()
    staff.force_login(factories.make_coordinator())
    page = text_of(staff.get(f"/admin/courses/tutor/{tutor.pk}/change/"))
    action = f"/admin/courses/tutor/{tutor.pk}/slipp-inn/"
    assert f'action="{action}"' in page
    assert "Slipp kursholderen inn igjen" in page
    done = text_of(staff.post(action, follow=True))
    assert "Kursholderen kan logge inn igjen." in done
    assert "Slipp kursholderen inn igjen" not in done
    assert sign_in_as(username, RIGHT).status_code == 302


@pytest.mark.usefixtures("clock")
def test_the_click_is_in_the_tutors_history():
    tutor = factories.make_tutor_with_sign_in()
    staff = Client()
    staff.force_login(factories.make_coordinator())
    staff.post(f"/admin/courses/tutor/{tutor.pk}/slipp-inn/")
    history = text_of(staff.get(f"/admin/courses/tutor/{tutor.pk}/history/"))
    assert "Endret innlogging." in history


@pytest.mark.usefixtures("clock")
def test_looking_lets_nobody_in():
    tutor = factories.make_tutor_with_sign_in()
    make_shut_out(tutor.user.username)
    staff = Client()
    staff.force_login(factories.make_coordinator())
    assert staff.get(f"/admin/courses/tutor/{tutor.pk}/slipp-inn/").status_code == 302
    assert sign_in_as(tutor.user.username, RIGHT).status_code == 429


@pytest.mark.usefixtures("clock")
def test_there_is_no_button_while_nobody_is_shut_out():
    tutor = factories.make_tutor_with_sign_in()
    staff = Client()
    staff.force_login(factories.make_coordinator())
    page = text_of(staff.get(f"/admin/courses/tutor/{tutor.pk}/change/"))
    assert "slipp-inn" not in page


@pytest.mark.usefixtures("clock")
def test_tutors_and_strangers_let_nobody_in():
    tutor = factories.make_tutor_with_sign_in()
    make_shut_out(tutor.user.username)
    own = Client()
    own.force_login(tutor.user)
    action = f"/admin/courses/tutor/{tutor.pk}/slipp-inn/"
    assert own.post(action, follow=True).status_code == 404
    assert Client().post(action).status_code == 302
    viewer = factories.make_user(is_staff=True)
    signed_in = Client()
    signed_in.force_login(viewer)
    assert signed_in.post(action).status_code == 403
    assert sign_in.is_shut_out(tutor.user.username)


def test_new_password_by_a_link_lets_somebody_in_who_was_shut_out():
    user = factories.make_user("kari", email="kari@example.org")
    for name in (user.username, user.email):
        make_shut_out(name)
    token = links.password_token(user, Purpose.PASSWORD)
    services.choose_password(token=token, password="fjord og fjell 7")
    assert sign_in_as("kari", "fjord og fjell 7").status_code == 302
    assert not sign_in.is_shut_out("kari@example.org")


@pytest.mark.usefixtures("clock")
def test_command_lets_a_coordinator_in_again():
    user = factories.make_coordinator()
    make_shut_out(user.username)
    make_shut_out("another")
    told = io.StringIO()
    call_command("let_in_again", user.username, stdout=told)
    assert told.getvalue() == f"{user.username} may sign in again.\n"
    assert sign_in_as(user.username, RIGHT).status_code == 302
    assert sign_in.is_shut_out("another")


@pytest.mark.usefixtures("clock", "_no_burst")
def test_command_lets_a_network_in_again(settings):
    settings.SIGN_INS_PER_HOUR_BY_NETWORK = 2
    user = factories.make_coordinator()
    address = "2001:db8::7"
    for each in range(3):
        sign_in_as(f"navn{each}", REMOTE_ADDR=address)
    call_command("let_in_again", user.username, stdout=io.StringIO())
    assert sign_in_as(user.username, RIGHT, REMOTE_ADDR=address).status_code == 429
    told = io.StringIO()
    call_command("let_in_again", user.username, address="2001:db8::9", stdout=told)
    assert told.getvalue().endswith("So may others in 2001:db8::/56.\n")
    assert sign_in_as(user.username, RIGHT, REMOTE_ADDR=address).status_code == 302


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody"], "Nobody has the user name nobody."),
        (["kari", "--address", "her"], "her is no IP address."),
    ],
)
def test_command_says_what_is_wrong(arguments, words):
    factories.make_user("kari")
    with pytest.raises(CommandError, match=re.escape(words)):
        call_command("let_in_again", *arguments, stdout=io.StringIO())


def test_signing_in_does_not_lock_or_read_more_than_before():
    factories.make_user("kari")
    with CaptureQueriesContext(connection) as queries:
        sign_in_as("kari")
    statements = [each["sql"].split()[0] for each in queries.captured_queries]
    assert statements == ["INSERT", "SELECT", "SELECT"]


def test_session_has_another_key_after_signing_in():
    """Whoever made a browser use a key they know is not signed in by it."""
    factories.make_user("kari")
    client = Client()
    session = client.session
    session["kept"] = "since before"
    session.save()
    known = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = known

    client.post(URL, {"login": "kari", "password": RIGHT})

    assert "_auth_user_id" in client.session
    assert client.session.session_key != known
    assert not client.session.exists(known)
