"""The tutor's pages about the code of a session: before, while and after it opens anything."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from certificates import services
from certificates.models import SessionCode
from courses.models import CourseRun, CourseSession
from tests import factories
from tests.certificates.test_attendance_views import teach
from tests.certificates.test_session_codes import (
    ENDS_AT,
    STARTS_AT,
    check,
    code_of,
    is_check_page,
    make_lecture,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    """The middle of the lecture; a test may move on."""
    with time_machine.travel(factories.oslo(2026, 11, 5, 19), tick=False) as traveller:
        yield traveller


def session_code_url(run: CourseRun) -> str:
    return reverse("tutor_session_code", args=[run.pk])


def poster_url(run: CourseRun, session: CourseSession) -> str:
    return reverse("tutor_session_code_poster", args=[run.pk, session.pk])


def test_tutor_makes_the_code_by_a_button_and_looking_makes_none(clock):
    run = make_lecture()
    client = teach(run)
    client.get(session_code_url(run))
    assert not SessionCode.objects.exists()
    assert client.get(poster_url(run, run.sessions.get())).status_code == 404
    client.post(session_code_url(run))
    client.post(session_code_url(run))
    code = SessionCode.objects.get()
    assert code.printed_code in client.get(session_code_url(run)).content.decode()


def test_poster_tells_code_address_and_picture_but_not_the_course(clock, settings):
    settings.SITE_URL = "https://skolen.example.org"
    run = make_lecture()
    code = SessionCode.objects.create(session=run.sessions.get(), code="ABCDEF")
    text = teach(run).get(poster_url(run, code.session)).content.decode()
    assert ">ABC DEF<" in text
    assert ">skolen.example.org/bevis/<" in text
    assert "<svg" in text
    assert "style=" not in text
    assert run.course.title not in text
    assert run.course.discreet_title not in text


OFFERS = [
    "Alle i rommet kan få kursbevis",
    "Vis den på veggen",
    "Lag en kode",
    "Hvor mange er her",
    "Hvor mange som er her",
    "Ingen kan hente kursbevis før",
]


@pytest.mark.parametrize("headcount", [None, 3])
@pytest.mark.parametrize("with_code", [True, False])
def test_page_offers_no_code_once_the_session_is_over(clock, headcount, with_code):
    run = make_lecture(headcount=headcount)
    code = code_of(run) if with_code else "ABC"
    client = teach(run)
    clock.move_to(ENDS_AT + timedelta(hours=2, seconds=-1))
    assert OFFERS[0] in client.get(session_code_url(run)).content.decode()
    clock.move_to(ENDS_AT + timedelta(hours=2))
    html = client.get(session_code_url(run)).content.decode()
    assert [words for words in [*OFFERS, code, "Virker fra"] if words in html] == []
    assert "Samlingen er over, og ingen kode virker lenger." in html
    assert "Hvor mange var her?" in html
    assert reverse("tutor_names", args=[run.pk]) in html


def test_poster_of_a_code_that_is_closed_leads_to_the_page_that_says_so(clock):
    run = make_lecture()
    code_of(run)
    client = teach(run)
    assert client.get(poster_url(run, run.sessions.get())).status_code == 200
    clock.move_to(ENDS_AT + timedelta(hours=2))
    response = client.get(poster_url(run, run.sessions.get()))
    assert response.url == f"{session_code_url(run)}?samling={run.sessions.get().pk}"


def test_cancelled_session_offers_neither_code_nor_names(clock):
    run = make_lecture()
    code = code_of(run)
    CourseRun.objects.filter(pk=run.pk).update(
        status="cancelled", cancelled_at=STARTS_AT - timedelta(hours=1)
    )
    html = teach(run).get(session_code_url(run)).content.decode()
    assert "Samlingen er avlyst, så den har ingen kode." in html
    assert [words for words in [*OFFERS, code] if words in html] == []
    assert reverse("tutor_names", args=[run.pk]) not in html


def test_day_is_told_when_the_code_closes_after_midnight(clock):
    run = make_lecture()
    code_of(run)
    tutor = teach(run)
    assert "til kl.\xa022.00.</p>" in tutor.get(session_code_url(run)).content.decode()
    run.sessions.update(ends_at=factories.oslo(2026, 11, 5, 22, 30))
    page = tutor.get(session_code_url(run)).content.decode()
    assert "til kl.\xa000.30, fredag 6.\xa0november 2026.</p>" in page
    poster = tutor.get(poster_url(run, run.sessions.get())).content.decode()
    assert "til kl.\xa000.30, 6.\xa0november 2026.</p>" in poster


def test_tutor_counts_here_and_then_the_visitor_gets_in(clock, client):
    run = make_lecture(headcount=None)
    code, tutor = code_of(run), teach(run)
    assert (
        "Ingen kan hente kursbevis før du har gjort det"
        in tutor.get(session_code_url(run)).content.decode()
    )
    assert not is_check_page(check(client, code))
    tutor.post(session_code_url(run), {"headcount": "70"})
    assert run.sessions.get().headcount == 70
    assert is_check_page(check(client, code))


@pytest.mark.parametrize("written", ["", "mange", "-1", "2001"])
def test_count_that_is_no_number_is_refused(clock, written):
    run = make_lecture(headcount=3)
    response = teach(run).post(session_code_url(run), {"headcount": written})
    assert response.context["form"].errors
    assert run.sessions.get().headcount == 3
    assert not SessionCode.objects.exists()


def test_counting_before_the_day_is_refused_kindly(clock):
    run = make_lecture(headcount=None)
    clock.move_to(STARTS_AT - timedelta(days=2))
    teach(run).post(session_code_url(run), {"headcount": "3"})
    assert run.sessions.get().headcount is None


@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_the_same_for_any_number_of_sessions(number, django_assert_num_queries):
    run = factories.make_published_run(entry="drop_in", sessions=number)
    session = run.sessions.first()
    services.make_code(run=run, session=session, by=None)
    client = teach(run)
    with django_assert_num_queries(13):
        client.get(session_code_url(run))
    with django_assert_num_queries(11):
        client.get(poster_url(run, session))


def test_strangers_find_no_session_code(clock, client):
    run = make_lecture()
    code_of(run)
    urls = [session_code_url(run), poster_url(run, run.sessions.get())]
    assert [client.get(url).status_code for url in urls] == [302, 302]
    other = teach(make_lecture())
    assert [other.get(url).status_code for url in urls] == [404, 404]
    assert other.post(session_code_url(run), {"headcount": "1"}).status_code == 404


def test_poster_of_another_runs_session_is_not_found(clock):
    run, other = make_lecture(), make_lecture()
    code_of(other)
    assert teach(run).get(poster_url(run, other.sessions.get())).status_code == 404
