"""The whole path of a student, from the first look to erasure, by the keyboard alone.

Once in each language, on the narrowest phone and without JavaScript; letters go through the
worker's command to a mail server, and what they link to is opened as it stands in them.
"""

import io
import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from courses.models import CourseRun
from recoverycollege.logs import JsonFormatter
from tests import factories
from tests.browser.conftest import NARROW
from tests.enrolment.conftest import by_our_backend
from tests.mail_server import MailServer, listening
from tests.recoverycollege.test_nothing_left import found

pytestmark = pytest.mark.django_db(transaction=True)

NAME, EMAIL, PHONE = "Sigrun Vågåsen", "sigrun.v@example.org", "99 99 99 21"
OTHERS = ("Ada Lierød", "ada.l@example.org"), ("Bo Myhre", "bo.m@example.org")
WISH, QUESTION = "Teleslynge ved vinduet", "Kan jeg ta med hund?"
STUDENTS = ("Sigrun", "Vågåsen", "sigrun.v@", "99999921", PHONE, WISH, QUESTION)
AT_THE_DOOR = "Torunn står ved døra i rød genser."
PASSWORD = "et langt passord"
LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
A_MONDAY = factories.oslo(2026, 10, 5, 10)
FARTHEST = 30  # tabs

# What a page is, in one go; its own words are those not in another language on purpose.
LOOK = """() => {
    const page = document.documentElement;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const words = [];
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (parent.closest('[lang]').lang === page.lang && !parent.closest('script, style')) {
            words.push(walker.currentNode.data.replace(/\\s+/g, ' ').trim());
        }
    }
    return {language: page.lang, width: page.scrollWidth, html: page.outerHTML, words};
}"""
# What is wrong with how the control shows that it has the focus: nothing where all is well.
NOT_SEEN = """one => {
    const box = one.getBoundingClientRect();
    const isMarked = ['', '::after'].map(part => getComputedStyle(one, part))
        .some(style => style.outlineStyle !== 'none' || style.boxShadow !== 'none');
    const on = document.elementFromPoint(box.x + Math.min(box.width, 40) / 2,
                                         box.y + Math.min(box.height, 20) / 2);
    if (!isMarked) return 'shows no focus';
    if (!on) return `is out of sight at ${box.y}`;
    return one.contains(on) || on.contains(one) ? '' : `is behind ${on.outerHTML}`;
}"""


def foreign_words(language: str) -> set[str]:
    """What the product says in the other languages, and does not say in this one."""
    catalogue = Path(django_settings.LOCALE_PATHS[0]) / "nb" / "LC_MESSAGES" / "django.po"
    ids = re.findall(r'^msgid "(.+)"$', catalogue.read_text(), re.MULTILINE)
    said = {}
    for code in LANGUAGES:
        with translation.override(code):
            said[code] = {gettext(each) for each in ids}
    return set().union(*said.values()) - said[language]


