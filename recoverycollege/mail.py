"""Sending by SMTP: encrypted wherever the server can."""

import ssl
from smtplib import SMTP
from typing import Any

from django.core.mail.backends import smtp


class EmailBackend(smtp.EmailBackend):
    """Django's, which also takes up STARTTLS that nobody required, where the server offers it.

    With EMAIL_USE_TLS (set by `?tls=required`, and by a user name) Django refuses to send without
    TLS and checks the server's certificate. Here neither: a mail server on the same machine has a
    certificate that nobody signed, and whoever only listens learns nothing either way (RFC 7435).
    """

    def open(self) -> Any:
        opened = super().open()
        if opened and self.connection and not self.use_tls and not self.use_ssl:
            try:
                encrypt(self.connection)
            except OSError:
                self.close()
                if not self.fail_silently:
                    raise
                return None
        return opened


def encrypt(connection: SMTP) -> None:
    """Speak TLS from here on, where the server offers it. Raises OSError where it fails at that."""
    connection.ehlo()
    if connection.has_extn("starttls"):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection.starttls(context=context)
