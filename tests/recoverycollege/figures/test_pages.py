"""Who sees which figures, on the page and in the annual report."""

import io
import re

import pikepdf
import pypdf
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from certificates import services
from courses.models import AnnualReport, College, Partner
from courses.norwegian.formatting import day_without_weekday
from recoverycollege.figures import freezing
from recoverycollege.figures.access import reader_of
from recoverycollege.figures.overview import overview
from recoverycollege.figures.tables import Table
from recoverycollege.figures.years import Audience
from tests import factories
from tests.factories import oslo
from tests.recoverycollege.figures.counted import NOW, Counted, mark

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

OVER = oslo(2026, 2, 1)


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(NOW, tick=False):
        yield


def client_of(group: str) -> Client:
    client = Client()
    if group:
        user = factories.make_user(is_staff=group == "coordinators")
        user.groups.add(factories.get_group(group))
        client.force_login(user)
    return client


def cells_of(html: str, label: str) -> list[str]:
    """What stands in the row of that figure."""
    row = re.search(rf'<th scope="row">{label}\b.*?</tr>', html, re.DOTALL)
    assert row, label
    return re.findall(r'<td class="number">(.*?)</td>', row[0])


def test_coordinators_see_exact_numbers_and_owners_rounded_ones():
    Counted()
    page = reverse("figures")
    exact = client_of("coordinators").get(page).content.decode()
    # The year, the year before, spring, autumn
    assert cells_of(exact, "Unike personer") == ["7", "3", "7", "0"]
    assert cells_of(exact, "Ganger en kursholder var borte") == ["2", "0", "2", "0"]
    rounded = client_of("owners").get(page).content.decode()
    assert cells_of(rounded, "Unike personer") == ["10", "færre enn 6", "10", "0"]
    assert "Ganger en kursholder var borte" not in rounded
    assert "Bofellesskapet" in exact
    assert "Bofellesskapet" not in rounded
    assert "Hjemme" not in rounded


@pytest.mark.parametrize("group", ["", "tutors"])
def test_strangers_find_nothing_until_the_college_wants_it_and_a_year_is_frozen(group):
    Counted()
    client = client_of(group)
    addresses = [reverse("figures"), reverse("annual_report", args=[2025])]
    assert [client.get(each).status_code for each in addresses] == [404, 404]
    College.objects.update(shows_public_figures=True)
    assert [client.get(each).status_code for each in addresses] == [200, 404]
    with time_machine.travel(OVER, tick=False):
        freezing.freeze_finished_years(OVER)
        html = client.get(addresses[0]).content.decode()
        assert client.get(addresses[1]).status_code == 200
    assert cells_of(html, "Unike personer") == ["10", "færre enn 6", "10", "0"]
    assert f"slik de var {day_without_weekday(OVER)}." in html


def test_a_year_without_anything_is_no_page():
    Counted()
    client = client_of("coordinators")
    assert client.get(reverse("figures"), {"ar": "2019"}).status_code == 404
    assert client.get(reverse("figures"), {"ar": "x"}).status_code == 404
    assert client.get(reverse("figures"), {"ar": "2024"}).status_code == 200


def test_a_college_that_has_held_nothing_is_told_what_comes():
    factories.make_college()
    for group in ("coordinators", "owners"):
        html = client_of(group).get(reverse("figures")).content.decode()
        assert "Her kommer tallene når den første samlingen er holdt." in html


def test_what_was_corrected_after_freezing_is_told():
    counted = Counted()
    freezing.freeze_finished_years(OVER)
    with time_machine.travel(OVER, tick=False):
        client = client_of("coordinators")
        assert "Rettet siden" not in client.get(reverse("figures")).content.decode()
        mark(counted.sleep.sessions.get(), counted.people["Z"])
        html = client.get(reverse("figures")).content.decode()
    assert "Unike personer: 7 da, 8 nå" in html
    assert cells_of(html, "Unike personer") == ["7", "3", "7", "0"]


