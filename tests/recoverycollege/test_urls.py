import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests import factories

pytestmark = pytest.mark.django_db

TOO_LARGE = 2**63


def test_a_key_that_no_database_holds_is_not_found():
    run = factories.make_published_run()
    pages = Client()
    pages.force_login(factories.make_coordinator())
    for path in (
        f"/kurs/{run.course.slug}/{TOO_LARGE}/pamelding/",
        f"/kursholder/{TOO_LARGE}/",
        f"/kursholder/{run.pk}/kursbevis/kode/{TOO_LARGE}/",
        f"/min-side/kursbevis/{TOO_LARGE}/",
        f"/min-side/folge/{TOO_LARGE}/",
    ):
        assert pages.get(path).status_code == 404, path


def test_our_own_addresses_take_no_larger_key():
    patterns = list(_patterns(get_resolver().url_patterns, ""))
    ours = [each for each in patterns if "admin/" not in each]
    assert [each for each in ours if "<row:" in each]
    assert [each for each in ours if "<int:" in each] == [], (
        "Write <row:…>: a number too large for a key of the database is a 404, not an error."
    )


def _patterns(entries, before):
    for each in entries:
        whole = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _patterns(each.url_patterns, whole)
        elif isinstance(each, URLPattern):
            yield whole
