"""From an idea on the web to the wall and to a course; and places outside the college."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from courses import services
from courses.models import Idea, Opportunity
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_idea_to_the_course(page: Page, check_page: Callable[..., None], sign_in) -> None:
    factories.make_college()
    workshop = factories.make_course(title="Planleggingsverkstedet", lists_ideas=True)
    factories.make_published_run(course=workshop)
    course = factories.make_published_run(course=factories.make_course(title="Å sove")).course
    check_page(page, reverse("propose_idea"), "propose")
    page.get_by_role("button", name="Send forslaget").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    check_page(page, None, "propose-error")
    page.get_by_label("Hva vil du lære eller snakke om?").fill("Hvordan sove bedre?")
    page.get_by_role("button", name="Send forslaget").click()
    expect(page.get_by_role("heading", name="Takk for forslaget")).to_be_visible()
    check_page(page, None, "proposed")

    services.add_ideas(
        texts=["Søvn og drømmer", "Penger. Kanskje med en fra gjeldsrådgivningen, en kveld?"],
        language="nb",
        is_shown=True,
    )
    sign_in(page, factories.make_coordinator("kari"))
    page.goto(reverse("admin:index"))
    page.get_by_role("link", name="3 nye forslag til kurs").click()
    check_page(page, None, "ideas")
    page.get_by_role("checkbox", name="Hvordan sove bedre?").check()
    page.get_by_role("button", name="De avkryssede kan vises").click()
    expect(page.get_by_text("1 forslag kan vises.")).to_be_visible()
    check_page(page, reverse("admin:idea_sheet"), "sheet")
    check_page(page, reverse("course", args=[workshop.slug]), "workshop")
    check_page(page, reverse("admin:courses_idea_add"), "paper")

    page.goto(reverse("admin:courses_idea_changelist"))
    page.get_by_label(re.compile("Stemmer ?: Hvordan sove")).fill("6")
    page.get_by_role("button", name=re.compile("Snakket om ?: Hvordan sove")).click()
    expect(page.get_by_role("heading", name="Snakket om (1)")).to_be_visible()
    page.get_by_role("checkbox", name="Hvordan sove bedre?").check()
    page.get_by_role("checkbox", name="Søvn og drømmer").check()
    page.get_by_role("button", name="Slå sammen de avkryssede").click()
    check_page(page, None, "merge")
    page.get_by_label("Hvordan sove bedre?").check()
    page.get_by_role("button", name="Slå dem sammen").click()
    expect(page.get_by_text("Nå er de ett forslag.")).to_be_visible()
    check_page(page, None, "merged")
    page.get_by_role("button", name=re.compile("Ble til kurs … ?: Hvordan sove")).click()
    page.get_by_label("Kurs", exact=True).select_option("Å sove")
    check_page(page, None, "became")
    page.get_by_role("button", name="Det ble til dette kurset").click()
    expect(page.get_by_role("link", name="Ble til kurs (1)")).to_be_visible()
    idea = Idea.objects.get(course=course)
    assert (idea.votes, idea.other_words) == (6, "Søvn og drømmer")
    check_page(page, reverse("admin:courses_idea_change", args=[idea.pk]), "idea")
    check_page(page, reverse("course", args=[course.slug]), "began-as-idea")


def test_places_outside_the_college(page: Page, check_page: Callable[..., None], sign_in) -> None:
    factories.make_college()
    course = factories.make_published_run().course
    choir = factories.make_opportunity(name="Koret Alle kan synge", municipality="Sola")
    factories.make_opportunity(
        name="Jobbspesialistene",
        kind="work",
        municipality="Time",
        needs_referral=True,
        phone="+4722865000",
        email="jobb@example.org",
    )
    services.save_course(course=course, opportunities=[choir])
    check_page(page, reverse("opportunities"), "opportunities")
    check_page(page, reverse("course", args=[course.slug]), "points-outside")
    page.goto(reverse("opportunities"))
    page.get_by_label("Kommune").select_option("Sola")
    page.get_by_role("button", name="Vis steder").click()
    expect(page.get_by_role("heading", name="1 sted")).to_be_visible()
    check_page(page, None, "opportunities-chosen")
    page.get_by_role("button", name=re.compile("Dette stemmer ikke lenger ?: Koret")).click()
    expect(page.get_by_role("heading", name="Takk for at du sa fra")).to_be_visible()
    check_page(page, None, "opportunity-reported")

    sign_in(page, factories.make_coordinator("kari"))
    page.goto(reverse("admin:index"))
    page.get_by_role("link", name="1 mulighet utenfor skolen å sjekke").click()
    check_page(page, None, "opportunities-to-check")
    page.get_by_role("button", name=re.compile("Sjekket ?: Koret")).click()
    expect(page.get_by_text("Sjekket i dag: Koret Alle kan synge.")).to_be_visible()
    assert not Opportunity.objects.to_check(timezone.localdate()).exists()
    check_page(page, reverse("admin:courses_opportunity_add"), "opportunity-add")
