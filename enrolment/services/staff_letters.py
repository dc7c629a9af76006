"""Letters to staff about their sign-in: owed with what they tell of, and written when sent."""

import uuid
from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import User
from django.utils import timezone

from enrolment.models import Letter
from enrolment.sealing import seal


class SignInChange(StrEnum):
    """What has changed about somebody's sign-in, in the words of its letter."""

    PASSWORD = "password"  # noqa: S105 - what has changed
    SECOND_FACTOR = "second_factor"
    NO_SECOND_FACTOR = "no_second_factor"
    RECOVERY_CODES = "recovery_codes"


def owe_code(*, user: User, code: str, language: str, now: datetime | None = None) -> None:
    """Owe a sign-in code. It is kept sealed until the letter is sent, and then no more.

    A letter that is not sent while the code works is overtaken, and so is one with an older code.
    """
    letter = _letter(Letter.Kind.CODE, user, "", language, now)
    letter.sealed = seal(code, purpose=letter.dedupe_key)
    letter.save()


def owe_invitation(*, user: User, language: str, now: datetime | None = None) -> None:
    """Owe somebody who may sign in now the link by which they choose a password."""
    _letter(Letter.Kind.INVITED, user, "", language, now).save()


def owe_password_link(*, user: User, language: str, now: datetime | None = None) -> None:
    """Owe somebody who has forgotten the password the link by which they choose another."""
    _letter(Letter.Kind.PASSWORD, user, "", language, now).save()


def owe_sign_in_change(
    *, user: User, what: SignInChange, language: str, now: datetime | None = None
) -> None:
    """Owe the news that the sign-in has changed, so that nobody changes it in secret.

    Nothing is owed to somebody without an e-mail address.
    """
    if user.email:
        _letter(Letter.Kind.SIGN_IN, user, what, language, now).save()


def _letter(
    kind: Letter.Kind, user: User, what: str, language: str, now: datetime | None
) -> Letter:
    return Letter(
        dedupe_key=f"{kind}:{what}:{uuid.uuid4().hex}",
        user=user,
        kind=kind,
        channel=Letter.Channel.EMAIL,
        language=language,
        owed_since=now or timezone.now(),
    )
