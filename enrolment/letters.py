"""Writing letters: what is said to a student, in their language, whatever the channel.

A letter's text holds placeholders where personal links go. `with_links` puts signed links in their
place when the letter is sent, so that no stored text and no staff screen shows one. On paper, and
for reading aloud, `on_paper` says instead where to ask for a link.

The text is laid out so that the HTML part can be made from it: an empty line between blocks, a
line that ends with a colon is a heading, `– ` begins a list item, and `Words: address` is a link.
"""

import re
from dataclasses import dataclass, field
from email.utils import formataddr
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from courses import dates
from courses.models import College
from courses.text_language import guessed_language
from enrolment.links import Purpose, address, link
from enrolment.models import Enrolment, Letter, Student
from enrolment.queries import load_programme

PAGE_LINK = "[[page]]"
WITHDRAW_LINK = "[[withdraw]]"
CALENDAR_LINK = "[[calendar]]"
PURPOSES = {
    PAGE_LINK: Purpose.PAGE,
    WITHDRAW_LINK: Purpose.WITHDRAW,
    CALENDAR_LINK: Purpose.CALENDAR,
}
LINK_LINE = re.compile(r"(?P<label>[^:\n]+): (?P<address>https?://\S+)")


def write(
    *,
    kind: Letter.Kind,
    student: Student,
    occasion: str,
    enrolment: Enrolment | None = None,
    channel: str = "",
    is_new_occasion: bool = False,
) -> Letter | None:
    """Put one letter in the outbox, inside the caller's transaction.

    `occasion` makes the letter unique: writing for the same occasion twice leaves one letter and
    returns None; `is_new_occasion` saves looking. `channel` is the student's own where empty.
    Somebody who cannot be reached at all gets none.
    """
    if not student.can_be_reached:
        return None
    dedupe_key = f"{kind}:{occasion}"
    if not is_new_occasion and Letter.objects.filter(dedupe_key=dedupe_key).exists():
        return None
    subject, text = _say(kind, student, enrolment)
    return Letter.objects.create(
        dedupe_key=dedupe_key,
        student=student,
        enrolment=enrolment,
        kind=kind,
        channel=channel or student.channel,
        language=student.language,
        subject=subject,
        text=text,
    )


def write_page_link(*, student: Student, channel: str, occasion: str) -> Letter | None:
    """The letter that holds the way to the student's page."""
    try:
        with transaction.atomic():
            return write(kind=Letter.Kind.LINK, student=student, channel=channel, occasion=occasion)
    except IntegrityError:
        return None


def rehearse(*, kind: Letter.Kind, student: Student, enrolment: Enrolment | None = None) -> None:
    """Say what `write` would say, and keep nothing: so that writing nothing takes as long."""
    _say(kind, student, enrolment)


def with_links(letter: Letter) -> str:
    """The text as the student reads it, with links signed now. Never for a staff screen."""
    text = letter.text
    for placeholder, purpose in PURPOSES.items():
        if placeholder in text and (letter.enrolment or purpose == Purpose.PAGE):
            text = text.replace(
                placeholder,
                link(
                    purpose,
                    student=letter.student,
                    enrolment=letter.enrolment,
                    language=letter.language,
                ),
            )
    return text


def on_paper(letter: Letter) -> str:
    """The text for print, and for reading aloud: no personal link, but where to ask for one."""
    lines = []
    with translation.override(letter.language):
        for line in letter.text.split("\n"):
            if PAGE_LINK in line:
                words = (
                    gettext(
                        "Your page on the web: go to %(address)s and write your e-mail address or "
                        "phone number there. Then you get a link."
                    )
                    if letter.student.email
                    else gettext(
                        "Your page on the web: tell us an e-mail address, and we will send you a "
                        "link. Or ask us: we can tell you everything that stands there."
                    )
                )
                page = address("my_page", language=letter.language)
                lines.append(words % {"address": re.sub(r"^https?://", "", page)})
            elif not any(placeholder in line for placeholder in PURPOSES):
                lines.append(line)
    return _tidy("\n".join(lines))


def as_email(letter: Letter) -> EmailMultiAlternatives:
    """The letter as plain text and as HTML made from it, from the college's neutral sender."""
    college = College.objects.current()
    text = with_links(letter)
    domain = urlsplit(settings.SITE_URL).hostname
    message = EmailMultiAlternatives(
        subject=_one_line(letter.subject),
        body=text,
        from_email=formataddr((_one_line(college.sender_name), settings.DEFAULT_FROM_EMAIL)),
        to=[letter.student.email],
        reply_to=[college.email] if college.email else None,
        headers={
            # The same letter sent once more after a crash is recognised as the same. Not by its
            # number: two of them would tell whether another one was written in between.
            "Message-ID": f"<{_sign_of(letter)}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": letter.language,
        },
    )
    context = {
        "language": letter.language,
        "subject": letter.subject,
        "sender": college.sender_name,
        "blocks": blocks(text),
        "foreign": _foreign_lines(letter),
    }
    message.attach_alternative(render_to_string("emails/letter.html", context), "text/html")
    return message


def _foreign_lines(letter: Letter) -> dict[str, str]:
    """The lines that the college wrote in another language than the letter's, and in which."""
    run = letter.enrolment.run if letter.enrolment else None
    if run is None:
        return {}
    texts = [run.practical, run.venue.how_to_find if run.venue else ""]
    return {
        line.strip(): language
        for text in texts
        if (language := guessed_language(text)) != letter.language
        for line in text.splitlines()
        if line.strip()
    }


def _one_line(text: str) -> str:
    """What may stand in the head of a letter: mail programs refuse a line break there."""
    return " ".join(text.split())


def _sign_of(letter: Letter) -> str:
    return salted_hmac(__name__, str(letter.pk), algorithm="sha256").hexdigest()[:32]


@dataclass
class Block:
    """A piece of a letter between two empty lines."""

    heading: str = ""
    lines: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """The text's blocks, as the HTML part and the printed letter lay them out."""
    found = []
    for piece in re.split(r"\n{2,}", text.strip()):
        block = Block()
        for number, line in enumerate(piece.split("\n")):
            if match := LINK_LINE.fullmatch(line):
                block.links.append((match["label"], match["address"]))
            elif number == 0 and line.endswith(":"):
                block.heading = line.removesuffix(":")
            elif line.startswith("– "):
                block.items.append(line.removeprefix("– "))
            else:
                block.lines.append(line)
        found.append(block)
    return found


def _say(kind: str, student: Student, enrolment: Enrolment | None) -> tuple[str, str]:
    """Subject and text, in the student's language."""
    run = load_programme(enrolment.run) if enrolment else None
    with translation.override(student.language):
        college = College.objects.current()
        context: dict[str, Any] = {
            "student": student,
            "enrolment": enrolment,
            "run": run,
            "sessions": [each for each in run.sessions.all() if not each.is_held()] if run else [],
            "college": college,
            "sender": _one_line(college.sender_name),
            "catalogue": partial(address, "catalogue", language=student.language),
            "link_days": settings.LINK_DAYS,
            "page_link": PAGE_LINK,
            "withdraw_link": WITHDRAW_LINK,
            "calendar_link": CALENDAR_LINK,
        }
        subject, _newline, text = render_to_string(f"emails/{kind}.txt", context).partition("\n")
    return subject.strip(), _tidy(text)


def _tidy(text: str) -> str:
    """No space at the ends of lines, no more than one empty line in a row, and no word joiners."""
    text = text.replace(dates.WORD_JOINER, "")
    lines = "\n".join(line.strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()
