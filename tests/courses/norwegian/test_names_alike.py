"""Which names may be one person's, and which are surely two."""

import pytest

from courses.norwegian.names import is_like, search_key, sounds_same

SAME = [
    ("Kjersti Nordman", "Kjærsti Nordmann"),
    ("Kirsti Nordman", "Kjirsti Nordman"),
    ("Håkon Aas", "Haakon Ås"),
    ("Turid Nordman", "Nordman, Turid"),
    ("Anne Marie Vik", "Anne-Marie Vik"),
    ("Christian Thomassen", "Kristian Tomasen"),
    ("Bjørg Ødegård", "Bjorg Oedegaard"),
    ("Łukasz Wiśniewski", "Lukasz Visnievski"),
]
LIKE = [
    ("Turid Nordman", "Turit Nordman"),
    ("Turid Nordman", "Turid Nodrman"),
    ("Turid Nordman", "Turid Nordma"),
    ("Turid Nordman", "Turid Elise Nordman"),
    ("Turid", "Turid Nordman"),
    ("Anne Marie Vik", "Anne Vik"),
]
OTHER = [
    ("Ola Nordman", "Ole Nordman"),
    ("Turid Nordman", "Turid Prøvesen"),
    ("Kari Nordman", "Bård Nordman"),
    ("Turit Nodrman", "Turid Nordman"),
    ("", "Turid"),
    ("A B C D E F", "A B C D E G"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_sound_the_same(one, other) -> None:
    assert sounds_same(one, other)
    assert is_like(one, other)


@pytest.mark.parametrize(("one", "other"), LIKE)
def test_one_letter_or_a_middle_name_is_alike(one, other) -> None:
    assert is_like(one, other)
    assert is_like(other, one)
    assert not sounds_same(one, other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_people_are_not_alike(one, other) -> None:
    assert not is_like(one, other)
    assert not is_like(other, one)


def test_search_key_is_plain_letters_digits_and_spaces() -> None:
    assert search_key("  Åse-Marie  D'Æther, (2) ") == "ase marie dather 2"
