"""Draws the pictures of the guides and of README, from the demo college on one Monday in November.

`./script/pictures` runs it on an empty database. The day, the numbers of certificates and the
made-up people are the same each time: a picture changes where its page has.
"""

import io
import random
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from unittest import mock
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from zoneinfo import ZoneInfo

import django
import time_machine
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402

from certificates import pdf  # noqa: E402
from certificates.models import Certificate  # noqa: E402
from courses.models import CourseRun, Semester  # noqa: E402
from tests.browser.conftest import CHROMIUM, FLAGS  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "static" / "images" / "guides"
README = ROOT / ".github" / "pictures"
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=ZoneInfo("Europe/Oslo"))
DESK, PHONE = 600, 390  # what a guide shows without making it smaller
README_HEIGHT = 826
EDGE = 12
ADDRESS = "https://fjordbyen.example.org"  # printed on certificates
COLOURS = 256  # enough for a page, and half of the bytes


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def demo_college() -> Iterator[str]:
    """Fills the database, and yields the address at which it is served."""
    call_command("migrate", verbosity=0)
    with override_settings(SITE_URL=ADDRESS):
        call_command("load_demo", stdout=io.StringIO())
    with make_server("127.0.0.1", 0, get_wsgi_application(), Server, Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def open_page(browser: Browser, address: str, *, width: int, username: str = "") -> Page:
    """A page as high as what is drawn, so that nothing sticks to the foot of a window."""
    context = browser.new_context(
        viewport={"width": width, "height": 3000},
        base_url=address,
        locale="nb-NO",
        timezone_id="Europe/Oslo",
        reduced_motion="reduce",
    )
    if username:
        client = Client()
        client.force_login(User.objects.get(username=username))
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": address}
        context.add_cookies([cookie])
    return context.new_page()


def shot(page: Page, first: Locator, last: Locator | None = None) -> Image.Image:
    """The page from the top of one element to the foot of another."""
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate("document.activeElement.blur()")
    boxes = [each.bounding_box() for each in (first, last or first)]
    left = max(0, min(box["x"] for box in boxes) - EDGE)
    top = max(0, boxes[0]["y"] - EDGE)
    right = min(page.viewport_size["width"], max(box["x"] + box["width"] for box in boxes) + EDGE)
    bottom = boxes[1]["y"] + boxes[1]["height"] + EDGE
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return Image.open(io.BytesIO(page.screenshot(clip=clip)))


def keep(picture: Image.Image, path: Path) -> None:
    """In few colours; what does not look otherwise than the picture there is, is not written."""
    few = picture.convert("RGB").quantize(COLOURS).convert("RGB")
    if path.exists() and Image.open(path).convert("RGB").tobytes() == few.tobytes():
        return
    if path.suffix == ".webp":
        few.save(path, lossless=True, quality=100, method=6)
    else:
        few.quantize(COLOURS).save(path, optimize=True)
    print(path.relative_to(ROOT))


def keep_guide(name: str, page: Page, first: str, last: str | None = None) -> None:
    """From the first element that the selector `first` finds to the first that `last` does."""
    ends = [page.locator(each).first for each in (first, last) if each]
    keep(shot(page, *ends), GUIDES / f"{name}.webp")


def draw_monday(page: Page) -> None:
    page.goto(reverse("admin:index"))
    keep_guide("monday", page, ".waits")
    page.goto(reverse("admin:call_list"))
    keep_guide("call-list", page, "#letters + .call")


def draw_caller(page: Page) -> None:
    page.goto(reverse("admin:phone_sign_up", args=[the_run("kroppen-i-bevegelse").pk]))
    page.get_by_label("Navn").fill("Signe Oppdiktås")
    page.get_by_label("Telefon").fill("20 00 03 33")
    keep_guide("caller", page, ".read-aloud", ".plain-field:has([name=channel])")
    page.get_by_role("button", name="Meld på").click()
    keep_guide("receipt", page, "#content > h1", "#content-main .do-list")


def draw_change(page: Page) -> None:
    page.goto(reverse("admin:run_programme", args=[the_run("kroppen-i-bevegelse").pk]))
    page.get_by_label("Fra").first.fill("17:00")
    page.get_by_label("Til").first.fill("19:00")
    page.get_by_role("button", name="Lagre").click()
    keep_guide("change", page, "#content > h1", ".submit-row")


def draw_semester(page: Page) -> None:
    page.goto(reverse("admin:copy_semester"))
    keep_guide("copy-semester", page, ".choices", ".copies tbody tr:nth-child(2)")
    page.get_by_role("button", name="Lag utkastene").click()
    coming = Semester.objects.order_by("starts_on").last()
    page.goto(reverse("admin:publish_semester", args=[coming.pk]))
    keep_guide("publish-semester", page, ".state", ".submit-row")


def draw_tutors_pages(page: Page) -> None:
    page.goto(reverse("tutor_runs"))
    keep_guide("my-courses", page, "h1", ".tutor-run:nth-of-type(3)")
    page.goto(reverse("tutor_register", args=[the_run("digitale-fortellinger").pk]))
    for number, mark in enumerate(["Til stede", "Til stede", "Ikke til stede"]):
        page.locator(".mark-row").nth(number).get_by_label(mark, exact=True).check()
    keep_guide("register", page, ".tutor-when", ".mark-row:nth-of-type(4)")
    runs = CourseRun.objects.filter(course__slug="hverdagen-i-sma-steg").by_start()
    page.goto(reverse("tutor_certificates", args=[list(runs)[1].pk]))
    keep_guide("certificates", page, ".tutor-names li:nth-last-child(3)", ".panel-warm")


def draw_for_readme(page: Page, folder: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 1280})
    page.goto(reverse("catalogue"))
    page.get_by_role("link", name="Se programmet for vår 2027").click()
    page.evaluate("document.fonts.ready.then(() => true)")
    catalogue = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    keep(catalogue.resize((README_HEIGHT, README_HEIGHT)), README / "catalogue.png")
    certificates = Certificate.objects.filter(run__course__slug="hva-er-recovery")
    with override_settings(SITE_URL=ADDRESS):
        document = pdf.render([certificates.order_by("last_on", "pk").last()])
    (folder / "certificate.pdf").write_bytes(document)
    draw = ["pdftoppm", "-png", "-singlefile", "-scale-to", str(README_HEIGHT)]
    subprocess.run([*draw, "certificate.pdf", "certificate"], cwd=folder, check=True)
    keep(Image.open(folder / "certificate.png"), README / "certificate.png")


def the_run(course: str) -> CourseRun:
    """The run of this semester."""
    return CourseRun.objects.filter(course__slug=course).by_start().last()


def main() -> None:
    GUIDES.mkdir(parents=True, exist_ok=True)
    numbers = random.Random(2026)
    with (
        time_machine.travel(MONDAY),
        mock.patch("secrets.choice", numbers.choice),
        demo_college() as address,
        sync_playwright() as playwright,
        tempfile.TemporaryDirectory() as folder,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        draw_for_readme(open_page(browser, address, width=1280), Path(folder))
        draw_tutors_pages(open_page(browser, address, width=PHONE, username="marte"))
        desk = open_page(browser, address, width=DESK, username="koordinator")
        draw_monday(desk)
        draw_change(desk)
        draw_caller(desk)
        draw_semester(desk)  # the last: it makes drafts
        browser.close()


if __name__ == "__main__":
    main()
