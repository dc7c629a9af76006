"""Short secrets that must survive in a row, sealed: a copy of the database tells nobody.

The key is made from SECRET_KEY; what was sealed under one of SECRET_KEY_FALLBACKS still opens.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class SealBroken(Exception):
    """It is too old, or was sealed for something else or under a key that is gone."""


def seal(text: str, *, purpose: str) -> str:
    """The text, readable by `unseal` for the same purpose alone."""
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str, seconds: int | None = None) -> str:
    """What was sealed, at most so many seconds ago. Raises SealBroken."""
    try:
        return _box(purpose).decrypt(sealed.encode(), ttl=seconds).decode()
    except InvalidToken:
        raise SealBroken from None


def _box(purpose: str) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [
        salted_hmac(f"{__name__}.{purpose}", "", secret=key, algorithm="sha256").digest()
        for key in keys
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in digests])
