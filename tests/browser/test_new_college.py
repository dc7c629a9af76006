"""From an empty database to the first published run, through the pages that are there."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from courses.models import CourseRun, Semester

pytestmark = pytest.mark.django_db(transaction=True)

# What a hand does: presses of the mouse, and fields that are written in, each once on its page.
COUNT = """(() => {
    const add = (key, value) => {
        const all = new Set(JSON.parse(sessionStorage.getItem(key) || '[]'));
        sessionStorage.setItem(key, JSON.stringify([...all.add(value)]));
    };
    const opened = performance.timeOrigin;
    addEventListener('pointerdown', () => add('clicks', opened + performance.now()), true);
    addEventListener('input', event => add('fields', opened + event.target.name), true);
})()"""

TEXTS = {
    "privacy_controller": "Fjordbyen kommune har ansvaret.\nSpørsmål: Kari, 20 00 00 00.",
    "privacy_text": "Dette lagrer vi\nNavnet ditt, og hvordan vi når deg.",
    "accessibility_text": "Alle skal kunne være med. Alt vi vet om, virker.",
}


def counted(page: Page, what: str) -> int:
    return int(page.evaluate(f"JSON.parse(sessionStorage.getItem('{what}') || '[]').length"))


def step(page: Page, words: str) -> None:
    page.get_by_role("region", name="Veien til det første kurset").get_by_role(
        "link", name=words
    ).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Lagre", exact=True).click()
    expect(page.get_by_role("heading", name="Veien til det første kurset")).to_be_visible()


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"[name='{name}']").fill(value)


def choose(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"select[name='{name}']").select_option(label=value)


def test_first_run_is_published_in_25_clicks_and_30_fields(page, check_page) -> None:
    User.objects.create_superuser("leder", "leder@example.org", "et langt passord")
    page.context.add_init_script(COUNT)
    page.goto(reverse("admin:index"))
    fill(page, login="leder", password="et langt passord")
    page.locator("main button[type=submit]").click()
    check_page(page, None, "admin-new-college")

    step(page, "Skriv hva skolen heter")
    check_page(page, None, "admin-new-college-texts")
    fill(page, name="Fjordbyen recoveryskole", phone="20 00 00 00", email="post@example.org")
    fill(page, sender_name="Kursene i Fjordbyen", **TEXTS)
    page.get_by_label("Vi har lest tekstene").check()
    save(page)

    step(page, "Skriv hvor dere møtes")
    fill(page, name="Biblioteket", street="Torget 2", town="Fjordbyen")
    save(page)

    step(page, "Legg til det første semesteret")
    save(page)
    semester = Semester.objects.get()

    step(page, "Skriv hvem som holder kursene")
    fill(page, name="Anne Eksempel")
    page.get_by_role("button", name="Lagre og legg til flere").click()
    expect(page.locator("[name=name]")).to_have_value("")
    fill(page, name="Bo Eksempel")
    save(page)

    step(page, "Skriv det første kurset")
    fill(page, title="Hverdag og håp", discreet_title="Hverdagen", summary="Om små skritt.")
    choose(page, format="Kort kurs")
    choose(page, **{"coursedeveloper_set-0-tutor": "Anne Eksempel"})
    choose(page, **{"coursedeveloper_set-1-tutor": "Bo Eksempel"})
    save(page)
    check_page(page, None, "admin-new-college-nearly-there")

    step(page, "Lag en kursgjennomføring")
    fill(page, capacity="12", **{"sessions-0-begins": "10:00", "sessions-0-finishes": "14:00"})
    fill(page, **{"sessions-0-day": (semester.starts_on + timedelta(days=40)).isoformat()})
    page.get_by_role("button", name="Lagre og publiser").click()
    expect(page.get_by_text("Lagret og publisert.")).to_be_visible()

    assert counted(page, "clicks") <= 25
    assert counted(page, "fields") <= 30
    run = CourseRun.objects.get()
    assert (run.status, str(run.venue), run.has_tutor_pair) == ("published", "Biblioteket", True)
    page.goto(run.course.get_absolute_url())
    expect(page.get_by_role("heading", name="Hverdag og håp")).to_be_visible()
    page.goto(reverse("admin:index"))
    expect(page.get_by_role("heading", name="Veien til det første kurset")).to_have_count(0)
    check_page(page, reverse("admin:courses_college_change", args=[1]), "admin-college")
    check_page(page, reverse("admin:college_preview", args=["front"]), "college-preview")
