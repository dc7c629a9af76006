"""Certificates on paper: tagged PDF, the same bytes from the same rows.

WeasyPrint is imported only when something is printed, and reaches nothing but the files of this
app and the pictures that the printed rows name.
"""

import atexit
import base64
import gc
import hashlib
import io
import logging
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext

from certificates.models import Certificate
from certificates.qr import qr_operators
from courses import dates
from courses.catalogue import capital
from courses.models import Picture

HERE = Path(__file__).resolve().parent
STYLESHEET = HERE / "css" / "certificate.css"
LANDSCAPE = HERE / "landscape.svg"
FONTS = HERE / "fonts"
PDF_OPERATOR = {"M": "m", "L": "l", "C": "c", "Z": "h"}
# Letters that Source Serif has not, or not all of them: they need other fonts.
OTHER_LETTER = re.compile(
    r"[^\u0000-\u017f\u01a0\u01a1\u01af\u01b0\u0218-\u021b\u0391-\u03c9\u0400-\u045f\u0490\u0491"
    r"\u1ea0-\u1ef9\u2010-\u2026]"
)
SIGNATURES_AT_MOST = 9
# Laying out a page takes longer the more others are laid out with it: many go in parts.
LAID_OUT_AT_ONCE = 70
# A picture that keeps the place, and the tag, of a QR code until the page is drawn.
CODE_GOES_HERE = "code:"
A_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)
# One document at a time: fonts and stylesheet are shared by the threads of a process.
_printing = threading.Lock()


