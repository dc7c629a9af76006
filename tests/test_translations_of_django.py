"""Django's own pages and errors are complete in bokmål and nynorsk."""

import re
from pathlib import Path

import django
import pytest
from django.utils import translation
from django.utils.translation.trans_real import DjangoTranslation

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


def test_parser_reads_contexts_plurals_and_lines(tmp_path) -> None:
    path = tmp_path / "django.po"
    path.write_text(
        'msgctxt "day"\nmsgid "Sun"\nmsgstr ""\n\n'
        'msgid ""\n"a "\n"\\"b\\""\nmsgid_plural "c"\nmsgstr[0] ""\n\n#~ msgid "old"\n',
        encoding="utf-8",
    )
    assert msgids(path) == {"day\x04Sun", 'a "b" (plural)'}
