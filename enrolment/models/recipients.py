"""Whom something is to, and how they are reached."""

from dataclasses import dataclass

from django.conf import settings

from courses.models import Tutor
from enrolment.models.letter_choices import LetterChannel


@dataclass(frozen=True)
class Recipient:
    """Whom a letter is to, and how they are reached."""

    name: str
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    language: str = settings.LANGUAGE_CODE


def tutor_as_recipient(tutor: Tutor) -> Recipient:
    """At the tutor's own e-mail address, or else that of the sign-in. Needs the sign-in."""
    sign_in = tutor.user.email if tutor.user else ""
    return Recipient(name=tutor.name, email=tutor.email or sign_in, phone=tutor.phone)


def channel_of(tutor: Tutor) -> LetterChannel:
    """By what is there: e-mail, or else telephone, or else nothing. Needs the sign-in."""
    recipient = tutor_as_recipient(tutor)
    if recipient.email:
        return LetterChannel.EMAIL
    return LetterChannel.PHONE if recipient.phone else LetterChannel.NONE
