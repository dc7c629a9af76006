"""The certificate with the college's own wording and logos, before anybody gets one."""

import io

import pytest
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from certificates.models import Certificate
from courses.models import College, Partner, Picture
from tests import factories

pytestmark = pytest.mark.django_db

URL = "/kursbevis/eksempel/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_coordinator_sees_a_page_in_each_language_with_the_colleges_own_words():
    factories.make_college(name="Skolen", certificate_wording="Takk for at du var med.")
    Partner.objects.create(name="Ås kommune")
    response = signed_in(factories.make_coordinator()).get(URL)
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
    before = coordinator.get(URL).content
    College.objects.update(logo="logo.png")
    after = coordinator.get(URL).content
    images = [len(PdfReader(io.BytesIO(pdf)).pages[0].images) for pdf in (before, after)]
    assert images[1] == images[0] + 1


def test_college_page_of_the_admin_leads_there():
    college = factories.make_college()
    client = signed_in(factories.make_coordinator())
    page = client.get(f"/admin/courses/college/{college.pk}/change/").content.decode()
    assert f'href="{URL}"' in page


def test_nobody_else_finds_it():
    factories.make_college()
    assert Client().get(URL).status_code == 302
    assert signed_in(factories.make_tutor_with_sign_in().user).get(URL).status_code == 404
    assert signed_in(factories.make_user()).get(URL).status_code == 404
