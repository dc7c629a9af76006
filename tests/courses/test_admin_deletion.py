"""What stands on the page that deletes, whether or not something is in the way."""

import pytest
from django.db.models import ProtectedError
from django.urls import reverse

from courses.models import Partner, Tutor, Venue
from courses.services import delete_tutor
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def staff(client):
    client.force_login(factories.make_coordinator())
    return client


def delete_page(row) -> str:
    return reverse(f"admin:courses_{row._meta.model_name}_delete", args=[row.pk])


@pytest.mark.parametrize("row", ["course", "semester", "venue", "tutor"])
def test_what_belongs_to_a_row_is_named_in_plain_words(staff, row) -> None:
    run = factories.make_published_run()
    in_the_way = run.assignments.first().tutor if row == "tutor" else getattr(run, row)
    page = staff.get(delete_page(in_the_way)).content.decode()
    assert f"«{in_the_way}» kan ikke slettes så lenge dette hører til:" in page.replace(
        "&nbsp;", " "
    )
    assert ("Ta bort haken ved «aktiv»" in page) is (row == "tutor")
    assert 'name="post"' not in page
    assert reverse(f"admin:courses_{row}_change", args=[in_the_way.pk]) in page


@pytest.mark.parametrize(
    "make",
    [
        lambda: factories.make_venue(name="Grendehuset"),
        lambda: factories.make_tutor(name="Grendehuset"),
        lambda: factories.make_course(title="Grendehuset"),
        lambda: Partner.objects.create(name="Grendehuset"),
    ],
)
def test_what_nothing_belongs_to_is_deleted_with_one_button(staff, make) -> None:
    row = make()
    page = staff.get(delete_page(row)).content.decode()
    assert "«Grendehuset» blir slettet for godt." in page
    assert "Objekter" not in page
    answer = staff.post(delete_page(row), {"post": "yes"}, follow=True)
    assert "«Grendehuset» er slettet." in answer.content.decode()
    assert not type(row).objects.filter(pk=row.pk).exists()


def test_what_comes_to_belong_to_it_meanwhile_is_said(staff, monkeypatch) -> None:
    venue = factories.make_venue()

    def taken(*_args: object, **_kwargs: object) -> None:
        raise ProtectedError("", set())

    monkeypatch.setattr(Venue, "delete", taken)
    answer = staff.post(delete_page(venue), {"post": "yes"})
    assert (answer.status_code, answer.url) == (302, delete_page(venue))


def test_row_that_is_gone_is_said_in_words(staff) -> None:
    tutor = factories.make_tutor()
    address = reverse("admin:courses_tutor_change", args=[tutor.pk])
    delete_tutor(tutor=tutor)
    for page in (address, reverse("admin:courses_tutor_delete", args=[tutor.pk])):
        text = staff.get(page, follow=True).content.decode()
        assert "Vi finner ikke det du leter etter" in text
    assert not Tutor.objects.exists()
