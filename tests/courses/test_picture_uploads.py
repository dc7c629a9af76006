"""Coordinators choose logos and portraits in the admin; what was stored before is drawn anew."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from courses import pictures
from courses.models import College, Partner, Picture, Tutor
from tests.factories import get_college, make_coordinator, make_tutor
from tests.pictures import a_picture, encoded, photograph_with_gps

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client: Client) -> Client:
    client.force_login(make_coordinator())
    return client


def upload(data: bytes, name: str = "IMG_0001.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def save_tutor(client: Client, tutor: Tutor, **fields: object):
    values = {"name": tutor.name, "presentation": ""}
    address = reverse("admin:courses_tutor_change", args=[tutor.pk])
    return client.post(address, values | fields)


def test_portrait_from_a_telephone_is_upright_and_tells_no_place(coordinator):
    tutor = make_tutor()
    save_tutor(coordinator, tutor, photo=upload(photograph_with_gps()))
    tutor.refresh_from_db()
    image = Image.open(tutor.photo)
    assert image.size == (600, 800)
    assert dict(image.getexif()) == {}
    answer = Client().get(tutor.photo.url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")


def test_long_name_of_a_file_is_no_hindrance(coordinator):
    tutor = make_tutor()
    save_tutor(coordinator, tutor, photo=upload(a_picture(), f"{'bilde ' * 20}.png"))
    tutor.refresh_from_db()
    assert tutor.photo.name.endswith(".png")


def test_refused_portrait_is_answered_by_a_sentence_at_its_field(coordinator):
    tutor = make_tutor()
    tiff = encoded(Image.new("RGB", (4, 4)), "TIFF")
    answer = save_tutor(coordinator, tutor, photo=upload(tiff))
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors == {
        "photo": [
            "Dette er en TIFF-fil. Lagre bildet som JPEG eller PNG, og velg den filen i stedet. "
            "HEIC, WebP og GIF går også bra."
        ]
    }
    assert Picture.objects.count() == 0


def test_picture_is_drawn_while_no_transaction_is_open(coordinator, monkeypatch):
    """Else everybody's sign-up waits for it on SQLite. The test itself is in one transaction."""
    drawn, outside = [], len(connection.savepoint_ids)
    draw = pictures._draw_anew

    def watched(*arguments):
        drawn.append(len(connection.savepoint_ids) - outside)
        return draw(*arguments)

    monkeypatch.setattr(pictures, "_draw_anew", watched)
    save_tutor(coordinator, make_tutor(), photo=upload(a_picture()))
    assert drawn == [0]


@pytest.mark.parametrize("how", ["removed", "replaced", "deleted"])
def test_portrait_that_is_gone_is_served_to_nobody_and_leaves_no_row(coordinator, how):
    tutor = make_tutor(photo=ContentFile(a_picture("navy"), name="a.png"))
    before = tutor.photo.url
    assert coordinator.get(before).status_code == 200
    if how == "removed":
        save_tutor(coordinator, tutor, **{"photo-clear": "on"})
    elif how == "replaced":
        save_tutor(coordinator, tutor, photo=upload(a_picture("teal")))
    else:
        address = reverse("admin:courses_tutor_delete", args=[tutor.pk])
        coordinator.post(address, {"post": "yes"})
    assert coordinator.get(before).status_code == 404
    assert Picture.objects.count() == (1 if how == "replaced" else 0)


def test_save_that_leaves_the_portrait_alone_keeps_it(coordinator):
    tutor = make_tutor(photo=ContentFile(a_picture("navy"), name="a.png"))
    save_tutor(coordinator, tutor, presentation="Hei")
    assert coordinator.get(tutor.photo.url).status_code == 200


def test_portrait_survives_a_save_that_is_refused(coordinator):
    tutor = make_tutor(photo=ContentFile(a_picture("navy"), name="a.png"))
    answer = save_tutor(coordinator, tutor, name="", photo=upload(a_picture("teal")))
    assert answer.context["adminform"].form.errors
    assert coordinator.get(tutor.photo.url).status_code == 200
    assert Picture.objects.count() == 1


@pytest.mark.parametrize("model", ["partner", "college"])
def test_logo_is_drawn_anew_too(coordinator, model):
    college = get_college()
    logo = upload(photograph_with_gps())
    if model == "partner":
        values = {"name": "Sola kommune", "kind": "owner", "website": "", "logo": logo}
        coordinator.post(reverse("admin:courses_partner_add"), values)
        stored = Partner.objects.get().logo
    else:
        fields = {
            field.name: getattr(college, field.name) for field in College._meta.fields[1:-1]
        } | {"logo": logo}
        coordinator.post(reverse("admin:courses_college_change", args=[1]), fields)
        stored = College.objects.get().logo
    assert Image.open(stored).size == (600, 800)
    assert dict(Image.open(stored).getexif()) == {}
    assert Picture.objects.get().is_logo


# What was stored before


def draw_stored_anew() -> None:
    migration = import_module("courses.migrations.0004_pictures_drawn_anew")
    migration.draw_anew(apps, None)


def test_portrait_that_was_stored_as_it_came_is_drawn_anew():
    Picture.objects.create(name="old.jpg", content=photograph_with_gps())
    tutor = make_tutor(photo="old.jpg")
    draw_stored_anew()
    tutor.refresh_from_db()
    assert Image.open(tutor.photo).size == (600, 800)
    assert [(each.name, each.is_logo) for each in Picture.objects.all()] == [
        (tutor.photo.name, False)
    ]


def test_logo_is_drawn_anew_and_its_old_bytes_stay_for_certificates(client):
    before = photograph_with_gps()
    Picture.objects.create(name="old.jpg", content=before)
    Picture.objects.create(name="former.png", content=a_picture("teal"))
    Partner.objects.create(name="Sola kommune", logo="old.jpg")
    draw_stored_anew()
    assert bytes(Picture.objects.get(name="old.jpg").content) == before
    assert set(Picture.objects.values_list("is_logo", flat=True)) == {True}
    assert client.get("/bilder/old.jpg").status_code == 404
    partner = Partner.objects.get()
    assert dict(Image.open(partner.logo).getexif()) == {}
    assert client.get(partner.logo.url).status_code == 200
    assert Picture.objects.count() == 3


def test_portrait_in_a_form_that_is_taken_no_more_is_kept_as_jpeg_or_png():
    Picture.objects.create(name="old.bmp", content=encoded(Image.new("RGB", (4, 4)), "BMP"))
    tutor = make_tutor(photo="old.bmp")
    draw_stored_anew()
    tutor.refresh_from_db()
    assert tutor.photo.name[-4:] == ".png"


@pytest.mark.parametrize("rows", [0, 1])
def test_portrait_that_cannot_be_opened_is_taken_off(rows):
    if rows:
        Picture.objects.create(name="old.jpg", content=b"no picture")
    tutor = make_tutor(photo="old.jpg")
    draw_stored_anew()
    tutor.refresh_from_db()
    assert (tutor.photo.name, Picture.objects.count()) == ("", 0)
