"""Whom something is to, and how they are reached."""

from dataclasses import dataclass

from django.conf import settings

from courses.models import Tutor
from courses.norwegian import formatting
from enrolment.models.interest import Interest
from enrolment.models.letter_choices import LetterChannel


@dataclass(frozen=True)
class Recipient:
    """Whom a letter is to, and how they are reached."""

    name: str
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    language: str = settings.LANGUAGE_CODE

    @property
    def known_as(self) -> str:
        """What staff call them by: the name, or where nobody wrote one, the number or address."""
        return self.name or (formatting.phone(self.phone) if self.phone else self.email)


def tutor_as_recipient(tutor: Tutor) -> Recipient:
    """At the tutor's own e-mail address, or else that of the sign-in. Needs the sign-in."""
    sign_in = tutor.user.email if tutor.user else ""
    return Recipient(name=tutor.name, email=tutor.email or sign_in, phone=tutor.phone)


def interest_as_recipient(interest: Interest) -> Recipient:
    return Recipient(
        name=interest.name,
        email=interest.email,
        phone=interest.phone,
        language=interest.language,
    )


def channel_of(whom: Tutor | Interest) -> LetterChannel:
    """By what is there: e-mail, or else telephone, or else nothing. Needs a tutor's sign-in."""
    recipient = tutor_as_recipient(whom) if isinstance(whom, Tutor) else interest_as_recipient(whom)
    if recipient.email:
        return LetterChannel.EMAIL
    return LetterChannel.PHONE if recipient.phone else LetterChannel.NONE
