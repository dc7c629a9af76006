"""The whole path of a student, from the first look to erasure, by the keyboard alone.

Once in each language, on the narrowest phone and without JavaScript; letters go through the
worker's command to a mail server, and what they link to is opened as it stands in them.
"""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Locator, Page, expect

from courses.models import CourseRun
from enrolment.models import Student
from recoverycollege.logs import DiscreetFormatter
from tests import factories
from tests.browser.conftest import NARROW
from tests.enrolment.conftest import by_our_backend
from tests.mail_server import MailServer, listening
from tests.recoverycollege.test_nothing_left import found

pytestmark = pytest.mark.django_db(transaction=True)

NAME, EMAIL, PHONE = "Sigrun Vågåsen", "sigrun.v@example.org", "99 99 99 21"
OTHERS = ("Ada Lierød", "ada.l@example.org", "99 99 99 31"), ("Bo Myhre", "bo.m@example.org", "")
WISH, QUESTION = "Teleslynge ved vinduet", "Kan jeg ta med hund?"
STUDENTS = ("Sigrun", "Vågåsen", "sigrun.v@", "99999921", PHONE, WISH)
PASSWORD = "et langt passord"  # noqa: S105 - of nobody
LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
A_MONDAY = factories.oslo(2026, 10, 5, 10)
FARTHEST = 45  # tabs

