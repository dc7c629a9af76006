"""Words in another language than the page's say so: a screen reader then reads them right."""

import pytest

from courses.models import College
from tests import factories

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
