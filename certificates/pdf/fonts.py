"""The stylesheet and its fonts: Source Serif, and what a name in another script needs."""

import atexit
import logging
import os
import re
from functools import cache, lru_cache
from typing import Any

from certificates.pdf.files import HERE, fetcher

STYLESHEET = HERE / "css" / "certificate.css"
FONTS = HERE / "fonts"
# Letters that not all faces of Source Serif have: they need other fonts.
OTHER_LETTER = re.compile(
    r"[^\u0000-\u012b\u012e-\u0131\u0134-\u0165\u0168-\u017f\u01a0\u01a1\u01af\u01b0\u0218-\u021b"
    r"\u0391-\u03a1\u03a3-\u03c9\u0400-\u045f\u0490\u0491\u1ea0-\u1ef9\u2010-\u2015\u2018-\u201a"
    r"\u201c-\u201e\u2020-\u2022\u2025\u2026]"
)
# For single letters of a script that Source Serif has: the first looks most like it.
NEXT_TO_SOURCE_SERIF = ["NotoSerifDisplay-Regular", "NotoSans-Regular"]


@cache
def _prepare_weasyprint() -> None:
    """What holds for every document of the process, done once."""
    from weasyprint.pdf import pydyf

    # Fontconfig reads it whenever fonts are gathered: none of the machine's own.
    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    logging.getLogger("weasyprint").addFilter(_tells_no_letters)
    # The files of the fonts go while the interpreter still stands.
    atexit.register(stylesheets.cache_clear)

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


def fonts_for(letters: set[str]) -> tuple[str, ...]:
    """The fonts that the letters need beside Source Serif, those to be tried first in front."""
    left, fonts = set(map(ord, letters)), []
    for font, has in fonts_by_script() if left else ():
        if left & has:
            left -= has
            fonts.append(font)
    return tuple(fonts)


@cache
def fonts_by_script() -> list[tuple[str, frozenset[int]]]:
    """Every other font and the letters it has, the one most made for its script first.

    That is the smaller one: large fonts hold some letters of many scripts. Before all of them
    come those for the rarer letters of Latin, Greek and Cyrillic.
    """
    from fontTools.ttLib import TTFont

    files = [each for each in FONTS.iterdir() if each.suffix in (".ttf", ".otf", ".woff2")]
    files.sort(
        key=lambda file: (
            *(file.stem != first for first in NEXT_TO_SOURCE_SERIF),
            *(file.stat().st_size, file.name),
        )
    )
    fonts = []
    for file in files:
        if not file.stem.startswith("SourceSerif"):
            with TTFont(file, lazy=True) as font:
                fonts.append((file.name, frozenset(font.getBestCmap())))
    return fonts


@lru_cache(maxsize=16)
def stylesheets(fonts: tuple[str, ...]) -> tuple[list[Any], Any]:
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
    sheet = CSS(
        string=css.replace("var(--display-fonts)", f'"Source Serif 4 Display", {others}'),
        font_config=font_config,
        base_url=f"{FONTS.as_uri()}/",
        url_fetcher=fetcher({}),
    )
    return [sheet], font_config
