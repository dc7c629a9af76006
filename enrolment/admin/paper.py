"""A letter as staff print it or read it aloud: no staff screen shows a personal link."""

from dataclasses import dataclass

from enrolment import letters
from enrolment.models import Letter


@dataclass(frozen=True)
class PaperLetter:
    name: str
    address: str
    language: str
    blocks: list[letters.Block]


def printed(letter: Letter) -> PaperLetter:
    """The letter in the student's language, telling where to ask for the personal link."""
    return PaperLetter(
        name=letter.student.name,
        address=letter.student.postal_address,
        language=letter.language,
        blocks=letters.blocks(letters.on_paper(letter)),
    )