def test_a_page_costs_as_many_queries_for_many_runs_as_for_few():
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert overview(Audience.COORDINATORS, year=None, now=NOW)
        return len(seen)

    counted = Counted()
    few = queries()
    for _each in range(3):
        run = factories.make_published_run(semester=counted.hope.semester, in_days=-100)
        mark(run.sessions.get(), factories.make_student())
    assert queries() == few == 13


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_table_can_be_written_to_a_file(language):
    """What exports read: a heading for each cell, words in each, and a number where one is told."""
    Counted()
    with translation.override(language):
        found = overview(Audience.OTHERS, year=2025, now=NOW)
    assert found
    assert len(found.tables) == 7
    for table in found.tables:
        assert isinstance(table, Table)
        for row in table.rows:
            assert len(row.cells) == len(table.columns)
            for cell in row.cells:
                assert cell.words
                assert cell.number is None or str(cell.number)[0] == cell.words[0]


def test_owners_are_readers_and_staff_of_no_group_are_not():
    assert reader_of(client_user("owners")).audience == Audience.OTHERS
    assert reader_of(client_user("coordinators")).audience == Audience.COORDINATORS


def client_user(group: str):
    user = factories.make_user(is_staff=True)
    user.groups.add(factories.get_group(group))
    return user


@pytest.mark.parametrize(
    ("language", "title", "words"),
    [
        ("nb", "Årsrapport 2025", "Året vi lærte å lytte."),
        ("nn", "Årsrapport 2025", "Året vi lærte å lye."),
        ("en", "Annual report 2025", "Året vi lærte å lytte."),  # not written in English
    ],
)
def test_report_says_the_same_on_the_screen_and_on_paper(language, title, words):
    Counted()
    Partner.objects.create(name="Sola kommune")
    AnnualReport.objects.create(
        year=2025,
        words={"opening": {"nb": "Året vi lærte å lytte.", "nn": "Året vi lærte å lye."}},
    )
    with translation.override(language):
        page, paper = (
            reverse(name, args=[2025]) for name in ("annual_report", "annual_report_pdf")
        )
    client = client_of("owners")
    html = client.get(page).content.decode()
    data = client.get(paper).content
    text = " ".join(
        " ".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(data)).pages).split()
    )
    for expected in (title, words, "Sola kommune", "Søvn", "Kafé"):
        assert expected in html
        assert expected in text
    for hidden in ("Bofellesskapet", "Hjemme"):
        assert hidden not in html
        assert hidden not in text
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.Root.Lang) == language
        assert pdf.Root.MarkInfo.Marked
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        figures = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
        ]
        assert len(figures) == 2
        assert all(str(each.Alt) for each in figures)


def test_report_tells_what_people_thought_from_five_answers_up(client):
    counted = Counted()
    client.force_login(factories.make_coordinator())
    page = reverse("annual_report", args=[2025])
    answers = {
        counted.sleep: [[4, 4, 4, 4, None]] * 3 + [[1, 4, 4, 4, 1]] * 3,
        counted.hope: [[1, 1, 1, 1, 1]] * 4,
    }
    for run, given in answers.items():
        at = run.sessions.latest("ends_at").ends_at
        feedback = services.make_feedback(run=run, now=at)
        for steps in given:
            services.answer(feedback=feedback, steps=steps, now=at)
    assert "Hva deltakerne syntes" not in client.get(page).text
    services.close_feedback(now=NOW)
    table = client.get(page).context["report"].voices
    means = [row.cells[0].words for row in table.rows]
    assert means == ["2,5", "4,0", "4,0", "4,0"]  # three answered the fifth
    assert "Hva deltakerne syntes" in client.get(page).text


def test_report_is_drawn_so_often_and_no_oftener(settings):
    settings.REPORTS_PER_HOUR = 1
    Counted()
    client = client_of("owners")
    paper = reverse("annual_report_pdf", args=[2025])
    assert client.get(paper).status_code == 200
    assert client.get(paper).status_code == 429


def test_coordinator_writes_the_words_of_a_year_in_three_languages(client):
    factories.make_college()
    client.force_login(factories.make_coordinator())
    page = reverse("admin:courses_annualreport_add")
    sent = {"year": "2025", "opening_nb": " Godt år. ", "opening_nn": "Godt år, alle."}
    assert client.post(page, sent).status_code == 302
    kept = AnnualReport.objects.get()
    assert kept.part("opening", "nb") == ("Godt år.", "nb")
    assert kept.part("opening", "nn") == ("Godt år, alle.", "nn")
    assert kept.part("opening", "en") == ("Godt år.", "nb")
    assert kept.part("ahead", "nb") == ("", "nb")
    again = client.post(page, sent)
    assert "Det finnes ord for dette året fra før." in again.content.decode()
