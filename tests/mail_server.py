"""A real SMTP server on loopback that misbehaves on purpose: see `Trouble`."""

import email
import email.policy
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum


class At(StrEnum):
    """Where in the conversation something goes wrong."""

    GREETING = "greeting"
    HELLO = "hello"
    TLS = "tls"
    SIGN_IN = "sign_in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    TEXT = "text"  # after the first line of it
    END = "end"  # the whole letter has come, and is not answered yet
    AFTER = "after"  # the letter has been taken


@dataclass
class Trouble:
    """It waits, and then answers this, closes the line, or goes on as if nothing were wrong."""

    at: At
    answer: str = ""
    drops: bool = False
    waits: float = 0  # seconds
    until: threading.Event | None = None  # waits for this instead
    to: str = ""  # only with letters to this address
    times: int = 10**6
    keeps: bool = False  # at END: the letter is delivered all the same


class Closed(Exception):
    """The line is closed without a word."""


@dataclass
class MailServer:
    """What has come, in the order in which it came, and what is wrong with it."""

    troubles: list[Trouble] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    lines: int = 0  # how often somebody connected
    commands: int = 0  # how many were given, over all lines
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def got(self) -> list[EmailMessage]:
        return [email.message_from_bytes(each, policy=email.policy.default) for each in self.raw]

    def trouble(self, at: At, to: str = "") -> Trouble | None:
        with self.lock:
            for each in self.troubles:
                if each.at == at and each.to in ("", to) and each.times > 0:
                    each.times -= 1
                    return each
        return None


class Conversation(socketserver.StreamRequestHandler):
    """One line to somebody."""

    server: "Listener"
    to = ""

    def handle(self) -> None:
        with self.post.lock:
            self.post.lines += 1
        try:
            self.answer(At.GREETING, "220 mail.example.org")
            while command := self.rfile.readline().decode().strip():
                self.obey(command)
        except (Closed, OSError):
            pass

    @property
    def post(self) -> MailServer:
        return self.server.post

    def obey(self, command: str) -> None:
        with self.post.lock:
            self.post.commands += 1
        verb = command.upper()
        if verb.startswith("EHLO"):
            offers = ["mail.example.org", "AUTH PLAIN", "8BITMIME"]
            if any(each.at == At.TLS for each in self.post.troubles):
                offers.insert(1, "STARTTLS")
            *first, last = offers
            lines = [*(f"250-{each}" for each in first), f"250 {last}"]
            self.answer(At.HELLO, "\r\n".join(lines))
        elif verb == "STARTTLS":
            self.answer(At.TLS, "454 no TLS today")
        elif verb.startswith("AUTH"):
            self.answer(At.SIGN_IN, "235 welcome")
        elif verb.startswith("MAIL FROM:"):
            self.answer(At.SENDER, "250 OK")
        elif verb.startswith("RCPT TO:"):
            self.to = command.partition("<")[2].partition(">")[0]
            self.answer(At.RECIPIENT, "250 OK")
        elif verb == "DATA":
            if self.answer(At.DATA, "354 go on"):
                self.take()
        elif verb == "QUIT":
            self.say("221 bye")
            raise Closed
        else:  # NOOP, RSET
            self.say("250 OK")

    def answer(self, at: At, usual: str) -> bool:
        """Say the usual, or what goes wrong here. Whether it was the usual."""
        trouble = self.post.trouble(at, self.to)
        if trouble is not None:
            self.wait(trouble)
            if trouble.drops:
                raise Closed
            if trouble.answer:
                self.say(trouble.answer)
                return False
        self.say(usual)
        return True

    def wait(self, trouble: Trouble) -> None:
        (trouble.until or self.server.is_over).wait(trouble.waits or (30 if trouble.until else 0))

    def take(self) -> None:
        """The letter's text, to the dot."""
        text = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise Closed
            if not text and (trouble := self.post.trouble(At.TEXT, self.to)) is not None:
                self.wait(trouble)
                raise Closed
            text.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        trouble = self.post.trouble(At.END, self.to)
        if trouble is None or trouble.keeps or not (trouble.answer or trouble.drops):
            with self.post.lock:
                self.post.raw.append(b"".join(text))
        if trouble is not None:
            self.wait(trouble)
            if trouble.drops:
                raise Closed
        self.say(trouble.answer if trouble is not None and trouble.answer else "250 OK")
        self.answer_after()

    def answer_after(self) -> None:
        if (trouble := self.post.trouble(At.AFTER, self.to)) is not None and trouble.drops:
            raise Closed

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class Listener(socketserver.ThreadingTCPServer):
    """Each line in a thread of its own; none outlives the test."""

    allow_reuse_address = True
    request_queue_size = 50

    def __init__(self, post: MailServer, port: int) -> None:
        self.post = post
        self.is_over = threading.Event()
        self.sockets: list[socket.socket] = []
        super().__init__(("127.0.0.1", port), Conversation)

    def get_request(self) -> tuple[socket.socket, object]:
        line, address = super().get_request()
        self.sockets.append(line)
        return line, address


@contextmanager
def listening(post: MailServer) -> Iterator[MailServer]:
    """The server listens, always at the same port, until the block ends."""
    listener = Listener(post, post.port)
    post.port = listener.server_address[1]
    thread = threading.Thread(target=listener.serve_forever, args=[0.05])
    thread.start()
    try:
        yield post
    finally:
        listener.is_over.set()
        listener.shutdown()
        for trouble in post.troubles:
            if trouble.until is not None:
                trouble.until.set()
        for line in listener.sockets:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # closed by now
        listener.server_close()  # waits for every line
        thread.join()
