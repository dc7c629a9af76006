"""The guides in a real browser, for coordinators and for tutors."""

import pytest
from django.urls import reverse
from django.utils import translation

from recoverycollege.help.guides import FOR_COORDINATORS, FOR_TUTORS
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_guides_for_coordinators_pass(page, sign_in, check_page, transactional_db) -> None:
    factories.get_college()
    sign_in(page, factories.make_coordinator())
    check_page(page, reverse("admin:guides"), "guides")
    for each in FOR_COORDINATORS:
        check_page(page, reverse("admin:guide", args=[each.name]), f"guide-{each.name}")
    check_page(page, reverse("admin:status"), "status")


def test_guides_for_tutors_pass(page, sign_in, check_page, transactional_db) -> None:
    factories.get_college()
    sign_in(page, factories.make_tutor_with_sign_in().user)
    check_page(page, reverse("tutor_guides"), "tutor-guides")
    for each in FOR_TUTORS:
        check_page(page, reverse("tutor_guide", args=[each.name]), f"tutor-guide-{each.name}")


@pytest.mark.parametrize("language", ["nn", "en"])
def test_a_guide_passes_in_the_other_languages(
    language: str, page, sign_in, check_page, transactional_db
) -> None:
    factories.get_college()
    sign_in(page, factories.make_coordinator())
    with translation.override(language):
        for name in ("semester", "mandag"):
            check_page(page, reverse("admin:guide", args=[name]), f"guide-{name}-{language}")
