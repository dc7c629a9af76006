"""Every shipped text is easy to read, and calls nobody a patient, a user or an applicant."""

import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import translation

from courses.model_texts import OPEN_PLACE, model_texts
from recoverycollege.demo import college, courses, tutors
from recoverycollege.help import guides
from tests import access
from tests.enrolment.test_letters import write_every_kind
from tests.readability import lix, main_text, words_of
from tests.recoverycollege.test_policy_texts import is_djangos_own, messages
from tests.test_access import Portal, addresses

LIX = 35
WORDS = 30  # of fewer, one long word more or less says nothing
# No piece of a page, a letter or the admin, read alone, is as heavy as an official letter.
LIX_OF_A_PIECE = 50

# The noun and no verb: «vi bruker navnet ditt» is good Norwegian.
FORBIDDEN = {
    "nb": r"brukere\w*|brukeren\w*|brukers|(?:en|som|hver|ny) bruker|pasient\w*|søknad\w*"
    r"|søker(?:e|en|ne)?|vedtak\w*|innvilg\w*|avslag\w*|avsl[åo]\w*|godkjen\w*",
    "nn": r"brukara[rn]\w*|brukaren\w*|(?:ein|som|kvar|ny) brukar|pasient\w*|søknad\w*"
    r"|søkj?ar\w*|vedtak\w*|innvilg\w*|avslag\w*|avsl[åo]\w*|godkjen\w*",
    "en": r"patients?|service users?|applicants?|applications?|approv\w+|reject\w+",
}


def is_forbidden(language: str, text: str) -> bool:
    return re.search(rf"\b(?:{FORBIDDEN[language]})\b", text, re.IGNORECASE) is not None


def heavy(texts: dict[str, str]) -> dict[str, float]:
    """Which texts are too heavy, and how heavy."""
    judged = {name: text for name, text in texts.items() if len(words_of(text)) >= WORDS}
    assert judged
    return {name: lix(text) for name, text in judged.items() if lix(text) > LIX}


def pages(visitor: str, language: str) -> Iterator[tuple[str, str]]:
    """The main text of each page that the visitor may open; the admin's are coordinators'."""
    portal, found = Portal(), addresses()
    client = portal.client(visitor)
    for name, pattern in found.items():
        is_open = access.ACCESS[name][access.VISITORS.index(visitor)] == access.OPEN
        if is_open and name.startswith("admin:") == (visitor == "coordinator"):
            with translation.override(language):
                response = client.get(portal.address(name, pattern))
            if "text/html" in response["Content-Type"]:
                yield name, main_text(response.content.decode())


@pytest.mark.django_db
@pytest.mark.any_database
@pytest.mark.parametrize("visitor", ["anonymous", "student", "tutor", "coordinator"])
@pytest.mark.parametrize("language", ["nb", "nn"])
def test_pages_are_easy_to_read(visitor, language):
    assert heavy(dict(pages(visitor, language))) == {}


@pytest.mark.django_db
@pytest.mark.any_database
@pytest.mark.parametrize("language", ["nb", "nn"])
def test_guides_are_easy_to_read(language):
    client = Portal().client("coordinator")
    shown = {}
    for guide in guides.FOR_COORDINATORS:
        with translation.override(language):
            page = client.get(reverse("admin:guide", args=[guide.name])).content.decode()
        shown[guide.name] = main_text(page)
    assert heavy(shown) == {}


@pytest.mark.django_db
@pytest.mark.any_database
@pytest.mark.parametrize("language", ["nb", "nn"])
def test_letters_are_easy_to_read(language):
    assert heavy({kind: each.text for kind, each in write_every_kind(language).items()}) == {}


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_texts_to_begin_with_are_easy_to_read(language):
    with translation.override(language):
        assert heavy({key: OPEN_PLACE.sub("", text) for key, text in model_texts().items()}) == {}


def of_the_demo_college() -> dict[str, str]:
    said = {
        name: text
        for name, text in vars(college).items()
        if name.isupper() and isinstance(text, str)
    }
    said |= {name: str(venue["how_to_find"]) for name, venue in college.VENUES.items()}
    said |= {name: presentation for name, (_name, presentation) in tutors.TUTORS.items()}
    for entry in courses.ENTRIES:
        parts = (entry.summary, entry.what_happens, entry.breaks, entry.speaking)
        # A line is broken where it is long; a paragraph ends with an empty one.
        text = "\n\n".join((*parts, entry.what_you_take))
        said[entry.slug] = re.sub(r"(?<!\n)\n(?!\n)", " ", text)
    return said


def test_words_of_the_demo_college_are_easy_to_read_and_call_nobody_a_patient():
    said = of_the_demo_college()
    assert heavy(said) == {}
    assert {name for name, text in said.items() if is_forbidden("nb", text)} == set()


def test_no_message_calls_anybody_a_patient_or_speaks_of_applying():
    found = {
        (language, text)
        for message in messages()
        for language, text in message.texts
        if not is_djangos_own(message.msgid) and is_forbidden(language, text)
    }
    assert found == set()


def test_no_message_alone_is_heavy():
    found = {
        text: lix(text.replace("\\n", "\n"))
        for message in messages()
        for language, text in message.texts
        if language != "en" and not is_djangos_own(message.msgid)
    }
    judged = {text: each for text, each in found.items() if len(words_of(text)) >= WORDS}
    assert len(judged) > 50
    assert {text: each for text, each in judged.items() if each > LIX_OF_A_PIECE} == {}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nb", "Alle brukere er velkomne"),
        ("nb", "Søknaden din er mottatt"),
        ("nb", "Du har fått avslag"),
        ("nn", "Brukarane våre"),
        ("nn", "Plassen er godkjend"),
        ("en", "Your application was approved"),
    ],
)
def test_a_forbidden_word_is_seen(language, text):
    assert is_forbidden(language, text)
    assert not is_forbidden(language, "Vi bruker navnet ditt. Brukarnamn. Vi brukar det.")


def test_lix_is_that_of_its_definition():
    """Eight words in two sentences, two of them long."""
    text = (
        "Overskrift\nHer snakker vi sammen kl. 18. Kursholderne tar imot https://example.org/lang."
    )
    words = ["Her", "snakker", "vi", "sammen", "kl", "Kursholderne", "tar", "imot"]
    assert words_of(text) == words
    assert lix(text) == 4 + 25
    assert lix("Bare en overskrift") == 0
