"""News and reminders by SMS: what they say, and how they are sent; never where `SMS_URL` is unset.

An SMS lies open on the screen of a phone: it names neither course nor person, and holds no link.
"""

import base64
import json
import ssl
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext

from courses.norwegian import formatting
from courses.norwegian.phone_numbers import is_mobile

# One message holds 160 of these (those of the second line count twice), or else 70 of any others.
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_TWICE = frozenset("^{}\\[~]|€\f")
# The gateway is busy, or does not let the college in: nothing was sent, and later may be better.
LATER = {401, 403, 404, 407, 408, 429, 503}


class SmsError(Exception):
    """The gateway did not say that it takes the SMS. `status` is what it said, where it did."""

    def __init__(self, status: int | None = None) -> None:
        super().__init__(*([] if status is None else [status]))
        self.status = status


class SmsNotTaken(SmsError):
    """Certainly not sent, and worth another try."""


class SmsRefused(SmsError):
    """Certainly not sent, and not to be tried again."""


class SmsUnclear(SmsError):
    """Nobody knows whether it was sent."""


def fits_one_message(text: str) -> bool:
    """Whether a phone shows it as one message, and the college pays for one."""
    if GSM_7.issuperset(set(text) - GSM_7_TWICE):
        return len(text) + sum(sign in GSM_7_TWICE for sign in text) <= 160
    return len(text.encode("utf-16-be")) // 2 <= 70


def text_of(*, about: datetime, sender: str, phone: str, has_email: bool) -> str:
    """That there is news about a session, in the language of the moment, within one message.

    Where the sender's name is too long for that, or has letters that make the message shorter, it
    is left out: the SMS has a sender of its own.
    """
    words = {
        "sender": sender,
        "when": formatting.short_moment(about).replace(formatting.NO_BREAK, " "),
        "phone": formatting.phone(phone),
    }
    wordings = [
        gettext("Message from %(sender)s: There is news about %(when)s. Ring %(phone)s."),
        gettext("There is news about %(when)s. Ring %(phone)s."),
    ]
    if has_email:
        longest = gettext(
            "Message from %(sender)s: There is news about %(when)s. Ring %(phone)s, or see your "
            "e-mail."
        )
        wordings.insert(0, longest)
    return _longest_that_fits([wording % words for wording in wordings])


def reminder_of(*, about: datetime, sender: str, phone: str) -> str:
    """That a session comes, in the language of the moment, within one message as `text_of` is."""
    words = {
        "sender": sender,
        "when": formatting.short_moment(about).replace(formatting.NO_BREAK, " "),
        "phone": formatting.phone(phone),
    }
    wordings = [
        gettext("Hello from %(sender)s! We meet %(when)s. Can you not come? Ring %(phone)s."),
        gettext("We meet %(when)s. Can you not come? Ring %(phone)s."),
    ]
    return _longest_that_fits([wording % words for wording in wordings])


def _longest_that_fits(texts: list[str]) -> str:
    return next((text for text in texts if fits_one_message(text)), texts[-1])


def is_switched_on() -> bool:
    return bool(settings.SMS_BACKEND)


def may_send_to(phone: str) -> bool:
    """Whether this number (E.164) can be sent an SMS."""
    return is_switched_on() and is_mobile(phone)


def send(*, to: str, text: str) -> None:
    """Send one SMS. Raises SmsNotTaken, SmsRefused or SmsUnclear.

    No redirect is followed: it would carry the number and the password elsewhere.
    """
    if settings.SMS_BACKEND == "console":
        print(f"SMS to {to}: {text}", flush=True)
    elif settings.SMS_BACKEND == "http":
        _post(to=to, text=text)
    else:
        raise SmsRefused


def _post(*, to: str, text: str) -> None:
    address = urlsplit(settings.SMS_GATEWAY)
    host, port, timeout = address.hostname or "", address.port, settings.SMS_TIMEOUT
    connection = (
        HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
        if address.scheme == "https"
        else HTTPConnection(host, port, timeout=timeout)
    )
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if settings.SMS_USER:
        secret = f"{settings.SMS_USER}:{settings.SMS_PASSWORD}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(secret).decode()}"
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    body = json.dumps({"to": to, "from": settings.SMS_FROM, "text": text})
    try:
        try:
            connection.connect()
        except OSError as error:
            raise SmsNotTaken from error
        try:
            connection.request("POST", path, body=body, headers=headers)
            status = connection.getresponse().status
        except (OSError, HTTPException) as error:
            raise SmsUnclear from error
    finally:
        connection.close()
    if status in LATER or 300 <= status < 400:
        raise SmsNotTaken(status)
    if 400 <= status < 500:
        raise SmsRefused(status)
    if not 200 <= status < 300:
        raise SmsUnclear(status)
