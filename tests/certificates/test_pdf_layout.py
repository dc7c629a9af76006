"""Long facts on a certificate: smaller letters, then another page, and nothing clipped."""

import io
import re

import pypdf
import pytest

from certificates import pdf
from certificates.models import Certificate
from courses.models import Partner, Tutor
from tests.certificates.test_pdf import LONG, lines_of, make_certificate, parts_of, read

SITE = "https://kurs.example.org"
LIMITS = {
    name: Certificate._meta.get_field(name).max_length
    for name in ("name", "title", "place", "college_name")
}
OWNER, TUTOR = (model._meta.get_field("name").max_length for model in (Partner, Tutor))
WORDING = 300


def words_of(length: int) -> str:
    return ("Fjordbygda samskapingsråd og " * 20)[: length - 1] + "!"


def full(make, *, owners: int = 14, tutors: int = 9) -> Certificate:
    """Every field at its limit at once."""
    return make_certificate(
        **{name: make(length) for name, length in LIMITS.items()},
        owners=[{"name": make(OWNER), "logo": ""} for _each in range(owners)],
        tutors=[make(TUTOR)] * tutors,
        wording=make(WORDING),
        site_url=SITE,
    )


def letters_of(data: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def count(data: bytes, *texts: str) -> list[int]:
    letters = letters_of(data)
    return [letters.count(re.sub(r"\s", "", text)) for text in texts]


FIELD = {
    "owners of 60 letters": (
        {"owners": [{"name": f"{words_of(57)}{each:03}", "logo": ""} for each in range(14)]},
        pdf.Fit.READABLE,
    ),
    "a tutor of 74 letters": (
        {"tutors": ["Kari Nordmann-Etternavnesen, erfaringskonsulent i Fjordbygda kommune, Nord"]},
        pdf.Fit.READABLE,
    ),
    "both, and a wording": (
        {
            "owners": [{"name": words_of(60), "logo": ""}] * 14,
            "tutors": ["Kari Nordmann-Etternavnesen, erfaringskonsulent i Fjordbygda kommune"] * 4,
            "wording": words_of(WORDING),
        },
        pdf.Fit.READABLE,
    ),
    "everything long": (LONG, pdf.Fit.READABLE),
}


@pytest.mark.parametrize(("fields", "fit"), FIELD.values(), ids=FIELD)
def test_what_colleges_write_is_printed_in_letters_that_can_be_read(fields, fit):
    certificate = make_certificate(site_url=SITE, **fields)
    data = pdf.render([certificate])
    assert pdf.fits([certificate]) == [fit]
    assert len(read(data).pages) == 1
    assert_inside(data)
    for owner in certificate.owners:
        assert count(data, owner["name"])[0] >= 1
    for tutor in certificate.tutors:
        assert count(data, tutor)[0] >= 1
    assert count(data, certificate.wording) == [1]


def assert_inside(data: bytes) -> None:
    """Every piece of text begins within the printer's margins, on every page."""
    document = read(data)
    for number in range(len(document.pages)):
        pieces = lines_of(data, number)
        assert min(x for x, _y, _text in pieces) >= 13
        assert max(x for x, _y, _text in pieces) <= 196
        assert min(y for _x, y, _text in pieces) >= 13.5
        assert max(y for _x, y, _text in pieces) <= 283


MAKERS = {
    "words": words_of,
    "unbroken": lambda length: "W" * length,
    "wide": lambda length: "國" * length,
}


@pytest.mark.parametrize(("kind", "pages"), [("words", 2), ("unbroken", 3), ("wide", 3)])
def test_every_field_at_its_limit_goes_on_to_another_page_and_says_so(kind, pages):
    make = MAKERS[kind]
    certificate = full(make)
    data = pdf.render([certificate])
    assert pdf.fits([certificate]) == [pdf.Fit.FLOWS]
    assert len(read(data).pages) == pages
    assert_inside(data)
    letters = letters_of(data)
    letter = make(LIMITS["name"])[0]
    expected = sum(LIMITS.values()) + 14 * OWNER + 9 * TUTOR + WORDING
    if letter in "W國":
        assert letters.count(letter) == expected
    else:
        assert letters.count("!") == len(LIMITS) + 14 + 9 + 1
    assert "ABC-DEFG-HJK" in letters


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_longest_name_title_and_place_stay_on_one_page(make):
    certificate = make_certificate(
        site_url=SITE, **{name: make(length) for name, length in LIMITS.items()}
    )
    data = pdf.render([certificate])
    assert pdf.fits([certificate]) != [pdf.Fit.FLOWS]
    assert len(read(data).pages) == 1
    assert_inside(data)


def test_long_one_among_others_changes_none_of_them():
    plain = make_certificate(site_url=SITE)
    flowing = full(words_of)
    data = pdf.render([plain, flowing, plain])
    assert len(read(data).pages) == 4
    alone = lines_of(pdf.render([plain]))
    assert lines_of(data, 0) == alone
    assert lines_of(data, 3) == alone
    document = read(data)
    assert {str(each.Lang) for each in parts_of(document, "/Sect")} == {"nb"}


def test_facts_and_signatures_never_meet():
    """From short to long, one step after the other: the last fact stays above the first line."""
    for owners in range(1, 40, 3):
        certificate = make_certificate(
            site_url=SITE,
            title=words_of(120),
            owners=[{"name": words_of(60), "logo": ""}] * owners,
            place="Sist",
        )
        if pdf.fits([certificate]) == [pdf.Fit.FLOWS]:
            continue
        pieces = lines_of(pdf.render([certificate]))
        (facts_end,) = [y for _x, y, text in pieces if "Sist" in text]
        signed = max(y for _x, y, text in pieces if "Bo Ek" in text)
        assert facts_end - signed > 8
        assert_inside(pdf.render([certificate]))
