"""What crosses the wire, as production serves it: compressed, and kept by the browser."""

import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Page

from tests.browser.test_public import programme  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ["/", "/kurs/", "/kurs/selvtillit/", "/kurs/a-ga-pa-tur/", "/en/", "/personvern/"]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def process_request_thread(self, request: object, client_address: object) -> None:
        super().process_request_thread(request, client_address)
        connections.close_all()


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def production(settings, tmp_path: Path, transactional_db) -> Iterator[str]:
    """The address of a server with the collected, compressed files that production has."""
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0, stdout=io.StringIO())
    cache.clear()  # pieces of pages with the addresses of other files
    with make_server("127.0.0.1", 0, get_wsgi_application(), Server, Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
    cache.clear()


class Wire:
    """Adds up what a page fetches: each request that left the browser, with its bytes.

    Pictures of people and of owners are left out: how many there are is not ours to say.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.fetched: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)

    def _received(self, event: dict) -> None:
        response = event["response"]
        if not response.get("fromDiskCache") and "/bilder/" not in response["url"]:
            self.fetched[event["requestId"]] = response["url"]

    def _finished(self, event: dict) -> None:
        self.sizes[event["requestId"]] = int(event["encodedDataLength"])

    def visit(self, url: str) -> tuple[list[str], int]:
        """What was fetched, and the bytes of it all, headers included."""
        self.fetched, self.sizes = {}, {}
        self.page.goto(url, wait_until="networkidle")
        loaded = {key: url for key, url in self.fetched.items() if self.sizes.get(key)}
        return list(loaded.values()), sum(self.sizes[key] for key in loaded)


@pytest.fixture
def wire(browser, production, programme) -> Iterator[Callable[[], Wire]]:  # noqa: F811
    contexts = []

    def first_visit() -> Wire:
        context = browser.new_context(base_url=production, locale="nb-NO")
        contexts.append(context)
        return Wire(context.new_page())

    yield first_visit
    for context in contexts:
        context.close()


def test_public_pages_are_light(wire) -> None:
    """Cold: at most 75 kB in 8 requests. Once more, or on to the next page: one."""
    for url in PAGES:
        visitor = wire()
        fetched, size = visitor.visit(url)
        assert 5 <= len(fetched) <= 8, (url, fetched)
        assert 30_000 <= size <= 75_000, (url, size)
        again, _size = visitor.visit(url)
        assert len(again) <= 1, (url, again)
        onward, _size = visitor.visit("/nn/kurs/")
        assert len(onward) == 1, (url, onward)
