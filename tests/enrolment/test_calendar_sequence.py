"""What makes an appointment newer than the one a calendar has, and what leaves it alone."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certificates import services as certificate_services
from certificates.services import Cell, Mark
from courses import services as course_services
from courses.models import CourseRun, CourseSession, Venue
from enrolment import links, services
from enrolment.admin.asking import TELL
from enrolment.links import Purpose
from enrolment.models import Enrolment
from tests import factories
from tests.enrolment.calendar_program import events_in
from tests.enrolment.run_page import address, answers, programme

pytestmark = pytest.mark.django_db


class Scene:
    """Two sessions, one place taken and one person waiting; a coordinator's browser."""

    def __init__(self) -> None:
        self.by: User = factories.make_coordinator()
        self.browser = Client()
        self.browser.force_login(self.by)
        start = timezone.localtime() + timedelta(days=10)
        start = start.replace(hour=12, minute=0, second=0, microsecond=0)
        run = factories.make_run(capacity=1, sessions=0)
        for week in range(2):
            factories.make_session(run, starts_at=start + timedelta(weeks=week))
        factories.get_college()
        course_services.publish(run=run)
        self.run = CourseRun.objects.get(pk=run.pk)
        self.session: CourseSession = self.run.sessions.order_by("pk")[0]
        self.placed = factories.enrol(self.run, places=1)
        self.waiting = factories.enrol(self.run)
        self.files = {
            enrolment.pk: reverse(
                "calendar", args=[links.enrolment_token(Purpose.CALENDAR, enrolment)]
            )
            for enrolment in (self.placed, self.waiting)
        }

    def numbers(self, enrolment: Enrolment) -> list[int]:
        """Of the appointments, in the order in which their sessions were made."""
        events = events_in(Client().get(self.files[enrolment.pk]).content)
        return [event["SEQUENCE"] for event in events]

    def saved_page(self, **changes: object) -> None:
        page = answers(self.run, **changes, **{TELL: "1"})
        assert self.browser.post(address(self.run), page).status_code == 302

    def saved_programme(self, **changes: object) -> None:
        page = answers(self.run, **changes, **{TELL: "1"})
        assert self.browser.post(programme(self.run), page).status_code == 302

    def saved_venue(self, **changes: object) -> None:
        venue = self.run.venue
        shown = {name: getattr(venue, name) for name in ("name", "street", "town", "how_to_find")}
        url = reverse("admin:courses_venue_change", args=[venue.pk])
        page = shown | {"is_public": "on", TELL: "1"} | changes
        assert self.browser.post(url, page).status_code == 302


def is_newer(scene: Scene, enrolment: Enrolment, change) -> list[bool]:
    before = scene.numbers(enrolment)
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        change(scene)
    after = scene.numbers(enrolment)
    assert len(after) == len(before) == 2
    return [new > old for new, old in zip(after, before, strict=True)]


def move_in_bulk(scene: Scene) -> None:
    sessions = list(scene.run.sessions.all())
    for each in sessions:
        each.starts_at += timedelta(hours=1)
        each.ends_at += timedelta(hours=1)
    CourseSession.objects.bulk_update(sessions, ["starts_at", "ends_at"])


def change_venue_by_verb(scene: Scene) -> None:
    edit = services.RunEdit({"venue": factories.make_venue()})
    services.save_run(run=scene.run, edit=edit, announcement=services.Announcement.TELL, by=None)


def cancel_session(scene: Scene) -> None:
    session = services.SessionEdit(scene.session.pk, is_cancelled=True)
    edit = services.RunEdit(sessions=[session])
    services.save_run(run=scene.run, edit=edit, announcement=services.Announcement.TELL, by=None)


def at_other_hours(scene: Scene) -> dict[str, str]:
    return {"sessions-0-begins": "14:00", "sessions-0-finishes": "16:00"}


THE_SESSION = {
    "page: another time": lambda s: s.saved_programme(**at_other_hours(s)),
    "page: another venue": lambda s: s.saved_programme(
        **{"sessions-0-venue": factories.make_venue().pk}
    ),
    "page: an online link": lambda s: s.saved_programme(
        **{"sessions-0-online_link": "https://video.example.org/rom"}
    ),
    "cancelled": cancel_session,
    "updated": lambda s: s.run.sessions.filter(pk=s.session.pk).update(
        ends_at=s.session.ends_at + timedelta(hours=1)
    ),
}
ALL_SESSIONS = {
    "moved in bulk": move_in_bulk,
    "page: the run's venue": lambda s: s.saved_page(venue=factories.make_venue().pk),
    "verb: the run's venue": change_venue_by_verb,
    "page: the venue's street": lambda s: s.saved_venue(street="Torget 2"),
    "page: the venue's name": lambda s: s.saved_venue(name="Kulturhuset"),
    "verb: the run is cancelled": lambda s: services.cancel_run(run=s.run, by=s.by),
    "verb: withdrawn": lambda s: services.withdraw(enrolment=s.placed),
}


def withdraw_and_undo(scene: Scene) -> None:
    services.withdraw(enrolment=scene.placed)
    scene.placed.refresh_from_db()
    services.undo_withdrawal(enrolment=scene.placed)


def sign_up_again(scene: Scene) -> None:
    services.withdraw(enrolment=scene.placed)
    student = scene.placed.student
    person = factories.make_person(name=student.name, email=student.email)
    services.enrol(run=scene.run, submission=uuid.uuid4(), person=person)


ALL_SESSIONS |= {"verb: undone": withdraw_and_undo, "verb: signed up again": sign_up_again}


@pytest.mark.parametrize("change", THE_SESSION.values(), ids=THE_SESSION)
def test_newer_where_the_session_has_changed(change):
    scene = Scene()
    assert is_newer(scene, scene.placed, change) == [True, False]


@pytest.mark.parametrize("change", ALL_SESSIONS.values(), ids=ALL_SESSIONS)
def test_newer_all_of_them(change):
    scene = Scene()
    assert is_newer(scene, scene.placed, change) == [True, True]


def call_gives_place(scene: Scene) -> None:
    with time_machine.travel(scene.session.starts_at - timedelta(hours=2), tick=False):
        services.withdraw(enrolment=scene.placed)
        services.record_call(enrolment=scene.waiting, outcome="yes", by=scene.by)


TO_A_PLACE = {
    "somebody withdraws": lambda s: services.withdraw(enrolment=s.placed),
    "there is more room": lambda s: services.set_capacity(run=s.run, capacity=2, by=s.by),
    "said yes on the phone": call_gives_place,
}


@pytest.mark.parametrize("change", TO_A_PLACE.values(), ids=TO_A_PLACE)
def test_newer_for_whoever_gets_a_place(change):
    scene = Scene()
    assert is_newer(scene, scene.waiting, change) == [True, True]


def mark_present(scene: Scene) -> None:
    with time_machine.travel(scene.session.starts_at, tick=False):
        cells = {scene.placed.student_id: Cell(Mark.UNMARKED, Mark.PRESENT)}
        certificate_services.save_register(
            run=scene.run, session=scene.session, cells=cells, by=scene.by
        )
        certificate_services.set_headcount(
            run=scene.run, session=scene.session, headcount=7, by=scene.by
        )


def message_to_all(scene: Scene) -> None:
    message = factories.make_message(scene.run)
    assert services.send_message(message=message, by=scene.by)


NOTHING = {
    "somebody signs up": lambda s: factories.enrol(s.run),
    "somebody who waits withdraws": lambda s: services.withdraw(enrolment=s.waiting),
    "there is more room": lambda s: services.set_capacity(run=s.run, capacity=2, by=s.by),
    "the register is kept": mark_present,
    "everybody gets a message": message_to_all,
    "another language": lambda s: services.use_language(student=s.placed.student, language="nn"),
    "page: saved as it stands": lambda s: s.saved_page(),
    "page: practical information": lambda s: s.saved_page(practical="Ta med innesko."),
}


@pytest.mark.parametrize("change", NOTHING.values(), ids=NOTHING)
def test_not_newer_where_nothing_has_changed_for_a_calendar(change):
    scene = Scene()
    assert is_newer(scene, scene.placed, change) == [False, False]


# The columns


def rows() -> dict[str, object]:
    session = factories.make_session(factories.make_run(sessions=0), venue=factories.make_venue())
    return {"session": session, "run": session.run, "venue": session.venue}


def ways_to_write(name: str) -> dict[str, object]:
    """The same value once more: that it was written is enough."""

    def update(row) -> None:
        type(row).objects.filter(pk=row.pk).update(**{name: getattr(row, name)})

    def bulk_update(row) -> None:
        type(row).objects.bulk_update([row], [name])

    def save(row) -> None:
        row.save(update_fields=[name])

    return {"update": update, "save": save} | (
        {} if name.endswith("_id") else {"bulk_update": bulk_update}
    )


COLUMNS = [
    (kind, name, way)
    for kind, model in {"session": CourseSession, "run": CourseRun, "venue": Venue}.items()
    for name in sorted(model.SHOWN_IN_CALENDARS)
    for way in ways_to_write(name)
]


@pytest.mark.parametrize(("kind", "name", "way"), COLUMNS)
def test_moment_of_the_change_is_written_with_the_column(kind, name, way):
    row = rows()[kind]
    later = datetime(2032, 1, 2, tzinfo=UTC)
    with time_machine.travel(later, tick=False):
        ways_to_write(name)[way](row)
    row.refresh_from_db()
    assert row.changed_at == later


@pytest.mark.parametrize(
    ("kind", "name"), [("session", "headcount"), ("run", "places_taken"), ("run", "waiting")]
)
def test_counters_leave_the_moment_alone(kind, name):
    row = rows()[kind]
    before = row.changed_at
    with time_machine.travel(datetime(2032, 1, 2, tzinfo=UTC), tick=False):
        for write in ways_to_write(name).values():
            write(row)
    row.refresh_from_db()
    assert row.changed_at == before
