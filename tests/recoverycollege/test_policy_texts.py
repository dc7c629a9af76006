"""No text holds a number that the college may change: it reads it from `recoverycollege.policy`."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from recoverycollege import django_messages

CATALOGUES = Path(django_messages.__file__).parent / "locale"

UNITS = r"(second|minute|hour|day|week|month|year)s?"
UNITS_NO = r"(sekund|minutt|time|dag|døgn|uke|veke|måned|månad|år)\w*"
NUMBERS = {
    "en": re.compile(
        r"[0-9]|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
        rf"|fifty|sixty|hundreds?|thousands?|half|quarter|twice)\b|\b(an?|one|per) {UNITS}\b",
        re.I,
    ),
    "nb": re.compile(
        r"[0-9]|\b(to|tre|fire|fem|seks|sju|syv|åtte|ni|ti|elleve|tolv|femten|tjue|tretti|femti"
        rf"|seksti|hundre|tusen|halvt?|kvarter)\b|\b(en|én|et|ett|étt) {UNITS_NO}\b|\bi timen\b",
        re.I,
    ),
    "nn": re.compile(
        r"[0-9]|\b(to|tre|fire|fem|seks|sju|åtte|ni|ti|elleve|tolv|femten|tjue|tretti|femti"
        rf"|seksti|hundre|tusen|halvt?|kvarter)\b|\b(ein|éin|ei|éi|eit+|éit+) {UNITS_NO}\b"
        r"|\bi timen\b",
        re.I,
    ),
}
# What a message is about, by a piece of its msgid, where the number is no policy.
NO_POLICY = (
    # the size of an envelope
    "window envelopes (C5",
    # signing in: two steps, an app that may be called 2FAS, and how long such things take
    "in two steps",
    "or 2FAS",
    "takes two minutes",
    "It may take a minute",
    "The two passwords",
    "three or four words",
    # how colours are written and told apart, and that two pages are more than one
    "as #14464c",
    "is hard to read",
    "make two pages of it",
    # the ends of the scale that feedback is answered on
    "From 1, no, to 4",
    # half of a steering group, which is no number
    "is led by a steering group",
    # how a code, a certificate's number, a phone number, a year or an amount is written
    "letters and digits",
    "with eight digits",
    "words: eight digits",
    "four digits",
    "such as 12",
    "Write 0 or more",
    "three dots",
    # twice in a row is what a tutor asks after, and no number that anybody sets
    "was not here the last two times",
    # what is chosen or meets on a page of the admin
    "Choose either a number of days",
    "one of the two.",
    "given to a peer",
    "would begin together",
    # the pair: a course has two developers, and a run two tutors
    "two developers",
    "two tutors",
    "Every course has at least two",
    "there are two of them",
    # what is rounded and hidden in figures: whoever changes it changes what was frozen
    "rounded to the nearest five",
    # the law's own
    "WCAG 2.1",
    # whoever brings somebody has two places, and two people are asked
    "two places",
    "Two places",
    "one place or two",
    "Two where somebody comes along",
    "hey are two",
    "You are two",
    "are two people",
    "It is for two, with the companion",
    # two records of one person
    "two records",
    "Make these two one",
    # advice on how much to write; the law; what a machine calls things
    "One or two sentences",
    "Two or three sentences",
    "(article 6",
    "(article 9",
    "(article 30",
    "(article 35",
    "Step 1 of 2",
    "Step 2 of 2",
    # doing something twice; the days on which Norway rests
    "wice",
    "Two sessions of the run start",
    "Labour Day",
    "14.9.2027",  # how a date is written
    "Constitution Day",
    # an hour is what limits are counted by (`…_PER_HOUR`); and when to look for a letter
    "Try again within the hour",
    "Has no letter come within an hour",
)


class Message(NamedTuple):
    msgid: str
    texts: list[tuple[str, str]]  # language and text


def unquoted(lines: str) -> str:
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', lines)).replace('\\"', '"')


def messages() -> Iterator[Message]:
    """Each message of ours in three languages, without the names of what is filled in."""
    for path in CATALOGUES.glob("*/LC_MESSAGES/*.po"):
        language = path.parent.parent.name
        for entry in path.read_text(encoding="utf-8").split("\n\n")[1:]:
            found = [
                (kind, re.sub(r"%\(\w+\)\w|%\w", "%", unquoted(lines)))
                for kind, lines in re.findall(
                    r'^(msgid|msgid_plural|msgstr|msgstr\[\d\]) (".*"(?:\n".*")*)', entry, re.M
                )
            ]
            texts = [("en" if "id" in kind else language, text) for kind, text in found]
            # Where there is a plural, the first form is about one: «an hour» is no fixed number.
            has_plural = any(kind == "msgid_plural" for kind, _text in found)
            if has_plural:
                texts = [
                    each
                    for each, (kind, _text) in zip(texts, found, strict=True)
                    if kind in {"msgid_plural", "msgstr[1]"}
                ]
            msgid = unquoted(re.findall(r'^msgid (".*"(?:\n".*")*)', entry, re.M)[0])
            yield Message(msgid, texts)


def is_djangos_own(msgid: str) -> bool:
    return msgid in django_messages.SINGLE


def with_a_number() -> list[Message]:
    return [
        message
        for message in messages()
        if any(NUMBERS[language].search(text) for language, text in message.texts)
        and not is_djangos_own(message.msgid)
    ]


def test_no_text_holds_a_number_of_the_policy():
    found = {
        message.msgid
        for message in with_a_number()
        if not any(piece in message.msgid for piece in NO_POLICY)
    }
    assert found == set(), (
        "Give the text its number from settings (recoverycollege/policy.py), with a plural form; "
        "or, where nobody will ever change it, name what it is about in NO_POLICY."
    )


@pytest.mark.parametrize("piece", NO_POLICY)
def test_what_is_let_through_is_still_there(piece):
    assert any(piece in message.msgid for message in with_a_number())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The next seven days"),
        ("en", "Wait half a minute"),
        ("en", "once an hour"),
        ("en", "kept for 30 days"),
        ("nb", "Vent et halvt minutt"),
        ("nb", "én lenke i timen"),
        ("nb", "senest etter en time"),
        ("nn", "seinast etter ein time"),
        ("nn", "dei siste sju dagane"),
    ],
)
def test_a_number_is_seen(language, text):
    assert NUMBERS[language].search(text)
    assert not NUMBERS[language].search("% dager, % timer, på en lånt maskin")
