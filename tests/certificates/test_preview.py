"""The certificate with the college's own wording and logos, before anybody gets one."""

import io

import pytest
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from certificates.models import Certificate
from courses.models import College, Partner, Picture, Tutor
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

URL = "/kursbevis/eksempel/"
PDF = "/kursbevis/eksempel/pdf/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_coordinator_sees_a_page_in_each_language_with_the_colleges_own_words():
    factories.make_college(name="Skolen", certificate_wordings={"nb": "Takk for at du var med."})
    Partner.objects.create(name="Ås kommune")
    response = signed_in(factories.make_coordinator()).get(PDF)
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages]
    assert len(pages) == 3
    for page, words in zip(pages, ("Kari Eksempel", "Kari Eksempel", "Kari Example"), strict=True):
        assert words in page
        assert "Takk for at du var med." in page
        assert "Ås kommune" in page
    assert not Certificate.objects.exists()


def test_logo_is_on_it():
    picture = io.BytesIO()
    Image.new("RGB", (40, 20), "#14464c").save(picture, "PNG")
    Picture.objects.create(name="logo.png", content=picture.getvalue())
    factories.make_college()
    coordinator = signed_in(factories.make_coordinator())
    before = coordinator.get(PDF).content
    College.objects.update(logo="logo.png")
    after = coordinator.get(PDF).content
    images = [len(PdfReader(io.BytesIO(pdf)).pages[0].images) for pdf in (before, after)]
    assert images[1] == images[0] + 3  # on each of the pages, which share what they draw


def test_college_page_of_the_admin_leads_there():
    college = factories.make_college()
    client = signed_in(factories.make_coordinator())
    page = client.get(f"/admin/courses/college/{college.pk}/change/").content.decode()
    assert f'href="{URL}"' in page


LONG = "Fjordbygda samskapingsråd og venner av "


def page_of(client: Client) -> str:
    return client.get(URL).content.decode()


def test_page_says_that_everything_fits():
    factories.make_college(certificate_wordings={"nb": "Takk for at du var med."})
    assert "Alt får plass på én side" in page_of(signed_in(factories.make_coordinator()))


@pytest.mark.parametrize(
    ("owners", "words"),
    [(80, "så liten at mange ikke kan lese den"), (140, "får ikke plass på én side")],
)
def test_page_warns_in_words_for_each_language(owners, words):
    factories.make_college()
    for number in range(owners):
        Partner.objects.create(name=f"{LONG}{number}")
    page = page_of(signed_in(factories.make_coordinator()))
    assert page.count(words) == 3
    assert page.count("Kort ned teksten") == 3


def test_longest_title_and_names_are_tried_too():
    factories.make_college(certificate_wordings={"nb": "Takk. " * 40})
    run = factories.make_published_run()
    run.course.discreet_title = "W" * 120
    run.course.save()
    for tutor, letter in zip(Tutor.objects.all(), "WM", strict=False):
        tutor.name = letter * 120
        tutor.save()
    coordinator = signed_in(factories.make_coordinator())
    pages = PdfReader(io.BytesIO(coordinator.get(PDF).content)).pages
    assert len(pages) == 6
    assert [sum("W" * 20 in page.extract_text() for page in pages[:3])] == [0]
    assert all("W" * 20 in page.extract_text() for page in pages[3:])


def test_wording_is_in_the_language_of_each_page():
    factories.make_college(certificate_wordings={"nb": "Takk for i dag.", "en": "Thank you."})
    coordinator = signed_in(factories.make_coordinator())
    pages = [
        page.extract_text() for page in PdfReader(io.BytesIO(coordinator.get(PDF).content)).pages
    ]
    assert ["Takk for i dag." in page for page in pages] == [True, True, False]
    assert ["Thank you." in page for page in pages] == [False, False, True]


def test_nobody_else_finds_it():
    factories.make_college()
    for url in (URL, PDF):
        assert Client().get(url).status_code == 302
        assert signed_in(factories.make_tutor_with_sign_in().user).get(url).status_code == 404
        assert signed_in(factories.make_user()).get(url).status_code == 404
