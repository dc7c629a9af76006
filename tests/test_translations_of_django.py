"""Django's own pages and errors are complete in bokmål and nynorsk."""

import re
from pathlib import Path

import django
import pytest
from django.utils import translation
from django.utils.translation.trans_real import DjangoTranslation

from recoverycollege import django_messages

PACKAGES = ["conf", "contrib/admin", "contrib/auth", "contrib/contenttypes", "contrib/sessions"]
PLURAL = " (plural)"
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')


def msgids(path: Path) -> set[str]:
    """The keys of a .po file as a catalogue holds them: with their context, plurals marked."""
    found = set()
    for entry in path.read_text(encoding="utf-8").split("\n\n"):
        if entry.lstrip().startswith("#~"):
            continue
        parts: dict[str, str] = {}
        current = ""
        for line in entry.splitlines():
            if match := re.match(r"(msgctxt|msgid|msgid_plural|msgstr)\b", line):
                current = match[1]
            if (string := STRING.search(line)) and not line.startswith("#"):
                text = string[1].replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
                parts[current] = parts.get(current, "") + text
        if parts.get("msgid"):
            context = f"{parts['msgctxt']}\x04" if "msgctxt" in parts else ""
            found.add(context + parts["msgid"] + (PLURAL if "msgid_plural" in parts else ""))
    return found


def missing(domain: str, language: str) -> list[str]:
    known: set[str] = set()
    for catalog in DjangoTranslation(language, domain=domain)._catalog._catalogs:
        known |= {
            key[0] + PLURAL if isinstance(key, tuple) else key
            for key, text in catalog.items()
            if text
        }
    root = Path(django.__file__).parent
    wanted = set()
    for package in PACKAGES:
        path = root / package / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
        if path.exists():
            wanted |= msgids(path)
    assert len(wanted) > 50
    return sorted(wanted - known)


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_no_word_of_django_is_left_in_english(domain: str, language: str) -> None:
    assert missing(domain, language) == []


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "nb",
            [
                "Det samme står to ganger. Endre det ene.",
                "Adresse er i bruk fra før. Skriv noe annet.",
                "Dette finnes fra før: År og Termin. Velg noe annet.",
            ],
        ),
        (
            "nn",
            [
                "Det same står to gonger. Endre det eine.",
                "Adresse er i bruk frå før. Skriv noko anna.",
                "Dette finst frå før: År og Termin. Vel noko anna.",
            ],
        ),
    ],
)
def test_what_is_there_twice_is_told_without_names_from_the_code(
    language: str, sentences: list[str]
) -> None:
    with translation.override(language):
        assert sentences == [
            translation.gettext("Please correct the duplicate data for %(field)s.")
            % {"field": "tutor"},
            translation.gettext("%(model_name)s with this %(field_label)s already exists.")
            % {"model_name": "Kurs", "field_label": "Adresse"},
            translation.gettext("%(model_name)s with this %(field_labels)s already exists.")
            % {"model_name": "Semester", "field_labels": "År og Termin"},
        ]


OVERRIDDEN = {
    "The {name} “{obj}” was changed successfully.": ("«{obj}» er endret.", "«{obj}» er endra."),
    "The {name} “{obj}” was added successfully.": ("«{obj}» er lagret.", "«{obj}» er lagra."),
    "The %(name)s “%(obj)s” was deleted successfully.": (
        "«%(obj)s» er slettet.",
        "«%(obj)s» er sletta.",
    ),
    "Save and add another": ("Lagre og legg til flere", "Lagre og legg til fleire"),
    "Save and continue editing": ("Lagre og fortsett her", "Lagre og hald fram her"),
    "Select a valid choice. That choice is not one of the available choices.": (
        "Velg noe som står på lista.",
        "Vel noko som står på lista.",
    ),
    "The two password fields didn’t match.": (
        "De to passordene er ikke like. Skriv det samme to ganger.",
        "Dei to passorda er ikkje like. Skriv det same to gonger.",
    ),
    "Enter a valid date.": (
        "Skriv en dato, for eksempel 07.12.2026.",
        "Skriv ein dato, til dømes 07.12.2026.",
    ),
}


@pytest.mark.parametrize("msgid", OVERRIDDEN)
def test_words_of_django_that_show_are_ours(msgid: str) -> None:
    for language, words in zip(("nb", "nn"), OVERRIDDEN[msgid], strict=True):
        with translation.override(language):
            assert translation.gettext(msgid) == words


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_no_word_of_django_that_we_list_is_stiff_or_in_foreign_quotation_marks(
    language: str,
) -> None:
    with translation.override(language):
        said = [translation.gettext(msgid) for msgid in django_messages.SINGLE]
    assert len(said) > 150
    worn = re.compile(
        r'(?i)(?<![=])"(?!>)|[“”]|vennligst|korriger|oppgi\b|oppgje|objekt|gyldig verdi'
    )
    assert [words for words in said if worn.search(words)] == []


def test_parser_reads_contexts_plurals_and_lines(tmp_path) -> None:
    path = tmp_path / "django.po"
    path.write_text(
        'msgctxt "day"\nmsgid "Sun"\nmsgstr ""\n\n'
        'msgid ""\n"a "\n"\\"b\\""\nmsgid_plural "c"\nmsgstr[0] ""\n\n#~ msgid "old"\n',
        encoding="utf-8",
    )
    assert msgids(path) == {"day\x04Sun", 'a "b" (plural)'}
