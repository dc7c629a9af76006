"""Printing all, some or one; with lines for signatures or without."""

import io

import pypdf
import pytest
from django.urls import reverse

from certificates import pdf, services
from certificates.models import Certificate
from certificates.qr import qr_code
from tests.certificates.test_attendance_views import teach
from tests.certificates.test_names import issue, make_class
from tests.certificates.test_services import be_there
from tests.certificates.test_views import names_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database,
    pytest.mark.usefixtures("held_on_fixed_days"),
]


@pytest.fixture
def run():
    run = make_class()
    be_there(run, name="Åse Vik")
    services.issue(run=run, by=None)
    issue(run, "Bo Ek", "Kari Lie", "Øyvind Li")
    return run


def url_of(run) -> str:
    return reverse("tutor_certificates_pdf", args=[run.pk])


def number_of(name: str) -> int:
    return Certificate.objects.get(name=name).pk


def words_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_all_are_printed_by_name_with_and_without_a_student(run):
    response = teach(run).get(url_of(run), {"hvilke": "alle", "linjer": "med"})
    assert names_in(response) == ["Bo Ek", "Kari Lie", "Øyvind Li", "Åse Vik"]


def test_those_ticked_are_printed_by_name(run):
    ticked = [number_of("Øyvind Li"), number_of("Bo Ek")]
    response = teach(run).get(url_of(run), {"hvilke": "valgte", "nr": ticked})
    assert names_in(response) == ["Bo Ek", "Øyvind Li"]


def test_one_is_printed(run):
    url = reverse("tutor_certificate", args=[run.pk, number_of("Kari Lie")])
    assert names_in(teach(run).get(url)) == ["Kari Lie"]


def test_ticks_do_not_matter_to_the_button_for_all(run):
    response = teach(run).get(url_of(run), {"hvilke": "alle", "nr": [number_of("Bo Ek")]})
    assert len(names_in(response)) == 4


def test_nothing_ticked_leads_back_kindly(run):
    response = teach(run).get(url_of(run), {"hvilke": "valgte"}, follow=True)
    assert "Kryss av for kursbevisene du vil skrive ut" in response.content.decode()


@pytest.mark.parametrize("ticked", ["x", "0", "99999999"])
def test_tick_of_another_runs_certificate_prints_nothing(run, ticked):
    other = make_class()
    issue(other, "Ida Moe")
    for nr in (ticked, number_of("Ida Moe")):
        assert teach(run).get(url_of(run), {"hvilke": "valgte", "nr": nr}).status_code == 302


@pytest.mark.parametrize("lines", ["med", "uten"])
def test_same_choice_prints_the_same_bytes(run, lines):
    client = teach(run)
    first = client.get(url_of(run), {"linjer": lines})
    assert client.get(url_of(run), {"linjer": lines}).content == first.content


def test_identifier_depends_on_the_choice(run):
    certificates = list(Certificate.objects.order_by("pk"))

    def identifier(**options):
        return pypdf.PdfReader(io.BytesIO(pdf.render(certificates, **options))).trailer["/ID"][0]

    assert identifier() == identifier(with_signatures=True)
    assert identifier() != identifier(with_signatures=False)


def test_without_lines_the_tutors_are_told_in_words(run):
    first, second = run.tutors_as_equals
    client = teach(run)
    words = words_of(client.get(url_of(run), {"linjer": "uten"}).content)
    assert words.count(f"Kursholdere: {first.name}, {second.name}") == 4
    assert f"{first.name}\nkursholder" not in words
    assert f"{first.name}\nkursholder" in words_of(client.get(url_of(run)).content)


def test_list_shows_those_without_a_student_too(run):
    response = teach(run).get(reverse("tutor_certificates", args=[run.pk]))
    assert [each.name for each in response.context["certificates"]] == [
        "Bo Ek",
        "Kari Lie",
        "Øyvind Li",
        "Åse Vik",
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_printing_costs_the_same_for_any_number(number, django_assert_num_queries):
    run = make_class()
    issue(run, *[f"Gjest {each}" for each in range(number)])
    client = teach(run)
    with django_assert_num_queries(8):
        assert client.get(url_of(run)).status_code == 200


def test_qr_code_is_one_path_with_a_margin_around_it():
    code = qr_code("https://skolen.example.org/bevis/?kode=ABCDEF")
    assert code.size >= 29
    assert code.path.startswith("M2 2h7v1h-7z")
    assert qr_code("https://skolen.example.org/bevis/?kode=ABCDEF") == code


def test_tutor_is_told_which_names_cannot_be_printed_as_they_are(run):
    issue(run, "Ola ᚠᚢᚦ", "李小龍")
    be_there(run, name="Kari 𝒦")
    response = teach(run).get(reverse("tutor_certificates", args=[run.pk]))
    assert response.context["unprintable"] == ["Kari 𝒦", "Ola ᚠᚢᚦ"]
    assert "står det tre prikker i stedet" in response.content.decode()


def test_nothing_is_said_where_all_names_can_be_printed(run):
    response = teach(run).get(reverse("tutor_certificates", args=[run.pk]))
    assert response.context["unprintable"] == []
    assert "tre prikker" not in response.content.decode()
