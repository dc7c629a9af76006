"""Names as they are compared: the key by which people are found and told apart."""

import re
import unicodedata
from itertools import permutations

# What a telephone or a word processor writes where a keyboard has one character.
LOOKS_ALIKE = str.maketrans(
    dict.fromkeys("\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}`´ʼ", "'")
    | dict.fromkeys("\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}", "-")
)


def normalise_name(name: str) -> str:
    """The name as it is compared, by eye as much as by machine.

    Unicode form, case and spaces do not tell people apart, nor do characters that look alike or
    that nobody sees.
    """
    seen = unicodedata.normalize("NFKC", without_unseen(name).translate(LOOKS_ALIKE))
    return " ".join(seen.casefold().split())


# What no accent is taken off to get there, and how people write it without the key for it.
_PLAIN = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"}
)
# The same sound, written in two ways: Aa and Å, Ae and Æ, Oe and Ø.
_TWO_LETTERS = (("aa", "a"), ("ae", "a"), ("oe", "o"))


def search_key(text: str) -> str:
    """The text as it is searched: «Håkon», «Haakon» and «hakon» are one, «Łukasz» is «lukasz».

    Accents go, ø is o, å and aa are a, æ and ae are a; what is neither letter nor digit is a space.
    """
    plain = unicodedata.normalize("NFD", normalise_name(text).translate(_PLAIN))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("'", "")
    for two, one in _TWO_LETTERS:
        letters = letters.replace(two, one)
    return " ".join(re.sub(r"[^\w]|_", " ", letters).split())


def is_like(one: str, other: str) -> bool:
    """Whether two names may be one person's, a little otherwise written or heard.

    Each part of the shorter name is found in the longer one, in any order; the rest are middle
    names. One part may have a letter wrong, missing, added or swapped with its neighbour.
    """
    shorter, longer = sorted((sound_key(one).split(), sound_key(other).split()), key=len)
    if len(longer) > MOST_PARTS:
        return sorted(shorter) == sorted(longer)
    return bool(shorter) and any(
        sum(a != b for a, b in zip(shorter, chosen, strict=True)) <= 1
        and all(differ_by_one(a, b) for a, b in zip(shorter, chosen, strict=True))
        for chosen in permutations(longer, len(shorter))
    )


def sounds_same(one: str, other: str) -> bool:
    """Whether two names have the very same parts, in any order and however they are spelled."""
    return sorted(sound_key(one).split()) == sorted(sound_key(other).split())


# Of longer names only the very same is like it: more would take its time.
MOST_PARTS = 5
# How Norwegian names are spelled in two ways, and sound alike.
_SOUNDS = (
    ("kj", "k"),
    ("ch", "k"),
    ("c", "k"),
    ("th", "t"),
    ("ph", "f"),
    ("w", "v"),
    ("z", "s"),
    ("x", "ks"),
    ("hj", "j"),
    ("gj", "j"),
)


def sound_key(name: str) -> str:
    """The search key, with one spelling for each sound, and no letter twice in a row.

    Kjærsti is Kjersti, so æ is e here.
    """
    key = search_key(normalise_name(name).replace("æ", "e").replace("ä", "e"))
    for written, sound in _SOUNDS:
        key = key.replace(written, sound)
    return re.sub(r"(\w)\1+", r"\1", key)


def differ_by_one(one: str, other: str) -> bool:
    """The same, or one sign wrong, missing, added, or swapped with the next.

    Not in short words: Ola is not Ole.
    """
    if one == other:
        return True
    if min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 1:
        return False
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    a, b = one[same:], other[same:]
    return (
        a[1:] == b[1:]
        or a[1:] == b
        or a == b[1:]
        or (a[:2] == b[1::-1] and a[2:] == b[2:] and len(a) > 1)
    )


def without_unseen(text: str) -> str:
    """The text without characters that nobody sees: joiners, marks of direction, soft hyphens."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
