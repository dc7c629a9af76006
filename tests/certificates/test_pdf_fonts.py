"""Names in any script, with fonts that lie in the project."""

import os
import re
import subprocess
import sys
from collections import Counter

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from fontTools.unicodedata import script, script_name

from certificates import pdf
from certificates.pdf import fonts
from tests.certificates.test_pdf import fonts_of, make_certificate, read

pytestmark = pytest.mark.django_db


def test_fonts_are_embedded():
    document = read(pdf.render([make_certificate(name="Ingrid علي")]))
    fonts = fonts_of(document)
    assert len(fonts) >= 4  # the serif in three faces, and the Arabic one
    assert [each for each in fonts if "/FontFile2" not in each and "/FontFile3" not in each] == []


@pytest.mark.parametrize(
    "name",
    [
        "علي حسن محمد",
        "Анна Петрова",
        "Nguyễn Thị Hồng",
        "Åse Ærlend Øvrebø",
        "Αλέξανδρος Παπαδόπουλος",
        "李小龍",
        "አበበ ቢቂላ",
        "ສົມສັກ",
        "Ǥ ǩ Čárášjohka Ŋ",
        "Máret Ruoŧŧa",
        "Ĳsbrand Ĭ",
        "Иван Ґалаґан",
        "བསྟན་འཛིན་རྒྱ་མཚོ",
        "ନବୀନ ପଟ୍ଟନାୟକ",
        "ᐃᓄᒃᑎᑐᑦ",
        "ᮞᮥᮔ᮪ᮓ",
        "ⵎⴰⵙⵉⵏ",
        "ߒߞߏ 𞤀𞤁",
        "𠮷田 䶮 𬀩",
        "김민준",
        "やまだ たろう",
        "Ola ᚠᚢᚦᚨᚱᚲ",
        "Kari 😊 👩🏽‍🦱 ♥",
        "𝒦𝒶𝓇𝒾 ꝥ",
    ],
)
def test_names_in_any_script_have_all_their_letters(name, caplog):
    data = pdf.render([make_certificate(name=name)])
    document = read(data)
    for font in document.objects:
        # Glyph 0 is the empty box that stands for a missing letter.
        if isinstance(font, pikepdf.Dictionary) and font.get("/Subtype") == "/CIDFontType2":
            widths = font.get("/W", [])
            assert widths is None or len(widths) == 0 or int(widths[0]) != 0, font.BaseFont
    assert str(document.docinfo["/Title"]) == f"Kursbevis – {name}"
    assert len(document.pages) == 1
    system = [
        str(each.FontName)
        for each in fonts_of(document)
        if not re.search(r"Source|Noto|Droid|emoji", str(each.FontName))
    ]
    assert system == []  # all from the vendored ones
    assert caplog.records == []


# What is asked of fonts must not hang on the interpreter, whose tables of letters grow with every
# version: fontTools brings tables of its own, and the lock file names its version.
UNSEEN = {*range(0x20), *range(0x7F, 0xA1), 0xAD}
NO_SCRIPT = {"Zzzz", "Zyyy", "Zinh"}  # no letter yet, or one of several scripts


def test_source_serif_has_the_letters_that_are_left_to_it_in_every_face():
    left = {number for number in range(0x3000) if not fonts.OTHER_LETTER.match(chr(number))}
    for file in fonts.FONTS.glob("SourceSerif*"):
        with TTFont(file) as font:
            assert left - UNSEEN - set(font.getBestCmap()) == set(), file.name


def test_every_script_in_which_people_bear_names_has_its_font():
    letters = Counter(), Counter()
    known = frozenset().union(*(has for _font, has in fonts.fonts_by_script()))
    for number in range(0x110000):
        if script(chr(number)) not in NO_SCRIPT:
            has_font = number in known or not fonts.OTHER_LETTER.match(chr(number))
            letters[has_font][script_name(script(chr(number)))] += 1
    missing, there = letters
    nobody_lives_to_bear_them = {
        *("Anatolian Hieroglyphs", "Bhaiksuki", "Chorasmian", "Cuneiform", "Cypro Minoan"),
        *("Dives Akuru", "Duployan", "Egyptian Hieroglyphs", "Jurchen", "Kawi", "Linear A"),
        *("Khitan Small Script", "Linear B", "Makasar", "Nandinagari", "Old Uyghur", "Sidetic"),
        *("Proto Cuneiform", "Seal", "SignWriting", "Tangut", "Todhri", "Tulu Tigalari"),
        "Vithkuqi",
    }
    too_new_for_a_font = {
        *("Beria Erfe", "Garay", "Gurung Khema", "Kirat Rai", "Nag Mundari", "Ol Onal", "Tai Yo"),
        "Tolong Siki",
    }
    without_font = {name for name in missing if there[name] == 0}
    assert without_font == nobody_lives_to_bear_them | too_new_for_a_font
    # What else is missing are the letters of old books.
    partly = {name for name in missing if 0 < there[name] < missing[name]}
    assert partly == {"Grantha", "Han", "Hiragana"}
    assert there["Han"] > 30000


def test_letters_that_no_font_has_are_not_told_to_the_log(caplog):
    data = pdf.render([make_certificate(name="Ola \ue000\ue001")])
    assert len(read(data).pages) == 1
    assert caplog.records == []


def test_no_font_of_the_machine_is_used(tmp_path):
    """A machine has a font with a letter that none of ours has; in a process of its own."""
    font = TTFont(fonts.FONTS / "SourceSerif4-Regular.ttf")
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0xE0A0] = "A"
    for record in font["name"].names:
        record.string = "Machine"
    font.save(tmp_path / "machine.ttf")
    settings = tmp_path / "machine.conf"
    settings.write_text(f"<fontconfig><dir>{tmp_path}</dir></fontconfig>")
    script = (
        "import sys, django; django.setup()\n"
        "from certificates import pdf\n"
        "from tests.certificates.test_pdf import make_certificate\n"
        "sys.stdout.buffer.write(pdf.render([make_certificate(name='Ola \ue0a0')]))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"FONTCONFIG_FILE": str(settings)},
        capture_output=True,
        check=True,
    )
    document = read(run.stdout)
    names = {str(each.FontName).partition("+")[2] for each in fonts_of(document)}
    assert {name for name in names if not name.startswith("Source")} == set()
