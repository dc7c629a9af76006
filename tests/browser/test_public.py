"""Every public page in a real browser: rules, words, the keyboard, and no cookie."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from courses.models import Partner, Topic
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

SEMESTER = f"{timezone.localdate().year}-host"  # as the factories make it


@pytest.fixture
def programme(transactional_db):
    """A small semester with a run of every availability."""
    factories.make_college(
        introduction="Her møtes folk som vil lære mer om det gode livet, også når det er tungt.",
        accessibility_text="Vi ordner det du trenger, så langt vi kan.",
        accessibility_statement_url="https://uustatus.no/nb/erklaringer/publisert/0",
    )
    Partner.objects.create(name="Kommunen")
    tutors = [
        factories.make_tutor(name=name, presentation="Jeg liker å gå i fjellet og å lytte.")
        for name in ("Anne Berg", "Bo Dahl")
    ]
    library = factories.make_venue(
        name="Biblioteket",
        how_to_find="Inngang fra torget, andre etasje. Buss 2 stopper rett utenfor.",
        is_step_free=True,
        has_quiet_room=True,
    )
    house = factories.make_venue(name="Aktivitetshuset", town="Stavanger")
    course = factories.make_course(
        title="Selvtillit og selvfølelse",
        slug="selvtillit",
        summary="Om å tro på seg selv, og om hva som gjør det lettere.",
        what_happens="Vi er sammen i fire timer.\n\nDet er pauser, og du kan gå når du vil.",
        what_you_take="Noen øvelser du kan bruke hjemme.",
    )
    course.topics.add(Topic.objects.create(name="Selvtillit", slug="selvtillit"))
    run = factories.make_published_run(course=course, venue=library, sessions=3)
    for assignment, tutor in zip(run.assignments.all(), tutors, strict=True):
        assignment.tutor = tutor
        assignment.save()
    factories.make_session(
        run, in_days=60, theme="Veien videre", guest_speakers="En gjest", venue=house
    )
    factories.make_published_run(
        course=course,
        venue=house,
        in_days=40,
        enrolment_opens_at=timezone.now() + timedelta(days=10),
    )
    full = factories.make_published_run(
        course=factories.make_course(title="Å gå på tur", slug="a-ga-pa-tur"),
        venue=library,
        capacity=1,
        in_days=20,
    )
    factories.enrol(full)
    factories.enrol(full)
    factories.make_published_run(
        course=factories.make_course(
            title="Åpen kafé", slug="apen-kafe", format="cafe", language="nn"
        ),
        venue=house,
        entry="drop_in",
        in_days=2,
        sessions=6,
    )
    return course


@pytest.mark.parametrize(
    "addresses",
    [
        {
            "front-page": "/",
            "course": "/kurs/selvtillit/",
            "course-full": "/kurs/a-ga-pa-tur/",
            "course-drop-in": "/kurs/apen-kafe/",
            "privacy": "/personvern/",
            "accessibility": "/tilgjengelighet/",
            "not-found": "/kurs/finnes-ikke/",
        },
        {
            "catalogue": "/kurs/",
            "catalogue-filtered": "/kurs/?tekst=tur&dag=",
            "catalogue-choices": "/kurs/?type=short_course&sted=Sandnes",
            "semester": f"/semester/{SEMESTER}/",
            "catalogue-nothing": "/kurs/?tekst=finnes-ikke",
        },
        {
            "front-page-nn": "/nn/",
            "catalogue-nn": "/nn/kurs/",
            "front-page-en": "/en/",
            "catalogue-en": "/en/kurs/",
            "course-en": "/en/kurs/selvtillit/",
            "semester-en": f"/en/semester/{SEMESTER}/",
        },
    ],
    ids=["pages", "catalogue", "languages"],
)
def test_pages_keep_the_rules_and_set_no_cookie(page, check_page, programme, addresses):
    for name, url in addresses.items():
        check_page(page, url, name)
        assert page.context.cookies() == [], name


def test_first_time_page_keeps_the_rules(page, check_page, programme):
    run = programme.runs.with_programme().by_start()[0]
    run.who_meets_you = "Jeg heter Anne og står ved døra i gul genser."
    run.save(update_fields=["who_meets_you"])
    for prefix in ("", "/nn", "/en"):
        check_page(page, f"{prefix}/kurs/selvtillit/{run.pk}/forste-gang/", f"first-time{prefix}")
        assert page.context.cookies() == []


def test_empty_college_keeps_the_rules(page, check_page, transactional_db):
    factories.make_college()
    check_page(page, "/", "front-page-empty")
    check_page(page, "/kurs/", "catalogue-empty")


def test_targets_are_large_enough_on_a_phone(page, programme):
    page.set_viewport_size({"width": 320, "height": 640})
    for url in ("/", "/kurs/", "/kurs/selvtillit/"):
        page.goto(url)
        small = page.evaluate(
            """[...document.querySelectorAll('a, button, select, summary, input')].filter(each => {
                 const box = each.getBoundingClientRect();
                 const inline = getComputedStyle(each).display === 'inline';
                 const inWords = inline && each.closest('p, dd, li');
                 return box.width && !inWords && box.height < 44 && !each.matches('.skip-link');
               }).map(each => each.outerHTML)"""
        )
        assert small == [], url


def test_keyboard_reaches_the_content_first(page, programme):
    page.goto("/kurs/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_visitor_finds_a_course_and_its_door_without_javascript(new_page, programme):
    page = new_page(java_script_enabled=False)
    page.goto("/")
    page.locator(".site-menu a").first.click()
    page.locator("#tekst").fill("SELVTILLIT")
    page.locator(".filters button").click()
    page.wait_for_url("**tekst=SELVTILLIT**")
    expect(page.locator("#tekst")).to_have_value("SELVTILLIT")
    page.locator(".entry a").first.click()
    expect(page.locator("main")).to_contain_text("Buss 2 stopper rett utenfor.")
