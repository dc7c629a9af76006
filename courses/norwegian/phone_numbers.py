"""Phone numbers, read in any notation and kept as E.164, or found within a text."""

import re
import unicodedata
from typing import NamedTuple

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


class Found(NamedTuple):
    """A phone number within a text: where it stands, and as E.164."""

    start: int
    end: int
    number: str


_SPACE = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_BETWEEN = rf"[{_SPACE}.-]"
# With + and the country code digits may stand in any groups; without, eight of them stand as
# Norwegians write them: 22 86 50 00, 900 12 345, 22865000.
_WRITTEN = re.compile(
    rf"""
    (?<![\w/=@\#&?%+-]) (?<!\d[{_SPACE}.,–-])
    (?:
        \(?\+[1-9] (?:[{_SPACE}.()-]{{0,2}}\d){{6,14}}
      | (?:0047[{_SPACE}]?)?
        (?: \d{{8}}
          | \d\d(?P<pairs>{_BETWEEN})\d\d(?P=pairs)\d\d(?P=pairs)\d\d
          | \d{{3}}(?P<mobile>{_BETWEEN})\d\d(?P=mobile)\d{{3}}
        )
    )
    (?! [{_SPACE}.,–-]?\d | [\w/@%=] | \.\w | ,- | [{_SPACE}]?(?:kr\b|kroner\b|nok\b|%) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What stands before eight digits that are no phone number.
_SOMETHING_ELSE = re.compile(
    r"(?:\b(?:kr|nok|uke|uker|veke|veker|week|weeks|konto|kontonr|kontonummer|org\.?\s?nr"
    r"|organisasjonsnummer|id|pin|passord|passcode)|kode|code)[\s:.]*$",
    re.IGNORECASE,
)
# 20261105 and 05112026, without a space.
_DATE = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])"
    r"|(?:[0-2]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d"
)


def find_phone_numbers(text: str) -> list[Found]:
    """Every phone number in a text that somebody wrote, and nothing that only looks like one.

    Dates, times, prices, years, postal codes, and numbers of people, accounts and businesses are
    none.
    """
    found = []
    for match in _WRITTEN.finditer(text):
        written = match[0]
        before = text[: match.start()]
        if _DATE.fullmatch(written) or _SOMETHING_ELSE.search(before[-30:]):
            continue
        try:
            number = phonenumbers.parse(written, "NO")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            found.append(Found(match.start(), match.end(), e164))
    return found


def keep_phone_numbers_whole(text: str) -> str:
    """The text with no-break spaces in its phone numbers, so that no line breaks inside one."""
    for start, end, _number in find_phone_numbers(text):
        text = text[:start] + re.sub(r"\s", "\N{NO-BREAK SPACE}", text[start:end]) + text[end:]
    return text


def is_mobile(phone: str) -> bool:
    """Whether an SMS can be sent to a number that `normalise_phone` made."""
    try:
        number = phonenumbers.parse(phone, "NO")
    except phonenumbers.NumberParseException:
        return False
    kind = phonenumbers.PhoneNumberType
    return phonenumbers.number_type(number) in (kind.MOBILE, kind.FIXED_LINE_OR_MOBILE)
