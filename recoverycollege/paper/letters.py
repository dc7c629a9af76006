"""Letters on paper: one PDF for the printer, each letter for a window envelope."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language, gettext

from certificates.pdf import files, fonts
from courses.models import College
from courses.norwegian.formatting import phone
from enrolment.admin.printed_letters import PaperLetter
from enrolment.letters import Block

STYLESHEET = Path(__file__).resolve().parent / "css" / "letter.css"
# What the window shows, in points: how wide, and how high.
WINDOW_WIDTH, WINDOW_HEIGHT = 80 / 25.4 * 72, 37 / 25.4 * 72
LINE_HEIGHT = 1.25
# Sizes of letters in the window, in points, and what they are called in the stylesheet.
SIZES = [(12, "large"), (10, "medium"), (7.5, "small")]


@dataclass
class Sheet:
    """A letter in words that the fonts have, in its own language."""

    language: str
    sender: str
    receiver: str
    size: str
    blocks: list[Block]
    # Around the number of a page and of all pages.
    before: str
    between: str
    after: str

    @property
    def all_words(self) -> Iterator[str]:
        yield from (self.sender, self.receiver, self.before, self.between, self.after)
        for block in self.blocks:
            yield from (block.heading, *block.lines, *block.items)
            for link in block.links:
                yield from link


def render(letters: Sequence[PaperLetter], *, college: College) -> bytes:
    """Every letter from a new page on, in the order given. No query.

    A letter of several pages has their numbers on them. The document names nobody in its title.
    """
    sheets = [_sheet(each, college) for each in letters]
    with fonts.one_at_a_time:
        document, pages = _lay_out(sheets)
        # A letter is a section in the document's structure, and on each of its pages.
        languages = [
            sheet.language for sheet, own in zip(sheets, pages, strict=True) for _page in own
        ]
        whole = document.copy([page for own in pages for page in own])
        pdf: bytes = whole.write_pdf(finisher=_tell_languages(languages), pdf_variant="pdf/ua-1")
    return pdf


def _sheet(letter: PaperLetter, college: College) -> Sheet:
    with translation.override(letter.language):
        numbering = gettext("Page %(page)s of %(pages)s")
    before, _page, rest = numbering.partition("%(page)s")
    between, _pages, after = rest.partition("%(pages)s")
    sender = [college.name, *college.address.splitlines(), phone(college.phone), college.email]
    receiver = [letter.name, *letter.address.splitlines()]
    lines = [_printable(each) for each in receiver if each.strip()]
    size = _size(lines)
    if not size:
        # More lines than the window holds: behind one another they take less room.
        lines, size = [lines[0], ", ".join(lines[1:])], SIZES[-1][1]
    return Sheet(
        language=letter.language,
        sender=_printable("\n".join(each for each in sender if each.strip())),
        receiver="\n".join(lines),
        size=size,
        blocks=[
            Block(
                heading=_printable(block.heading),
                lines=[_printable(each) for each in block.lines],
                items=[_printable(each) for each in block.items],
                links=[(_printable(label), address) for label, address in block.links],
            )
            for block in letter.blocks
        ],
        before=before,
        between=between,
        after=after,
    )


def _printable(text: str) -> str:
    """With «…» for letters that no font has; letters may break where a screen would not."""
    return fonts.printable(text.replace("\N{WORD JOINER}", ""))


def _size(lines: Sequence[str]) -> str:
    """The largest size in which the window shows all lines; empty where it does in none."""
    for points, size in SIZES:
        number = sum(ceil(_width(line) * points / WINDOW_WIDTH) for line in lines)
        if number * points * LINE_HEIGHT <= WINDOW_HEIGHT:
            return size
    return ""


def _width(line: str) -> float:
    """Rather too wide than too narrow, in ems: what the window cuts off, the post cannot read."""
    return fonts.width(line) + 0.55 * sum(letter.isupper() for letter in line)


def _lay_out(sheets: Sequence[Sheet]) -> tuple[Any, list[list[Any]]]:
    """One of the documents laid out, and the pages of each letter."""
    from weasyprint import HTML

    others = fonts.other_letters(words for each in sheets for words in each.all_words)
    styles, font_config = fonts.stylesheets(fonts.fonts_for(others), STYLESHEET)
    shared = {"language": get_language(), "title": gettext("Letters on paper")}

    def lay_out(part: Sequence[Sheet], *, is_numbered: bool) -> Any:
        context = {"sheets": part, "is_numbered": is_numbered, **shared}
        html = render_to_string("recoverycollege/letters_on_paper.html", context)
        return HTML(
            string=html, base_url=files.HERE.as_uri(), url_fetcher=files.fetcher({})
        ).render(stylesheets=styles, font_config=font_config, pdf_variant="pdf/ua-1")

    document = lay_out(sheets, is_numbered=False)
    begins: dict[int, int] = {}
    for number, page in enumerate(document.pages):
        for anchor in page.anchors:
            begins.setdefault(int(anchor.removeprefix("letter-")), number)
    ends = [*(begins[each] for each in range(1, len(sheets))), len(document.pages)]
    pages = []
    for number, sheet in enumerate(sheets):
        own = document.pages[begins[number] : ends[number]]
        # Only a letter by itself knows how many pages it has.
        pages.append(own if len(own) == 1 else lay_out([sheet], is_numbered=True).pages)
    return document, pages


def _tell_languages(languages: Sequence[str]) -> Any:
    """A finisher for WeasyPrint, which tells the language of the whole document alone."""

    def finish(_document: Any, pdf: Any) -> None:
        sections = [
            each for each in pdf.objects if isinstance(each, dict) and each.get("S") == "/Sect"
        ]
        for section, language in zip(sections, languages, strict=True):
            section["Lang"] = f"({language})"

    return finish
