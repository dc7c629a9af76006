"""Whatever anybody sends to any page or form is answered, and breaks no invariant.

Two thousand requests here; `./script/fuzz N [SEED]` sends as many as one has patience for. What
fails says the seed that it began with, which sends the very same again.
"""

import os
import random
from collections import Counter
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import translation

from tests import access
from tests.enrolment import invariants
from tests.test_access import Portal, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "2000"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
# So many to the same portal: a row that was deleted is there again in the next.
OF_ONE_PORTAL = 250
# Pages that are drawn as PDF take a hundred times as long as others.
SLOW = ("pdf", "booklet", "poster", "print", "preview", "badges", "prospectus")
ONE_OF_SLOW = 15
# Signing out leaves nothing to try.
LEFT_OUT = {"sign_out", "admin:logout"}

ODD = [
    "",
    " ",
    "\0",
    "a" * 20_000,
    "0",
    "-1",
    "1",
    "2",
    "999",
    "9" * 30,
    "1e5",
    "1,5",
    "NaN",
    "²",
    "٣",
    "None",
    "null",
    "on",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "%s %(name)s {0} {{ 7 }}",
    "Kari\r\nBcc: ola@example.org",
    "=1+1",
    "../../etc/passwd",
    "ø\u202eå\u0301\u200b",
    "👩🏽\u200d🦽",
    "kari@example.org",
    "kari@ex ample..org",
    "+47 99 99 99 21",
    "+999999999999999999",
    "01019912345",
    "2026-02-30",
    "2026-12-01",
    "0001-01-01",
    "9999-12-31",
    "31.12.9999 23:59",
    "24:61",
    "00:00",
    "http://[::1",
    "javascript:alert(1)",
    "Ada, Bo, Cy\n\n\n;;;\t\t",
]
FILES = [b"", b"\0" * 100, b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"GIF89a" + b"\0" * 20, b"PK\x03\x04"]


class Forms(HTMLParser):
    """The forms of a page: method, address and fields of each, with what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, dict[str, list[str]], set[str]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = given.get("method", "get").lower()
            self.forms.append((method, given.get("action", ""), {}, set()))
        if not self.forms:
            return
        _method, _action, fields, files = self.forms[-1]
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in fields:
                fields[self._select] = [given.get("value", "")]
        elif tag in {"input", "textarea", "button"} and name:
            if given.get("type") == "file":
                files.add(name)
            elif given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                fields.setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


class Fuzzer:
    """Visitors who press everything and write anything, always the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.pages = {name: each for name, each in addresses().items() if name not in LEFT_OUT}
        self.names = sorted(self.pages)
        self.answered = Counter[int]()
        self.last = ""

    @property
    def sent(self) -> int:
        return self.answered.total()

    def begin(self) -> None:
        translation.activate("nb")
        self.portal = Portal()
        # Once each: they stay signed in.
        self.clients = {each: self.portal.client(each) for each in access.VISITORS}

    def visit(self) -> None:
        """Open one page, and send what stands on it in a wrong way, or the right one."""
        visitor = self.random.choice([*access.VISITORS, "coordinator", "coordinator"])
        name = self.random.choice(self.names)
        if any(each in name for each in SLOW) and self.random.randrange(ONE_OF_SLOW):
            return
        client = self.clients[visitor]
        path = self.path(name, self.pages[name])
        page = self.ask(visitor, client, "get", path, {})
        if self.random.random() < 0.2:
            sent = {self.odd(): self.odd(), "step": self.random.choice(["check", "enrol", "x"])}
            self.ask(visitor, client, self.random.choice(["post", "put", "delete"]), path, sent)
        forms = Forms()
        if page.status_code == 200 and page["Content-Type"].startswith("text/html"):
            forms.feed(page.content.decode())
        if forms.forms:
            method, action, fields, files = self.random.choice(forms.forms)
            where = action if action.startswith("/") else path
            if where.partition("?")[0] not in (reverse("sign_out"), reverse("admin:logout")):
                self.ask(visitor, client, method, where, self.filled_in(fields, files))

    def ask(
        self, visitor: str, client: Client, method: str, path: str, sent: dict[str, Any]
    ) -> HttpResponse:
        """Send it from a network of its own, so that no limit answers for the page."""
        self.last = f"{visitor} {method} {path} {str(sent)[:2000]}"
        network = f"10.{self.random.randrange(256)}.{self.random.randrange(256)}.1"
        asked = getattr(client, method)
        if method in ("put", "delete"):
            response = asked(path, REMOTE_ADDR=network)
        else:
            response = asked(path, sent, REMOTE_ADDR=network)
        assert response.status_code < 500, self.last
        if response.streaming:
            b"".join(response.streaming_content)
        self.answered[response.status_code] += 1
        return response

    def path(self, name: str, pattern: URLPattern) -> str:
        """The page of a row that is there; now and then of one that is not, or of nonsense."""
        try:
            with translation.override("nb"):
                path = self.portal.address(name, pattern)
        except Exception:  # what it was about has been deleted meanwhile
            path = "/admin/"
        if self.random.random() < 0.25:
            parts = path.split("/")
            parts[self.random.randrange(1, len(parts))] = quote(self.odd()[:200], safe="")
            path = "/".join(parts)
        if self.random.random() < 0.15:
            path += f"?{quote(self.odd()[:200])}={quote(self.odd()[:200])}"
        return self.random.choice(["", "", "", "/nn", "/en"]) + path

    def filled_in(self, fields: dict[str, list[str]], files: set[str]) -> dict[str, Any]:
        sent: dict[str, Any] = {name: list(values) for name, values in fields.items()}
        for _each in range(self.random.randrange(4)):
            if sent:
                name = self.random.choice(sorted(sent))
                if self.random.random() < 0.2:
                    del sent[name]
                else:
                    sent[name] = [self.odd() for _each in range(self.random.choice([1, 1, 1, 2]))]
        for name in sorted(files):
            content = self.random.choice(FILES)
            if self.random.random() < 0.5:
                sent[name] = SimpleUploadedFile(self.odd()[:80] or "x", content)
        return sent

    def odd(self) -> str:
        return self.random.choice(ODD)


def test_everything_is_answered_whatever_is_sent() -> None:
    fuzzer = Fuzzer(SEED)
    sent = 0
    while sent < REQUESTS:
        with transaction.atomic():
            fuzzer.begin()
            while fuzzer.sent < sent + OF_ONE_PORTAL:
                try:
                    fuzzer.visit()
                except Exception as error:
                    error.add_note(f"SEED={SEED}, after {fuzzer.last}")
                    raise
            invariants.check_all()
            transaction.set_rollback(True)
        sent = fuzzer.sent
    # It came in at all.
    assert fuzzer.answered[200] > REQUESTS / 4
    assert {302, 403, 404} < fuzzer.answered.keys()
