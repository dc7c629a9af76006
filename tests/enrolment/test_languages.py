"""Words in another language than the page's say so: a screen reader then reads them right."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from courses.models import College
from tests import factories
from tests.enrolment.test_my_page import come_in, press, withdrawal_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("prefix", "marked"), [("", 0), ("/nn", 1), ("/en", 1)])
def test_the_colleges_own_words_are_marked_where_the_page_has_another_language(
    client, prefix, marked
):
    run = factories.make_published_run()
    College.objects.update(accessibility_text="Det er heis.", introduction="Velkommen til oss.")
    addresses = {
        "/": 'class="lead" lang="no"><p>Velkommen til oss.',
        "/personvern/": '<div lang="no"><p>Her står hele personvernteksten.',
        "/tilgjengelighet/": '<div lang="no"><p>Det er heis.',
        f"/kurs/{run.course.slug}/": '<div lang="no"><p>Inngang fra torget',
    }
    for address, words in addresses.items():
        assert client.get(prefix + address).content.decode().count(words) == marked, address
    data = {"step": "check", "name": "Ada", "email": "ada@example.org"}
    page = client.post(f"{prefix}/kurs/{run.course.slug}/{run.pk}/pamelding/", data)
    assert page.content.decode().count('<ul class="tick-list" lang="no">') == marked


def test_a_courses_title_within_a_sentence_is_marked_where_the_page_has_another_language():
    alone = factories.enrol(factories.make_published_run())
    pair = factories.enrol(factories.make_published_run(), places=2)
    pages = {}
    for language in ("nb", "en"):
        with translation.override(language):
            withdrawn = press(Client(), withdrawal_of(alone)).content.decode()
            press(Client(), withdrawal_of(alone))  # signs up again
            seat = come_in(pair.student).get(reverse("my_companion", args=[pair.submission]))
            pages[language] = withdrawn + seat.content.decode()
    for enrolment in (alone, pair):
        title = enrolment.run.course.title
        assert f'<span lang="nb">{title}</span>' in pages["en"]
        assert f'<span lang="nb">{title}</span>' not in pages["nb"]
        assert title in pages["nb"]