class Reader:
    """Somebody with a keyboard and a page in one language; every page met is looked over."""

    def __init__(self, page: Page, language: str, not_theirs: tuple[str, ...]) -> None:
        self.page, self.language, self.not_theirs = page, language, not_theirs
        self.foreign = foreign_words(language)

    def words(self, msgid: str, **values: object) -> str:
        with translation.override(self.language):
            return gettext(msgid) % values if values else gettext(msgid)

    def control(self, role: str, msgid: str, **values: object) -> Locator:
        return self.page.get_by_role(role, name=self.words(msgid, **values), exact=True)

    def arrive(self) -> None:
        """Hold the page that has just come to what all of them promise; skip to its content."""
        self.page.wait_for_load_state()
        where, found_here = urlsplit(self.page.url).path, self.page.evaluate(LOOK)
        assert self.page.title().partition("–")[0].strip(), where
        assert (found_here["language"], found_here["width"]) == (self.language, 320), where
        assert self.foreign.intersection(found_here["words"]) == set(), where
        assert [each for each in ("[[", *self.not_theirs) if each in found_here["html"]] == [], (
            where
        )
        expect(self.page.get_by_role("heading", level=1)).to_have_count(1)
        if "#" not in self.page.url and not self.page.locator(":focus").count():
            self.reach(self.control("link", "Skip to the content"))
            self.page.keyboard.press("Enter")

    def read(self, letter: str) -> str:
        """A letter to them, in their language."""
        assert self.foreign.intersection(letter.splitlines()) == set()
        assert [each for each in self.not_theirs if each in letter] == []
        return letter

    def open(self, address: str, *, status: int = 200) -> None:
        """Open what stands in a letter."""
        assert self.page.goto(address).status == status, address
        self.arrive()

    def come_in(self, address: str) -> None:
        self.open(address)
        self.send("Open my page")
        self.reads("Hello, %(name)s", name=NAME)

    def reach(self, control: Locator) -> Locator:
        """Tab until the control has the focus and shows it."""
        expect(control.first).to_be_visible()
        focused = control.and_(self.page.locator(":focus"))
        for _each in range(FARTHEST):
            if focused.count():
                assert focused.evaluate(NOT_SEEN) == "", control
                return focused
            self.page.keyboard.press("Tab")
        pytest.fail(f"{control} is not reached on {self.page.url} in {FARTHEST} tabs")

    def press(self, control: Locator) -> None:
        """Go where the link or button leads."""
        self.reach(control)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.arrive()

    def follow(self, msgid: str, **values: object) -> None:
        self.press(self.control("link", msgid, **values))

    def send(self, msgid: str, **values: object) -> None:
        self.press(self.control("button", msgid, **values))

    def unfold(self, msgid: str) -> None:
        summary = self.page.locator("summary").filter(
            has_text=re.compile(rf"^\s*{re.escape(self.words(msgid))}\s*$")
        )
        self.reach(summary)
        self.page.keyboard.press("Enter")
        expect(summary.locator("xpath=..")).to_have_attribute("open", "")

    def write(self, label: str, text: str) -> None:
        field = self.reach(self.page.get_by_label(self.words(label), exact=True))
        self.page.keyboard.type(text)
        expect(field).to_have_value(text)

    def fetch(self, control: Locator) -> bytes:
        self.reach(control)
        with self.page.expect_download() as fetched:
            self.page.keyboard.press("Enter")
        return fetched.value.path().read_bytes()

    def reads(self, msgid: str, **values: object) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.words(msgid, **values))


class Post:
    """What the worker has delivered, by the server that it delivered to."""

    def __init__(self, server: MailServer) -> None:
        self.server, self.read, self.links = server, 0, set[str]()

    def deliver(self) -> dict[str, str]:
        """Send what is due; the text that each address has got since."""
        call_command("send_letters", "--once")
        new, self.read = self.server.got[self.read :], len(self.server.got)
        letters = {each["To"]: each.get_body(("plain",)).get_content() for each in new}
        assert len(letters) == len(new), "Two letters at once to the same address"
        for text in letters.values():
            self.links.update(re.findall(r"https?://\S+", text))
        return letters

    @property
    def keys(self) -> set[str]:
        """The part of each link that opens something."""
        parts = [part for link in self.links for part in urlsplit(link).path.split("/")]
        return {each.removesuffix(".ics") for each in parts if ":" in each}


def link_after(text: str, label: str) -> str:
    [link] = re.findall(rf"{re.escape(label)}: (http\S+)", text)
    return str(link)


