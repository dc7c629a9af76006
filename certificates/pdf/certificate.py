"""What stands on a certificate, in words of its own language, and how large."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext

from certificates.models import Certificate
from certificates.pdf import fonts
from certificates.pdf.files import logos, shape_of
from courses.catalogue import capital
from courses.norwegian import formatting

SIGNATURES_AT_MOST = 9
LOGOS_AT_MOST = 14  # what one line holds; the owners' names are printed in any case
LINE = 425  # points, of a line of text in the middle of the page
# The sizes of a name and of a title in points, and what they are called in the stylesheet.
NAME_SIZES = [(44, "one-line"), (33, "long"), (26, "longer"), (0, "longest")]
TITLE_SIZES = [(22, "one-line"), (18, "long"), (15, "longer"), (0, "longest")]


@dataclass
class Part:
    """One paragraph, in one language; the words of a link may follow, and words after it."""

    kind: str
    words: str
    language: str
    tag: str = "p"
    link: str = ""
    words_after: str = ""

    def __post_init__(self) -> None:
        # Both spaces are one glyph: one of the hard kind makes every space of the text hard.
        words = self.words.replace(formatting.NO_BREAK, " ").replace(formatting.WORD_JOINER, "")
        self.words = fonts.printable(words)


@dataclass
class Logo:
    picture: str
    width: str
    """Millimetres, as CSS writes them: a template would write a comma."""


@dataclass
class Sheet:
    """A certificate in words, in its own language."""

    language: str
    heading: str
    name: str
    colour: str
    facts: list[Part]
    foot: list[Part]
    tutors: list[Part] = field(default_factory=list)
    logos: list[Logo] = field(default_factory=list)
    code: str = ""
    code_in_words: str = ""

    @property
    def logos_class(self) -> str:
        return "many" if len(self.logos) > 4 else ""

    @property
    def languages(self) -> list[str]:
        """Of each paragraph and of the code, in the order they are read in."""
        parts = [*self.facts, *self.tutors, *self.foot]
        return [each.language for each in parts] + [self.language] * bool(self.code)

    @property
    def all_words(self) -> Iterator[str]:
        for each in (*self.facts, *self.tutors, *self.foot):
            yield each.words


def sheet(certificate: Certificate, pictures: dict[str, bytes], with_signatures: bool) -> Sheet:
    with translation.override(certificate.language):
        own, colleges = certificate.language, settings.LANGUAGE_CODE
        heading = gettext("Certificate of attendance")
        facts = [
            Part("college", certificate.college_name, colleges),
            Part("heading", heading, own, tag="h1"),
            Part(f"name {_size(certificate.name, NAME_SIZES)}", certificate.name, own),
            Part("took", gettext("took part in"), own),
            Part(
                f"title {_size(certificate.title, TITLE_SIZES)}",
                certificate.title,
                certificate.title_language,
            ),
            *_joined(
                Part("when", f"{certificate.days} · {certificate.hours_in_words}", own),
                # Whatever was not held online has a place.
                Part("place", certificate.place, colleges)
                if certificate.place
                else Part("place", capital(gettext("online")), own),
            ),
        ]
        tutors: list[Part] = []
        if with_signatures and len(certificate.tutors) <= SIGNATURES_AT_MOST:
            tutors = _signatures(certificate)
        else:
            words = f"{gettext('Tutors')}: {', '.join(certificate.tutors)}"
            facts.append(Part("tutors", words, own))
        return Sheet(
            language=own,
            heading=heading,
            name=certificate.name,
            colour=certificate.college_colour,
            facts=facts,
            tutors=tutors,
            foot=_foot(certificate),
            logos=_logos(certificate, pictures),
            code=_code(certificate),
            code_in_words=gettext("QR code to the page where this certificate can be checked"),
        )


def _joined(*parts: Part) -> list[Part]:
    """Those that say something; as lines of one paragraph where all are in one language.

    Fewer paragraphs are laid out faster.
    """
    said = [each for each in parts if each.words.strip()]
    if len({each.language for each in said}) != 1:
        return said
    words = "\n".join(each.words for each in said)
    return [Part(said[0].kind, words, said[0].language)]


def _foot(certificate: Certificate) -> list[Part]:
    own = certificate.language
    owners = ", ".join(owner["name"] for owner in certificate.owners)
    parts = _joined(
        Part("owners", owners, settings.LANGUAGE_CODE),
        Part("wording", certificate.wording, certificate.wording_language),
    )
    day = formatting.day_without_weekday(timezone.localtime(certificate.issued_at))
    number = gettext("Number %(number)s") % {"number": certificate.printed_number}
    last = Part("number", f"{day} · {number}", own)
    if address := certificate.verify_address:
        before, _address, last.words_after = gettext("Check it at %(address)s").partition(
            "%(address)s"
        )
        last.words += f"\n{before}"
        last.link = address.partition("://")[2].rstrip("/")
    return [*parts, last]


def _code(certificate: Certificate) -> str:
    """Where it can be checked. The number goes after `#`: to no server."""
    address = certificate.verify_address
    return f"{address}#{certificate.number}" if address else ""


def _signatures(certificate: Certificate) -> list[Part]:
    """A line for each tutor, in rows of two, or of three where they are many."""
    kind = "tutor" if len(certificate.tutors) in (1, 2, 4) else "tutor of-3"
    return [
        Part(kind, f"{name}\n{gettext('tutor')}", certificate.language)
        for name in certificate.tutors
    ]


def _logos(certificate: Certificate, pictures: dict[str, bytes]) -> list[Logo]:
    """As decoration: whose they are is told in words."""
    printed = [picture for picture in logos(certificate) if picture in pictures]
    number = len(printed)
    if number > LOGOS_AT_MOST:
        return []
    height, widest = (12, 34) if number <= 4 else (8, 16) if number <= 9 else (8, 10.5)
    return [
        Logo(picture, f"{min(widest, height * shape_of(pictures[picture])):.1f}")
        for picture in printed
    ]


def title(sheets: Sequence[Sheet]) -> str:
    """A document of several people names none of them."""
    if len(sheets) == 1:
        return f"{sheets[0].heading} – {sheets[0].name}"
    return sheets[0].heading


def _size(text: str, sizes: Sequence[tuple[int, str]]) -> str:
    """The first size in which the text is about one line."""
    width = fonts.width(text)
    return next(kind for points, kind in sizes if width * points <= LINE)
