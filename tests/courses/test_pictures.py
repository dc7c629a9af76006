import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from courses.models import Partner, Picture
from tests.factories import make_college

pytestmark = pytest.mark.django_db


def png(colour: str) -> ContentFile:
    file = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(file, "PNG")
    return ContentFile(file.getvalue(), name="Logo.PNG")


def test_picture_is_kept_in_the_database_under_its_content():
    college = make_college(logo=png("navy"))
    assert college.logo.name == f"{college.logo.name[:32]}.png"
    assert college.logo.read() == png("navy").read()
    assert Picture.objects.get().name == college.logo.name


def test_same_content_is_stored_once():
    make_college(logo=png("navy"))
    Partner.objects.create(name="Eier", logo=png("navy"))
    assert Picture.objects.count() == 1


def test_new_logo_leaves_the_old_one_for_what_was_printed_with_it():
    college = make_college(logo=png("navy"))
    before = college.logo.name
    college.logo = png("teal")
    college.save()
    assert college.logo.name != before
    assert Picture.objects.filter(name=before).exists()


def test_picture_is_served_for_ever_under_its_name(client):
    college = make_college(logo=png("navy"))
    answer = client.get(college.logo.url)
    assert answer["Content-Type"] == "image/png"
    assert answer.content == png("navy").read()
    assert "immutable" in answer["Cache-Control"]
    assert not answer.cookies


@pytest.mark.parametrize("ending", ["pdf", "ps", "svg", "html"])
def test_what_a_browser_would_run_is_not_served_as_such(client, ending):
    Picture.objects.create(name=f"some.{ending}", content=b"x")
    assert client.get(f"/bilder/some.{ending}")["Content-Type"] == "application/octet-stream"


def test_unknown_picture_is_not_found(client):
    assert client.get("/bilder/finnes-ikke.png").status_code == 404