class College:
    """One course with room and one that is full, two others, and a tutor who signs in."""

    def __init__(self) -> None:
        tutor = factories.make_tutor_with_sign_in(name="Torunn Lie", email="torunn@example.org")
        self.username = tutor.user.username
        self.sleep = self.course("Søvn og hvile", in_days=10)
        self.sleep.assignments.filter(role="peer").update(tutor=tutor)
        self.worry = self.course("Å leve med uro", in_days=24)
        self.enrol(OTHERS[0])

    def course(self, title: str, **fields: object) -> CourseRun:
        course = factories.make_course(title=title, discreet_title=title)
        return factories.make_published_run(
            course=course, capacity=1, who_meets_you=AT_THE_DOOR, **fields
        )

    def enrol(self, person: tuple[str, str]) -> None:
        """Another student signs up for the course that is full."""
        name, email = person
        factories.enrol(self.worry, person=factories.make_person(name=name, email=email))


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(A_MONDAY) as traveller:
        yield traveller


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """Everything that any logger says, as the college's log writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    with caplog.at_level(logging.DEBUG):
        yield written
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def post(settings, live_server, tmp_path) -> Iterator[Post]:
    settings.SITE_URL = live_server.url
    settings.ERASURES_FILE = tmp_path / "erasures"
    with listening(MailServer()) as server:
        by_our_backend(settings, server.port)
        yield Post(server)


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_first_look_to_erasure(
    new_page, clock, post: Post, log, capfd, watches, language
) -> None:
    college = College()
    (ada, ada_email), (bo, bo_email) = OTHERS
    adas = post.deliver()[ada_email]

    def reader(language: str, *not_theirs: str) -> Reader:
        page = new_page(viewport=NARROW, java_script_enabled=False)
        return Reader(page, language, not_theirs)

    me = reader(language, ada, ada_email, bo, bo_email)
    to_page = me.words("Your page, with everything you are signed up for")

    # Find.
    me.page.goto("/")
    if language != "nb":
        me.press(me.page.get_by_role("link", name={"nn": "Nynorsk", "en": "English"}[language]))
    me.follow("See the courses")
    me.write("Words to look for", "søvn")
    me.send("Show courses")
    me.press(me.page.get_by_role("link", name="Søvn og hvile"))
    me.reads("Søvn og hvile")

    # Doubt.
    me.unfold("How long, how many and what it costs")
    expect(me.page.get_by_text(me.words("No. It is enough that you want to come."))).to_be_visible()
    me.follow("First time? This is what the day is like")
    me.reads("First time? This is what the day is like")
    expect(me.page.get_by_text(AT_THE_DOOR)).to_be_visible()
    me.follow("Back to the course")
    chosen = re.compile("tekst=s%C3%B8vn#result$")
    expect(me.control("link", "All the courses")).to_have_attribute("href", chosen)

    # Ask.
    me.follow("Ask us about the course")
    me.reads("Ask us")
    me.write("What do you wonder about?", QUESTION)
    me.write("Your e-mail address or phone number", EMAIL)
    me.send("Send the question")
    me.reads("Thank you for asking")
    me.follow("Back to the course")

    # Sign up.
    me.follow("Sign up")
    me.write("What do you want to be called?", NAME)
    me.write("E-mail", EMAIL)
    me.write("Phone", PHONE)
    me.write("Is there anything practical we can arrange? (optional)", WISH)
    me.send("Go on and check it")
    me.reads("Is this right?")
    me.send("Sign me up")
    me.reads("You have a place")

    # The letter, and one more course from the student's own page.
    first = me.read(post.deliver()[EMAIL])
    me.come_in(link_after(first, to_page))
    me.follow("Sign up for one more")
    me.press(me.page.get_by_role("link", name="Å leve med uro"))
    me.follow("Join the waiting list")
    expect(me.page.get_by_label(me.words("E-mail"), exact=True)).to_have_value(EMAIL)
    me.send("Go on and check it")
    me.send("Put me on the waiting list")
    me.reads("You are on our list")
    college.enrol(OTHERS[1])
    letters = post.deliver()
    assert letters.keys() == {EMAIL, bo_email}
    me.read(letters[EMAIL])

    # Withdraw, and undo.
    withdrawal = link_after(first, me.words("Withdraw"))
    me.open(withdrawal)
    me.reads("Do you want to withdraw?")
    me.send("Withdraw")
    me.reads("You have withdrawn")
    me.send("Sign me up again")
    me.reads("You have a place")
    me.read(post.deliver()[EMAIL])

    # A place from the queue.
    another = reader("nb", NAME, EMAIL, bo, bo_email)
    another.open(link_after(adas, another.words("Withdraw")))
    another.send("Withdraw")
    another.reads("You have withdrawn")
    letters = post.deliver()
    assert letters.keys() == {EMAIL, ada_email}
    me.come_in(link_after(me.read(letters[EMAIL]), to_page))
    course = me.page.locator("summary").filter(has_text="Å leve med uro")
    expect(course).to_contain_text(me.words("You have a place"))

    # A reminder, owed in the night and sent by day; its link is the first letter's, too.
    clock.move_to(A_MONDAY + timedelta(days=8, hours=17))
    call_command("owe_reminders")
    assert post.deliver() == {}
    clock.move_to(A_MONDAY + timedelta(days=9))
    reminder = me.read(post.deliver()[EMAIL])
    assert AT_THE_DOOR in reminder
    for address in (withdrawal, link_after(reminder, me.words("Withdraw"))):
        me.open(address)
        me.reads("Do you want to withdraw?")

    # The register, and the certificate.
    clock.move_to(A_MONDAY + timedelta(days=10, minutes=30))
    tutor = reader(language, ada, ada_email, bo, bo_email)
    tutor.open(urljoin(link_after(first, to_page), "../../.."))
    tutor.follow("For tutors")
    tutor.write("User name or e-mail", college.username)
    tutor.write("Password", PASSWORD)
    tutor.send("Sign in")
    tutor.press(tutor.page.get_by_role("link", name="Søvn og hvile"))
    row = tutor.page.get_by_role("group", name=NAME)
    tutor.reach(row.get_by_role("radio", checked=True))
    tutor.page.keyboard.press("ArrowRight")
    expect(row.get_by_role("radio", name=tutor.words("Here"), exact=True)).to_be_checked()
    tutor.send("Save")
    expect(tutor.page.get_by_text(tutor.words("Saved."), exact=True)).to_be_visible()
    tutor.follow("Certificates")
    tutor.send("Make certificates")
    ready = me.read(post.deliver()[EMAIL])
    me.come_in(link_after(ready, me.words("Open my page")))
    me.follow("Certificates")
    certificate = f"{me.words('Open the certificate')} Søvn og hvile"
    assert me.fetch(me.page.get_by_role("link", name=certificate)).startswith(b"%PDF")

    # Coordinators find whoever rings.
    staff = new_page()
    staff.goto("/admin/")
    staff.get_by_label("Brukernavn").fill(factories.make_coordinator().username)
    staff.get_by_label("Passord").fill(PASSWORD)
    staff.get_by_role("button", name="Logg inn").click()
    staff.get_by_role("searchbox").fill(EMAIL)
    staff.keyboard.press("Enter")
    staff.get_by_role("link", name=NAME).first.click()
    expect(staff.get_by_role("heading", level=1)).to_have_text(NAME)

    # Export.
    me.follow("My page")
    me.unfold("What we know about you")
    me.follow("See or fetch everything about me")
    everything = me.fetch(me.control("link", "Fetch it as a file (JSON)")).decode()
    assert [each for each in (NAME, EMAIL, WISH, QUESTION) if each not in everything] == []
    assert [each for each in ("[[", ada, ada_email, bo, bo_email) if each in everything] == []

    # Erase: the place goes to whoever waits, and the letters open nothing any more.
    assert found(*STUDENTS) != set()
    me.follow("Erase everything about me")
    me.send("Yes, erase everything")
    me.reads("Everything is erased")
    assert post.deliver().keys() == {bo_email}
    assert found(*STUDENTS) == set()
    for address in (withdrawal, link_after(ready, me.words("Open my page"))):
        me.open(address, status=404)
        me.reads("The link no longer works")

    # The log has what went wrong, here a comma too much, and tells of nobody.
    me.open(f"{withdrawal},", status=404)
    said = log.getvalue() + "".join(capfd.readouterr())
    assert all(json.loads(line)["logger"] for line in log.getvalue().splitlines())
    assert "/avmelding/…" in said
    secrets = (*STUDENTS, *post.keys, ada, ada_email, bo, bo_email)
    assert [each for each in secrets if each in said] == []
    assert [each for watch in watches.values() for each in watch.complaints] == []
