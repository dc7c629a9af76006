"""Who is named in a line: one person, or several, in columns or in prose."""

import csv
import re
from collections.abc import Iterator, Sequence

from certificates.pasted_names.headings import Columns, is_heading, without_label
from certificates.pasted_names.questions import Question
from enrolment.forms.web_addresses import holds_web_address

# «1.», «1)», «(1)», «#1», «12 », «Nr. 3:», «a)»; «I. Hansen» is an initial.
NUMBERING = re.compile(
    r"(?:(?:nr|no)\.?\s*|#\s*)?\(?\d{1,4}(?:\s*[.):\]]+(?!\d)|\s+-(?=\s)|(?=\s)|(?=\t))\s*"
    r"|[a-zæøå]\)\s+",
    re.IGNORECASE,
)
NEXT_NUMBER = re.compile(r"\s+\(?\d{1,4}[.)]\s+")
# A hyphen, stars, ticks, boxes, the bullets of word processors; Word's hollow
# bullet is «o» and a tab.
BULLET = re.compile(
    r"(?:[-–—―−•*·∙‣▪▫◦●○■□◆◇☐☑☒✓✔✗→➢➤►▶>»_=~+,;:|\uf0a7\uf0b7\uf0d8]\s*)+|\[[ xX]?\]\s*|o\t\s*"
)
DOUBLE_QUOTES = '"“”„‟«»″'
QUOTE_PAIRS = {*((a, b) for a in DOUBLE_QUOTES for b in DOUBLE_QUOTES), ("'", "'"), ("‘", "’")} | {
    ("‚", "‘"), ("`", "`"), ("´", "´"), ("‹", "›"),
}  # fmt: skip
LABEL = r"(?:\b(?:tlf|telefon|mobil|mob|phone|e-?post|e-?mail|mail|født|born)\b[.:]?\s*)?"
EMAIL = re.compile(LABEL + r"<?(?:mailto:)?[^\s<>,;|()@\"]+@[^\s<>,;|()@\"]+>?", re.IGNORECASE)
LINK = re.compile(r"<?(?:https?://|www\.)[^\s<>,;|]*>?", re.IGNORECASE)
# Five digits and more, however they are grouped: a phone number, a date, somebody's number.
NUMBERS = re.compile(LABEL + r"\+?\(?\d(?:[ ./()-]{0,2}\d){4,}", re.IGNORECASE)
EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]|<\s*>")
PEOPLE_BREAK = re.compile(
    r"(?:^|\s+)(?:og|and|OG|&|\+)(?=\s|$)|\+(?=\d)|[/\\•▪◦●‣]|(?<=\s)·(?=\s)|[、،]"
)
CELL_BREAK = re.compile(r"[\t;|]")
MARKS_AT_MOST = 5
WHOLE_WORDS_FROM = 4  # «Jr.», «Sr.» and initials keep their full stop at the end

Read = tuple[str, tuple[Question, ...]]


def from_row(line: str, columns: Columns, taken_out: list[str]) -> Iterator[Read]:
    """The row of a table whose headings are known; nothing where it does not fit them."""
    cells = split_cells(line, columns.delimiter)
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) < 2 or len(cells) > columns.width:
        return
    rest = [cell for place, cell in enumerate(cells) if place not in columns.names]
    parts = [cells[place] for place in columns.names if place < len(cells)]
    if columns.is_one_name:
        name = _without_addresses(" ".join(map(plain, parts)), taken_out)
        yield name, (Question.COLUMNS,) if PEOPLE_BREAK.search(name) else ()
    else:
        for part in parts:
            yield from from_line(part, taken_out)
    taken_out.extend(cell for cell in rest if cell)


def from_line(line: str, taken_out: list[str]) -> Iterator[Read]:
    """Whoever is named in a line of text."""
    text = without_label(unmarked(line))
    if NUMBERING.match(line.lstrip()):
        text = NEXT_NUMBER.sub(" ; ", text)
    text = _without_addresses(text, taken_out)
    delimiter = CELL_BREAK.search(text)
    cells = _text_cells(split_cells(text, delimiter.group()) if delimiter else [text], taken_out)
    if len(cells) < 2:
        for cell in cells:
            yield from _from_prose(cell, taken_out)
        return
    lengths = [len(cell.split()) for cell in cells]
    is_table = delimiter is not None and delimiter.group() == "\t"
    if any("," in cell or PEOPLE_BREAK.search(cell) for cell in cells):
        for cell in cells:
            yield from _from_prose(cell, taken_out)
    elif min(lengths) > 1:
        asked = (Question.SEVERAL,) if len(cells) == 2 or is_table else ()
        yield from ((cell, asked) for cell in cells)
    elif len(cells) == 2 or (is_table and max(lengths) == 1):
        yield " ".join(cells), (Question.COLUMNS,)
    else:
        yield from ((cell, (Question.SEVERAL,)) for cell in cells)


