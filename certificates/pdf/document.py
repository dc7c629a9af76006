"""Laying out and drawing: many certificates become one document."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from enum import IntEnum
from typing import Any

from django.template.loader import render_to_string

from certificates.models import Certificate
from certificates.pdf import fonts
from certificates.pdf.certificate import Sheet, sheet, title
from certificates.pdf.figures import tell_box_in_points
from certificates.pdf.files import HERE, fetcher, pictures_of

# Laying out a page takes longer the more others are laid out with it: many go in parts.
LAID_OUT_AT_ONCE = 70
# The classes of the stylesheet, the largest first.
SIZES = ("", "size-1", "size-2", "size-3", "size-4", "size-5")
SMALLEST_READABLE = "size-3"  # owners and wording in 8 points
FLOWING = "flowing"
PAGE_HEIGHT = 297 / 25.4 * 72  # points


class Fit(IntEnum):
    """How much room the words of a certificate leave on its page."""

    READABLE = 0
    SMALL = 1
    """On one page, with letters under 8 points."""
    FLOWS = 2
    """Does not fit on one page in any size, and goes on to the next."""


@dataclass(frozen=True)
class _LaidOut:
    size: str
    pages: list[Any]


def render(certificates: Sequence[Certificate], *, with_signatures: bool = True) -> bytes:
    """One page for each certificate, in the order given. One query, where there are logos.

    Long facts get smaller letters, and what fits in none goes on to another page. Without lines
    for signatures the tutors are told in words. Printing the same certificates in the same way
    again gives the same bytes.
    """
    pictures = pictures_of(certificates)
    sheets = [sheet(each, pictures, with_signatures) for each in certificates]
    identity = f"{','.join(each.number for each in certificates)} {with_signatures}"
    with fonts.one_at_a_time:
        document, laid_out = _lay_out(sheets, pictures, _moment(certificates))
        whole = document.copy([page for each in laid_out for page in each.pages])
        pdf: bytes = whole.write_pdf(
            finisher=_tell_languages(sheets),
            pdf_variant="pdf/ua-1",
            pdf_identifier=hashlib.sha256(identity.encode()).digest()[:16],
        )
    return pdf


def fits(certificates: Sequence[Certificate]) -> list[Fit]:
    """How each certificate fits on its page, with lines for signatures. Nothing is drawn."""
    pictures = pictures_of(certificates)
    sheets = [sheet(each, pictures, with_signatures=True) for each in certificates]
    with fonts.one_at_a_time:
        _document, laid_out = _lay_out(sheets, pictures, _moment(certificates))
    readable = SIZES[: SIZES.index(SMALLEST_READABLE) + 1]
    return [
        Fit.FLOWS if each.size == FLOWING else Fit.READABLE if each.size in readable else Fit.SMALL
        for each in laid_out
    ]


def _moment(certificates: Sequence[Certificate]) -> str:
    """When the newest was issued: the date of the document."""
    moment = max(each.issued_at for each in certificates).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _lay_out(
    sheets: Sequence[Sheet], pictures: dict[str, bytes], moment: str
) -> tuple[Any, list[_LaidOut]]:
    """One of the documents laid out, and the pages of every sheet in the first size that fits."""
    from weasyprint import HTML

    shared = {"language": sheets[0].language, "title": title(sheets), "moment": moment}
    letters = fonts.other_letters(words for each in sheets for words in each.all_words)
    styles, font_config = fonts.stylesheets(fonts.fonts_for(letters))
    own_files = fetcher(pictures)
    images: dict[str, Any] = {}

    def lay_out(numbers: Sequence[int], size: str) -> Any:
        html = render_to_string(
            "certificates/certificates.html",
            {"sheets": [sheets[number] for number in numbers], "size": size, **shared},
        )
        return HTML(string=html, base_url=HERE.as_uri(), url_fetcher=own_files).render(
            stylesheets=styles, font_config=font_config, cache=images, pdf_variant="pdf/ua-1"
        )

    document: Any = None
    done: dict[int, _LaidOut] = {}
    left = list(range(len(sheets)))
    for size in SIZES:
        for start in range(0, len(left), LAID_OUT_AT_ONCE):
            part = left[start : start + LAID_OUT_AT_ONCE]
            document = lay_out(part, size)
            for number, page in zip(part, _pages_that_fit(document, len(part)), strict=True):
                if page is not None:
                    done[number] = _LaidOut(size, [page])
        left = [number for number in left if number not in done]
    for number in left:
        document = lay_out([number], FLOWING)
        done[number] = _LaidOut(FLOWING, document.pages)
    return document, [done[number] for number in range(len(sheets))]


def _pages_that_fit(document: Any, number: int) -> Iterator[Any]:
    """The page of each certificate, or None where what stands above and below would meet."""
    places: dict[str, tuple[int, float]] = {}
    for index, page in enumerate(document.pages):
        for anchor, point in page.anchors.items():
            places.setdefault(anchor, (index, point[1]))
    for each in range(number):
        (top_page, _y), (end_page, end), (below_page, below) = (
            places[f"{anchor}-{each}"] for anchor in ("top", "end", "below")
        )
        fits_here = top_page == end_page == below_page and end <= below
        yield document.pages[top_page] if fits_here else None


def _tell_languages(sheets: Sequence[Sheet]) -> Any:
    """A finisher for WeasyPrint, which tells the language of the whole document alone.

    Each section and each part in another language is told in the structure, and where each figure
    stands.
    """

    def finish(_document: Any, pdf: Any) -> None:
        dictionaries: list[Any] = [each for each in pdf.objects if isinstance(each, dict)]
        elements = {each.reference: each for each in dictionaries}
        parts = iter([(each, language) for each in sheets for language in each.languages])

        def walk(element: Any) -> Sheet | None:
            """Returns the certificate that the first part inside belongs to."""
            kind, owner = element["S"], None
            if kind in ("/P", "/H1", "/Figure"):
                owner, language = next(parts)
                element["Lang"] = f"({language})"
            if kind == "/Figure":
                tell_box_in_points(element, page_height=PAGE_HEIGHT)
            for kid in element["K"]:
                if "S" in elements.get(kid, ()):
                    inside = walk(elements[kid])
                    owner = owner or inside
            if kind == "/Sect" and owner:
                element["Lang"] = f"({owner.language})"
            return owner

        for each in elements[pdf.catalog["StructTreeRoot"]]["K"]:
            walk(elements[each])

    return finish
