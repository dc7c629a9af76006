import pytest
from django.http import QueryDict

from enrolment.forms.sign_up import MyLinkForm, SignUpForm


def sign_up_form(**answers: str) -> SignUpForm:
    data = QueryDict(mutable=True)
    data.update({"name": "Kari Nordmann", "email": "kari@example.org"} | answers)
    return SignUpForm(data)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("22 86 50 00", "+4722865000"),
        ("22865000", "+4722865000"),
        ("+47 22 86 50 00", "+4722865000"),
        ("0047 22865000", "+4722865000"),
        ("+46 70 123 45 67", "+46701234567"),
        ("", ""),
    ],
)
def test_phone_is_kept_in_one_notation(written, kept):
    form = sign_up_form(phone=written)
    assert form.is_valid()
    assert form.cleaned_data["phone"] == kept


@pytest.mark.parametrize(
    "phone",
    [
        "tull",
        "12",
        "0412 345 678",
        "380441234567",
        "22 86 50 00 11 22 33 44 55",
        "228650111",
        "+47",
    ],
)
def test_what_is_no_phone_number_is_told_how_to_write(phone):
    form = sign_up_form(phone=phone)
    assert form.errors["phone"] == [
        "Skriv et telefonnummer med åtte sifre, eller med + og landkode."
    ]


@pytest.mark.parametrize(
    "phone",
    [
        "22865011 / 90000000",
        "22 86 50 11, 90 00 00 00",
        "+47 22 86 50 11 x12",
        "22 86 50 11 (mamma)",
        "22 86 50 11 ext. 12",
        "tlf. 22 86 50 11",
        "22 86 FISK",
        "22 86 50 11;12",
    ],
)
def test_nothing_beside_a_phone_number_is_left_out_in_silence(phone):
    form = sign_up_form(phone=phone)
    assert form.errors["phone"] == [
        "Skriv ett telefonnummer her, uten ord: åtte sifre, eller med + og landkode."
    ]
    assert form["phone"].value() == phone


def test_answers_survive_the_way_through_hidden_fields():
    form = sign_up_form(phone="22865000", adjustment="Linje 1\r\nLinje 2", companion="on")
    assert form.is_valid()
    again = sign_up_form(**form.answers)
    assert again.is_valid()
    assert again.cleaned_data == form.cleaned_data
    assert again.places == 2


def test_one_way_to_be_reached_is_enough():
    assert sign_up_form(email="", phone="22865000").is_valid()
    assert sign_up_form(phone="").is_valid()
    form = sign_up_form(email="", phone="")
    assert form.errors == {
        "email": ["Skriv en e-postadresse eller et telefonnummer, så vi kan nå deg."]
    }
    assert set(sign_up_form(email="tull").errors) == {"email"}


def test_spaces_and_case_are_tidied():
    form = sign_up_form(name="  Kari \t Nordmann ", email=" Kari@Example.ORG ")
    assert form.is_valid()
    assert form.cleaned_data["name"] == "Kari Nordmann"
    assert form.cleaned_data["email"] == "kari@example.org"


@pytest.mark.parametrize("name", ["李小龙", "Åse-Marie O'Brien", "Nguyễn Thị", "K", "Ida 2"])
def test_names_of_all_kinds_are_welcome(name):
    assert sign_up_form(name=name).is_valid()


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "123", "???", "\x00", "x" * 101])
def test_what_is_no_name_is_not(name):
    assert list(sign_up_form(name=name).errors) == ["name"]


def test_field_with_an_identity_number_keeps_its_text_and_points_at_it():
    form = sign_up_form(adjustment="Nummeret er 010190 10046, stor skrift")
    assert form.errors == {
        "adjustment": [
            "Det som begynner med 010190, ser ut som et fødselsnummer. Det trenger vi aldri: ta "
            "det bort, og gå så videre."
        ]
    }
    assert form["adjustment"].value() == "Nummeret er 010190 10046, stor skrift"


IDENTITY_NUMBERS = [
    "01019010046",
    "010190 10046",
    "01.01.90 100 46",
    "010190-10046",
    "41019010110",  # a D number
    "+4701019010046",
    "0047 010190 10046",
    "+47 01.01.90-10046",
]


@pytest.mark.parametrize("written", IDENTITY_NUMBERS)
@pytest.mark.parametrize("field", ["name", "phone", "adjustment"])
def test_identity_number_is_seen_in_every_field_and_kept_there(field, written):
    form = sign_up_form(**{field: written})
    assert form.has_error(field, "identity_number")
    assert form[field].value() == written


@pytest.mark.parametrize("written", [*IDENTITY_NUMBERS, "01019010046@example.org"])
def test_identity_number_is_seen_where_a_link_is_asked_for(written):
    data = QueryDict(mutable=True)
    data["contact"] = written
    form = MyLinkForm(data)
    assert form.has_error("contact", "identity_number")
    assert form["contact"].value() == written


def test_number_of_another_country_is_no_identity_number():
    # Its eleven digits would pass for one.
    assert sign_up_form(phone="+46 70 120 01 87").is_valid()


def test_eleven_digits_that_are_no_identity_number_are_fine():
    assert sign_up_form(adjustment="Sak 12345678901").is_valid()


@pytest.mark.parametrize(
    ("written", "contact"),
    [("Kari@Example.org ", "kari@example.org"), ("22 86 50 00", "+4722865000")],
)
def test_link_goes_to_an_address_or_a_number(written, contact):
    form = MyLinkForm(QueryDict(f"contact={written}".replace(" ", "%20").replace("+", "%2B")))
    assert form.is_valid()
    assert form.cleaned_data["contact"] == contact
