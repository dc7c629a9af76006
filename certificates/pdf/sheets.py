"""What stands on a certificate, in words of its own language, and how large."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext

from certificates.models import Certificate
from certificates.pdf.files import logos
from courses import dates
from courses.catalogue import capital

SIGNATURES_AT_MOST = 9
LOGOS_AT_MOST = 14  # what one line holds; the owners' names are printed in any case


@dataclass
class Signature:
    words: str
    place: str


@dataclass
class Logo:
    name: str
    picture: str


@dataclass
class Sheet:
    """A certificate in words, in its own language."""

    language: str
    college: str
    heading: str
    name: str
    took_part: str
    title: str
    when_and_where: str
    foot: str
    number: str
    check: str = ""
    code: str = ""
    code_in_words: str = ""
    many_tutors: str = ""
    tutors: list[Signature] = field(default_factory=list)
    logos: list[Logo] = field(default_factory=list)

    @property
    def page_class(self) -> str:
        """Many lines, or a long title, under a very long name need some of the air above them.

        All three together need smaller letters, too.
        """
        if self.name_class != "longest":
            return "dense" if len(self.tutors) > 6 else ""
        is_long = _width(self.name) + _width(self.title) > 160
        if len(self.tutors) > 3:
            return "dense small" if is_long else "dense"
        return "dense" if is_long else ""

    @property
    def name_class(self) -> str:
        return _length_class(self.name, 20, 27, 36)

    @property
    def title_class(self) -> str:
        return _length_class(self.title, 36, 50, 80)

    @property
    def logos_class(self) -> str:
        if len(self.logos) > 9:
            return "many"
        return "long" if len(self.logos) > 4 else ""

    @property
    def foot_class(self) -> str:
        if self.logos:
            return f"{_length_class(self.foot, 160, 340, 340)} under-logos"
        return _length_class(self.foot, 280, 620, 620)


def sheet(certificate: Certificate, pictures: dict[str, bytes], with_signatures: bool) -> Sheet:
    with translation.override(certificate.language):
        words = Sheet(
            language=certificate.language,
            college=certificate.college_name,
            heading=gettext("Certificate of attendance"),
            name=certificate.name,
            took_part=gettext("took part in"),
            title=certificate.title,
            when_and_where=_when_and_where(certificate),
            foot="\n".join(
                part
                for part in (
                    ", ".join(owner["name"] for owner in certificate.owners),
                    certificate.wording,
                )
                if part
            ),
            number="{} · {}".format(
                dates.day_without_weekday(timezone.localtime(certificate.issued_at)),
                gettext("Number %(number)s") % {"number": certificate.printed_number},
            ),
            **_checked_at(certificate),
        )
        printed = [Logo(*each) for each in logos(certificate) if each[1] in pictures]
        words.logos = printed if len(printed) <= LOGOS_AT_MOST else []
        if not with_signatures or len(certificate.tutors) > SIGNATURES_AT_MOST:
            words.many_tutors = f"{gettext('Tutors')}: {', '.join(certificate.tutors)}"
        else:
            words.tutors = _signatures(certificate.tutors)
    return words


def _checked_at(certificate: Certificate) -> dict[str, Any]:
    """Where it can be checked, in words and as a code. The number goes after `#`: to no server."""
    address = certificate.verify_address
    if not address:
        return {}
    return {
        "check": gettext("Check it at %(address)s")
        % {"address": address.partition("://")[2].rstrip("/")},
        "code": f"{address}#{certificate.number}",
        "code_in_words": gettext("QR code to the page where this certificate can be checked"),
    }


def _when_and_where(certificate: Certificate) -> str:
    # Whatever was held in a room has a place.
    where = (certificate.hours_in_words, certificate.place or capital(gettext("online")))
    return f"{certificate.days}\n" + " · ".join(where)


def _signatures(tutors: Sequence[str]) -> list[Signature]:
    """A line for each tutor, read from left to right and downwards, the last row lowest."""
    in_row = {1: 1, 2: 2, 4: 2}.get(len(tutors), 3)
    rows = -(-len(tutors) // in_row)
    return [
        Signature(
            f"{name}\n{gettext('tutor')}",
            f"of-{in_row} row-{rows - index // in_row} place-{index % in_row + 1}",
        )
        for index, name in enumerate(tutors)
    ]


def title(sheets: Sequence[Sheet]) -> str:
    """A document of several people names none of them."""
    if len(sheets) == 1:
        return f"{sheets[0].heading} – {sheets[0].name}"
    return sheets[0].heading


def _width(text: str) -> int:
    """Length in letters; a wide one counts as two, and a mark on a letter as none."""
    return sum(
        2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
        if not unicodedata.combining(sign)
    )


def _length_class(text: str, long: int, longer: int, longest: int) -> str:
    width = _width(text)
    if width <= long:
        return ""
    if width <= longer:
        return "long"
    return "longer" if width <= longest else "longest"
