"""Laying out and drawing: many certificates become one document, fast."""

import gc
import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from functools import cache, partial
from typing import Any

from django.template.loader import render_to_string

from certificates.models import Certificate
from certificates.pdf import fonts
from certificates.pdf.files import HERE, fetcher, pictures_of
from certificates.pdf.sheets import Sheet, sheet, title
from certificates.qr import qr_operators
from courses import dates

LANDSCAPE = HERE / "landscape.svg"
PDF_OPERATOR = {"M": "m", "L": "l", "C": "c", "Z": "h"}
# Laying out a page takes longer the more others are laid out with it: many go in parts.
LAID_OUT_AT_ONCE = 70
# One document at a time: fonts and stylesheet are shared by the threads of a process.
_printing = threading.Lock()


def render(certificates: Sequence[Certificate], *, with_signatures: bool = True) -> bytes:
    """One page for each certificate, in the order given. One query, where there are logos.

    Without lines for signatures the tutors are told in words. Printing the same certificates in
    the same way again gives the same bytes.
    """
    from weasyprint import HTML

    pictures = pictures_of(certificates)
    sheets = [sheet(each, pictures, with_signatures) for each in certificates]
    moment = max(each.issued_at for each in certificates).astimezone(UTC)
    shared = {
        "language": sheets[0].language,
        "title": title(sheets),
        "moment": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    parts = [
        render_to_string(
            "certificates/certificates.html",
            {"sheets": sheets[start : start + LAID_OUT_AT_ONCE], **shared},
            # Both spaces are one glyph: one of the hard kind makes every space of the text hard.
        )
        .replace(dates.NO_BREAK, " ")
        .replace(dates.WORD_JOINER, "")
        for start in range(0, len(sheets), LAID_OUT_AT_ONCE)
    ]
    identity = f"{','.join(each.number for each in certificates)} {with_signatures}"
    own_files = fetcher(pictures)
    images: dict[str, Any] = {}
    with _printing:
        letters = {letter for part in parts for letter in fonts.OTHER_LETTER.findall(part)}
        styles, font_config = fonts.stylesheets(fonts.fonts_for(letters))
        pages = []
        with _only_new_garbage() as collect:
            for part in parts:
                document = HTML(string=part, base_url=HERE.as_uri(), url_fetcher=own_files).render(
                    stylesheets=styles,
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
