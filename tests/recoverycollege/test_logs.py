import logging
import sys

import pytest
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string

from recoverycollege.logs import DiscreetFormatter

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


def test_a_personal_address_opened_without_cookies_stays_out_of_the_log(caplog):
    Client(enforce_csrf_checks=True).post("/min-side/apne/KEY/")
    (record,) = caplog.records
    assert DiscreetFormatter().format(record).endswith(": /min-side/apne/…/")


def test_the_values_of_a_database_error_stay_out_of_the_log():
    values = "Key (email)=(kari@example.org) exists."
    try:
        raise ValueError("duplicate key\nDETAIL:  " + values)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "Broken", (), sys.exc_info())
    written = DiscreetFormatter().format(record)
    assert "duplicate key" in written
    assert "kari@example.org" not in written


def test_the_log_is_written_discreetly():
    handler = settings.LOGGING["handlers"]["console"]
    formatter = settings.LOGGING["formatters"][handler["formatter"]]
    assert import_string(formatter["()"]) is DiscreetFormatter
