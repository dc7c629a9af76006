"""From a pasted text to the names that would be printed."""

import enum
import re
from dataclasses import dataclass, field
from itertools import islice

from certificates.pasted_names.encoding import repair
from certificates.pasted_names.headings import Columns, columns_of, is_heading
from certificates.pasted_names.lines import from_line, from_row, plain, unmarked
from certificates.pasted_names.questions import Question, questions_about
from courses.norwegian.identity_numbers import LOOKED_THROUGH, contains_identity_number
from enrolment.forms.sign_up import CONTROL_CHARACTERS, DOT_WITHOUT_SPACE

LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\u2028\u2029]")
COLUMN_GAP = re.compile(r" {3,}")
ENDLESS = re.compile(r"[^\s,;|<>()\"@]{250}")  # neither a name nor an address
PEOPLE_IN_A_LINE = 2000  # twice as many as are issued at a time: more need not be looked at


class LeftOutAs(enum.Enum):
    HEADING = "heading"
    NO_NAME = "no name"


@dataclass(frozen=True)
class PastedName:
    """A name as it would be printed; where it came from; what it was, if it was written otherwise.

    `taken_out` is what stood beside it: numbers, addresses, other columns.
    """

    name: str
    line: int
    written: str = ""
    taken_out: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    text: str
    line: int
    reason: LeftOutAs


@dataclass(frozen=True)
class PastedList:
    """Lines are counted from 1. The last two hold numbers of lines that nobody may issue from."""

    names: list[PastedName] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    with_identity_number: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)


def read(text: str) -> PastedList:
    """Every name in the text, in its order."""
    found = PastedList()
    columns: Columns | None = None
    for number, written in enumerate(LINE_BREAK.split(text), start=1):
        line = _tidy_spaces(repair(written))
        if not line:
            continue
        if _holds_identity_number(line):
            found.with_identity_number.append(number)
        elif "\N{REPLACEMENT CHARACTER}" in line or ENDLESS.search(line):
            found.unreadable.append(number)
        elif new_columns := columns_of(line):
            columns = new_columns
            found.left_out.append(LeftOut(_short(line), number, LeftOutAs.HEADING))
        elif is_heading(unmarked(line)):
            found.left_out.append(LeftOut(_short(line), number, LeftOutAs.HEADING))
        else:
            names = _people_in(line, number, columns, written=_tidy_spaces(written))
            found.names.extend(names)
            if not names:
                found.left_out.append(LeftOut(_short(line), number, LeftOutAs.NO_NAME))
    return found


def _tidy_spaces(line: str) -> str:
    """Hard spaces are spaces, what nobody sees is nothing, a wide gap is a column's."""
    line = "".join(
        " " if each != "\t" and (each.isspace() or each == "\N{HANGUL FILLER}") else each
        for each in line.translate(CONTROL_CHARACTERS)
    )
    return COLUMN_GAP.sub("\t", line.strip(" ")) if line.strip() else ""


def _holds_identity_number(line: str) -> bool:
    # The check looks at the beginning of an endless text only.
    step = LOOKED_THROUGH - 50
    return any(
        contains_identity_number(line[start : start + LOOKED_THROUGH])
        for start in range(0, len(line), step)
    )


def _people_in(
    line: str, number: int, columns: Columns | None, *, written: str
) -> list[PastedName]:
    taken_out: list[str] = []
    pieces = list(from_row(line, columns, taken_out) if columns else ())
    if not pieces:
        taken_out.clear()
        pieces = list(islice(from_line(line, taken_out), PEOPLE_IN_A_LINE))
    read_as: list[tuple[str, str, tuple[Question, ...]]] = []
    for piece, questions in pieces:
        name = plain(piece)
        if any(character.isalpha() for character in name) and not is_heading(name):
            read_as.append((piece, name, questions))
        else:
            taken_out.append(name)
    names: list[PastedName] = []
    for piece, name, questions in read_as:
        spaced = DOT_WITHOUT_SPACE.sub(". ", name)
        asked = {*questions, *questions_about(spaced)}
        if spaced != name:
            asked.add(Question.FULL_STOP)
        before = " ".join((piece if len(read_as) > 1 else written).split())
        # Of several names on a line nobody can tell whose the rest is: it goes with the first.
        rest = () if names else tuple(_short(each) for each in taken_out if each)
        names.append(
            PastedName(
                name=spaced,
                line=number,
                written="" if before == spaced else _short(before),
                taken_out=rest,
                questions=tuple(each for each in Question if each in asked),
            )
        )
    return names


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"
