"""A venue is corrected: whoever is to find it is told, in every run that still meets there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import Venue
from enrolment import services
from enrolment.admin.asking import CORRECT, SILENT, TELL
from enrolment.models import Event, Letter
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def address(venue: Venue) -> str:
    return reverse("admin:courses_venue_change", args=[venue.pk])


def answers(venue: Venue, **changes: object) -> dict[str, object]:
    shown = {
        "name": venue.name,
        "street": venue.street,
        "town": venue.town,
        "how_to_find": venue.how_to_find,
        "is_public": "on" if venue.is_public else "",
    }
    return shown | {f"initial-{name}": value for name, value in shown.items()} | changes


@pytest.fixture
def runs() -> list:
    """Two runs at one venue, of which one has a person each way; and one that is over."""
    venue = factories.make_venue()
    coming = [factories.make_published_run(venue=venue, capacity=5) for _each in range(2)]
    for run in coming:
        factories.enrol(run)
    factories.enrol(coming[0], person=factories.make_person(email="", phone="+4799999999"))
    over = factories.make_published_run(venue=venue)
    factories.enrol(over)
    over.sessions.update(
        starts_at=timezone.now() - timedelta(days=9),
        ends_at=timezone.now() - timedelta(days=8),
    )
    Letter.objects.update(sent_at=timezone.now())
    return coming


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("name", "Now: "),
        ("street", "The address of "),
        ("town", "The address of "),
        ("how_to_find", "is described anew."),
    ],
)
def test_everybody_who_is_to_find_it_is_told(staff, runs, field, words) -> None:
    venue = runs[0].venue
    changed = answers(venue, **{field: "Nygata 4"})
    page = staff.post(address(venue), changed).content.decode()
    assert "2 people get an e-mail." in page
    assert "1 person must be rung" in page
    assert words in page
    assert all(str(run) in page for run in runs)
    assert Venue.objects.get(pk=venue.pk) == venue
    assert getattr(Venue.objects.get(pk=venue.pk), field) != "Nygata 4"
    staff.post(address(venue), changed | {TELL: "1"})
    assert getattr(Venue.objects.get(pk=venue.pk), field) == "Nygata 4"
    told = Letter.objects.filter(kind="changed")
    assert sorted(told.values_list("enrolment__run", flat=True)) == [
        runs[0].pk,
        runs[0].pk,
        runs[1].pk,
    ]


def test_slip_of_the_pen_is_corrected_silently_and_logged(staff, runs) -> None:
    venue = runs[0].venue
    staff.post(address(venue), answers(venue, street="Storgaten 1", **{SILENT: "1"}))
    assert Venue.objects.get(pk=venue.pk).street == "Storgaten 1"
    assert not Letter.objects.filter(kind="changed").exists()
    logged = Event.objects.filter(verb="changed_silently").order_by("subject_id")
    assert [each.subject_id for each in logged] == [run.pk for run in runs]


def test_going_back_keeps_what_was_written_and_saves_nothing(staff, runs) -> None:
    venue = runs[0].venue
    page = staff.post(address(venue), answers(venue, street="Nygata 4", **{CORRECT: "1"}))
    assert "Nothing has been saved yet." in page.content.decode()
    assert 'value="Nygata 4"' in page.content.decode()
    assert Venue.objects.get(pk=venue.pk).street == venue.street


@pytest.mark.parametrize("field", ["is_step_free", "has_hearing_loop", "has_quiet_room"])
def test_access_is_no_change_to_write_about(staff, runs, field) -> None:
    venue = runs[0].venue
    assert staff.post(address(venue), answers(venue, **{field: "on"})).status_code == 302
    assert not Letter.objects.filter(kind="changed").exists()


def test_nobody_is_asked_where_no_session_to_come_meets_there(staff, runs) -> None:
    venue, other = runs[0].venue, factories.make_venue()
    for run in runs:
        run.sessions.update(venue=other)
    assert staff.post(address(venue), answers(venue, street="Nygata 4")).status_code == 302
    assert staff.post(address(other), answers(other, street="Nygata 5")).status_code == 200


def test_new_venue(staff) -> None:
    data = {"name": "Kulturhuset", "town": "Hamar", "is_public": "on"}
    assert staff.post(reverse("admin:courses_venue_add"), data).status_code == 302
    assert Venue.objects.get().name == "Kulturhuset"


def test_statements_do_not_grow_with_the_people(runs) -> None:
    def cost() -> int:
        venue = Venue.objects.get(pk=runs[0].venue_id)
        with CaptureQueriesContext(connection) as captured:
            services.save_venue(
                venue=venue,
                fields={"street": f"Nygata {venue.street}"},
                announcement=services.Announcement.TELL,
                by=None,
            )
        Letter.objects.update(sent_at=timezone.now())
        return len(captured)

    few = cost()
    for _each in range(3):
        factories.enrol(runs[1], places=1)
    Letter.objects.update(sent_at=timezone.now())
    assert cost() == few