def render(certificates: Sequence[Certificate], *, with_signatures: bool = True) -> bytes:
    """One page for each certificate, in the order given. One query, where there are logos.

    Without lines for signatures the tutors are told in words. Printing the same certificates in
    the same way again gives the same bytes.
    """
    from weasyprint import HTML

    pictures = _pictures(certificates)
    sheets = [_sheet(each, pictures, with_signatures) for each in certificates]
    moment = max(each.issued_at for each in certificates).astimezone(UTC)
    shared = {
        "language": sheets[0].language,
        "title": _title(sheets),
        "moment": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    parts = [
        render_to_string(
            "certificates/certificates.html",
            {"sheets": sheets[start : start + LAID_OUT_AT_ONCE], **shared},
            # Both spaces are one glyph: one of the hard kind makes every space of the text hard.
        ).replace(dates.NO_BREAK, " ")
        for start in range(0, len(sheets), LAID_OUT_AT_ONCE)
    ]
    identity = f"{','.join(each.number for each in certificates)} {with_signatures}"
    fetcher = _fetcher(pictures)
    images: dict[str, Any] = {}
    with _printing:
        letters = {letter for part in parts for letter in OTHER_LETTER.findall(part)}
        stylesheets, font_config = _stylesheets(_fonts_for(letters))
        pages = []
        with _only_new_garbage() as collect:
            for part in parts:
                document = HTML(string=part, base_url=HERE.as_uri(), url_fetcher=fetcher).render(
                    stylesheets=stylesheets,
                    font_config=font_config,
                    cache=images,
                    pdf_variant="pdf/ua-1",
                )
                pages += document.pages
                collect()
        whole = document.copy(pages)
        pdf: bytes = whole.write_pdf(
            finisher=_finish(sheets),
            pdf_variant="pdf/ua-1",
            pdf_identifier=hashlib.sha256(identity.encode()).digest()[:16],
        )
    return pdf


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
        """Three rows of lines, and a very long name, need some of the air above them."""
        return "dense" if len(self.tutors) > 6 or self.name_class == "longest" else ""

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


def _sheet(certificate: Certificate, pictures: dict[str, bytes], with_signatures: bool) -> Sheet:
    with translation.override(certificate.language):
        sheet = Sheet(
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
            logos=[
                Logo(name, picture) for name, picture in _logos(certificate) if picture in pictures
            ],
        )
        if not with_signatures or len(certificate.tutors) > SIGNATURES_AT_MOST:
            sheet.many_tutors = f"{gettext('Tutors')}: {', '.join(certificate.tutors)}"
        else:
            sheet.tutors = _signatures(certificate.tutors)
    return sheet


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


def _title(sheets: Sequence[Sheet]) -> str:
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


def _logos(certificate: Certificate) -> list[tuple[str, str]]:
    """Whose logo, and the name of the picture."""
    logos = [(certificate.college_name, certificate.college_logo)]
    logos += [(owner["name"], owner.get("logo", "")) for owner in certificate.owners]
    return [(name, picture) for name, picture in logos if picture]


def _pictures(certificates: Sequence[Certificate]) -> dict[str, bytes]:
    """The stored pictures that the rows name, but not those that are no pictures."""
    from PIL import Image

    names = {picture for each in certificates for _name, picture in _logos(each)}
    pictures: dict[str, bytes] = {}
    for stored in Picture.objects.filter(name__in=names) if names else ():
        try:
            Image.open(io.BytesIO(bytes(stored.content))).verify()
        except Exception:  # noqa: S112  # Pillow raises many kinds; any of them means: no logo
            continue
        pictures[stored.name] = bytes(stored.content)
    return pictures


def _fetcher(pictures: dict[str, bytes]) -> Any:
    """Fetches this app's own files and the given pictures; refuses everything else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url == CODE_GOES_HERE:
                return URLFetcherResponse(url, A_PIXEL)
            if url.startswith("picture:"):
                return URLFetcherResponse(url, pictures[unquote(url.removeprefix("picture:"))])
            parts = urlsplit(url)
            path = Path(unquote(parts.path)).resolve()
            if parts.scheme != "file" or not path.is_relative_to(HERE):
                raise ValueError("Not a file of the certificates.")
            return URLFetcherResponse(url, path.read_bytes())

    return OwnFiles()


@contextmanager
def _only_new_garbage() -> Iterator[Callable[[], object]]:
    """Python looks for garbage when the yielded function is called, and among the newest only.

    By itself it would look through all pages laid out so far, over and over: that took a third of
    the time, and the more the more pages there were.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield partial(gc.collect, 0)
    finally:
        if was_enabled:
            gc.enable()


@cache
def _prepare_weasyprint() -> None:
    """What holds for every document of the process, done once."""
    from weasyprint.pdf import pydyf

    logging.getLogger("weasyprint").addFilter(_tells_no_letters)
    # The files of the fonts go while the interpreter still stands.
    atexit.register(_stylesheets.cache_clear)

    # WeasyPrint asks at every tagged element for the list of pages, and pydyf makes it anew each
    # time: of a thousand pages, that took a third of the time. Here it is kept until one is added.
    make = pydyf.PDF.page_references.fget

    def page_references(document: Any) -> tuple[bytes, ...]:
        number = len(document.pages["Kids"])
        kept: tuple[int, tuple[bytes, ...]] = getattr(document, "kept_pages", (0, ()))
        if kept[0] != number:
            kept = document.kept_pages = number, make(document)
        return kept[1]

    pydyf.PDF.page_references = property(page_references)


def _tells_no_letters(record: logging.LogRecord) -> bool:
    """Keeps the letters of somebody's name, those that no font has, out of the log."""
    return ".notdef" not in str(record.msg)


def _fonts_for(letters: set[str]) -> tuple[str, ...]:
    """The fonts that the letters need beside Source Serif, those to be tried first in front."""
    left, fonts = set(map(ord, letters)), []
    for font, has in _fonts_by_script() if left else ():
        if left & has:
            left -= has
            fonts.append(font)
    return tuple(fonts)


@cache
def _fonts_by_script() -> list[tuple[str, frozenset[int]]]:
    """Every other font and the letters it has, the one most made for its script first.

    That is the smaller one: large fonts hold some letters of many scripts. Before all of them
    comes Noto Sans, for the rarer letters of Latin, Greek and Cyrillic.
    """
    from fontTools.ttLib import TTFont

    files = [each for each in FONTS.iterdir() if each.suffix in (".ttf", ".otf", ".woff2")]
    files.sort(key=lambda file: (file.stem != "NotoSans-Regular", file.stat().st_size, file.name))
    fonts = []
    for file in files:
        if not file.stem.startswith("SourceSerif"):
            with TTFont(file, lazy=True) as font:
                fonts.append((file.name, frozenset(font.getBestCmap())))
    return fonts


@lru_cache(maxsize=16)
def _stylesheets(fonts: tuple[str, ...]) -> tuple[list[Any], Any]:
    """The parsed stylesheet with Source Serif and the fonts named, kept for the next document."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    faces, families = [(FONTS / "fonts.css").read_text()], ['"Source Serif 4"']
    for font in fonts:
        # What Pango takes for an emoji, it looks for in a family of this name alone.
        family = "emoji" if "Emoji" in font else font.partition("-")[0]
        faces.append(f'@font-face {{ font-family: "{family}"; src: url("{font}"); }}')
        families.append(f'"{family}"')
    others = ", ".join(families)
    css = "\n".join(faces) + f"\nhtml {{ font-family: {others}; }}\n" + STYLESHEET.read_text()
    _prepare_weasyprint()
    font_config = FontConfiguration()
    stylesheet = CSS(
        string=css.replace("var(--display-fonts)", f'"Source Serif 4 Display", {others}'),
        font_config=font_config,
        base_url=f"{FONTS.as_uri()}/",
        url_fetcher=_fetcher({}),
    )
    return [stylesheet], font_config


@cache
def _landscape() -> bytes:
    """The drawing on top as PDF operators, one content stream that all pages share."""
    words = ["/Artifact BMC q", "2.834646 0 0 -2.834646 0 841.889764 cm"]
    for element in re.findall(r"<path ([^>]+)/>", LANDSCAPE.read_text()):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', element))
        is_line = attributes["fill"] == "none"
        colour = bytes.fromhex(attributes["stroke" if is_line else "fill"].removeprefix("#"))
        words += [f"{channel / 255:.3f}" for channel in colour]
        words += ["RG", attributes["stroke-width"], "w"] if is_line else ["rg"]
        for letter, numbers in re.findall(r"([MCLZ])([^MCLZ]*)", attributes["d"]):
            points = numbers.split()
            step = 6 if letter == "C" else 2
            for start in range(0, len(points) or 1, step):
                words += [*points[start : start + step], PDF_OPERATOR[letter]]
        words.append("S" if is_line else "f")
    return " ".join([*words, "Q EMC"]).encode()


def _finish(sheets: Sequence[Sheet]) -> Any:
    """Lays the landscape under every page, draws its code, and tells each part's language."""

    def finish(_document: Any, pdf: Any) -> None:
        from weasyprint.pdf import pydyf

        landscape = pydyf.Stream([_landscape()], compress=True)
        pdf.add_object(landscape)
        pages, languages = iter(sheets), iter(sheets)
        streams = {each.reference: each for each in pdf.objects if isinstance(each, pydyf.Stream)}
        for each in pdf.objects:
            if not isinstance(each, pydyf.Dictionary):
                continue
            if each.get("Type") == "/Page":
                if code := next(pages).code:
                    _draw_code(streams[each["Contents"]].stream, code)
                each["Contents"] = pydyf.Array([landscape.reference, each["Contents"]])
            elif each.get("S") == "/Sect":
                each["Lang"] = pydyf.String(next(languages).language)

    return finish


def _draw_code(operators: list[Any], code: str) -> None:
    """Put the code where its picture was drawn, which is the last of the page."""
    place = max(
        number
        for number, operator in enumerate(operators)
        if isinstance(operator, bytes) and operator.endswith(b" Do")
    )
    operators[place] = qr_operators(code)
