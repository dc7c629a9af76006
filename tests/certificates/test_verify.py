"""Checking a certificate: what is told, to whom, how often, and that nothing else is told."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certificates import services
from certificates.models import Certificate, make_proof, new_number
from certificates.views import verify as view
from courses.models import RateCount
from courses.norwegian.formatting import DASH
from tests import factories
from tests.certificates.test_services import be_there, make_held_run
from tests.enrolment.test_races import at_once

pytestmark = pytest.mark.django_db

URL = "/kursbevis/"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(view, "ANSWER_TAKES", 0)


@pytest.fixture
def certificate():
    run = make_held_run(course=factories.make_course(discreet_title="Mot til å være seg selv"))
    be_there(run, sessions=2)
    (issued,) = services.issue(run=run, by=None)
    return issued


def ask(number: str, name: str = "Kari Lie", *, url: str = URL, **headers: str):
    return Client(enforce_csrf_checks=True).post(url, {"number": number, "name": name}, **headers)


def heading(response) -> str:
    return re.search(r"<h1>(.*?)</h1>", response.content.decode()).group(1)


def test_genuine_one_is_told_with_title_dates_and_hours(certificate):
    response = ask(certificate.printed_number)
    assert response.status_code == 200
    assert heading(response) == "Kursbeviset er ekte"
    page = response.content.decode()
    for words in ("Mot til å være seg selv", f"5.{DASH}12.\xa0november 2025", "4 timer"):
        assert words in page


@pytest.mark.parametrize("change", [str.lower, lambda number: number.replace("-", "")])
def test_number_may_be_written_in_any_manner(certificate, change):
    assert services.verify(
        number=change(certificate.printed_number), name="Kari Lie"
    ) == services.Answer(services.Verdict.GENUINE, certificate)


def test_spaces_and_width_are_nothing():
    assert services.normalise_number(" ａbc – 2345\u00a0678 ") == "ABC2345678"


@pytest.mark.parametrize("name", ["kari lie", " KARI   LIE ", "Kari\u00a0Lie"])
def test_case_and_spaces_of_the_name_are_nothing(certificate, name):
    answer = services.verify(number=certificate.number, name=name)
    assert answer.verdict == services.Verdict.GENUINE


def test_replaced_one_is_told_to_whoever_has_its_name(certificate):
    certificate.superseded_by = Certificate.objects.create(
        **{
            each.attname: getattr(certificate, each.attname)
            for each in Certificate._meta.concrete_fields
            if each.name not in ("id", "number", "student")
        },
        number=new_number(),
    )
    certificate.save()
    assert heading(ask(certificate.number)) == "Kursbeviset er erstattet"
    assert "Mot til å være" not in ask(certificate.number).content.decode()


def test_withdrawn_one_is_not_valid(certificate):
    Certificate.objects.update(revoked_at=timezone.now())
    response = ask(certificate.number)
    assert heading(response) == "Kursbeviset er ikke gyldig"
    assert "Mot til å være" not in response.content.decode()


def test_works_when_the_name_is_forgotten(certificate):
    Certificate.objects.update(name="", student=None)
    assert heading(ask(certificate.number)) == "Kursbeviset er ekte"
    assert heading(ask(certificate.number, "Ola Dal")) == "Vi kan ikke bekrefte dette"


@pytest.mark.parametrize("state", ["valid", "replaced", "withdrawn", "forgotten"])
def test_number_alone_tells_nothing(certificate, state):
    """A wrong name is answered byte for byte as a number that does not exist."""
    known = certificate.number
    if state == "replaced":
        other = factories.make_run()
        certificate.run, certificate.student = other, None
        certificate.number, certificate.pk = new_number(), None
        certificate.save()
        Certificate.objects.filter(number=known).update(superseded_by=certificate)
    elif state == "withdrawn":
        Certificate.objects.update(revoked_at=timezone.now())
    elif state == "forgotten":
        Certificate.objects.update(name="", student=None)
    unknown = new_number()
    existing, missing = ask(known, "Ola Dal"), ask(unknown, "Ola Dal")
    assert existing.status_code == missing.status_code == 200
    assert dict(existing.headers) == dict(missing.headers)
    assert existing.content.replace(known.encode(), b"-") == missing.content.replace(
        unknown.encode(), b"-"
    )
    assert known.encode() in existing.content  # kept in the field, to be corrected


def test_every_answer_is_the_same_work(certificate, monkeypatch):
    """One query and one keyed hash, whatever is asked."""
    hashes = []
    monkeypatch.setattr(
        services.verifying,
        "make_proof",
        lambda number, name: hashes.append(number) or make_proof(number, name),
    )
    asked = [
        (certificate.number, "Kari Lie"),
        (certificate.number, "Ola Dal"),
        (new_number(), "Kari Lie"),
        ("nei", "x"),
        ("ABC\x00", "\x00"),
    ]
    statements = []
    for number, name in asked:
        with CaptureQueriesContext(connection) as queries:
            services.verify(number=number, name=name)
        statements.append(len(queries))
    assert statements == [1] * len(asked)
    assert len(hashes) == len(asked)


def test_answer_waits_as_long_for_everybody(certificate, monkeypatch):
    monkeypatch.setattr(view, "ANSWER_TAKES", 0.05)
    for number in (certificate.number, new_number()):
        started = timezone.now()
        ask(number)
        assert timezone.now() - started >= timedelta(seconds=0.05)


def test_missing_words_are_asked_for_kindly():
    factories.make_college()
    page = Client().post(URL, {"number": "", "name": ""}).content.decode()
    assert "<title>Feil:" in page
    assert "Skriv nummeret" in page
    assert "Skriv navnet" in page
    assert not RateCount.objects.exists()


@pytest.mark.parametrize("number", ["X" * 10_000, "💥" * 10, "\x00", "%s' or 1=1 --"])
def test_odd_words_are_taken_calmly(number):
    factories.make_college()
    assert ask(number, "\x00 ' or 1=1 --" + number).status_code == 200


def test_no_cookie_no_cache_and_no_search_engine(certificate):
    for response in (Client().get(URL), ask(certificate.number)):
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_address_of_a_question_is_not_read(certificate):
    """The links to other languages keep what stands in an address; the form reads none of it."""
    page = Client().get(URL, {"number": certificate.number, "name": "Kari Lie"}).content.decode()
    assert "value=" not in page
    assert "Kursbeviset er ekte" not in page


@pytest.mark.parametrize(
    ("url", "words"),
    [("/nn/kursbevis/", "Kursbeviset er ekte"), ("/en/kursbevis/", "The certificate is genuine")],
)
def test_other_languages(certificate, url, words):
    assert heading(ask(certificate.number, url=url)) == words


# How often


def test_too_many_from_one_place_are_asked_to_come_back(certificate, settings):
    settings.CERTIFICATE_CHECKS_PER_HOUR = 2
    with time_machine.travel(factories.oslo(2026, 11, 23, 14, 20), tick=False):
        assert [ask(certificate.number).status_code for _each in range(3)] == [200, 200, 429]
        later = ask(certificate.number)
        assert later["Retry-After"] == str(40 * 60)
        assert "kl.\xa015.00" in later.content.decode()
        assert "Mot til å være" not in later.content.decode()
        assert ask(certificate.number, REMOTE_ADDR="192.0.2.7").status_code == 200
    with time_machine.travel(factories.oslo(2026, 11, 23, 15, 0), tick=False):
        assert ask(certificate.number).status_code == 200


def test_no_network_takes_anything_from_the_others(certificate, settings):
    settings.CERTIFICATE_CHECKS_PER_HOUR = 2
    with time_machine.travel(factories.oslo(2026, 11, 23, 14, 20)):
        for each in range(40):
            address = f"192.0.2.{each}"
            found = [ask(certificate.number, REMOTE_ADDR=address).status_code for _each in range(3)]
            assert found == [200, 200, 429]


def test_a_check_is_counted_once_and_without_an_address(certificate):
    assert ask(certificate.number, REMOTE_ADDR="192.0.2.7").status_code == 200
    (count,) = RateCount.objects.values_list("count", "key")
    assert count[0] == 1
    assert re.fullmatch("[0-9a-f]{64}", count[1])


@pytest.mark.django_db(transaction=True)
def test_limit_holds_for_many_at_once(settings):
    settings.CERTIFICATE_CHECKS_PER_HOUR = 5

    def check() -> bool:
        return services.count_check(network="192.0.2.7") is None

    with time_machine.travel(factories.oslo(2026, 11, 23, 14, 20)):
        results = at_once(*[check for _each in range(8)])
    assert sorted(results) == [False] * 3 + [True] * 5
