"""A coordinator's browser, and a mail server and an SMS gateway on loopback."""

import email
import email.policy
import json
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from tests import factories


@pytest.fixture
def coordinator(db) -> User:
    return factories.make_coordinator()


@pytest.fixture
def staff(client: Client, coordinator: User) -> Client:
    """The coordinator's browser."""
    client.force_login(coordinator)
    return client


@pytest.fixture
def in_english() -> Iterator[None]:
    """Pages answer in the language that their texts are written in."""
    with translation.override("en"):
        yield


class Post:
    """An SMTP server's mind: what it got, and what it answers."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.to: list[list[str]] = []
        self.mail_answer = ""
        self.rcpt_answer = ""
        self.refused: set[str] = set()  # addresses that do not exist
        self.data_answer = ""

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.mail_answer:
            return self.mail_answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.rcpt_answer:
            return self.rcpt_answer
        if address in self.refused:
            return "550 5.1.1 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.data_answer:
            return self.data_answer
        self.got.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        self.to.append(envelope.rcpt_tos)
        return "250 OK"


def by_our_backend(settings, port: int) -> None:
    """Send letters as in production, to that port."""
    settings.EMAIL_BACKEND = "recoverycollege.mail.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port


@pytest.fixture
def post(settings) -> Iterator[Post]:
    handler = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    by_our_backend(settings, port)
    yield handler
    controller.stop()


class Gateway:
    """What the gateway got, and what it answers."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.answer: bytes | None = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
        self.is_down = threading.Event()


@pytest.fixture
def gateway(settings) -> Iterator[Gateway]:
    mind = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            mind.got.append((self.path, dict(self.headers), json.loads(body)))
            if mind.answer is None:
                mind.is_down.wait(10)
            else:
                self.wfile.write(mind.answer)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_BACKEND = "http"
    settings.SMS_GATEWAY = f"http://127.0.0.1:{server.server_port}/send?account=7"
    settings.SMS_USER, settings.SMS_PASSWORD, settings.SMS_FROM = "portal", "hysj", "Skolen"
    settings.SMS_TIMEOUT = 0.3
    yield mind
    mind.is_down.set()
    server.shutdown()
    server.server_close()
