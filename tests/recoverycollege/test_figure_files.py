"""Figures and the list for the adult-education subsidy as spreadsheets: what the pages show."""

import io
from datetime import datetime

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from enrolment.models import Event
from tests import factories
from tests.recoverycollege.figures.counted import NOW, Counted
from tests.recoverycollege.figures.test_subsidies import make_series

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(NOW, tick=False):
        yield


def client_of(group: str) -> Client:
    user = factories.make_user(is_staff=group == "coordinators")
    user.groups.add(factories.get_group(group))
    client = Client()
    client.force_login(user)
    return client


def rows_of(book: openpyxl.Workbook) -> dict[str, list]:
    """The rows of all pages by what they are about, without the lines above."""
    return {
        str(row[0]): list(row[1:])
        for page in book.worksheets
        for row in page.iter_rows(min_row=4, values_only=True)
    }


def test_figures_are_the_numbers_that_the_reader_sees():
    Counted()
    rows, terms = {}, {}
    for group in ("coordinators", "owners"):
        content = client_of(group).get(reverse("figures_xlsx", args=[2025])).content
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert len(book.worksheets) == 7
        rows[group] = rows_of(book)["Unike personer"]
        terms[group] = book.worksheets[0]["A2"].value
    # The year, the year before, spring, autumn
    assert rows["coordinators"][:4] == [7, 3, 7, 0]
    assert "Avrundet" in terms["owners"]
    assert rows["owners"][0] != 7
    assert "Nøyaktige" in terms["coordinators"]


def test_shares_are_per_cent_in_both_forms():
    Counted()
    client = client_of("coordinators")
    content = client.get(reverse("figures_xlsx", args=[2025])).content
    cells = [
        cell
        for page in openpyxl.load_workbook(io.BytesIO(content)).worksheets
        for row in page.iter_rows()
        for cell in row
        if cell.number_format == "0 %"
    ]
    assert cells
    assert all(0 <= cell.value <= 1 for cell in cells)
    lines = client.get(reverse("figures_csv", args=[2025])).content.decode("utf-8-sig")
    assert f";{cells[0].value * 100:.0f} %" in lines
    assert lines.count("Nøyaktige tall") == 7
    assert not Event.objects.filter(verb__startswith="took_").exists()


def test_subsidy_list_has_the_runs_that_qualify_and_nobodys_name():
    make_series(4, 4, 3, 3, title="Håp og vendepunkter")
    make_series(4, 4, 3, title="Søvn og ro")
    client = client_of("coordinators")
    answer = client.post(reverse("admin:study_subsidy_file"), {"form": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    [heads, only] = list(book.worksheets[0].iter_rows(min_row=4, values_only=True))
    days = [datetime(2025, 3, 3), datetime(2025, 3, 24)]  # noqa: DTZ001  # days, as files have them
    deadline = datetime(2025, 6, 24)  # noqa: DTZ001
    assert len(heads) == len(only)
    assert list(only[3:]) == [*days, 8, 4, 4, deadline]
    assert only[0] == "Håp og vendepunkter"
    [took] = Event.objects.filter(verb="took_subsidy_list")
    assert took.subject == "college"
    page = client.get(reverse("admin:study_subsidy")).text
    assert reverse("admin:study_subsidy_file") in page
