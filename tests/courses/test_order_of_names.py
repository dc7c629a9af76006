"""Names stand in Norwegian order on public pages, whatever the database's own order is."""

import pytest

from courses.models import Partner, Topic
from tests import factories

pytestmark = pytest.mark.django_db

AS_WRITTEN = ["Østen", "Aase", "zakarias", "Åse", "Ærlig"]
IN_ORDER = ["zakarias", "Ærlig", "Østen", "Aase", "Åse"]


def test_partners_on_the_front_page(client):
    for name in AS_WRITTEN:
        Partner.objects.create(name=name)
    assert client.get("/").context["partners"] == IN_ORDER


def test_topics_of_a_course(client):
    run = factories.make_published_run()
    for number, name in enumerate(AS_WRITTEN):
        run.course.topics.add(Topic.objects.create(name=name, slug=f"tema-{number}"))
    assert client.get(run.course.get_absolute_url()).context["topics"] == IN_ORDER
