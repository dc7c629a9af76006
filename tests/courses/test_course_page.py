"""The page of a course: worries answered, the way there, sharing, and the way back."""

import pytest
from django.test import Client

from tests import factories
from tests.courses.test_views import make_past_semester, words

pytestmark = pytest.mark.django_db


def test_worries_are_answered_before_the_button():
    course = factories.make_course(
        slug="kurs", breaks="En lang, med suppe.", speaking="Nei, ikke et ord."
    )
    factories.make_published_run(course=course)
    page = words(Client().get("/kurs/kurs/"))
    before = page[: page.index('class="btn btn-primary btn-wide"')]
    for each in ("Er det pauser?", "En lang, med suppe.", "Må jeg si noe?", "Nei, ikke et ord."):
        assert each in before


def test_nothing_is_promised_of_breaks_and_speaking_that_is_not_written():
    factories.make_published_run(course=factories.make_course(slug="kurs"))
    page = words(Client().get("/kurs/kurs/"))
    assert "Kan jeg gå?" in page
    assert "Er det pauser?" not in page
    assert "Må jeg si noe?" not in page


# Finding the way there, and telling somebody


def test_address_is_looked_up_on_an_open_map_by_the_reader_alone():
    venue = factories.make_venue(name="Kafé & co", street="Å 1 & 2", town="Sandnes")
    run = factories.make_published_run(course=factories.make_course(slug="kurs"), venue=venue)
    address = "https://www.openstreetmap.org/search?query=%C3%85+1+%26+2%2C+Sandnes"
    for page in ("/kurs/kurs/", f"/kurs/kurs/{run.pk}/forste-gang/"):
        assert f'href="{address}" rel="noreferrer"' in words(Client().get(page))


def test_page_is_shared_by_plain_links(settings):
    settings.SITE_URL = "https://skolen.example.org"
    course = factories.make_course(slug="kurs", title="Håp & tro")
    factories.make_published_run(course=course)
    page = words(Client().get("/en/kurs/kurs/?fra=noen"))
    shared = "https%3A%2F%2Fskolen.example.org%2Fen%2Fkurs%2Fkurs%2F"
    assert f'href="mailto:?subject=H%C3%A5p%20%26%20tro&amp;body={shared}"' in page
    assert f'href="sms:?&amp;body=H%C3%A5p%20%26%20tro%20{shared}"' in page
    assert 'value="https://skolen.example.org/en/kurs/kurs/" readonly' in page


# Back from a course


def test_filters_survive_a_visit_to_a_course():
    factories.make_published_run(course=factories.make_course(slug="kurs", title="Håp"))
    semester = factories.get_semester().slug
    chosen = f"?semester={semester}&type=short_course&sted=Sandnes&tekst=h%C3%A5p"
    page = words(Client().get(f"/kurs/{chosen}"))
    card = f"/kurs/kurs/{chosen.replace('&', '&amp;')}"
    assert f'<a href="{card}">' in page
    back = words(Client().get(f"/kurs/kurs/{chosen}"))
    assert f'href="/kurs/{chosen.replace("&", "&amp;")}#result"' in back


@pytest.mark.parametrize(
    "query",
    ["?semester=https://example.org/", "?side=-1", "?side=x", "?fra=//example.org", "?type=tull"],
)
def test_back_leads_nowhere_but_to_the_catalogue(query):
    factories.make_published_run(course=factories.make_course(slug="kurs"))
    page = words(Client().get(f"/kurs/kurs/{query}"))
    assert '<a class="back-link" href="/kurs/">' in page


def test_empty_result_says_which_semester_has_a_match():
    factories.make_published_run(course=factories.make_course(title="Nå"))
    other = make_past_semester()
    factories.make_published_run(
        semester=other, course=factories.make_course(title="Digitale fortellinger")
    )
    page = words(Client().get("/kurs/?tekst=fortellinger"))
    address = f"/kurs/?semester={other.slug}&amp;tekst=fortellinger#result"
    assert f'<a class="tap" href="{address}">1 kurs, {other.name}</a>' in page
    assert "et annet semester:" not in words(Client().get("/kurs/?tekst=finnes-ikke"))
