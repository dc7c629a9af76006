"""People found by what somebody writes, and records that may be one person's.

Names are compared as Norwegians spell and hear them, which no database does: the names of all who
are known are read in one query, and compared here.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from courses.norwegian.formatting import phone as formatted_phone
from courses.norwegian.names import (
    differ_by_one,
    is_like,
    normalise_name,
    search_key,
    sounds_same,
)
from courses.norwegian.sorting import sort_key
from enrolment.models import Student


class Known(NamedTuple):
    """What people are found by."""

    pk: int
    name: str
    email: str
    phone: str

    @property
    def contact(self) -> str:
        return contact_in_words(email=self.email, phone=self.phone)


def contact_in_words(*, email: str, phone: str) -> str:
    """What tells two people of one name apart, as far as there is any."""
    return " · ".join(filter(None, (formatted_phone(phone) if phone else "", email)))


class Wanted:
    """What somebody looks for: words of a name or address, or a phone number in any writing."""

    def __init__(self, written: str) -> None:
        self.text = normalise_name(written)
        self.key = search_key(written)
        digits = re.sub(r"[\s().+-]", "", self.text)
        self.numbers = (
            {digits, digits.removeprefix("00"), digits.removeprefix("0047")} - {""}
            if digits.isdecimal()
            else set()
        )

    def __bool__(self) -> bool:
        return bool(self.key)

    def rank(self, *names: str, email: str = "", phone: str = "") -> int | None:
        """How well somebody, or something, is what is looked for: 0 is the best; None is no hit."""
        if self.numbers:
            own = phone.removeprefix("+")
            if own and any(each in (own, own.removeprefix("47")) for each in self.numbers):
                return 0
            if own and any(each in own for each in self.numbers):
                return 1
        if self.text in (email, *(normalise_name(name) for name in names)):
            return 0
        written = " ".join(normalise_name(name) for name in names)
        if all(word in written for word in self.text.split()):
            return 1
        plain = " ".join(search_key(name) for name in names)
        if all(word in plain for word in self.key.split()):
            return 2
        return 3 if email and all(word in email for word in self.text.split()) else None


def find_students(wanted: Wanted) -> list[Known]:
    """Everybody who is meant, exact hits first, then in Norwegian order. One query."""
    hits = []
    for each in _known() if wanted else ():
        rank = wanted.rank(each.name, email=each.email, phone=each.phone)
        if rank is not None:
            hits.append((rank, sort_key(each.name), each.pk, each))
    return [each for *_order, each in sorted(hits)]


def look_alikes(
    *, name: str, email: str = "", phone: str = "", besides: Iterable[int] = ()
) -> list[Known]:
    """Records that may be this person's, in Norwegian order. One query. Nobody is merged by it.

    Who has the same number or address, or a number with one digit wrong, and a name that `is_like`
    it; and whose name sounds the very same while nothing speaks against it: neither has another
    number or address than the other.
    """
    left_out = set(besides)
    found = [
        each
        for each in _known()
        if each.pk not in left_out and _is_like(each, name=name, email=email, phone=phone)
    ]
    return sorted(found, key=lambda each: (sort_key(each.name), each.pk))


def _is_like(known: Known, *, name: str, email: str, phone: str) -> bool:
    is_same_email = bool(email) and known.email == email
    has_both_phones = bool(phone and known.phone)
    if is_same_email or (has_both_phones and differ_by_one(known.phone, phone)):
        return is_like(known.name, name)
    if has_both_phones or (email and known.email):
        return False
    return sounds_same(known.name, name)


def _known() -> Iterable[Known]:
    columns = Student.objects.known().order_by().values_list("pk", "name", "email", "phone")
    return [Known(*row) for row in columns]
