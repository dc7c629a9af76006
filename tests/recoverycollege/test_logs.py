import json
import logging
import re
import smtplib
import sys

import pytest
from django.db import DataError, IntegrityError
from django.test import Client
from django.urls import reverse

from recoverycollege.logs import DiscreetFormatter, JsonFormatter, discreet
from tests.test_access import addresses

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/min-side/apne/KEY/.",
        "/nn/avmelding/KEY/)",
        "/kalender/KEY.ics.",
        "/kalender/abonnement/KEY.ics.",
        "/nn/si-fra/KEY/.",
        "/bevis/KEY/kursbevis/x",
        "/AVMELDING/KEY/",
    ],
)
def test_a_personal_address_that_was_mistyped_stays_out_of_the_log(path, caplog):
    Client().get(path)
    (record,) = caplog.records
    assert "KEY" in record.getMessage()
    assert "KEY" not in DiscreetFormatter().format(record)


def test_every_address_that_opens_something_stays_out_of_the_log():
    opening = [
        (name, each)
        for name, each in addresses().items()
        # The address of a run's feedback is the same for everybody.
        if {"token", "key"} & set(each.pattern.converters) and not name.startswith("feedback")
    ]
    assert len(opening) > 8
    for name, each in opening:
        path = reverse(name, args=["KEY" for _each in each.pattern.converters])
        assert "KEY" not in discreet(f"Not Found: {path}"), name


def test_a_personal_address_opened_without_cookies_stays_out_of_the_log(caplog):
    Client(enforce_csrf_checks=True).post("/min-side/apne/KEY/")
    (record,) = caplog.records
    assert DiscreetFormatter().format(record).endswith(": /min-side/apne/…/")


def line_of(error: BaseException, message: str = "Broken") -> dict[str, str]:
    """The line in the log for an error that was caught."""
    try:
        raise error
    except type(error):
        record = logging.LogRecord("x", logging.ERROR, "", 1, message, (), sys.exc_info())
    written = JsonFormatter().format(record)
    assert "\n" not in written
    return json.loads(written)


def test_the_values_of_a_database_error_stay_out_of_the_log():
    error = line_of(
        IntegrityError("duplicate key\nDETAIL:  Key (email)=(kari@example.org) exists.")
    )["error"]
    assert error.endswith("IntegrityError: duplicate key")
    assert "test_logs.py" in error


@pytest.mark.parametrize(
    "error",
    [
        ValueError("invalid literal: Kari Nordmann"),
        KeyError("Kari Nordmann"),
        DataError('invalid input syntax for type integer: "Kari Nordmann"'),
        UnicodeEncodeError("ascii", "Kari Nordmann", 0, 1, "no"),
        FileNotFoundError(2, "No such file", "Kari Nordmann.pdf"),
        smtplib.SMTPRecipientsRefused({"Kari Nordmann": (550, b"no")}),
        smtplib.SMTPSenderRefused(550, "Kari Nordmann is not known", "post@example.org"),
        RuntimeError("Kari Nordmann"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_an_error_repeats_stays_out_of_the_log(error):
    assert "Kari" not in line_of(error)["error"]


def test_neither_does_it_tell_what_lay_behind():
    error = RuntimeError("b")
    error.__cause__ = ValueError("Kari Nordmann")
    told = line_of(error)["error"]
    assert re.findall(r"^\w+Error", told, re.MULTILINE) == ["ValueError", "RuntimeError"]
    assert "Kari" not in told


def test_addresses_numbers_and_what_was_looked_for_stay_out_of_the_log():
    told = line_of(
        TypeError(), "550 <kari@example.org> at /kurs/?tekst=angst, ring +4799999921, in 12345678"
    )["message"]
    assert told == "550 <…@…> at /kurs/?… ring +…, in 12345678"


def test_a_failure_is_one_line_with_the_number_that_its_page_shows(monkeypatch, caplog):
    words = " ".join(["Kari", "Nordmann"])

    class Failing:
        def __getattr__(self, name: str) -> object:
            raise ValueError(words)

    monkeypatch.setattr("courses.views.errors.connection", Failing())
    page = Client(raise_request_exception=False).get("/healthz").content.decode()
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    [line] = [each for each in lines if "id" in each]
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", line["id"])
    assert line["id"] in page
    assert (line["level"], line["message"]) == ("ERROR", "Internal Server Error: /healthz")
    assert "healthz" in line["error"]
    assert words not in str(lines)
