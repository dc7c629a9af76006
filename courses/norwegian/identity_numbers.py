"""National identity numbers: recognised so that none is ever stored."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from courses.norwegian.names import without_unseen

# No field that is looked through keeps as much; looking through more only keeps others waiting.
LOOKED_THROUGH = 5000


# Eleven digits, also after Norway's own code, as somebody writes them in a field for a number. A
# lookahead, so that digits before it (a phone number, say) do not swallow its start.
ELEVEN_DIGITS = re.compile(
    r"(?:(?<!\d)|(?<=\+47)|(?<=(?<!\d)0047))(?=((?:\d[\W_]{0,3}){10}\d)(?!\d))"
)


def identity_number_in(text: str) -> str:
    """The first Norwegian national identity number with valid check digits; empty without one.

    Eleven digits, as they are written: together or with spaces or other characters between; D
    numbers and the synthetic ones that public testing uses included. Source: the check digits of
    Skatteetaten. Looks at the beginning of an endless text only.
    """
    seen = unicodedata.normalize("NFKC", without_unseen(text[:LOOKED_THROUGH]))
    for match in ELEVEN_DIGITS.finditer(seen):
        digits = [int(sign) for sign in match.group(1) if sign.isdecimal()]
        first = -sum(a * b for a, b in zip(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=False)) % 11
        second = (
            -sum(a * b for a, b in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=False)) % 11
        )
        if [first, second] == digits[9:]:
            return match.group(1)
    return ""


def contains_identity_number(text: str) -> bool:
    """Whether the text holds a national identity number, as `identity_number_in` finds it."""
    return bool(identity_number_in(text))


def validate_no_identity_number(text: str) -> None:
    """Refuse kindly, and point at it by its first six digits; the text must not be stored.

    The whole number is in no message: messages may be logged, the field's own text is not.
    """
    if number := identity_number_in(text):
        six_digits = re.sub(r"^((?:\d[\W_]*){5}\d).*", r"\1", number, flags=re.DOTALL)
        raise ValidationError(
            gettext(
                "What begins with %(digits)s looks like a national identity number. We never need "
                "it: please take it out, and then go on."
            )
            % {"digits": " ".join(six_digits.split())},
            code="identity_number",
        )
