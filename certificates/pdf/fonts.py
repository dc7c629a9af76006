"""The stylesheet and its fonts: Source Serif, and what a name in another script needs."""

import atexit
import logging
import os
import re
import threading
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from certificates.pdf.files import HERE, fetcher

# One document at a time: fonts and stylesheets are shared by the threads of a process.
one_at_a_time = threading.Lock()
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


# Characters that are never seen by themselves: joiners, directions, variants of the letter before.
INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
OWN_LETTER = 0.48  # ems, of Source Serif on the average
# Stands for letters that no font here has.
IN_THEIR_PLACE = "…"


@cache
def _prepare_weasyprint() -> None:
    """What holds for every document of the process, done once."""
    # Fontconfig reads it whenever fonts are gathered: none of the machine's own.
    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    logging.getLogger("weasyprint").addFilter(_tells_no_letters)
    # The files of the fonts go while the interpreter still stands.
    atexit.register(stylesheets.cache_clear)


def _tells_no_letters(record: logging.LogRecord) -> bool:
    """Keeps the letters of somebody's name, those that no font has, out of the log."""
    return ".notdef" not in str(record.msg)


def other_letters(texts: Iterable[str]) -> set[str]:
    """The letters for which Source Serif is not enough."""
    return {letter for text in texts for letter in OTHER_LETTER.findall(text)}


def unprintable(text: str) -> set[str]:
    """The letters that no font here has: of a script that is not kept, or no letters at all."""
    left = {each for each in other_letters([text]) if not INVISIBLE.match(each)}
    return {each for each in left if _font_with(ord(each)) is None} if left else left


def printable(text: str) -> str:
    """The text with «…» for letters that no font here has. Line breaks stay."""
    missing = unprintable(text) - {"\n", "\r"}
    if not missing:
        return text
    letters = "".join(re.escape(each) for each in sorted(missing))
    return re.sub(f"[{letters}]+(?:{INVISIBLE.pattern}+[{letters}]*)*", IN_THEIR_PLACE, text)


def width(text: str) -> float:
    """Roughly how wide one line of it is, in ems: letters of Source Serif count as half a one."""
    total = 0.0
    for letter in text:
        if not OTHER_LETTER.match(letter):
            total += OWN_LETTER
        elif not INVISIBLE.match(letter) and (font := _font_with(ord(letter))):
            total += _advances(font)[ord(letter)]
    return total


@cache
def _advances(file: str) -> dict[int, float]:
    """How wide each letter of a font is, in ems."""
    from fontTools.ttLib import TTFont

    with TTFont(FONTS / file, lazy=True) as font:
        size, widths = font["head"].unitsPerEm, font["hmtx"].metrics
        return {number: widths[glyph][0] / size for number, glyph in font.getBestCmap().items()}


def _font_with(number: int) -> str | None:
    """The first font that has the letter, as `fonts_for` finds it."""
    return next((font for font, has in fonts_by_script() if number in has), None)


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
def stylesheets(fonts: tuple[str, ...], stylesheet: Path = STYLESHEET) -> tuple[list[Any], Any]:
    """The parsed stylesheet with Source Serif and the fonts named, kept for the next document.

    Whoever draws with it holds `one_at_a_time`.
    """
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    faces, families = [(FONTS / "fonts.css").read_text()], ['"Source Serif 4"']
    for font in fonts:
        # What Pango takes for an emoji, it looks for in a family of this name alone.
        family = "emoji" if "Emoji" in font else font.partition("-")[0]
        faces.append(f'@font-face {{ font-family: "{family}"; src: url("{font}"); }}')
        families.append(f'"{family}"')
    others = ", ".join(families)
    css = "\n".join(faces) + f"\nhtml {{ font-family: {others}; }}\n" + stylesheet.read_text()
    _prepare_weasyprint()
    font_config = FontConfiguration()
    sheet = CSS(
        string=css.replace("var(--display-fonts)", f'"Source Serif 4 Display", {others}'),
        font_config=font_config,
        base_url=f"{FONTS.as_uri()}/",
        url_fetcher=fetcher({}),
    )
    return [sheet], font_config
