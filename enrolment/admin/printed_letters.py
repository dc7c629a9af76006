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
    said: str  # by which the verb knows what the page showed


def printed(letter: Letter, *, is_as_of_now: bool = False) -> PaperLetter:
    """The letter in the student's language, telling where to ask for the personal link.

    As it says today, or, once it is dealt with, as it said then; without blocks where nothing of
    it holds any more. Letters of a list come from `letters.as_of_now` and say it already.
    """
    if not is_as_of_now and letter.sent_at is None:
        waiting = Letter.objects.unsent().still_true().filter(pk=letter.pk)
        letter.subject = letter.text = ""
        letter = next(iter(letters.as_of_now(waiting)), letter)
    return PaperLetter(
        name=letter.recipient.name,
        address=letter.recipient.postal_address,
        language=letter.language,
        blocks=letters.blocks(letters.on_paper(letter), letter.message),
        said=letters.fingerprint(letter),
    )