# Words that are the page's own, and not in another language on purpose.
OWN_WORDS = """() => {
    const page = document.documentElement.lang;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const words = [];
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (parent.closest('[lang]').lang === page && !parent.closest('script, style')) {
            words.push(walker.currentNode.data.replace(/\\s+/g, ' ').trim());
        }
    }
    return words;
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


def words_of(language: str) -> dict[str, str]:
    """Every short text of the product in that language, by its message id."""
    catalogue = Path(django_settings.LOCALE_PATHS[0]) / "nb" / "LC_MESSAGES" / "django.po"
    ids = re.findall(r'^msgid "(.+)"$', catalogue.read_text(), re.MULTILINE)
    with translation.override(language):
        return {each: gettext(each) for each in ids}


def foreign_words(language: str) -> set[str]:
    """What the product says in the other languages, and does not say in this one."""
    said = {code: set(words_of(code).values()) for code in LANGUAGES}
    return set().union(*said.values()) - said[language]


class Reader:
    """Somebody with a keyboard and a page in one language; every page met is looked over."""

    def __init__(self, page: Page, language: str, not_theirs: tuple[str, ...]) -> None:
        self.page, self.language, self.not_theirs = page, language, not_theirs
        self.foreign = foreign_words(language)
        self.titles: list[str] = []

    def words(self, msgid: str, **values: object) -> str:
        with translation.override(self.language):
            return gettext(msgid) % values if values else gettext(msgid)

    def control(self, role: str, msgid: str, **values: object) -> Locator:
        return self.page.get_by_role(role, name=self.words(msgid, **values), exact=True)

    def look_over(self) -> None:
        """Hold the page that has just come to what all of them promise."""
        self.page.wait_for_load_state()
        where, title = urlsplit(self.page.url).path, self.page.title()
        assert title.strip(" –"), where
        self.titles.append(title)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 320, where
        assert self.page.evaluate("document.documentElement.lang") == self.language, where
        expect(self.page.get_by_role("heading", level=1)).to_have_count(1)
        foreign = self.foreign.intersection(self.page.evaluate(OWN_WORDS))
        assert not foreign, f"{where} says in another language: {foreign}"
        content = self.page.content()
        assert [each for each in self.not_theirs if each and each in content] == [], where

    def open(self, address: str) -> None:
        """An address from a letter, or typed."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        self.look_over()

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

    def skip(self) -> None:
        """To the content of the page, past the header."""
        self.reach(self.control("link", "Skip to the content"))
        self.page.keyboard.press("Enter")

    def press(self, control: Locator) -> None:
        """Go where the link or button leads."""
        self.reach(control)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look_over()

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
        self.server, self.read = server, 0
        self.links: set[str] = set()

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
        ada, bo = OTHERS
        self.enrol(ada)

    def course(self, title: str, **fields: object) -> CourseRun:
        course = factories.make_course(title=title, discreet_title=title)
        meets = "Torunn står ved døra i rød genser."
        return factories.make_published_run(
            course=course, capacity=1, who_meets_you=meets, **fields
        )

    def enrol(self, person: tuple[str, str, str]) -> None:
        name, email, phone = person
        one = factories.make_person(name=name, email=email, phone=phone)
        factories.enrol(self.worry, person=one)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(A_MONDAY) as traveller:
        yield traveller


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that any logger says, as the college's log writes it."""
    caplog.handler.setFormatter(DiscreetFormatter("%(name)s %(message)s"))
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.fixture
def post(settings, live_server, tmp_path) -> Iterator[Post]:
    settings.SITE_URL = live_server.url
    settings.ERASURES_FILE = tmp_path / "erasures"
    with listening(MailServer()) as server:
        by_our_backend(settings, server.port)
        yield Post(server)


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_first_look_to_erasure(
    new_page, clock, post: Post, log, watches, language
) -> None:
    college = College()
    (ada, bo), (ada_email, bo_email) = zip(*(each[:2] for each in OTHERS), strict=True)
    adas = post.deliver()[ada_email]

    def reader(**options: object) -> Reader:
        page = new_page(viewport=NARROW, java_script_enabled=False, **options)
        return Reader(page, language, (ada, ada_email, bo, bo_email))

    me = reader()

    # Find.
    me.page.goto("/")
    if language != "nb":
        me.press(me.page.get_by_role("link", name={"nn": "Nynorsk", "en": "English"}[language]))
    me.skip()
    me.follow("See the courses")
    me.skip()
    me.write("Words to look for", "søvn")
    me.send("Show courses")
    me.press(me.page.get_by_role("link", name="Søvn og hvile"))
    me.reads("Søvn og hvile")

    # Doubt.
    me.skip()
    me.unfold("How long, how many and what it costs")
    expect(me.page.get_by_text(me.words("No. It is enough that you want to come."))).to_be_visible()
    me.follow("First time? This is what the day is like")
    me.reads("First time? This is what the day is like")
    expect(me.page.get_by_text("Torunn står ved døra i rød genser.")).to_be_visible()
    me.skip()
    me.follow("Back to the course")

    # Sign up.
    me.skip()
    me.follow("Sign up")
    me.skip()
    me.write("What do you want to be called?", NAME)
    me.write("E-mail", EMAIL)
    me.write("Phone", PHONE)
    me.write("Is there anything practical we can arrange? (optional)", WISH)
    me.send("Go on and check it")
    me.reads("Is this right?")
    me.skip()
    me.send("Sign me up")
    me.reads("You have a place")

    # The letter, and another course from the student's own page.
    first = post.deliver()[EMAIL]
    me.open(link_after(first, me.words("Your page, with everything you are signed up for")))
    me.skip()
    me.send("Open my page")
    me.reads("Hello, %(name)s", name=NAME)
    me.skip()
    me.follow("Sign up for one more")
    me.skip()
    me.press(me.page.get_by_role("link", name="Å leve med uro"))
    me.skip()
    me.follow("Join the waiting list")
    expect(me.page.get_by_label(me.words("E-mail"), exact=True)).to_have_value(EMAIL)
    me.skip()
    me.send("Go on and check it")
    me.skip()
    me.send("Put me on the waiting list")
    me.reads("You are on our list")
    college.enrol(OTHERS[1])
    assert post.deliver().keys() == {EMAIL, bo_email}

    # Withdraw, and undo.
    me.open(link_after(first, me.words("Withdraw")))
    me.reads("Do you want to withdraw?")
    me.skip()
    me.send("Withdraw")
    me.reads("You have withdrawn")
    me.skip()
    me.send("Sign me up again")
    me.reads("You have a place")
    post.deliver()

    # A place from the queue: Ada withdraws.
    own = Reader(new_page(viewport=NARROW, java_script_enabled=False), "nb", (NAME, EMAIL, bo))
    own.open(link_after(adas, own.words("Withdraw")))
    own.skip()
    own.send("Withdraw")
    own.reads("You have withdrawn")
    letters = post.deliver()
    assert letters.keys() == {EMAIL, ada_email}
    assert me.words("Subject") != ""
    me.open(link_after(letters[EMAIL], me.words("Your page, with everything you are signed up for")))
    me.skip()
    me.send("Open my page")
    expect(me.page.get_by_text(me.words("You have a place")).nth(1)).to_be_visible()

    # A reminder, owed in the night and sent by day.
    clock.move_to(A_MONDAY + timedelta(days=8, hours=17))
    call_command("owe_reminders")
    assert post.deliver() == {}
    clock.move_to(A_MONDAY + timedelta(days=9))
    reminder = post.deliver()
    assert reminder.keys() == {EMAIL}
    assert "Torunn står ved døra i rød genser." in reminder[EMAIL]
    me.open(link_after(reminder[EMAIL], me.words("Withdraw")))
    me.reads("Do you want to withdraw?")

    # The register, and a certificate.
    clock.move_to(A_MONDAY + timedelta(days=10, minutes=30))
    tutor = reader()
    tutor.open(me.page.url.partition("/avmelding/")[0])
    tutor.follow("For tutors")
    tutor.skip()
    tutor.write("User name", college.username)
    tutor.write("Password", PASSWORD)
    tutor.send("Sign in")
    tutor.skip()
    tutor.press(tutor.page.get_by_role("link", name="Søvn og hvile"))
    row = tutor.page.get_by_role("group", name=NAME)
    tutor.reach(row.get_by_role("radio", checked=True))
    here = row.get_by_role("radio", name=tutor.words("Here"), exact=True)
    tutor.page.keyboard.press("ArrowRight")
    expect(here).to_be_checked()
    tutor.send("Save")
    expect(tutor.page.get_by_text(tutor.words("Saved."))).to_be_visible()
    tutor.follow("Certificates")
    tutor.send("Make certificates")
    ready = post.deliver()
    assert ready.keys() == {EMAIL}
    me.open(link_after(ready[EMAIL], me.words("Open my page")))
    me.skip()
    me.send("Open my page")
    me.skip()
    me.follow("Certificates")
    me.skip()
    certificate = me.page.get_by_role("link", name=f"{me.words('Open the certificate')} Søvn og hvile")
    assert me.fetch(certificate).startswith(b"%PDF")

    # Export.
    me.follow("My page")
    me.skip()
    me.unfold("What we know about you")
    me.follow("See or fetch everything about me")
    me.skip()
    everything = me.fetch(me.control("link", "Fetch it as a file (JSON)")).decode()
    assert all(each in everything for each in (NAME, EMAIL, WISH))
    assert not any(each in everything for each in (ada, ada_email, bo, bo_email))

    # Erase.
    me.follow("Erase everything about me")
    me.skip()
    me.send("Yes, erase everything")
    me.reads("Everything is erased")
    assert post.deliver().keys() == {bo_email}
    assert found(*STUDENTS) == set()
    for each in sorted(post.links):
        if EMAIL in each:
            me.page.goto(each)

    # The log tells of nobody, and opens nothing.
    assert "send" in log.text
    for secret in (*STUDENTS, *post.keys, ada, ada_email, bo, bo_email):
        assert secret not in log.text
    assert watches[me.page].complaints == watches[tutor.page].complaints == []
    assert Student.objects.known().filter(email=EMAIL).count() == 0
