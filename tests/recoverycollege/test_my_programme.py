"""«My programme»: a booklet of chosen courses and somebody's own words, which is kept nowhere."""

import io
import re

import pikepdf
import pypdf
import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from courses.models import College, CourseRun, RateCount
from enrolment import links
from tests import factories
from tests.certificates.test_pdf import drawn_in

pytestmark = pytest.mark.django_db

SECRET = "Tørre å si nei på jobben"


@pytest.fixture
def runs() -> list[CourseRun]:
    return [
        factories.make_published_run(
            course=factories.make_course(title=title, language=language), sessions=2
        )
        for title, language in (("Søvn og hvile", "nb"), ("Saying no", "en"))
    ]


def come_in(student) -> Client:
    client = Client()
    client.post(reverse("my_page_sign_in", args=[links.page_token(student)]))
    return client


def booklet(client: Client, runs, **words: str) -> bytes:
    response = client.post(reverse("my_programme"), {"runs": [each.pk for each in runs]} | words)
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    return response.content


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(each.extract_text() for each in pages).split())


def ticked(client: Client) -> set[int]:
    page = client.get(reverse("my_programme")).content.decode()
    return {int(pk) for pk in re.findall(r'name="runs" value="(\d+)"[^>]* checked', page)}


def everything_stored() -> dict[str, list]:
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model is not RateCount
    }


def test_nothing_of_it_is_stored_or_logged(runs, caplog):
    client = come_in(factories.enrol(runs[0]).student)
    client.get(reverse("my_programme"))
    before = everything_stored()
    said = text_of(booklet(client, runs, goals=SECRET, notes="Ta buss 12", next_steps="Ringe"))
    assert everything_stored() == before
    assert SECRET not in caplog.text
    for words in (SECRET, "Ta buss 12", "Ringe", "Søvn og hvile", "Saying no", "Målene mine"):
        assert words in said


def test_booklet_has_the_colour_of_the_college(runs):
    standard = drawn_in(pikepdf.open(io.BytesIO(booklet(Client(), runs))))
    College.objects.update(colour="#7a1f4b")
    own = drawn_in(pikepdf.open(io.BytesIO(booklet(Client(), runs))))
    assert standard - own == {"#14464c", "#744100"}  # the landscape, and the heading
    assert own - standard == {"#7a1f4b"}


def test_own_courses_are_ticked_and_nobody_is_named(runs):
    factories.make_run()  # a draft, which nobody has seen
    closed = factories.make_published_run(entry="closed", capacity=None)
    enrolment = factories.enrol(runs[1])
    client = come_in(enrolment.student)
    assert ticked(client) == {runs[1].pk}
    assert ticked(Client()) == set()
    page = client.get(reverse("my_programme")).content.decode()
    assert len(re.findall(r'name="runs"', page)) == 2
    assert enrolment.student.name not in page
    assert enrolment.student.name not in text_of(booklet(client, runs))
    refused = Client().post(reverse("my_programme"), {"runs": [closed.pk]})
    assert "<title>Feil: " in refused.content.decode()


def test_the_booklet_folds_and_a_screen_reader_hears_each_title_in_its_language(runs):
    with pikepdf.open(io.BytesIO(booklet(Client(), runs))) as pdf:
        assert len(pdf.pages) == 8
        assert [round(float(each) / 72 * 25.4) for each in pdf.pages[0].MediaBox[2:]] == [148, 210]
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "nb"
        titles = [each for each in pdf.objects if _kind(each) == "/Sect"]
        assert [str(each.Lang) for each in titles] == ["nb", "en"]
        assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()


def _kind(each) -> str:
    return str(each.get("/S", "")) if isinstance(each, pikepdf.Dictionary) else ""


def test_very_many_are_asked_to_wait_and_keep_what_they_wrote(runs, settings):
    settings.PROGRAMMES_PER_HOUR = 1
    booklet(Client(), runs)
    response = Client().post(reverse("my_programme"), {"goals": SECRET, "runs": [runs[0].pk]})
    assert response.status_code == 429
    assert SECRET in response.content.decode()


def test_opportunities_of_the_chosen_courses_are_printed_once(runs):
    choir = factories.make_opportunity(name="Koret", municipality="Sola", phone="+4722865000")
    factories.make_opportunity(name="Fontenehuset")
    for each in runs:
        each.course.opportunities.add(choir)
    said = text_of(booklet(Client(), runs))
    assert "Koret Sang og musikk · Sola 22 86 50 00 example.org/kor" in said
    assert said.count("Koret") == 1
    assert "Fontenehuset" not in said
    assert "Koret" not in text_of(booklet(Client(), []))
