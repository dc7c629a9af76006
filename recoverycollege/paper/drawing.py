"""What all papers share: laid out with the fonts of the certificates, drawn as tagged PDF/UA."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from certificates.pdf import files, fonts
from certificates.pdf.figures import POINTS_PER_PIXEL, tell_box_in_points

CSS = Path(__file__).resolve().parent / "css"
VARIANT = "pdf/ua-1"
# A sheet of A4, folded once, has so many pages in A5.
PAGES_OF_A_SHEET = 4

LayOut = Callable[[dict[str, Any]], Any]


def printable(text: str) -> str:
    """With «…» for letters that no font has; dates may break where a screen would not."""
    plain = text.replace("\N{WORD JOINER}", "").replace("\N{NO-BREAK SPACE}", " ")
    return fonts.printable(plain.replace("\r\n", "\n").strip())


@contextmanager
def drawing(name: str, *, words: Iterable[str]) -> Iterator[LayOut]:
    """Lays out the template of this name, with the stylesheet of the same name.

    `words` are those that people have written, on which it depends which fonts are needed. One
    document at a time: draw it with `as_pdf` inside the block.
    """
    from weasyprint import HTML

    with fonts.one_at_a_time:
        needed = fonts.fonts_for(fonts.other_letters(words))
        styles, font_config = fonts.stylesheets(needed, CSS / f"{name}.css")

        def lay_out(context: dict[str, Any]) -> Any:
            html = render_to_string(
                f"recoverycollege/paper/{name}.html", {"language": get_language(), **context}
            )
            return HTML(
                string=html, base_url=files.HERE.as_uri(), url_fetcher=files.fetcher({})
            ).render(stylesheets=styles, font_config=font_config, pdf_variant=VARIANT)

        yield lay_out


def lay_out_to_fold(lay_out: LayOut, context: dict[str, Any], *, blank: Any = None) -> Any:
    """A booklet in A5 with as many pages as fold out of whole sheets of A4.

    What is missing are pages like `blank`, as often as the template finds it in its context.
    """
    document = lay_out({**context, "blank": []})
    if missing := -len(document.pages) % PAGES_OF_A_SHEET:
        document = lay_out({**context, "blank": [blank] * missing})
    return document


def as_pdf(document: Any, *, languages: Sequence[str] = (), zoom: float = 1) -> bytes:
    """The document as a file; `languages` are those of its sections, in their order.

    Larger by `zoom` times in every measure, its sheet of paper too.
    """
    height = document.pages[0].height * POINTS_PER_PIXEL * zoom

    def finish(_document: Any, pdf: Any) -> None:
        """WeasyPrint tells the language of the whole document alone."""
        elements = [each for each in pdf.objects if isinstance(each, dict) and "S" in each]
        sections = [each for each in elements if each["S"] == "/Sect"]
        for section, language in zip(sections, languages, strict=True):
            section["Lang"] = f"({language})"
        for each in elements:
            if each["S"] == "/Figure":
                tell_box_in_points(each, page_height=height, zoom=zoom)

    pdf: bytes = document.write_pdf(finisher=finish, pdf_variant=VARIANT, zoom=zoom)
    return pdf


def pdf_response(pdf: bytes, name: str) -> HttpResponse:
    """The PDF to look at or save. Its file name tells what it is, and of nobody."""
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )
