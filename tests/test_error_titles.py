"""«Feil:» begins the title of every page that shows errors, and of no other."""

import html
import re

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from tests import access, factories
from tests.test_access import Portal, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SHOWS_ERRORS = re.compile(r'class="[^"]*\b(error-summary|invalid-feedback|errorlist|errornote)\b')


def title_of(response: HttpResponse) -> str:
    found = re.search(r"<title>(.*?)</title>", response.content.decode(), re.S)
    return html.unescape(found[1]).strip() if found else ""


@pytest.mark.parametrize("visitor", ["anonymous", "student", "tutor", "coordinator"])
def test_title_of_a_page_with_errors_begins_with_them(visitor: str) -> None:
    """Every form is sent empty."""
    portal = Portal()
    pages = {name: portal.address(name, pattern) for name, pattern in addresses().items()}
    coming = factories.make_published_run()
    pages["sign_up"] = reverse("sign_up", args=[coming.course.slug, coming.pk])
    with_errors, wrong = set(), {}
    for name, address in pages.items():
        if access.ACCESS[name][access.VISITORS.index(visitor)] not in (access.OPEN, access.ONWARD):
            continue
        client = portal.client(visitor)
        with transaction.atomic():
            response = client.post(address)
            transaction.set_rollback(True)
        if "text/html" not in response.headers.get("Content-Type", ""):
            continue
        has_errors = bool(SHOWS_ERRORS.search(response.content.decode()))
        if has_errors:
            with_errors.add(name)
        if has_errors != title_of(response).startswith("Feil: "):
            wrong[name] = title_of(response)
    assert wrong == {}
    assert (
        len(with_errors) >= {"anonymous": 6, "student": 5, "tutor": 6, "coordinator": 34}[visitor]
    )


def test_template_with_a_summary_of_errors_says_so_in_its_title() -> None:
    """Whatever the pages above do not reach."""
    templates = {
        str(path.relative_to(settings.BASE_DIR)): path.read_text()
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
    }
    shows = {name for name, text in templates.items() if "_error_summary.html" in text}
    shows |= {name for name, text in templates.items() if "/error_summary.html" in text}
    assert len(shows) > 10
    # Django's own pages for these have the word in their title.
    djangos = {"templates/admin/change_form.html"}
    says_so = ('{% translate "Error:" %}', '{% extends "admin/form.html" %}')
    without = {name for name in shows if not any(each in templates[name] for each in says_so)}
    assert without == djangos
