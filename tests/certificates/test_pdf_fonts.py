"""Names in any script, with fonts that lie in the project."""

import os
import re
import subprocess
import sys

import pikepdf
import pytest
from fontTools import unicodedata
from fontTools.ttLib import TTFont

from certificates import pdf
from certificates.pdf import fonts
from tests.certificates.test_pdf import fonts_of, make_certificate, read, text_of


def boxes_in(document: pikepdf.Pdf) -> list[str]:
    """The fonts whose glyph 0 is used: the empty box that stands for a missing letter."""
    return [
        str(font.BaseFont)
        for font in document.objects
        if isinstance(font, pikepdf.Dictionary)
        and font.get("/Subtype") == "/CIDFontType2"
        and len(font.get("/W") or []) > 0
        and int(font.W[0]) == 0
    ]


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
        "Kari 😊 👩🏽‍🦱 ♥",
        "Kari ꝥ",
    ],
)
def test_names_in_any_script_have_all_their_letters(name, caplog):
    data = pdf.render([make_certificate(name=name)])
    document = read(data)
    assert boxes_in(document) == []
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


# A name in each script that Unicode recommends for identifiers, or lists as being in limited use
# (UAX #31, tables 5 and 7), written out: no test depends on the interpreter's own tables.
NAMES = {
    "Latin": "Ingrid",
    "Greek": "Ελένη",
    "Cyrillic": "Анна",
    "Armenian": "Արամ",
    "Hebrew": "דוד",
    "Arabic": "علي",
    "Thaana": "އަލީ",
    "Devanagari": "अमित",
    "Bengali": "অমিত",
    "Gurmukhi": "ਅਮਿਤ",
    "Gujarati": "અમિત",
    "Oriya": "ନବୀନ",
    "Tamil": "அமுதா",
    "Telugu": "అమల",
    "Kannada": "ಅಮಲ",
    "Malayalam": "അമല",
    "Sinhala": "අමල",
    "Thai": "สมชาย",
    "Lao": "ສົມສັກ",
    "Tibetan": "བསྟན",
    "Myanmar": "အောင်",
    "Georgian": "გიორგი",
    "Hangul": "김민준",
    "Ethiopic": "አበበ",
    "Khmer": "សុខា",
    "Hiragana": "さくら",
    "Katakana": "サクラ",
    "Bopomofo": "ㄌㄧ",
    "Han": "李小龍",
    "Adlam": "𞤀𞤣𞤤",
    "Balinese": "ᬓᬢᬸᬢ᭄",
    "Bamum": "ꚠꚡꚢ",
    "Batak": "ᯅᯖᯂ᯲",
    "Canadian Aboriginal": "ᐃᓄᒃ",
    "Chakma": "𑄌𑄇𑄴𑄟",
    "Cham": "ꨌꩌ",
    "Cherokee": "ᏣᎳᎩ",
    "Gunjala Gondi": "𑵶𑶊𑶅",
    "Hanifi Rohingya": "𐴀𐴁𐴂",
    "Javanese": "ꦗꦮ",
    "Kayah Li": "ꤊꤋꤌ",
    "Lepcha": "ᰛᰩᰵ",
    "Limbu": "ᤕᤰᤌ",
    "Lisu": "ꓡꓲꓢ",
    "Mandaic": "ࡌࡀࡍ",
    "Meetei Mayek": "ꯃꯤꯇꯩ",
    "Miao": "𖼀𖼁𖼂",
    "New Tai Lue": "ᦟᦹᧉ",
    "Newa": "𑐣𑐾𑐥",
    "Nko": "ߒߞߏ",
    "Nyiakeng Puachue Hmong": "𞄀𞄁𞄂",
    "Ol Chiki": "ᱚᱞ",
    "Osage": "𐒰𐒱𐒲",
    "Saurashtra": "ꢱꣃꢬ",
    "Sundanese": "ᮞᮥᮔ᮪",
    "Syloti Nagri": "ꠍꠤꠟ",
    "Syriac": "ܡܪܝܡ",
    "Tai Le": "ᥖᥭᥰ",
    "Tai Tham": "ᨲᩫ᩠ᩅ",
    "Tai Viet": "ꪼꪕ",
    "Tifinagh": "ⵎⴰⵙ",
    "Vai": "ꕙꔤ",
    "Wancho": "𞋀𞋁𞋂",
    "Yi": "ꆈꌠ",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_every_script_in_which_people_bear_names_has_its_font(name):
    assert fonts.unprintable(name) == set()


# The same scripts by their ISO 15924 codes: those with «ID Usage» RECOMMENDED or LIMITED_USE in
# Unicode's CLDR, common/properties/scriptMetadata.txt, which takes them from UAX #31. Left out are
# the codes of no single script (Zyyy, Zinh) and those that only join others (Hans, Jpan, Kore).
RECOMMENDED = (
    "Arab Armn Beng Bopo Cyrl Deva Ethi Geor Grek Gujr Guru Hang Hani Hebr Hira Kana Khmr Knda "
    "Laoo Latn Mlym Mymr Orya Sinh Taml Telu Thaa Thai Tibt"
)
LIMITED_USE = (
    "Adlm Bali Bamu Batk Cakm Cans Cham Cher Gong Hmnp Java Kali Lana Lepc Limb Lisu Mand Mtei "
    "Newa Nkoo Olck Osge Plrd Rohg Saur Sund Sylo Syrc Tale Talu Tavt Tfng Vaii Wcho Yiii"
)


def test_names_are_in_the_scripts_that_unicode_lists():
    scripts = [unicodedata.script(name[0]) for name in NAMES.values()]
    assert sorted(scripts) == sorted(f"{RECOMMENDED} {LIMITED_USE}".split())


def test_readme_lists_the_scripts_that_are_kept():
    readme = (fonts.FONTS / "README.md").read_text()
    listed = re.findall(r"^- \*\*[\w ]+\*\*: ([^.]+)\.", readme, re.M)
    assert {name for each in listed for name in " ".join(each.split()).split(", ")} == {*NAMES}


FORGOTTEN = {
    "Runic": "ᚠᚢᚦ",
    "Gothic": "𐌰𐌱",
    "Ogham": "ᚐᚑ",
    "Cuneiform": "𒀀𒀁",
    "Coptic": "ⲁⲃ",
    "Mongolian": "ᠮᠣ",
    "mathematical": "𝒦𝒶",
    "private": "\ue000\ue001",
}


@pytest.mark.parametrize("name", FORGOTTEN.values(), ids=FORGOTTEN)
def test_letters_of_no_kept_script_are_printed_as_three_dots(name):
    assert fonts.unprintable(f"Ola {name}") == set(name)
    assert fonts.printable(f"Ola {name} Li") == "Ola … Li"
    data = pdf.render([make_certificate(name=f"Ola {name} Li")])
    assert boxes_in(read(data)) == []
    assert "Ola … Li" in text_of(data)


def test_signs_that_are_never_seen_are_no_missing_letters():
    text = "A\u200d\u2060\u00ad\ufe0fB"
    assert fonts.unprintable(text) == set()
    assert fonts.printable(text) == text


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


def test_readme_says_where_every_font_comes_from():
    readme = (fonts.FONTS / "README.md").read_text()
    told = set(re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([\d.]+\w?) \|", readme, re.M))
    there = set()
    for file in fonts.FONTS.glob("*.[to]tf"):
        with TTFont(file, lazy=True) as font:
            names = font["name"]
            family = names.getDebugName(16) or names.getDebugName(1)
            version = names.getDebugName(5).partition(";")[0].removeprefix("Version ").strip()
        there.add((file.name, family, version))
    assert told == there
