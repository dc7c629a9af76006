"""What happens while a run is locked: few statements, however many people, and nothing written."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import CourseRun, CourseSession
from enrolment import letters, services
from enrolment.models import Enrolment, Letter, Student
from enrolment.schedule_changes import programme
from tests import factories
from tests.enrolment.announcing import announce_change as announced

pytestmark = pytest.mark.django_db

IS_SQLITE = connection.vendor == "sqlite"


def fill_with(run: CourseRun, people: int, *, status: str) -> None:
    """So many people, told and untold, as rows: signing up each of them would take long."""
    now = timezone.now()
    made = Student.objects.bulk_create(
        Student(
            name=f"Student {run.pk} {each}",
            name_key=f"student {run.pk} {each}",
            email=f"student{each}@example.org",
            channel="email",
        )
        for each in range(people)
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            run=run,
            student=student,
            status=status,
            submission=uuid.uuid4(),
            enrolled_at=now,
            placed_at=now if status == "place" else None,
        )
        for student in made
    )
    Letter.objects.bulk_create(
        Letter(
            dedupe_key=f"{status}:{each.pk}",
            student_id=each.student_id,
            enrolment=each,
            kind=status,
            channel="email",
            owed_since=now,
            sent_at=now if number % 2 else None,
        )
        for number, each in enumerate(Enrolment.objects.filter(run=run).order_by("pk"))
    )
    taken = {"places_taken": people} if status == "place" else {"waiting": people}
    CourseRun.objects.filter(pk=run.pk).update(**taken)


def cancel(run: CourseRun, people: int) -> Callable[[], object]:
    fill_with(run, people, status="place")
    by = factories.make_user()
    return lambda: services.cancel_run(run=run, by=by)


def announce_change(run: CourseRun, people: int) -> Callable[[], object]:
    fill_with(run, people, status="place")
    by, before = factories.make_user(), programme(run)
    CourseSession.objects.filter(run=run).update(ends_at=run.starts_at + timedelta(hours=4))
    return lambda: announced(run=run, by=by, before=before)


def make_room(run: CourseRun, people: int) -> Callable[[], object]:
    CourseRun.objects.filter(pk=run.pk).update(capacity=1)
    run.refresh_from_db()
    fill_with(run, people, status="waiting")
    return lambda: services.set_capacity(run=run, capacity=people)


def withdraw(run: CourseRun, people: int) -> Callable[[], object]:
    """Somebody goes, and whoever has waited has room: the queue moves up as far as it reaches."""
    first = factories.enrol(run)
    fill_with(run, people, status="waiting")
    CourseRun.objects.filter(pk=run.pk).update(capacity=people, places_taken=1)
    return lambda: services.withdraw(enrolment=first)


def statements(
    what: Callable[[CourseRun, int], Callable[[], object]], people: int, monkeypatch
) -> int:
    """How many statements it takes, while nothing may be rendered."""
    done = what(factories.make_published_run(capacity=400), people)

    def rendered(*arguments: object, **named: object) -> str:
        assert not connection.in_atomic_block, "rendered in a transaction"
        return ""

    with (
        monkeypatch.context() as patched,
        CaptureQueriesContext(
            connection,
        ) as captured,
    ):
        patched.setattr(letters, "render_to_string", rendered)
        patched.setattr(Template, "render", rendered)
        done()
    return len(captured)


# What four people cost. On PostgreSQL the same holds for any number; SQLite takes some thousand
# values in one statement, and a letter or an event has many.
CONSTANT = {cancel: 13, announce_change: 17, make_room: 20, withdraw: 18}
ON_SQLITE_MORE = {cancel: (2, 10), announce_change: (1, 5), make_room: (2, 11), withdraw: (2, 11)}


@pytest.mark.parametrize("what", CONSTANT, ids=lambda verb: verb.__name__)
def test_statements_do_not_grow_with_the_people(what, monkeypatch):
    found = [statements(what, people, monkeypatch) for people in (1, 4, 70, 300)]
    constant = CONSTANT[what]
    for_70, for_300 = ON_SQLITE_MORE[what] if IS_SQLITE else (0, 0)
    assert found[0] <= constant
    assert found[1:] == [constant, constant + for_70, constant + for_300]


def sends_everything(run: CourseRun) -> None:
    services.send_due()


def changes(run: CourseRun) -> None:
    before = programme(run)
    CourseSession.objects.filter(run=run).update(ends_at=run.starts_at + timedelta(hours=4))
    announced(run=run, by=factories.make_user(), before=before)


def makes_room(run: CourseRun) -> None:
    services.set_capacity(run=run, capacity=2)


def withdraws(run: CourseRun) -> None:
    services.withdraw(enrolment=Enrolment.objects.live().filter(run=run).first())


def undoes(run: CourseRun) -> None:
    withdrawn = Enrolment.objects.filter(run=run, status="withdrawn").first()
    services.undo_withdrawal(enrolment=withdrawn)


def cancels(run: CourseRun) -> None:
    services.cancel_run(run=run, by=factories.make_user())


@pytest.mark.django_db(transaction=True)
def test_nothing_is_rendered_in_a_transaction(post, monkeypatch):
    """Neither where letters are owed nor where they are written and sent."""
    rendered, render = [], Template.render

    def outside_any_transaction(template: Template, context: Context) -> str:
        assert not connection.in_atomic_block
        rendered.append(template)
        return render(template, context)

    monkeypatch.setattr(Template, "render", outside_any_transaction)
    run = factories.make_published_run(capacity=1)
    for _each in range(3):
        factories.enrol(run)
    for happens in (changes, sends_everything, makes_room, withdraws, undoes, cancels):
        happens(CourseRun.objects.get(pk=run.pk))
        services.send_due()
    assert len(post.got) > 6
    assert rendered
