"""Which digits in a text are a phone number, and which are not."""

import pytest

from courses.norwegian.phone_numbers import (
    find_phone_numbers,
    is_mobile,
    keep_phone_numbers_whole,
)

NUMBERS = {
    "Ring 22 86 50 00.": [("22 86 50 00", "+4722865000")],
    "Ring 22\N{NO-BREAK SPACE}86\N{NO-BREAK SPACE}50\N{NO-BREAK SPACE}00!": [
        ("22\N{NO-BREAK SPACE}86\N{NO-BREAK SPACE}50\N{NO-BREAK SPACE}00", "+4722865000")
    ],
    "tlf.22865000": [("22865000", "+4722865000")],
    "tlf. 22865000, spør etter Kari": [("22865000", "+4722865000")],
    "22-86-50-00 eller 22.86.50.01": [
        ("22-86-50-00", "+4722865000"),
        ("22.86.50.01", "+4722865001"),
    ],
    "Mobil: 900 12 345": [("900 12 345", "+4790012345")],
    "Grønt nummer 800 12 345 er gratis": [("800 12 345", "+4780012345")],
    "(90 01 23 45)": [("90 01 23 45", "+4790012345")],
    "+47 22 86 50 00": [("+47 22 86 50 00", "+4722865000")],
    "+4722865000": [("+4722865000", "+4722865000")],
    "(+47) 900 12 345": [("(+47) 900 12 345", "+4790012345")],
    "0047 22 86 50 00": [("0047 22 86 50 00", "+4722865000")],
    "+47 2286 5000": [("+47 2286 5000", "+4722865000")],
    "+46 8 123 456 78 i Sverige": [("+46 8 123 456 78", "+46812345678")],
    "+44 20 7946 0958": [("+44 20 7946 0958", "+442079460958")],
    "22 86 50 00 / 900 12 345": [("22 86 50 00", "+4722865000"), ("900 12 345", "+4790012345")],
    "Ring Kari på 22 86 50 00 mandag 9. mars kl. 18.00–20.30.": [("22 86 50 00", "+4722865000")],
    "Storgata 12, 0155 Oslo, 22 86 50 00": [("22 86 50 00", "+4722865000")],
    "Kontortelefon: 22 86 50 00": [("22 86 50 00", "+4722865000")],
    "Tlf.nr. 22 86 50 00": [("22 86 50 00", "+4722865000")],
}
NONE = [
    "torsdag 12. mars 2026 kl. 18.00–20.30",
    "kl. 18.00-20.30",
    "12.03.2026",
    "12.03.2026–19.03.2026",
    "2026-03-12",
    "20261105",
    "24122026",
    "skoleåret 2026–2027",
    "2026-2027",
    "2026 2027",
    "kr 250",
    "kr 10 000 000",
    "kr 45000000",
    "45 000 000 kroner",
    "45000000 kr",
    "22 86 50 00,-",
    "0155 Oslo",
    "Storgata 12, 4306 Sandnes",
    "Storgata 22 B, 2286 Sted",
    "010190 12345",
    "01019012345",
    "fnr. 010190-12345",
    "org.nr. 987 654 321",
    "Org.nr. 98765432",
    "kontonummer 1234 56 78901",
    "1234.56.78901",
    "Møte-ID: 845 1234 5678",
    "Møtekode: 98765432",
    "Passord 98765432",
    "https://zoom.example.org/j/98765432?pwd=22865000",
    "post@98765432.no",
    "98765432.pdf",
    "uke 22 23 24 25",
    "1 22 86 50 00",
    "22 86 50 00 12",
    "122865000",
    "228650001",
    "12345678",
    "22 86 5000",
    "113",
    "192.168.10.20",
    "59.913868, 10.752245",
    "+1234567",
    "+47 123",
    "3+45 000 000 00",
]


@pytest.mark.parametrize("text", NUMBERS)
def test_phone_numbers_are_found(text):
    found = [(text[each.start : each.end], each.number) for each in find_phone_numbers(text)]
    assert found == NUMBERS[text]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_phone_number_is_left_alone(text):
    assert find_phone_numbers(text) == []
    assert keep_phone_numbers_whole(text) == text


def test_numbers_hold_together_and_the_words_around_them_do_not():
    text = "Ring Kari på 22 86 50 00\neller +46 8 123 456 78 i dag."
    assert keep_phone_numbers_whole(text) == (
        "Ring Kari på 22\xa086\xa050\xa000\neller +46\xa08\xa0123\xa0456\xa078 i dag."
    )


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("+4790012345", True),
        ("+4745000000", True),
        ("+4722865000", False),
        ("+4780012345", False),
        ("+46701234567", True),
        ("+12125550100", True),  # nobody can tell there
        ("", False),
        ("113", False),
    ],
)
def test_mobile_numbers_can_get_an_sms(phone, expected):
    assert is_mobile(phone) is expected
