"""An address read from a poster may be written with large letters."""

import pytest
from django.urls import reverse

from enrolment import links
from enrolment.links import Purpose
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.mark.parametrize(
    ("written", "leads_to"),
    [
        ("/Kurs/", "/kurs/"),
        ("/KURS", "/kurs/"),
        ("/Kurs/Selvtillit/", "/kurs/selvtillit/"),
        ("/Kurs/selvtillit", "/kurs/selvtillit/"),
        ("/NN/Kurs/", "/nn/kurs/"),
        ("/nn/Kurs/", "/nn/kurs/"),
        ("/En/kurs/?type=seminar&sted=%C3%85", "/en/kurs/?type=seminar&sted=%C3%85"),
        ("/Min-Side/", "/min-side/"),
        ("/Kursbevis/", "/kursbevis/"),
        ("/Personvern", "/personvern/"),
        ("/Kursholder/1/", "/kursholder/1/"),
        ("/Robots.txt", "/robots.txt"),
    ],
)
def test_large_letters_lead_to_the_page(client, written, leads_to):
    response = client.get(written)
    assert (response.status_code, response.url) == (301, leads_to)
    assert client.head(written).status_code == 301
    assert response.cookies == {}


@pytest.mark.parametrize("path", ["/Finnes-ikke/", "/kurs/Finnes/Ikke/", "/Bilder/Logo.png"])
def test_where_no_page_is_there_is_none_in_small_letters_either(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "Vi finner ikke siden" in response.content.decode()


def test_what_is_sent_to_large_letters_is_not_taken(client):
    assert client.post("/Min-side/lenke/", {"contact": "kari@example.org"}).status_code == 404


def test_keys_in_which_the_case_counts_are_left_alone(client):
    enrolment = factories.enrol(factories.make_published_run())
    links_of_one = [
        reverse("withdraw", args=[links.enrolment_token(Purpose.WITHDRAW, enrolment)]),
        reverse("my_page_sign_in", args=[links.page_token(enrolment.student)]),
        reverse("my_calendar", args=[enrolment.student.calendar_key]),
        reverse("claimed", args=["Ab:Cd"]),
    ]
    for address in links_of_one:
        beginning, rest = address[:4], address[4:]
        response = client.get(beginning.upper() + rest)
        assert response.status_code == 404, address
