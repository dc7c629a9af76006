"""A certificate is printed with the logos of its day, whatever becomes of them elsewhere."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.base import ContentFile

from certificates import pdf, services
from certificates.models import Certificate
from courses import services as course_services
from courses.models import College, Partner, Picture
from tests.certificates.test_services import be_there, make_held_run
from tests.factories import make_tutor
from tests.pictures import a_picture, photograph_with_gps

pytestmark = pytest.mark.django_db


def migrate(name: str, verb: str) -> None:
    getattr(import_module(name), verb)(apps, None)


def test_certificate_prints_the_same_bytes_after_logos_are_replaced_and_drawn_anew():
    run = make_held_run()
    be_there(run)
    # Stored as they came, as it was done once.
    for name in ("college.jpg", "owner.jpg"):
        Picture.objects.create(name=name, content=photograph_with_gps(orientation=len(name) % 8))
    College.objects.update(logo="college.jpg")
    Partner.objects.create(name="Sola kommune", logo="owner.jpg")
    services.issue(run=run, by=None)
    before = pdf.render([Certificate.objects.get()])

    migrate("courses.migrations.0004_pictures_drawn_anew", "draw_anew")
    migrate("certificates.migrations.0005_removed_portraits", "remove")
    assert Partner.objects.get().logo.name != "owner.jpg"
    Partner.objects.all().delete()
    college = College.objects.get()
    college.logo = ContentFile(a_picture("teal"), name="logo.png")
    college.save()
    course_services.delete_unused_portraits()

    assert pdf.render([Certificate.objects.get()]) == before


def test_portrait_that_was_removed_once_goes_and_what_is_named_stays():
    run = make_held_run()
    be_there(run)
    for name in ("gone.png", "college.png", "owner.png", "tutor.png", "issued.png"):
        Picture.objects.create(name=name, content=a_picture(), is_logo=True)
    College.objects.update(logo="issued.png")
    services.issue(run=run, by=None)
    College.objects.update(logo="college.png")
    Partner.objects.create(name="Sola kommune", logo="owner.png")
    make_tutor(photo="tutor.png")
    migrate("certificates.migrations.0005_removed_portraits", "remove")
    left = Picture.objects.order_by("name").values_list("name", flat=True)
    assert list(left) == ["college.png", "issued.png", "owner.png", "tutor.png"]
