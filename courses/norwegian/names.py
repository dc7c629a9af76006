"""Names as they are compared: the key by which people are found and told apart."""

import unicodedata

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


def without_unseen(text: str) -> str:
    """The text without characters that nobody sees: joiners, marks of direction, soft hyphens."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
