"""Sending by SMTP: TLS wherever the server offers it, never without where it is required."""

import smtplib
import socket
import ssl
import subprocess
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage, get_connection

from tests.mail_server import At, MailServer, Trouble, listening

BACKEND = "recoverycollege.mail.EmailBackend"


class Kept:
    """Keeps what came, and whether the line was encrypted."""

    def __init__(self) -> None:
        self.encrypted: list[bool] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.encrypted.append(session.ssl is not None)
        return "250 OK"


@pytest.fixture(scope="module")
def signed_by_nobody(tmp_path_factory) -> ssl.SSLContext:
    folder = tmp_path_factory.mktemp("certificate")
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    made += ["-nodes", "-subj", "/CN=mail.example.org", "-days", "2"]
    made += ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def plain_server(kept) -> Iterator[int]:
    yield from serve(kept)


@pytest.fixture
def tls_server(kept, signed_by_nobody) -> Iterator[int]:
    yield from serve(kept, tls_context=signed_by_nobody)


def serve(handler: Kept, **options: object) -> Iterator[int]:
    """A mail server while the test lasts; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    yield port
    controller.stop()


def send(port: int, **options: object) -> int:
    connection = get_connection(BACKEND, host="127.0.0.1", port=port, **options)
    letter = EmailMessage("Hei", "Hei", "post@example.org", ["kari@example.org"])
    try:
        return connection.send_messages([letter])
    finally:
        connection.close()


def test_line_is_encrypted_where_the_server_offers_it(tls_server, kept):
    assert send(tls_server) == 1
    assert kept.encrypted == [True]


def test_letter_is_sent_where_the_server_offers_nothing(plain_server, kept):
    assert send(plain_server) == 1
    assert kept.encrypted == [False]


def test_nothing_is_sent_in_the_open_where_tls_is_required(plain_server, kept):
    with pytest.raises(smtplib.SMTPNotSupportedError):
        send(plain_server, use_tls=True)
    assert kept.encrypted == []


def test_server_shows_whom_it_is_where_tls_is_required(tls_server, kept):
    with pytest.raises(ssl.SSLCertVerificationError):
        send(tls_server, use_tls=True)
    assert kept.encrypted == []


def test_failing_encryption_is_an_error_and_no_letter(tls_server, kept, monkeypatch):
    def fails(*arguments: object, **options: object) -> None:
        raise ssl.SSLError("no common protocol")

    monkeypatch.setattr(smtplib.SMTP, "starttls", fails)
    with pytest.raises(ssl.SSLError):
        send(tls_server)
    assert send(tls_server, fail_silently=True) == 0
    assert kept.encrypted == []


@pytest.fixture
def tls_only_server(kept, signed_by_nobody) -> Iterator[int]:
    yield from serve(kept, ssl_context=signed_by_nobody)


def test_server_shows_whom_it_is_where_the_line_is_encrypted_from_the_first_word(
    tls_only_server, kept
):
    with pytest.raises(ssl.SSLCertVerificationError):
        send(tls_only_server, use_ssl=True)
    assert kept.encrypted == []


def test_a_line_that_was_closed_meanwhile_is_made_anew():
    with listening(MailServer([Trouble(At.AFTER, drops=True)])) as server:
        connection = get_connection(BACKEND, host="127.0.0.1", port=server.port)
        letter = EmailMessage("Hei", "Hei", "post@example.org", ["kari@example.org"])
        connection.open()
        for _each in range(3):
            assert connection.send_messages([letter]) == 1
        connection.close()
        assert (len(server.raw), server.lines) == (3, 3)


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (At.SENDER, smtplib.SMTPSenderRefused),
        (At.RECIPIENT, smtplib.SMTPRecipientsRefused),
        (At.TEXT, smtplib.SMTPServerDisconnected),
    ],
)
def test_a_line_that_breaks_before_the_text_is_an_answer(at, refusal):
    with (
        listening(MailServer([Trouble(at, drops=True)])) as server,
        pytest.raises(refusal) as raised,
    ):
        send(server.port)
    assert type(raised.value) is refusal
    assert server.raw == []
