"""Sending by SMTP: encrypted wherever the server can, and over a line that is alive."""

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.core.mail.backends import smtp

# What a server says before it closes the line (RFC 5321), and what one means that only closes it.
CLOSING = 421


class Conversation(smtplib.SMTP):
    """One in which a line that breaks before the letter's text is an answer like any other.

    Nothing has been given by then, so the letter certainly did not arrive. A line that breaks later
    raises SMTPServerDisconnected, as ever: then nobody knows.
    """

    def mail(self, sender: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        try:
            return super().mail(sender, options)
        except smtplib.SMTPServerDisconnected as error:
            return CLOSING, str(error).encode()

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        try:
            return super().rcpt(recip, options)
        except smtplib.SMTPServerDisconnected as error:
            return CLOSING, str(error).encode()


class EncryptedConversation(Conversation, smtplib.SMTP_SSL):
    """The same, encrypted from the first word on."""


class EmailBackend(smtp.EmailBackend):
    """Django's, which also takes up STARTTLS that nobody required, where the server offers it.

    With EMAIL_USE_TLS (set by `?tls=required`, and by a user name) Django refuses to send without
    TLS and checks the server's certificate. Here neither: a mail server on the same machine has a
    certificate that nobody signed, and whoever only listens learns nothing either way (RFC 7435).

    A line that was used before is asked whether it is still there, and made anew where it is not:
    many servers close it after a letter, or after some seconds.
    """

    has_been_used = False

    @property
    def connection_class(self) -> type[Conversation]:
        return EncryptedConversation if self.use_ssl else Conversation

    def open(self) -> Any:
        if self.connection and self.has_been_used and not answers(self.connection):
            self.close()
        self.has_been_used = False
        opened = super().open()
        if opened and self.connection:
            try:
                if not self.use_tls and not self.use_ssl:
                    encrypt(self.connection)
                self.connection.ehlo_or_helo_if_needed()
            except OSError:
                self.close()
                if not self.fail_silently:
                    raise
                return None
        return opened

    def send_messages(self, email_messages: Any) -> int:
        try:
            return super().send_messages(email_messages)
        finally:
            self.has_been_used = True

    def close(self) -> None:
        """Whatever the server says to our goodbye changes nothing."""
        with suppress(OSError):
            super().close()


def answers(connection: smtplib.SMTP) -> bool:
    """Whether the server is still there, and means to stay."""
    try:
        return connection.noop()[0] == 250
    except OSError:
        return False


def encrypt(connection: smtplib.SMTP) -> None:
    """Speak TLS from here on, where the server offers it. Raises OSError where it fails at that."""
    connection.ehlo()
    if connection.has_extn("starttls"):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection.starttls(context=context)
