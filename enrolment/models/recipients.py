"""Whom something is to, and how they are reached."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Recipient:
    """Whom a letter is to, and how they are reached."""

    name: str
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    language: str = settings.LANGUAGE_CODE
