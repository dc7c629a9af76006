"""Passwords that anybody here would guess."""

import pytest
from django.contrib.auth import password_validation
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from courses.models import Partner
from recoverycollege.staff.passwords import NotEasilyGuessed
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def _college():
    factories.make_college(name="Fjordbyen recoveryskole", municipalities="Fjordby\nÅsvik")
    Partner.objects.create(name="Asvik kommune")
    factories.make_tutor(name="Torunn Lierød")


@pytest.mark.parametrize(
    "password",
    [
        "passord123",
        "P@ssord123!",
        "sommer2026",
        "Sommer-2026!",
        "høsten2025",
        "hosten2025",
        "januar2026",
        "mandag1234",
        "Fjordbyen2026",
        "fjordbyenrecoveryskole",
        "Åsvik12345",
        "asvik kommune 1",
        "torunn lierød",
        "TorunnSommer26",
        "kari.moen.2026",
        "1234567890!",
        "qwertyuiop",
    ],
)
def test_password_that_is_easily_guessed_is_refused(password):
    user = User(username="kari", first_name="Kari", last_name="Moen", email="kari@example.org")
    with pytest.raises(ValidationError):
        password_validation.validate_password(password, user)


@pytest.mark.parametrize(
    "password", ["tre ville ender", "fjord og fjell 7", "et langt passord", "hestehov i grusveien"]
)
def test_words_that_have_nothing_to_do_with_each_other_are_taken(password):
    password_validation.validate_password(password, User(username="kari"))


def test_a_very_long_password_is_looked_at_in_time():
    NotEasilyGuessed().validate("sommersol" * 3000 + "x")
