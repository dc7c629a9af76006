"""A letter as an e-mail: links signed, plain text and HTML, and the same bytes whenever made."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime, formataddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from courses import colours
from courses.models import College
from courses.norwegian.phone_numbers import keep_phone_numbers_whole
from courses.norwegian.text_language import guessed_language
from enrolment.letters import (
    CODE,
    INTEREST_LINK,
    NEW_EMAIL_LINK,
    PASSWORD_LINK,
    PURPOSES,
    blocks,
    fingerprint,
    one_line,
)
from enrolment.links import (
    OF_STUDENTS,
    Purpose,
    address,
    link,
    new_email_token,
    password_token,
)
from enrolment.models import Letter
from enrolment.queries import load_programme
from enrolment.sealing import unseal


class LetterEmail(EmailMultiAlternatives):
    """An e-mail whose parts are divided by a line that is the same every time."""

    boundary = ""

    def message(self) -> Any:
        message = super().message()
        message.set_boundary(self.boundary)
        return message


def with_links(letter: Letter, moment: datetime | None = None) -> str:
    """The text as its reader gets it, with links signed for that moment. Never for a screen.

    Raises SealBroken for a sign-in code that is too old.
    """
    text = letter.text
    if letter.user is not None:
        return _with_sign_in(letter, letter.user, moment)
    if letter.interest is not None:
        page = address("interest", letter.interest.key, language=letter.language)
        return text.replace(INTEREST_LINK, page)
    if letter.student is None:
        return text
    if letter.kind == Letter.Kind.NEW_EMAIL:
        token = new_email_token(letter, moment)
        page = address("my_new_email", token, language=letter.language)
        return text.replace(NEW_EMAIL_LINK, page)
    for placeholder, purpose in PURPOSES.items():
        if placeholder in text and (letter.enrolment or purpose in OF_STUDENTS):
            text = text.replace(
                placeholder,
                link(
                    purpose,
                    student=letter.student,
                    enrolment=letter.enrolment,
                    language=letter.language,
                    moment=moment,
                ),
            )
    return text


def _with_sign_in(letter: Letter, user: User, moment: datetime | None) -> str:
    text = letter.text
    if CODE in text:
        text = text.replace(CODE, unseal(letter.sealed, purpose=letter.dedupe_key))
    if PASSWORD_LINK in text:
        token = password_token(user, Purpose(letter.kind), moment)
        page = address("choose_password", token, language=letter.language)
        text = text.replace(PASSWORD_LINK, page)
    return text


def as_email(letter: Letter, *, after: Sequence[Letter] = ()) -> LetterEmail:
    """The letter as plain text and as HTML made from it, from the college's neutral sender.

    With what older letters to the same student say before it, where several go as one (`after`).
    The letter has been written (`written_at`); made once more it is the same, byte for byte.
    """
    college = College.objects.current()
    letters = (*after, letter)
    text = "\n\n".join(with_links(each, letter.written_at) for each in letters)
    # The same letter sent once more after a crash is recognised as the same, and one that says
    # something else by now as another. Not by its number: two of them would tell whether another
    # one was written in between.
    name = fingerprint(letter)
    headers = {
        "Message-ID": f"<{name}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
    }
    if letter.written_at:
        headers["Date"] = format_datetime(letter.written_at)
    message = LetterEmail(
        subject=one_line(letter.subject),
        body=text,
        from_email=formataddr((one_line(college.sender_name), settings.DEFAULT_FROM_EMAIL)),
        to=[letter.recipient.email],
        reply_to=[college.email] if college.email else None,
        headers=headers,
    )
    message.boundary = f"part-{name}"
    context = {
        "language": letter.language,
        "subject": letter.subject,
        "sender": college.sender_name,
        "colours": colours.light(*college.own_colours),
        # A message always goes by itself.
        "blocks": blocks(text, letter.message),
        "foreign": _foreign_lines(letters),
    }
    message.attach_alternative(render_to_string("emails/letter.html", context), "text/html")
    return message


def _foreign_lines(letters: Iterable[Letter]) -> dict[str, str]:
    """The lines that the college wrote in another language than the letter's, and in which."""
    lines: dict[str, str] = {}
    for letter in letters:
        if letter.about_run is None:
            continue
        run = load_programme(letter.about_run)
        venues = {each.place for each in run.session_list if each.place}
        for text in (run.practical, *(venue.how_to_find for venue in venues)):
            language = guessed_language(text)
            if language != letter.language:
                whole = keep_phone_numbers_whole(text)
                lines |= {line.strip(): language for line in whole.splitlines() if line.strip()}
    return lines