def _without_addresses(text: str, taken_out: list[str]) -> str:
    for pattern in (EMAIL, LINK, NUMBERS):
        taken_out.extend(match.strip() for match in pattern.findall(text))
        text = pattern.sub(" ", text)
    addresses = [each for each in text.split(" ") if "." in each and _is_address(each)]
    if addresses:
        taken_out.extend(addresses)
        text = " ".join(each for each in text.split(" ") if each not in addresses)
    return EMPTY_BRACKETS.sub(" ", text).strip(" ")


def _from_prose(text: str, taken_out: list[str]) -> Iterator[Read]:
    """«Prøve, Kari» is one person; «Kari Prøve, Ola Tenkt og Eva Oppdiktet» are three."""
    if PEOPLE_BREAK.search(_outside_quotes(text)):
        parts = [
            part for each in split_cells(text, ",") for part in PEOPLE_BREAK.split(each) if part
        ]
        yield from ((part, ()) for part in _text_cells(parts, taken_out))
        return
    cells = _text_cells(split_cells(text, ","), taken_out)
    is_quoted = len(cells) == 1 and "," in cells[0]
    if is_quoted:
        cells = _text_cells(cells[0].split(","), taken_out)
    if any("," in cell for cell in cells):  # each in quotes of its own
        for cell in cells:
            yield from _from_prose(f'"{cell}"' if "," in cell else cell, taken_out)
    elif len(cells) == 2:
        is_glued = re.search(r",\S", text) is not None and not is_quoted
        yield from _two_with_a_comma(*cells, is_quoted=is_quoted, is_glued=is_glued)
    else:
        lengths = {len(cell.split()) for cell in cells}
        asked = (Question.SEVERAL,) if 1 in lengths and len(cells) > 1 else ()
        yield from ((cell, asked) for cell in cells)


def _two_with_a_comma(
    first: str, second: str, *, is_quoted: bool, is_glued: bool
) -> Iterator[Read]:
    one, other = len(first.split()), len(second.split())
    has_particle = one > 1 and first.split()[0].islower() and not first.islower()
    if one > 1 and other > 1 and not has_particle:
        yield from ((each, (Question.SEVERAL,)) for each in (first, second))
    elif is_glued and one == other == 1:
        yield f"{first} {second}", (Question.COLUMNS,)
    else:
        has_initial = other > 1 and len(second.split()[-1].rstrip(".")) == 1
        is_clear = is_quoted or has_particle or has_initial
        yield f"{second} {first}", () if is_clear else (Question.LAST_NAME_FIRST,)


def split_cells(line: str, delimiter: str) -> list[str]:
    """The cells of a row, without the quotes that a spreadsheet puts around them."""
    try:
        row = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        row = line.split(delimiter)
    return [cell.strip() for cell in row]


def _text_cells(cells: Sequence[str], taken_out: list[str]) -> list[str]:
    """Those that can hold a name. «3B» or «4021 Stavanger» is another column, unless alone."""
    with_letters = [
        cell for cell in cells if any(letter.isalpha() for letter in cell) and not is_heading(cell)
    ]
    kept = [
        cell for cell in with_letters if not any(digit.isdigit() for digit in cell.split()[0])
    ] or with_letters
    others = {*cells} - {*kept, ""}
    taken_out.extend(cell for cell in cells if cell in others)
    return kept


def _outside_quotes(text: str) -> str:
    return re.sub(r'"[^"]*"', "", text)


def unmarked(text: str) -> str:
    """Without bullets and numbers in front, as many as there are."""
    text = text.strip()
    for _mark in range(MARKS_AT_MOST):
        match = BULLET.match(text) or NUMBERING.match(text)
        if match is None or not any(letter.isalpha() for letter in text[match.end() :]):
            break
        text = text[match.end() :].strip()
    return text


def plain(text: str) -> str:
    """One name without marks, quotes and the comma at its end."""
    text = " ".join(text.split())
    before = None
    while text != before:
        before = text
        text = unmarked(text).rstrip(" ,;:*_|=~>–—-").rstrip()
        if len(text) > 1 and (text[0], text[-1]) in QUOTE_PAIRS:
            text = text[1:-1].strip()
        for quote in DOUBLE_QUOTES:  # the other one is missing
            if text.count(quote) == 1 and quote in (text[:1], text[-1:]):
                text = text.strip(quote).strip()
        last = text.split(" ")[-1]
        if text.endswith(".") and len(last.rstrip(".")) >= WHOLE_WORDS_FROM:
            text = text.rstrip(". ")
    return text


def _is_address(word: str) -> bool:
    """«eksempel.no», not «Kari.Li»: among people on a list that is rather a name."""
    return holds_web_address(word) and not all(
        part.istitle() for part in word.strip("\"'.,;").split(".")
    )
