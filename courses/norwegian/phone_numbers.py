"""Phone numbers, read in any notation and kept as E.164."""

import re
import unicodedata

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from courses.norwegian.names import LOOKS_ALIKE, without_unseen

# Digits, and what people write between them: «+47 (22) 86-50.11».
PHONE_SIGNS = re.compile(r"\s*\(?\+?[\d\s().-]+")


def normalise_phone(phone: str) -> str:
    """A phone number in E.164; Norwegian where no country is given. Raises ValidationError.

    Words, an extension or a second number are refused and not left out: whoever wrote them would
    believe that we have them.
    """
    written = unicodedata.normalize("NFKC", without_unseen(phone).translate(LOOKS_ALIKE))
    if not PHONE_SIGNS.fullmatch(written) and any(sign.isdecimal() for sign in written):
        raise ValidationError(
            gettext(
                "Write one phone number here, without words: eight digits, or with + and the "
                "country code."
            ),
            code="phone",
        )
    try:
        number = phonenumbers.parse(written, "NO")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValidationError(
            gettext("Write a phone number with eight digits, or with + and the country code."),
            code="phone",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
