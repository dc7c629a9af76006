"""What is stored about a student, field by field, and numbers that are never stored."""

import random
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from certificates.models import DeveloperOffer, Feedback
from courses.models import Idea
from courses.norwegian.identity_numbers import contains_identity_number, validate_no_identity_number
from enrolment.models import Adjustment, Interest, Message, Question, Student

MAY_BE_KNOWN = {
    "id",
    "name",
    "name_key",
    "email",
    "phone",
    "channel",
    "postal_address",
    "language",
    "municipality",
    "wants_news",
    "key",
    "calendar_key",  # opens the times of their appointments; renewed with their contact, or by them
    "reminders",  # whether, and by what, they are reminded of a session
    "created_at",
    "merged_at",  # calendars take what came from another record of the person for newer
    "kept_at",  # from when the years until somebody is erased are counted anew
    "erased_at",
}


def test_student_has_only_these_fields():
    """A new one needs a purpose, a period of storage and a line in the record of processing."""
    assert {field.name for field in Student._meta.concrete_fields} == MAY_BE_KNOWN, (
        "What is a new column about a person for, and how long is it kept? Follow «A new answer at "
        "sign-up» in CONTRIBUTING, then add its name to MAY_BE_KNOWN."
    )
    assert list(Student._meta.many_to_many) == []


def test_interest_has_only_these_fields():
    """How somebody is reached, and nothing of who they are or why they ask."""
    assert {field.name for field in Interest._meta.concrete_fields} == {
        *("id", "course", "name", "email", "phone", "language", "key", "asked_at", "told_at")
    }, "What is a new column about a person for, and how long is it kept?"


def test_question_has_only_these_fields():
    """What is asked, and how it is answered; nothing of who asks."""
    assert {field.name for field in Question._meta.concrete_fields} == {
        *("id", "text", "contact", "language", "course", "asked_at", "answered_at", "answered_by")
    }, "What is a new column about a person for, and how long is it kept?"


def test_idea_has_only_these_fields():
    """What is proposed, and what becomes of it; a day, and nothing of who proposes."""
    assert {field.name for field in Idea._meta.concrete_fields} == {
        *("id", "text", "other_words", "language", "state", "is_shown", "votes", "course"),
        *("proposed_on", "moved_on"),
    }, "What is a new column for, and how long is it kept?"


def test_developer_offer_has_only_these_fields():
    """How somebody is reached, and a day: nothing of the course they were on, or their answers."""
    assert {field.name for field in DeveloperOffer._meta.concrete_fields} == {
        *("id", "name", "contact", "language", "offered_on", "done_on")
    }, "What is a new column about a person for, and how long is it kept?"


def test_feedback_has_only_these_fields():
    """No row is an answer, and no column says when there was one."""
    assert {field.name for field in Feedback._meta.get_fields()} == {
        *("id", "run", "key", "wordings", "answered", "counts", "words", "closed_at")
    }, "Can anybody tell by the new column who has answered, or when?"


@pytest.mark.parametrize(
    "model", [Student, Adjustment, Message, Interest, Question, Idea, DeveloperOffer]
)
def test_free_text_about_people_refuses_identity_numbers(model):
    free_text = {
        "student": ["name", "postal_address"],
        "adjustment": ["text"],
        "message": ["text"],
        "interest": ["name"],
        "question": ["text"],
        "idea": ["text", "other_words"],
        "developeroffer": ["name"],
    }[model._meta.model_name]
    for name in free_text:
        assert validate_no_identity_number in model._meta.get_field(name).validators, (
            f"Add validators=[validate_no_identity_number] to {name}: people write such numbers "
            "wherever they can."
        )


def identity_number(*, born_on: date, seed: int, day_offset: int = 0, month_offset: int = 0) -> str:
    """A number with valid check digits; some serials have none, so the next one is tried."""
    for serial in range(seed, 1000):
        text = (
            f"{born_on.day + day_offset:02}{born_on.month + month_offset:02}"
            f"{born_on.year % 100:02}{serial:03}"
        )
        for weights in ((3, 7, 6, 1, 8, 9, 4, 5, 2), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)):
            rest = sum(int(each) * weight for each, weight in zip(text, weights, strict=True)) % 11
            if rest == 1:
                break
            text += str((11 - rest) % 11)
        else:
            return text
    raise AssertionError(seed)


KINDS = [
    {},
    {"day_offset": 40},
    {"month_offset": 40},
    {"month_offset": 80},
    {"day_offset": 40, "month_offset": 80},
]


@pytest.mark.parametrize("offsets", KINDS)
def test_identity_numbers_of_every_kind_are_seen(offsets):
    chance = random.Random(7)
    for _each in range(100):
        born_on = date(1930, 1, 1) + timedelta(days=chance.randrange(30000))
        number = identity_number(born_on=born_on, seed=chance.randrange(900), **offsets)
        assert len(number) == 11
        assert contains_identity_number(number)
        wrong = number[:10] + str((int(number[10]) + 1) % 10)
        assert not contains_identity_number(wrong)


VALID = identity_number(born_on=date(1970, 1, 1), seed=300)


@pytest.mark.parametrize(
    "text",
    [
        VALID,
        f"{VALID[:6]} {VALID[6:]}",
        f"{VALID[:6]}-{VALID[6:]}",
        f"{VALID[:6]} - {VALID[6:]}",
        f"{VALID[:2]}.{VALID[2:4]}.{VALID[4:6]} {VALID[6:]}",
        f"{VALID[:6]}\u00a0{VALID[6:9]} {VALID[9:]}",
        f"{VALID[:6]}\u2011{VALID[6:]}",
        f"{VALID[:6]}\u2014{VALID[6:]}",
        f"{VALID[:6]}\u00ad{VALID[6:]}",
        f"{VALID[:6]}\u200b{VALID[6:]}",
        f"{VALID[:6]}, {VALID[6:]}",
        f"{VALID[:6]}:{VALID[6:]}",
        f"{VALID[:6]}_{VALID[6:]}",
        f"({VALID[:6]}){VALID[6:]}",
        f"Jeg heter Kari ({VALID}) og trenger teleslynge.",
        f"90 12 34 56 {VALID}",
        f"12345 {VALID[:6]} {VALID[6:]}",
        f"{VALID} 90123456",
    ],
)
def test_identity_number_is_seen_however_it_is_written(text):
    assert contains_identity_number(text)
    with pytest.raises(ValidationError) as refused:
        validate_no_identity_number(text)
    assert VALID not in str(refused.value)


def test_only_the_beginning_of_an_endless_text_is_looked_through():
    assert contains_identity_number("1 " * 2000 + VALID)
    assert not contains_identity_number("1 " * 2500 + VALID)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ring meg på 22 86 50 00",
        "+47 22 86 50 00",
        f"1{VALID}",
        f"{VALID}1",
        VALID[:10],
        "Jeg kommer 10.11. klokken 18.00",
        f"{VALID[:6]} personer og {VALID[6:]} stoler",
    ],
)
def test_other_digits_are_let_through(text):
    validate_no_identity_number(text)
