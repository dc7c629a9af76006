"""What anybody may read, and what nobody may."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from courses import services
from courses.models import Course, CourseRun, Semester, Topic
from courses.norwegian import formatting
from enrolment import services as enrolment_services
from tests import factories
from tests.pictures import a_picture

pytestmark = pytest.mark.django_db


def words(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def make_past_semester(**fields: object) -> Semester:
    today = timezone.localdate()
    values = {
        "year": today.year - 1,
        "starts_on": today - timedelta(days=400),
        "ends_on": today - timedelta(days=300),
    } | fields
    return factories.make_semester(**values)


# Who sees what


def test_drafts_and_closed_runs_are_never_shown(client):
    factories.get_college()
    factories.make_run(course=factories.make_course(title="Hemmelig utkast", slug="utkast"))
    closed = factories.make_course(title="Hemmelig gruppe", slug="gruppe")
    factories.make_published_run(course=closed, entry="closed")
    assert client.get("/kurs/utkast/").status_code == 404
    assert client.get("/kurs/gruppe/").status_code == 404
    assert "Hemmelig" not in words(client.get("/kurs/"))
    assert "Hemmelig" not in words(client.get("/"))


def test_course_page_shows_only_its_open_runs(client):
    course = factories.make_course(slug="kurs")
    factories.make_published_run(course=course, venue=factories.make_venue(name="Biblioteket"))
    factories.make_published_run(
        course=course, entry="closed", venue=factories.make_venue(name="Boligen", is_public=False)
    )
    factories.make_run(course=course, venue=factories.make_venue(name="Utkastet"))
    page = words(client.get("/kurs/kurs/"))
    assert "Biblioteket" in page
    assert "Boligen" not in page
    assert "Utkastet" not in page


def test_semester_with_nothing_public_is_not_offered(client):
    factories.make_published_run()
    past = make_past_semester()
    factories.make_run(semester=past)
    page = words(client.get("/kurs/"))
    assert page.count('<option value="20') == 1
    assert past.slug not in page


def test_home_is_never_named_even_where_a_row_slipped_through(client):
    venue = factories.make_venue(name="Hjemme hos noen", town="Ingensteds", street="Hjemvegen 1")
    run = factories.make_published_run(
        course=factories.make_course(slug="kurs"), venue=venue, sessions=2
    )
    run.sessions.update(venue=venue)
    type(venue).objects.update(is_public=False)
    for url in ("/", "/kurs/", "/kurs/kurs/"):
        page = words(client.get(url))
        assert "Hjem" not in page
        assert "Ingensteds" not in page


def test_online_link_is_never_shown(client):
    run = factories.make_published_run(course=factories.make_course(slug="kurs"))
    run.sessions.update(online_link="https://moete.example.org/hemmelig")
    for url in ("/", "/kurs/", "/kurs/kurs/"):
        assert "moete.example.org" not in words(client.get(url))
    assert "på nett" in words(client.get("/kurs/"))
    assert "De som har plass, får lenken." in words(client.get("/kurs/kurs/"))


def test_no_page_tells_a_tutors_role(client):
    factories.make_published_run(course=factories.make_course(slug="kurs"))
    page = words(client.get("/kurs/kurs/"))
    for role in ("peer", "professional", "egenerfaring", "fagerfaring"):
        assert role not in page


def test_tutors_stand_in_the_order_of_the_alphabet(client):
    run = factories.make_run(course=factories.make_course(slug="kurs"), with_pair=False)
    for name, role in (("Åse", "peer"), ("Bo", "professional")):
        run.assignments.create(tutor=factories.make_tutor(name=name), role=role)
    factories.get_college()
    services.publish(run=run)
    page = words(client.get("/kurs/"))
    assert "Bo og Åse" in page


def test_tutor_is_shown_with_photo_and_own_words(client):
    run = factories.make_published_run(course=factories.make_course(slug="kurs"))
    tutor = run.assignments.first().tutor
    tutor.presentation = "Jeg lager <suppe>."
    tutor.photo.save("ansikt.png", ContentFile(a_picture()))
    page = words(client.get("/kurs/kurs/"))
    assert f'<img src="{tutor.photo.url}" alt=""' in page
    assert "Jeg lager &lt;suppe&gt;." in page
    assert client.get(tutor.photo.url)["Content-Type"] == "image/png"


# The catalogue


def test_current_semester_is_shown_and_past_ones_stay_readable(client):
    factories.make_published_run(course=factories.make_course(title="Nå"))
    past = make_past_semester()
    factories.make_published_run(
        course=factories.make_course(title="Før"), semester=past, in_days=-350
    )
    now = words(client.get("/kurs/"))
    before = words(client.get(f"/kurs/?semester={past.slug}"))
    assert ("Nå</a>" in now, "Før</a>" in now) == (True, False)
    assert ("Nå</a>" in before, "Før</a>" in before) == (False, True)
    assert "Gjennomført" in before


def test_coming_semester_is_shown_between_semesters(client):
    past = make_past_semester()
    factories.make_published_run(
        course=factories.make_course(title="Før"), semester=past, in_days=-350
    )
    today = timezone.localdate()
    coming = factories.make_semester(
        starts_on=today + timedelta(days=20), ends_on=today + timedelta(days=120)
    )
    factories.make_published_run(
        course=factories.make_course(title="Snart"), semester=coming, in_days=30
    )
    assert "Snart</a>" in words(client.get("/kurs/"))


def test_unknown_semester_shows_the_current_one(client):
    factories.make_published_run(course=factories.make_course(title="Nå"))
    assert "Nå</a>" in words(client.get("/kurs/?semester=1814-host"))


def test_free_text_finds_capital_letters_beyond_ascii(client):
    factories.make_published_run(course=factories.make_course(title="Ånd og ÆRE"))
    factories.make_published_run(course=factories.make_course(title="Noe annet"))
    page = words(client.get("/kurs/", {"tekst": "ånd ære"}))
    assert "Ånd og ÆRE</a>" in page
    assert "Noe annet</a>" not in page
    assert 'value="ånd ære"' in page


def test_filters_keep_their_values_and_count_in_words(client):
    run = factories.make_published_run(venue=factories.make_venue(town="Sola"))
    run.course.topics.add(Topic.objects.create(name="Natur", slug="natur"))
    query = {"type": "short_course", "sted": "Sola", "tema": "Natur", "dag": "", "tid": ""}
    page = words(client.get("/kurs/", query))
    assert '<option value="short_course" selected>' in page
    assert "<option selected>Sola</option>" in page
    assert "<option selected>Natur</option>" in page
    assert f"1 kurs, høst {run.semester.year}</h2>" in page


def test_no_result_says_what_to_do_next(client):
    run = factories.make_published_run()
    page = words(client.get("/kurs/", {"tekst": "finnes ikke"}))
    assert "Ta bort" not in page
    assert "færre valg" in page
    assert f'href="/kurs/?semester={run.semester.slug}"' in page


def test_search_is_escaped(client):
    factories.make_published_run()
    assert "<script>" not in words(client.get("/kurs/", {"tekst": "<script>", "sted": "<script>"}))


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({}, "Ledige plasser"),
        ({"entry": "drop_in"}, "Bare møt opp"),
        ({"in_days": -1}, "Gjennomført"),
        ({"in_days": -1, "sessions": 2}, "Pågår"),
    ],
)
def test_availability_is_told_in_words(client, fields, label):
    factories.make_published_run(**fields)
    assert f"{label}</p>" in words(client.get("/kurs/"))


def test_full_run_tells_of_the_waiting_list(client):
    run = factories.make_published_run(course=factories.make_course(slug="kurs"), capacity=1)
    factories.enrol(run)
    assert "Venteliste</p>" in words(client.get("/kurs/"))
    page = words(client.get("/kurs/kurs/"))
    assert "Sett deg på ventelista</a>" in page


def test_opening_day_is_told(client):
    opens_at = factories.oslo(timezone.localdate().year + 1, 6, 3, 9)
    factories.make_published_run(
        course=factories.make_course(slug="kurs"), in_days=700, enrolment_opens_at=opens_at
    )
    assert "3.\xa0juni</p>" in words(client.get("/kurs/"))
    page = words(client.get("/kurs/kurs/"))
    assert "kl.\xa009.00. Da kan du melde deg på her" in page
    assert "pamelding" not in page


# The course page


def test_sign_up_button_leads_to_the_run(client):
    run = factories.make_published_run(course=factories.make_course(slug="kurs"))
    page = words(client.get("/kurs/kurs/"))
    assert f'href="{reverse("sign_up", args=["kurs", run.pk])}"' in page


@pytest.mark.parametrize(
    ("fields", "advice"),
    [
        ({"entry": "drop_in"}, "Døra er åpen."),
        ({"in_days": -1, "sessions": 2}, "Ring oss hvis du lurer på noe"),
    ],
)
def test_where_nobody_can_sign_up_the_page_says_what_to_do(client, fields, advice):
    factories.make_published_run(course=factories.make_course(slug="kurs"), **fields)
    page = words(client.get("/kurs/kurs/"))
    assert advice in page
    assert "pamelding" not in page


def test_cancelled_run_is_told_and_has_no_button(client):
    run = factories.make_published_run(course=factories.make_course(slug="kurs"))
    enrolment_services.cancel_run(run=run, by=factories.make_user())
    page = words(client.get("/kurs/kurs/"))
    assert "Avlyst" in page
    assert "pamelding" not in page
    assert "Avlyst" in words(client.get("/kurs/"))


def test_held_runs_are_told_in_short(client):
    course = factories.make_course(slug="kurs")
    factories.make_published_run(course=course, in_days=-30)
    page = words(client.get("/kurs/kurs/"))
    assert "Holdt tidligere" in page
    assert "Ingen nye datoer er bestemt ennå." in page


def test_text_in_another_language_says_so(client):
    course = factories.make_course(slug="kurs", language="nn", summary="Om å tru på seg sjølv.")
    factories.make_published_run(course=course)
    assert '<p lang="nn">Om å tru' in words(client.get("/kurs/"))
    assert '<div lang="nn">' in words(client.get("/kurs/kurs/"))
    assert 'lang="nn">Om' not in words(client.get("/nn/kurs/"))


def test_run_that_has_begun_tells_the_next_time(client):
    course = factories.make_course(slug="kurs")
    run = factories.make_published_run(course=course, entry="drop_in", in_days=-1, sessions=8)
    page = words(client.get("/kurs/kurs/"))
    second = run.sessions.all()[1]
    assert f"Neste gang:</strong> {formatting.day(second.starts_at)}" in page
    assert "Se alle de 8 samlingene</summary>" in page


def test_course_held_again_stands_once_on_the_front_page(client):
    course = factories.make_course(title="Om igjen")
    for days in (5, 50):
        factories.make_published_run(course=course, in_days=days)
    assert words(client.get("/")).count("Om igjen</a>") == 1
    assert words(client.get("/kurs/")).count("Om igjen</a>") == 2


def test_what_can_be_joined_comes_before_what_is_over(client):
    for title, days in (("Over", -9), ("Senere", 9), ("Snart", 2)):
        factories.make_published_run(course=factories.make_course(title=title), in_days=days)
    page = words(client.get("/kurs/"))
    order = sorted(("Over", "Senere", "Snart"), key=lambda title: page.index(f"{title}</a>"))
    assert order == ["Snart", "Senere", "Over"]


def test_session_elsewhere_tells_its_place(client):
    run = factories.make_published_run(course=factories.make_course(slug="kurs"))
    venue = factories.make_venue(name="Fyret", street="Odden 1", town="Sola")
    factories.make_session(run, in_days=30, theme="Ut på tur", guest_speakers="Fyrvokteren")
    factories.make_session(run, in_days=37, venue=venue, is_optional=True)
    page = words(client.get("/kurs/kurs/"))
    for told in ("Ut på tur", "Fyrvokteren", "Fyret, Odden 1, Sola", "valgfri"):
        assert told in page


# Every page


PAGES = ["/", "/kurs/", "/kurs/kurs/", "/personvern/", "/tilgjengelighet/", "/healthz"]


@pytest.mark.parametrize("url", PAGES)
def test_browsing_sets_no_cookie(client, url):
    factories.make_published_run(course=factories.make_course(slug="kurs"))
    response = client.get(url)
    assert response.status_code == 200
    assert dict(response.cookies) == {}


@pytest.mark.parametrize("url", [*PAGES, "/finnes-ikke/"])
def test_every_answer_carries_the_content_security_policy(client, url):
    factories.make_published_run(course=factories.make_course(slug="kurs"))
    policy = client.get(url).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "img-src 'self' data:" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("url", ["/", "/kurs/", "/personvern/", "/tilgjengelighet/"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_are_only_read(client, url, method):
    factories.get_college()
    assert getattr(client, method)(url).status_code == 405


@pytest.mark.parametrize(
    ("url", "number"), [("/", 3), ("/kurs/", 4), ("/kurs/?tekst=natur", 4), ("/kurs/kurs/", 5)]
)
@pytest.mark.parametrize("items", [1, 3])
def test_number_of_queries_stays(client, django_assert_num_queries, url, number, items):
    factories.get_college()
    course = factories.make_course(slug="kurs")
    course.topics.add(Topic.objects.create(name="Natur", slug="natur"))
    for _ in range(items):
        factories.make_published_run(course=course, sessions=2)
        other = factories.make_published_run(sessions=2)
        other.course.topics.add(Topic.objects.get())
    client.get("/")  # SQLite is asked once in each process whether it knows JSON
    with django_assert_num_queries(number):
        client.get(url)


@pytest.mark.parametrize("url", ["/personvern/", "/tilgjengelighet/"])
def test_own_pages_ask_once_for_the_college(client, django_assert_num_queries, url):
    factories.get_college()
    with django_assert_num_queries(1):
        client.get(url)


def test_footer_helps_on_every_page(client):
    factories.make_college(accessibility_statement_url="https://uustatus.no/erklaering")
    for url in ("/", "/kurs/", "/personvern/", "/tilgjengelighet/"):
        page = words(client.get(url))
        for help_ in (
            'href="tel:+4722865000">22 86 50 00<',
            'href="mailto:post@example.org?subject=Feil%20p%C3%A5%20nettsiden"',
            'href="https://uustatus.no/erklaering"',
            'href="/personvern/"',
            'href="/tilgjengelighet/"',
            f'href="{reverse("sign_in")}"',
        ):
            assert help_ in page


def test_language_links_lead_to_the_same_page_and_keep_what_was_asked(client):
    factories.get_college()
    page = words(client.get("/nn/kurs/?tekst=tur"))
    assert '<html lang="nn">' in page
    for url in ("/kurs/?tekst=tur", "/nn/kurs/?tekst=tur", "/en/kurs/?tekst=tur"):
        assert f'href="{url}"' in page


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_titles_end_with_the_colleges_name(client, language):
    factories.make_college(name="Skolen")
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    for url in ("/", "/kurs/", "/personvern/", "/tilgjengelighet/"):
        assert " – Skolen</title>" in words(client.get(prefix + url))


def test_browsers_language_does_not_choose_the_page(client):
    factories.get_college()
    response = client.get("/", headers={"accept-language": "en"})
    assert '<html lang="nb">' in words(response)


def test_pages_work_before_anybody_filled_in_the_college(client):
    for url in ("/", "/kurs/", "/personvern/", "/tilgjengelighet/"):
        assert client.get(url).status_code == 200


def test_privacy_page_holds_the_colleges_texts_and_whom_to_ask(client):
    college = factories.make_college(address="Torget 1\n4306 Sandnes")
    page = words(client.get("/personvern/"))
    for text in (college.privacy_notice, college.privacy_text, college.privacy_controller):
        assert text in page
    assert "Torget 1<br>4306 Sandnes" in page
    assert "trekke tilbake samtykket" not in page


def test_privacy_page_tells_of_consent_where_that_is_the_basis(client):
    factories.make_college(legal_basis="consent")
    assert "trekke tilbake samtykket" in words(client.get("/personvern/"))


def test_healthz_answers(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_course_knows_its_address():
    run: CourseRun = factories.make_published_run()
    course: Course = run.course
    assert course.get_absolute_url() == f"/kurs/{course.slug}/"


@pytest.mark.parametrize("name", ["a%00b.png", "%00"])
def test_picture_whose_name_no_database_can_look_for_is_not_found(client, name):
    assert client.get(f"/bilder/{name}").status_code == 404


# What people worry about
