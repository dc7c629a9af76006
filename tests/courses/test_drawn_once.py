"""Public pages are drawn once and kept; none of them is ever out of date."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses import columns, queries
from courses.columns import COLLEGE, Columns
from courses.models import College, Partner, Topic
from courses.small_facts import small_facts
from courses.views.catalogue import RUNS_ON_A_PAGE
from courses.web import public_pages
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    venue = factories.make_venue(name="Biblioteket", town="Sandnes")
    factories.get_college()
    Partner.objects.create(name="Kommunen")
    course = factories.make_course(slug="kurs", title="Håp", what_happens="Vi snakker.")
    course.topics.add(Topic.objects.create(name="Natur", slug="natur"))
    return factories.make_published_run(course=course, venue=venue, sessions=2, capacity=1)


def change(row, **fields):
    """Write the fields past everything that could notice it."""
    type(row).objects.filter(pk=row.pk).update(**fields)


def venue_is_renamed(run):
    change(run.venue, name="Bydelshuset på Sola")


def venue_moves(run):
    change(run.venue, town="Egersund")


def venue_is_private(run):
    change(run.venue, is_public=False)


def course_is_renamed(run):
    change(run.course, title="Et nytt navn")


def course_has_another_summary(run):
    change(run.course, summary="Noe helt annet")


def course_has_another_language(run):
    change(run.course, language="en")


def course_has_another_format(run):
    change(run.course, format="seminar")


def session_moves(run):
    first = run.sessions.first()
    change(first, starts_at=first.starts_at + timedelta(minutes=30))


def session_ends_later(run):
    for each in run.sessions.all():
        change(each, ends_at=each.ends_at + timedelta(minutes=30))


def session_goes_online(run):
    change(run.sessions.first(), online_link="https://example.org/rom")


def session_meets_elsewhere(run):
    change(run.sessions.first(), venue=factories.make_venue(name="Kinoen"))


def tutor_is_renamed(run):
    change(run.assignments.first().tutor, name="Åse Ny")


def last_place_is_taken(run):
    factories.enrol(run)


def run_is_cancelled(run):
    change(run, status="cancelled", cancelled_at=timezone.now())


def sign_up_opens_later(run):
    change(run, enrolment_opens_at=timezone.now() + timedelta(days=3))


def college_has_another_phone(run):
    College.objects.update(phone="+4751000000")


def college_has_another_name(run):
    College.objects.update(name="Mestringsskolen")


def college_has_another_colour(run):
    College.objects.update(colour="#7a1f4b")


def college_has_another_ground(run):
    College.objects.update(ground_colour="#eef3fb")


ON_EVERY_PAGE = [
    course_is_renamed,
    course_has_another_summary,
    course_has_another_language,
    course_has_another_format,
    venue_is_renamed,
    venue_is_private,
    session_moves,
    session_ends_later,
    session_goes_online,
    session_meets_elsewhere,
    tutor_is_renamed,
    last_place_is_taken,
    run_is_cancelled,
    sign_up_opens_later,
    college_has_another_phone,
    college_has_another_name,
    college_has_another_colour,
    college_has_another_ground,
]


@pytest.mark.parametrize("url", ["/", "/kurs/", "/kurs/kurs/", "/en/kurs/"])
@pytest.mark.parametrize("happens", ON_EVERY_PAGE)
def test_page_shows_at_once_what_changed(client, run, url, happens):
    before = client.get(url).content
    assert client.get(url).content == before
    happens(run)
    assert client.get(url).content != before


def put_in_front(run, *, is_hand_over):
    """Somebody else is in front of every session in place of one tutor."""
    assignment, kari = run.assignments.first(), factories.make_tutor(name="Kari")
    for session in run.sessions.all():
        assignment.substitutions.create(session=session, tutor=kari, is_hand_over=is_hand_over)


@pytest.mark.parametrize(
    ("url", "happens"),
    [
        ("/kurs/", venue_moves),
        ("/", venue_moves),
        ("/kurs/", lambda run: Topic.objects.update(name="Skog")),
        ("/kurs/kurs/", lambda run: Topic.objects.update(name="Skog")),
        ("/", lambda run: Partner.objects.update(name="Fylket")),
        ("/", lambda run: College.objects.update(introduction="Velkommen hit")),
        ("/", lambda run: College.objects.update(headline="Her er det rom for deg")),
        ("/kurs/kurs/", lambda run: change(run.course, what_happens="Vi er stille.")),
        ("/kurs/kurs/", lambda run: change(run.course, what_you_take="En tanke.")),
        ("/kurs/kurs/", lambda run: change(run.course, breaks="En lang.")),
        ("/kurs/kurs/", lambda run: change(run.course, speaking="Nei, bare lytt.")),
        ("/kurs/kurs/", lambda run: change(run, practical="Ta med matpakke.")),
        ("/kurs/kurs/", lambda run: change(run, capacity=40)),
        ("/kurs/kurs/", lambda run: change(run, contact_name="Kari")),
        ("/kurs/kurs/", lambda run: change(run, contact_phone="+4799999999")),
        ("/kurs/kurs/", lambda run: change(run.venue, street="Gata 9")),
        ("/kurs/kurs/", lambda run: change(run.venue, how_to_find="Gul dør.")),
        ("/kurs/kurs/", lambda run: change(run.venue, has_quiet_room=not run.venue.has_quiet_room)),
        ("/kurs/kurs/", lambda run: change(run.sessions.first(), theme="Skam")),
        ("/kurs/kurs/", lambda run: change(run.sessions.first(), guest_speakers="Ola")),
        ("/kurs/kurs/", lambda run: change(run.sessions.first(), is_optional=True)),
        (
            "/kurs/kurs/",
            lambda run: change(run.assignments.first().tutor, presentation="Jeg er her."),
        ),
        ("/kurs/kurs/", lambda run: change(run.assignments.first().tutor, photo="b.jpg")),
        ("/kurs/kurs/", lambda run: put_in_front(run, is_hand_over=False)),
        ("/kurs/kurs/", lambda run: put_in_front(run, is_hand_over=True)),
        ("/kurs/", lambda run: put_in_front(run, is_hand_over=True)),
        ("/kurs/", lambda run: change(run.course.runs.get().semester, year=2031)),
    ],
)
def test_page_shows_at_once_what_only_it_shows(client, run, url, happens):
    before = client.get(url).content
    happens(run)
    assert client.get(url).content != before


def test_page_follows_the_clock(client, run):
    before = client.get("/kurs/kurs/").content
    for each in run.sessions.all():
        long_ago = timedelta(days=90)
        change(each, starts_at=each.starts_at - long_ago, ends_at=each.ends_at - long_ago)
    assert client.get("/kurs/kurs/").content != before


@pytest.mark.parametrize("url", ["/kurs/", "/kurs/kurs/"])
@pytest.mark.parametrize(
    "moment", ["enrolment_opens_at", "enrolment_closes_at", "starts_at", "ends_at"]
)
def test_page_changes_when_a_moment_has_come(client, monkeypatch, run, url, moment):
    opens_at = run.starts_at - timedelta(days=9)
    change(run, enrolment_opens_at=opens_at, enrolment_closes_at=opens_at + timedelta(days=3))
    run.refresh_from_db()
    shown = []
    for early in (timedelta(seconds=1), timedelta(0)):
        now = getattr(run, moment) - early
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        shown.append(client.get(url).content)
    assert shown[0] != shown[1]


@pytest.mark.parametrize("url", ["/", "/kurs/", "/kurs/?type=seminar", "/kurs/kurs/"])
def test_unchanged_page_is_not_drawn_again(client, run, url):
    assert client.get(url).templates
    assert not client.get(url).templates


def test_what_somebody_wrote_is_kept_nowhere(client, run):
    for url in ("/kurs/", "/kurs/kurs/"):
        for _twice in range(2):
            assert client.get(url, {"tekst": "Kari Nordmann"}).templates


def test_each_address_and_language_has_a_page_of_its_own(client, run):
    for url in ("/kurs/", "/kurs/?semester=1", "/en/kurs/"):
        client.get(url)
    assert 'href="/nn/kurs/?semester=1"' in client.get("/kurs/?semester=1").content.decode()
    assert 'href="/nn/kurs/"' in client.get("/kurs/").content.decode()
    assert '<html lang="en">' in client.get("/en/kurs/").content.decode()


def test_what_one_is_told_stands_on_no_page_of_others(client, run):
    before = client.get("/").content
    told = Client()
    told.force_login(factories.make_coordinator())
    told.post(reverse("admin:courses_venue_add"), {"name": "Kinoen", "town": "Sola"})
    assert "Kinoen" in told.get("/").content.decode()
    for each in (told, client, Client()):
        assert each.get("/").content == before


def test_page_is_drawn_anew_while_templates_are_worked_on(client, run, settings):
    settings.DEBUG = True
    for _twice in range(2):
        assert client.get("/").templates


def test_college_beside_the_small_facts_is_the_stored_one(django_assert_num_queries):
    stored = factories.get_college()
    with django_assert_num_queries(1):
        college = small_facts(queries.nothing_but_the_college().facts).college
        shown = {name: getattr(college, name) for name in COLLEGE.names}
    assert shown == {name: getattr(stored, name) for name in COLLEGE.names}
    assert college.privacy_text == stored.privacy_text  # read when it is asked for


def test_without_a_college_its_fields_are_empty():
    assert small_facts(queries.nothing_but_the_college().facts).college.name == ""


@pytest.mark.parametrize("name", [name for name in vars(columns) if name.isupper()])
def test_columns_stand_in_the_order_of_their_model(name):
    read = getattr(columns, name)
    for each in [read] if isinstance(read, Columns) else [read.run, read.course, read.venue]:
        order = [field.attname for field in each.model._meta.concrete_fields]
        assert list(each.names) == [column for column in order if column in each.names]


# More runs than a page holds


@pytest.fixture
def three_pages(monkeypatch):
    # The package names its views like their modules.
    module = import_module("courses.views.catalogue")
    monkeypatch.setattr(module, "RUNS_ON_A_PAGE", 2)
    courses = [
        factories.make_course(title=f"Kurs {number}", slug=f"kurs-{number}") for number in range(5)
    ]
    for day, course in enumerate(courses):
        run = factories.make_run(course=course)
        for each in run.sessions.all():
            later = timedelta(days=day)
            change(each, starts_at=each.starts_at + later, ends_at=each.ends_at + later)
        change(run, status="published", published_at=timezone.now())
    factories.get_college()


def titles(response):
    return [card.title for card in response.context["cards"]]


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("1", ["Kurs 0", "Kurs 1"]),
        ("2", ["Kurs 2", "Kurs 3"]),
        ("3", ["Kurs 4"]),
        ("99", ["Kurs 4"]),
        ("tull", ["Kurs 0", "Kurs 1"]),
    ],
)
def test_runs_come_in_pages(client, three_pages, page, shown):
    assert titles(client.get(reverse("catalogue"), {"side": page})) == shown


def test_links_to_pages_keep_what_was_chosen(client, three_pages):
    response = client.get("/nn/kurs/", {"tekst": "kurs", "tid": "", "side": "2"})
    assert response.context["page_links"] == [
        (number, f"/nn/kurs/?tekst=kurs&side={number}#result") for number in (1, 2, 3)
    ]


def test_page_one_is_on_is_marked(client, three_pages):
    page = client.get("/kurs/?side=2").content.decode()
    links = page[page.index('<nav class="no-print" aria-label="Sider">') :]
    assert links.count('aria-current="page"') == 1
    assert '<a class="tap" href="/kurs/?side=2#result" aria-current="page">' in links


def test_page_says_which_it_is_and_leads_to_the_next(client, three_pages):
    page = client.get("/kurs/?side=2").content.decode()
    semester = factories.get_semester().name
    assert f"<title>Kurs, {semester} – Side 2 av 3 – " in page
    assert '<p class="muted">Side 2 av 3</p>' in page
    assert '<a class="tap" href="/kurs/?side=3#result" rel="next">Neste side</a>' in page
    assert "Neste side" not in client.get("/kurs/?side=3").content.decode()
    assert "<title>Courses, " in client.get("/en/kurs/").content.decode()
    assert "Page 1 of 3 –" not in client.get("/en/kurs/").content.decode()


def test_result_counts_the_runs_of_all_pages(client, three_pages):
    assert client.get("/kurs/").context["result"].startswith("5 kurs")


def test_sixty_runs_are_one_page(client):
    assert RUNS_ON_A_PAGE == 60
    factories.make_published_run()
    assert "page-links" not in client.get("/kurs/").content.decode()


@pytest.mark.parametrize(
    "address",
    ["/kurs/", "/kurs/kurs/", pytest.param("/kurs/kurs/{run}/forste-gang/", id="first time")],
)
def test_what_somebody_searched_for_is_kept_nowhere(client, monkeypatch, run, address):
    """Not even in a link back: see also tests/courses/web for compressed pages."""
    kept = []
    monkeypatch.setattr(
        public_pages.cache, "set", lambda key, value, *_time: kept.append(repr(value))
    )
    address = address.format(run=run.pk)
    client.get(address)
    assert any("<main" in each for each in kept)  # without words the page is kept
    kept.clear()
    page = client.get(address, {"tekst": "sorgtung"}, headers={"accept-encoding": "gzip"})
    assert page.status_code == 200
    pages = ("sorgtung", "<main", r"\x1f\x8b")  # the last one: compressed
    assert [each for each in kept if any(sign in each for sign in pages)] == []
