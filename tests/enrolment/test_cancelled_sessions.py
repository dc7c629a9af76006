"""A session that is cancelled stays in sight, struck through, and is said to be off in words."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from courses.models import CourseRun
from courses.norwegian.formatting import day
from tests import factories
from tests.enrolment.test_my_page import come_in

pytestmark = pytest.mark.django_db

WORDS = {"nb": "Avlyst", "nn": "Avlyst", "en": "Cancelled"}


def run_with_one_off() -> CourseRun:
    run = factories.make_published_run(sessions=3)
    run.sessions.filter(pk=run.sessions.all()[1].pk).update(cancelled_at=timezone.now())
    return run


def struck(page: str) -> list[tuple[str, str]]:
    """The day of each session that is struck through, and the word after it."""
    found = re.findall(r"<s>(.+?), [^,]*?</s>\s*(?:<strong>)?([^<]+)<", page)
    return [(when.lower(), word.strip()) for when, word in found]


@pytest.mark.parametrize("language", WORDS)
def test_cancelled_session_stands_struck_through_and_in_words(client, language: str) -> None:
    run = run_with_one_off()
    student = factories.enrol(run).student
    with translation.override(language):
        pages = [
            client.get(reverse("course", args=[run.course.slug])),
            client.get(reverse("sign_up", args=[run.course.slug, run.pk])),
            come_in(student).get(reverse("my_page")),
        ]
        off = run.sessions.all()[1]
        expected = [(day(off.starts_at).lower(), WORDS[language])]
    assert [struck(page.content.decode()) for page in pages] == [expected] * 3


def test_tutors_are_not_offered_a_session_that_is_off(client: Client) -> None:
    run = run_with_one_off()
    client.force_login(factories.make_coordinator())
    for name in ("tutor_register", "tutor_session_code"):
        page = client.get(reverse(name, args=[run.pk])).content.decode()
        offered = re.findall(r"\?samling=(\d+)\"", page)
        assert {*offered} == {str(each.pk) for each in run.session_list}
