"""What it means that a letter was not taken: for good, for now, or nobody knows."""

import smtplib

from enrolment import sms


class NoAddress(Exception):
    """Whom the letter is to has no e-mail address, or number for an SMS, any more."""


def is_unclear(error: Exception) -> bool:
    """Whether nobody knows if the letter arrived: the line broke, and no answer came."""
    return isinstance(error, smtplib.SMTPServerDisconnected | sms.SmsUnclear) or (
        isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)
    )


def is_permanent(error: Exception) -> bool:
    """Whether trying again is of no use: the receiver's answer begins with 5, or no such address.

    A server that refuses the sender or the sign-in refuses everybody's letters: that is mended by
    the college, not by giving up the letters.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(
        error, NoAddress | sms.SmsRefused | smtplib.SMTPNotSupportedError | ValueError
    )


def describe(error: Exception) -> str:
    """The kind of error and the server's code. Its words may hold an address, so they stay out."""
    codes: list[int] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    elif isinstance(error, sms.SmsError) and error.status is not None:
        codes = [error.status]
    return " ".join([type(error).__name__, *map(str, codes)])[:200]
