"""Headings in lists of names: the rows and lines that name columns, not people."""

import re
from dataclasses import dataclass

FIRST = {
    "fornavn", "førenamn", "fornamn", "førnamn", "förnamn", "first name", "firstname",
    "given name", "given names", "for- og mellomnavn", "for og mellomnavn",
}  # fmt: skip
MIDDLE = {"mellomnavn", "mellomnamn", "middle name", "middle names"}
LAST = {
    "etternavn", "etternamn", "efternavn", "efternamn", "slektsnavn", "last name", "lastname",
    "surname", "family name",
}  # fmt: skip
WHOLE = {
    "navn", "namn", "name", "names", "fullt navn", "fullt namn", "full name", "hele navnet",
    "navn på deltaker", "navn på deltakere", "namn på deltakar", "namn på deltakarar", "deltaker",
    "deltakar", "deltakernavn", "deltakarnamn", "deltakere", "deltakarar", "deltagere", "deltager",
    "participant", "participants", "attendee", "attendees", "student", "studenter", "studentar",
    "students", "elev", "elever", "elevar", "fornavn og etternavn", "for- og etternavn",
    "førenamn og etternamn", "for- og etternamn", "first and last name",
}  # fmt: skip
OTHER = {
    "", "nr", "no", "#", "id", "nummer", "number", "e-post", "epost", "e-postadresse",
    "epostadresse", "e-mail", "email", "mail", "mailadresse", "telefon", "telefonnummer", "tlf",
    "mobil", "mobilnr", "mobilnummer", "phone", "mobile", "klasse", "class", "gruppe", "group",
    "trinn", "skole", "skule", "school", "kommune", "sted", "stad", "by", "town", "city", "adresse",
    "address", "postnr", "postnummer", "poststed", "arbeidssted", "arbeidsplass", "arbeidsstad",
    "organisasjon", "organisation", "organization", "enhet", "avdeling", "rolle", "role",
    "stilling", "tittel", "title", "fødselsdato", "født", "alder", "date of birth", "dato", "date",
    "tid", "time", "tidsstempel", "timestamp", "oppmøte", "oppmøtt", "møtt", "til stede",
    "til stades", "present", "attendance", "status", "merknad", "kommentar", "comment", "comments",
    "notes", "notat", "signatur", "signature", "underskrift", "allergier",
}  # fmt: skip
# What stands alone above names, with a number or a letter after it or not: «Klasse 3B».
ABOVE_NAMES = {
    "navneliste", "navnelista", "navnelisten", "namneliste", "namnelista", "navnene", "namna",
    "deltakerliste", "deltakerlista", "deltakerlisten", "deltakarliste", "deltakarlista",
    "kursdeltakere", "kursdeltakarar", "deltakerne", "deltakarane", "deltagerliste", "oppmøteliste",
    "oppmøtelista", "oppmøte", "påmeldte", "frammøtte", "fremmøtte", "til stede", "til stades",
    "list of names", "list of participants", "name list", "participant list", "attendance list",
    "klasse", "klasseliste", "class", "gruppe", "group", "liste", "liste over deltakere", "side",
    "page", "antall", "antal", "totalt", "total", "sum",
}  # fmt: skip
WITH_A_NUMBER = {"side", "page", "antall", "antal", "totalt", "total", "sum"}
ALONE = (FIRST | MIDDLE | LAST | WHOLE | ABOVE_NAMES) - WITH_A_NUMBER
OF_NAMES = FIRST | LAST | WHOLE
KNOWN = FIRST | MIDDLE | LAST | WHOLE | OTHER
JOINED_BY = {"og", "and", "av", "of", "på", "for-"}
TOO_LONG = 400  # a heading with its columns is shorter
DELIMITERS = ("\t", ";", "|", ",")
COUNT = re.compile(r"\s*\(\d+\)\s*:?\s*$")  # «Deltakere (12)»
NUMBER_OR_LETTER = re.compile(r"\S?\d\S*|[A-ZÆØÅ]")


@dataclass(frozen=True)
class Columns:
    """A table's columns. `names` are the places to read, in the order in which they are printed.

    `is_one_name` where first and last name have a column each; else every place is a whole name.
    """

    delimiter: str
    width: int
    names: tuple[int, ...]
    is_one_name: bool


def columns_of(line: str) -> Columns | None:
    """The columns that a row names: «Fornavn⇥Etternavn», «Navn;E-post». None for another line."""
    if len(line) > TOO_LONG:
        return None
    for delimiter in DELIMITERS:
        titles = [_title(cell) for cell in line.split(delimiter)]
        if len(titles) < 2:
            continue
        known = [title in KNOWN for title in titles]
        first, middle, last, whole = (
            [place for place, title in enumerate(titles) if title in words]
            for words in (FIRST, MIDDLE, LAST, WHOLE)
        )
        parts = [*first, *middle, *last]
        # One unknown word beside «Navn» may be somebody: «Navn⇥Kari Prøve».
        if not all(known) and len([title for title in titles if title and _is_known(title)]) < 2:
            continue
        if first and last:
            return Columns(delimiter, len(titles), tuple(parts), is_one_name=True)
        if whole or parts:
            return Columns(delimiter, len(titles), tuple(whole or parts), is_one_name=False)
    return None


def is_heading(line: str) -> bool:
    """Whether a line is no name but a word above names: «Navn», «Deltakere:», «Klasse 3B»."""
    if len(line) > TOO_LONG:
        return False
    title = _title(line)
    if title in ALONE or line.rstrip().endswith(":"):
        return True
    words = [_title(word) for word in line.split()]
    if len(words) < 2:
        return False
    if all(_is_known(word) or word in JOINED_BY for word in words):
        return any(word in OF_NAMES for word in words)
    rest = line.split()[1:]
    return words[0] in ABOVE_NAMES and all(
        NUMBER_OR_LETTER.fullmatch(word.strip(".:,")) or word in JOINED_BY for word in rest
    )


def without_label(line: str) -> str:
    """The names after «Deltakere:» on the same line."""
    label, colon, names = line.partition(":")
    return names.strip() if colon and names.strip() and is_heading(label) else line


def _title(cell: str) -> str:
    return " ".join(COUNT.sub("", cell).casefold().strip(" \t\"'*.:_-#").split())


def _is_known(title: str) -> bool:
    return bool(title) and title in KNOWN
