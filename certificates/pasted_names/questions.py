"""What the tutor is asked about a name before a certificate is issued."""

import enum
import re
import unicodedata
from collections.abc import Iterator

RARE = re.compile(r"""[^\w\s.'’‘ʼʻ`´"“”«»\-‐‑–]|\s[-‐‑–]\s""")
WORDS_AT_MOST = 6


class Question(enum.Enum):
    """What is unusual about a name, or was read in one of two ways."""

    ONE_WORD = "one word"
    CAPITALS = "capital letters only"
    SMALL_LETTERS = "small letters only"
    DIGITS = "digits"
    FULL_STOP = "a full stop without a space"
    RARE_CHARACTERS = "characters that are rare in names"
    LONG = "many words"
    LAST_NAME_FIRST = "read as one person, last name first"
    COLUMNS = "two columns read as one name"
    SEVERAL = "read as more than one person"


def questions_about(name: str) -> Iterator[Question]:
    """What is unusual about how a name is written, whatever line it came from."""
    words = name.split(" ")
    letters = [character for character in name if character.isalpha()]
    if len(words) == 1 and not all(map(_is_written_without_spaces, letters)):
        yield Question.ONE_WORD
    if len(letters) > 3 and name.isupper():
        yield Question.CAPITALS
    if name.islower():
        yield Question.SMALL_LETTERS
    if any(character.isdigit() for character in name):
        yield Question.DIGITS
    # Vowels of Hindi and marks of Arabic are no letters to a regular expression.
    rare = [match.group() for match in RARE.finditer(name)]
    if any(unicodedata.category(found[0]) not in ("Mn", "Mc", "Cf") for found in rare):
        yield Question.RARE_CHARACTERS
    if len(words) > WORDS_AT_MOST:
        yield Question.LONG


def _is_written_without_spaces(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA"))
