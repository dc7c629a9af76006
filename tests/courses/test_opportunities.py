"""Opportunities outside the college: found by anybody, doubted with one click, looked at again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses import services
from courses.models import Opportunity
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def places() -> dict[str, Opportunity]:
    factories.make_college()
    return {
        "choir": factories.make_opportunity(name="Koret", municipality="Sola"),
        "work": factories.make_opportunity(name="Fontenehuset", kind="work", municipality="Time"),
        "phone": factories.make_opportunity(name="Telefonen", kind="peers", phone="22865000"),
    }


def names(client: Client, url: str) -> set[str]:
    page = client.get(url).content.decode()
    return {name for name in ("Koret", "Fontenehuset", "Telefonen") if f"<h3>{name}</h3>" in page}


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ("", {"Koret", "Fontenehuset", "Telefonen"}),
        ("?kommune=Sola", {"Koret", "Telefonen"}),  # without a municipality: everywhere
        ("?type=work", {"Fontenehuset"}),
        ("?kommune=Sola&type=work", set()),
        ("?kommune=Tull&type=tull", {"Koret", "Fontenehuset", "Telefonen"}),
    ],
)
def test_list_is_narrowed_by_municipality_and_kind(client, places, chosen, shown) -> None:
    assert names(client, f"/muligheter/{chosen}") == shown


def test_browsing_sets_no_cookie_and_asks_twice(client, django_assert_num_queries, places) -> None:
    with django_assert_num_queries(2):
        response = client.get("/muligheter/?type=work")
    assert response.cookies == {}
    assert "csrfmiddlewaretoken" not in response.content.decode()


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Sangkoret"},
        {"kind": "activity"},
        {"municipality": "Time"},
        {"about": "Vi spiller."},
        {"needs_referral": True},
        {"phone": "+4722865001"},
        {"email": "kor@example.org"},
        {"website": "https://example.org/ny"},
        {"checked_on": "2026-01-02"},
    ],
)
def test_page_shows_at_once_what_changed(client, places, changed) -> None:
    before = client.get("/muligheter/").content
    assert client.get("/muligheter/").content == before
    Opportunity.objects.filter(pk=places["choir"].pk).update(**changed)
    assert client.get("/muligheter/").content != before


def test_unchanged_page_is_not_drawn_again(client) -> None:
    factories.make_college()
    factories.make_opportunity(name="Bare i denne testen")
    assert client.get("/muligheter/").templates
    assert not client.get("/muligheter/").templates


def test_without_any_there_is_no_page_and_no_link(client) -> None:
    course = factories.make_published_run().course
    factories.get_college()
    pages = ["/", "/kurs/", f"/kurs/{course.slug}/", "/personvern/", "/forslag/", "/sitemap.xml"]
    assert client.get("/muligheter/").status_code == 404
    for url in pages:
        assert "/muligheter/" not in client.get(url).content.decode(), url
    factories.make_opportunity()
    run = course.runs.get()
    sign_up = reverse("sign_up", args=[course.slug, run.pk])
    for url in (*pages, sign_up):
        assert "/muligheter/" in client.get(url).content.decode(), url


def test_course_page_points_to_its_own(client, places) -> None:
    course = factories.make_published_run().course
    url = f"/kurs/{course.slug}/"
    assert "#sted-" not in client.get(url).content.decode()
    services.save_course(course=course, opportunities=[places["choir"]])
    page = client.get(url).content.decode()
    assert f'href="/muligheter/#sted-{places["choir"].pk}">Koret<' in page
    assert "Fontenehuset" not in page
    services.save_course(course=course)
    assert course.opportunities.get() == places["choir"]


def test_anybody_can_say_that_it_is_not_right_any_more(places) -> None:
    choir = places["choir"]
    visitor = Client(enforce_csrf_checks=True)
    url = reverse("opportunity_report", args=[choir.pk])
    for _twice in range(2):
        response = visitor.post(url)
        assert response.headers["Location"] == "/muligheter/takk/"
        assert response.cookies == {}
    choir.refresh_from_db()
    assert choir.reported_on == timezone.localdate()
    assert "Takk for at du sa fra" in visitor.get("/muligheter/takk/").content.decode()
    assert visitor.post(reverse("opportunity_report", args=[9999])).status_code == 404


def test_telling_is_asked_to_wait(client, settings, places) -> None:
    settings.OPPORTUNITY_REPORTS_PER_HOUR = 0
    assert client.post(reverse("opportunity_report", args=[places["choir"].pk])).status_code == 429
    assert not Opportunity.objects.reported().exists()


def test_doubted_and_unchecked_are_to_check_until_one_click(settings, places) -> None:
    today = timezone.localdate()
    old = today - timedelta(days=settings.OPPORTUNITY_CHECKED_DAYS)
    Opportunity.objects.filter(pk=places["choir"].pk).update(checked_on=old - timedelta(days=1))
    Opportunity.objects.filter(pk=places["work"].pk).update(checked_on=old)
    services.report_opportunity(opportunity_id=places["phone"].pk)
    to_check = {places["choir"], places["phone"]}
    assert set(Opportunity.objects.to_check(today)) == to_check
    staff = Client()
    staff.force_login(factories.make_coordinator())
    list_url = reverse("admin:courses_opportunity_changelist")
    shown = staff.get(f"{list_url}?check=now")
    assert set(shown.context["cl"].result_list) == to_check
    url = reverse("admin:opportunity_checked", args=[places["choir"].pk])
    assert f'formaction="{url}"' in shown.content.decode()
    assert staff.post(url).headers["Location"] == f"{list_url}?check=now"
    url = reverse("admin:opportunity_checked", args=[places["phone"].pk])
    assert staff.post(url).headers["Location"] == list_url
    assert not Opportunity.objects.to_check(today).exists()


def test_saving_is_checking_and_a_way_to_reach_them_is_needed(places) -> None:
    choir = places["choir"]
    Opportunity.objects.filter(pk=choir.pk).update(
        checked_on="2020-01-01", reported_on="2026-01-01"
    )
    choir.refresh_from_db()
    choir.phone = "22 86 50 01"
    services.save_opportunity(opportunity=choir)
    choir.refresh_from_db()
    assert (choir.phone, choir.checked_on, choir.reported_on) == (
        "+4722865001",
        timezone.localdate(),
        None,
    )
    choir.phone = choir.website = ""
    with pytest.raises(ValidationError, match="det holder med én"):
        services.save_opportunity(opportunity=choir)


def test_course_page_of_the_admin_ticks_them(places) -> None:
    staff = Client()
    staff.force_login(factories.make_coordinator())
    course = factories.make_course()
    course.opportunities.set([places["choir"]])
    url = reverse("admin:courses_course_change", args=[course.pk])
    page = staff.get(url).content.decode()
    assert page.count('name="opportunities"') == 3
    deletion = reverse("admin:courses_opportunity_delete", args=[places["choir"].pk])
    staff.post(deletion, {"post": "yes"})
    assert not course.opportunities.exists()
