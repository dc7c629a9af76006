"""Passwords that anybody here would guess: refused in words that say what to do instead."""

import re
import unicodedata
from itertools import chain
from pathlib import Path

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from courses.models import College, Partner, Tutor

# What people here put a number behind. Django's own list of common passwords is English.
OFTEN_CHOSEN = frozenset((Path(__file__).parent / "often_chosen.txt").read_text().split())
# Nobody's name, and too short to tell a password by.
SHORTEST_WORD = 3
WRITTEN_FOR = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "$": "s", "@": "a"})


class NotEasilyGuessed:
    """Refuses a password that is made of well-known words, however many and with what numbers.

    Well-known is what many choose, the seasons and months, and whatever stands on the college's own
    pages: its name, its owners, the municipalities, the tutors.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        known = {_plain(word) for word in OFTEN_CHOSEN} | _of_the_college() | _of(user)
        # As it is written, and as it is meant by those who write 0 for o.
        word = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password)
        spellings = {_plain(password), _plain(word.translate(WRITTEN_FOR))}
        if any(_is_made_of(letters, known) for letters in spellings):
            raise ValidationError(
                gettext(
                    "This password is easily guessed. Take three or four words that have nothing "
                    "to do with each other, or with us."
                ),
                code="password_easily_guessed",
            )

    def get_help_text(self) -> str:
        return gettext("No season, no year, and nothing of the college's name.")


def _of_the_college() -> set[str]:
    college = College.objects.current()
    texts = [college.name, college.sender_name, college.municipalities, college.address]
    names = chain(
        Partner.objects.values_list("name", flat=True), Tutor.objects.values_list("name", flat=True)
    )
    return _words(" ".join([*texts, *names]))


def _of(user: User | None) -> set[str]:
    if user is None:
        return set()
    return _words(" ".join([user.username, user.first_name, user.last_name, user.email]))


def _words(text: str) -> set[str]:
    found = {_plain(word) for word in re.split(r"[^\w]+|_", text)}
    return {word for word in found if len(word) >= SHORTEST_WORD}


def _plain(text: str) -> str:
    """The letters alone: small, without accents, and with ø, æ and å as some write them."""
    small = text.casefold().replace("ø", "o").replace("æ", "ae").replace("ß", "ss")
    apart = unicodedata.normalize("NFD", small)
    return "".join(each for each in apart if each.isalpha())


def _is_made_of(letters: str, known: set[str]) -> bool:
    """Whether these letters are known words one after another, or none at all."""
    longest = max(map(len, known))
    reached = {0}
    for end in range(1, len(letters) + 1):
        starts = range(max(0, end - longest), end)
        if any(start in reached and letters[start:end] in known for start in starts):
            reached.add(end)
    return len(letters) in reached
