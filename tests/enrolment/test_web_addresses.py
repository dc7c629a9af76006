"""What in a name a mail program would make a link of, and what is only written without a space."""

import pytest
from django.core.exceptions import ValidationError

from certificates.forms.attendance import RegisterForm
from certificates.forms.claim import ClaimForm
from certificates.forms.correct import CorrectForm
from enrolment.admin.phone_sign_up_form import PhoneSignUpForm
from enrolment.forms.sign_up import SignUpForm, clean_name
from enrolment.forms.web_addresses import holds_web_address
from tests import factories

NAMES = [
    ("Mohd.Ali", "Mohd. Ali"),
    ("Prof.Hansen", "Prof. Hansen"),
    ("Prof.Dr.Hansen", "Prof. Dr. Hansen"),
    ("O.Hansen", "O. Hansen"),
    ("o.hansen", "o. hansen"),
    ("O.Li", "O. Li"),
    ("Dr.Li", "Dr. Li"),
    ("J.P.Li", "J.P. Li"),
    ("J.R.R. Testesen", "J.R.R. Testesen"),
    ("Kari A. Prøve", "Kari A. Prøve"),
    ("Mohd. Ali", "Mohd. Ali"),
    ("Kari.Ås", "Kari. Ås"),
    ("Per 2", "Per 2"),
    ("Kari f. 1975", "Kari f. 1975"),
    ("Kari 2.trinn", "Kari 2. trinn"),
    ("Kari kl.12", "Kari kl. 12"),
    ("Kari3", "Kari3"),
]

ADDRESSES = [
    "evil.com",
    "Evil.Com",
    "EVIL.COM",
    "x.com",
    "X.com",
    "t.co",
    "vg.no",
    "VG.no",
    "www.x.no",
    "www. eksempel",
    "WWW.EKSEMPEL.TULL",
    "www1.eksempel.tull",
    "Se eksempel.no",
    "eksempel.no.",
    "Kari,eksempel.no",
    "sub.eksempel.co.uk",
    "a-b.xn--p1ai",
    "eksempel.рф",
    "eksempel。com",  # an ideographic full stop is one in an address too
    "eksempel\uff0ecom",
    "evil.\u200dcom",
    "bit.ly",
]


@pytest.mark.parametrize(("written", "kept"), NAMES)
def test_full_stop_in_a_name_gets_a_space_and_stays(written, kept):
    assert clean_name(written) == kept
    assert clean_name(kept) == kept


@pytest.mark.parametrize("written", ADDRESSES)
def test_web_address_is_refused(written):
    with pytest.raises(ValidationError) as refused:
        clean_name(written)
    assert refused.value.code == "address"


@pytest.mark.parametrize(
    "written",
    [
        "Ring 820 00 000",
        "Ring 8-2-0-0-0",
        "Kari 22 - 86 - 50 - 11",
        "Kari 22865011",
        "Kari +47 22.86.50.11",
        "Kari 07979",
        "Kari 10.0.0.10",
        "http://eksempel.tull",
        "a@b.tull",
    ],
)
def test_number_to_ring_or_sign_of_an_address_is_refused(written):
    with pytest.raises(ValidationError) as refused:
        clean_name(written)
    assert refused.value.code == "characters"


def test_refusal_says_how_a_name_is_written():
    with pytest.raises(ValidationError) as refused:
        clean_name("Kari.Li")
    assert refused.value.messages == [
        "Dette ser ut som en nettadresse. Er det et navn, så skriv et mellomrom etter punktumet."
    ]
    assert clean_name("Kari. Li") == "Kari. Li"


def test_endless_word_is_refused_at_once():
    with pytest.raises(ValidationError) as refused:
        clean_name("a" * 1_000_000)
    assert refused.value.code == "long"


@pytest.mark.parametrize("kept", [kept for _written, kept in NAMES])
def test_name_that_is_kept_holds_no_address(kept):
    assert not holds_web_address(kept)


@pytest.mark.parametrize(
    ("form", "answers"),
    [
        (SignUpForm, {"email": "kari@example.org"}),
        (ClaimForm, {"code": "ABCDEF"}),
        (CorrectForm, {"language": "nb"}),
    ],
)
def test_every_form_reads_a_name_alike(form, answers):
    taken = form(answers | {"name": "Mohd.Ali"})
    assert taken.is_valid()
    assert taken.cleaned_data["name"] == "Mohd. Ali"
    assert form(answers | {"name": "evil.com"}).has_error("name", "address")


@pytest.mark.django_db
def test_register_and_caller_form_read_a_name_alike():
    run = factories.make_published_run()

    def register(name: str) -> RegisterForm:
        return RegisterForm({"name": name}, session=run.sessions.get(), students=[], marks={})

    def caller(name: str) -> PhoneSignUpForm:
        return PhoneSignUpForm({"name": name, "phone": "22865011"}, run=run, college=None)

    for form in (register, caller):
        taken, refused = form("Mohd.Ali"), form("evil.com")
        taken.is_valid()
        assert taken.cleaned_data["name"] == "Mohd. Ali"
        assert refused.has_error("name", "address")
