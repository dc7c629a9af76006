"""The register: who attended."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from certificates import services as certificate_services
from certificates.models import Attendance
from certificates.queries import students_on_list_of
from certificates.services import Cell, Mark
from courses.models import CourseRun, CourseSession
from enrolment import services
from enrolment.models import Event, Student
from tests import factories
from tests.enrolment.test_races import at_once

pytestmark = pytest.mark.django_db

UNMARKED, PRESENT, ABSENT = Mark.UNMARKED, Mark.PRESENT, Mark.ABSENT


def make_begun_run(*, people: int = 1, sessions: int = 1, **fields) -> CourseRun:
    """A run that people signed up for, and whose first session began an hour ago."""
    run = factories.make_published_run(sessions=sessions, **fields)
    for _each in range(people):
        factories.enrol(run)
    for number, session in enumerate(run.sessions.all()):
        session.starts_at = timezone.now() + timedelta(hours=-1, days=7 * number)
        session.ends_at = session.starts_at + timedelta(hours=2)
        session.save()
    return CourseRun.objects.get(pk=run.pk)


def students_of(run: CourseRun) -> list[Student]:
    return [enrolment.student for enrolment in run.enrolments.select_related("student")]


def save(run: CourseRun, cells: dict[Student, tuple[Mark, Mark]], **fields):
    values = {
        "run": run,
        "session": run.sessions.first(),
        "cells": {student.pk: Cell(*cell) for student, cell in cells.items()},
        "by": None,
    } | fields
    return certificate_services.save_register(**values)


def marks_of(session: CourseSession) -> dict[int, Mark]:
    return {row.student_id: Mark.of(row) for row in session.attendances.all()}


def test_marks_are_written():
    run = make_begun_run(people=3)
    here, away, unsaid = students_of(run)
    saved = save(
        run,
        {
            here: (UNMARKED, PRESENT),
            away: (UNMARKED, ABSENT),
            unsaid: (UNMARKED, UNMARKED),
        },
    )
    assert marks_of(run.sessions.first()) == {here.pk: PRESENT, away.pk: ABSENT}
    assert (saved.changed, saved.overwritten) == (2, [])


def test_saving_twice_is_saving_once():
    run = make_begun_run()
    (student,) = students_of(run)
    save(run, {student: (UNMARKED, PRESENT)})
    events = Event.objects.count()
    saved = save(run, {student: (UNMARKED, PRESENT)})
    assert (saved.changed, saved.overwritten) == (0, [])
    assert Attendance.objects.count() == 1
    assert Event.objects.count() == events


def test_two_tutors_with_the_same_page_lose_nothing_of_each_others():
    run = make_begun_run(people=2)
    first, second = students_of(run)
    save(run, {first: (UNMARKED, PRESENT), second: (UNMARKED, UNMARKED)})
    saved = save(run, {first: (UNMARKED, UNMARKED), second: (UNMARKED, ABSENT)})
    assert marks_of(run.sessions.first()) == {first.pk: PRESENT, second.pk: ABSENT}
    assert saved.overwritten == []


def test_last_one_wins_a_cell_that_both_changed_and_is_told():
    run = make_begun_run()
    (student,) = students_of(run)
    save(run, {student: (UNMARKED, PRESENT)})
    saved = save(run, {student: (UNMARKED, ABSENT)})
    assert marks_of(run.sessions.first()) == {student.pk: ABSENT}
    assert saved.overwritten == [student]


def test_mark_can_be_changed_and_taken_away():
    run = make_begun_run()
    (student,) = students_of(run)
    save(run, {student: (UNMARKED, PRESENT)})
    save(run, {student: (PRESENT, ABSENT)})
    assert marks_of(run.sessions.first()) == {student.pk: ABSENT}
    save(run, {student: (ABSENT, UNMARKED)})
    assert marks_of(run.sessions.first()) == {}
    assert Student.objects.filter(pk=student.pk).exists()


def test_each_change_leaves_an_event_without_a_value():
    run = make_begun_run(people=2)
    first, second = students_of(run)
    user = factories.make_user()
    save(run, {first: (UNMARKED, PRESENT), second: (UNMARKED, ABSENT)}, by=user)
    save(run, {first: (PRESENT, UNMARKED)}, by=user)
    events = Event.objects.filter(actor=user).order_by("pk")
    assert [(each.verb, each.subject) for each in events] == [
        ("marked", "attendance"),
        ("marked", "attendance"),
        ("unmarked", "attendance"),
    ]


def test_somebody_who_is_not_on_the_list_is_passed_over():
    run = make_begun_run()
    stranger = factories.make_student()
    assert save(run, {stranger: (UNMARKED, PRESENT)}).changed == 0
    assert Attendance.objects.count() == 0


def test_somebody_who_waits_is_not_on_the_list():
    run = make_begun_run(people=2, capacity=1)
    placed, _waiting = students_of(run)
    assert list(students_on_list_of(run)) == [placed]


def test_somebody_who_withdrew_after_a_session_stays_on_the_list():
    run = make_begun_run(sessions=2)
    (student,) = students_of(run)
    save(run, {student: (UNMARKED, PRESENT)})
    services.withdraw(enrolment=run.enrolments.get())
    assert list(students_on_list_of(run)) == [student]


def test_session_of_another_run_is_refused():
    run, other = make_begun_run(), make_begun_run()
    with pytest.raises(certificate_services.NotInThisRun):
        save(run, {}, session=other.sessions.first())


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        (factories.oslo(2026, 11, 4, 23, 59), False),
        (factories.oslo(2026, 11, 5, 0, 1), True),  # the day itself
        (factories.oslo(2027, 1, 5), True),
    ],
)
def test_session_can_be_marked_from_its_day_on(now, allowed):
    run = factories.make_published_run()
    session = run.sessions.get()
    session.starts_at = factories.oslo(2026, 11, 5, 18)
    session.ends_at = factories.oslo(2026, 11, 5, 20)
    assert session.can_be_marked(now) is allowed


def test_session_soon_after_midnight_can_be_marked_two_hours_before():
    run = factories.make_published_run()
    session = run.sessions.get()
    session.starts_at = factories.oslo(2026, 11, 5, 0, 30)
    assert session.can_be_marked(factories.oslo(2026, 11, 4, 22, 31))
    assert not session.can_be_marked(factories.oslo(2026, 11, 4, 22, 29))


def test_coming_session_refuses_marks_names_and_headcount():
    run = make_begun_run(sessions=2)
    (student,) = students_of(run)
    coming = run.sessions.last()
    with pytest.raises(certificate_services.SessionNotBegun):
        save(run, {student: (UNMARKED, PRESENT)}, session=coming)
    with pytest.raises(certificate_services.SessionNotBegun):
        certificate_services.add_walk_in(run=run, session=coming, name="Kari Lie", by=None)
    with pytest.raises(certificate_services.SessionNotBegun):
        certificate_services.set_headcount(run=run, session=coming, headcount=4, by=None)


def test_cancelled_run_keeps_the_register_of_held_sessions_only():
    run = make_begun_run(sessions=2)
    (student,) = students_of(run)
    services.cancel_run(run=run, by=None)
    assert save(run, {student: (UNMARKED, PRESENT)}).changed == 1
    with (
        time_machine.travel(timezone.now() + timedelta(days=8)),
        pytest.raises(certificate_services.SessionNotBegun),
    ):
        save(run, {student: (UNMARKED, PRESENT)}, session=run.sessions.last())


def test_walk_in_is_on_the_list_and_moves_no_counter():
    run = make_begun_run(capacity=1)
    student = certificate_services.add_walk_in(
        run=run, session=run.sessions.get(), name="  Kari   Lie ", by=None
    )
    run.refresh_from_db()
    assert student.name == "Kari Lie"
    assert marks_of(run.sessions.get()) == {student.pk: PRESENT}
    assert (run.places_taken, run.waiting) == (1, 0)
    assert student in students_on_list_of(run)
    assert not student.can_be_reached


def test_same_name_twice_adds_once():
    run = make_begun_run()
    session = run.sessions.get()
    student = certificate_services.add_walk_in(run=run, session=session, name="Kari Lie", by=None)
    with pytest.raises(certificate_services.AlreadyOnList) as refusal:
        certificate_services.add_walk_in(run=run, session=session, name="kari  LIE", by=None)
    assert refusal.value.student == student
    assert Attendance.objects.count() == 1


def test_name_of_somebody_with_a_place_is_on_the_list_already():
    run = make_begun_run()
    (student,) = students_of(run)
    with pytest.raises(certificate_services.AlreadyOnList):
        certificate_services.add_walk_in(
            run=run, session=run.sessions.get(), name=student.name, by=None
        )


def test_same_name_on_another_run_is_another_student():
    runs = [make_begun_run(), make_begun_run()]
    added = {
        certificate_services.add_walk_in(
            run=run, session=run.sessions.get(), name="Kari Lie", by=None
        ).pk
        for run in runs
    }
    assert len(added) == 2


@pytest.mark.parametrize("name", ["", "   ", "Kari 01010750160", "K" * 101])
def test_name_that_is_empty_long_or_holds_an_identity_number_is_refused(name):
    run = make_begun_run()
    with pytest.raises(ValidationError):
        certificate_services.add_walk_in(run=run, session=run.sessions.get(), name=name, by=None)
    assert Attendance.objects.count() == 0


def test_misheard_name_goes_with_its_last_mark():
    run = make_begun_run()
    student = certificate_services.add_walk_in(
        run=run, session=run.sessions.get(), name="Kåre", by=None
    )
    save(run, {student: (PRESENT, UNMARKED)})
    assert not Student.objects.filter(pk=student.pk).exists()


@pytest.mark.parametrize(
    "contact",
    [
        {"channel": "email", "email": "kare@example.org"},
        {"channel": "phone", "phone": "+4790123456"},
        {"channel": "paper", "postal_address": "Storgata 1, 4306 Sandnes"},
    ],
)
def test_misheard_name_stays_where_somebody_can_be_reached_by_it(contact):
    run = make_begun_run()
    student = certificate_services.add_walk_in(
        run=run, session=run.sessions.get(), name="Kåre", by=None
    )
    services.change_contact(student=student, by=None, **contact)
    save(run, {student: (PRESENT, UNMARKED)})
    assert Student.objects.filter(pk=student.pk).exists()


def test_misheard_name_stays_where_it_has_another_mark():
    run = make_begun_run(sessions=2)
    first, second = run.sessions.order_by("pk")
    second.starts_at = timezone.now() - timedelta(minutes=30)
    second.save()
    student = certificate_services.add_walk_in(run=run, session=first, name="Kåre", by=None)
    save(run, {student: (UNMARKED, ABSENT)}, session=second)
    save(run, {student: (PRESENT, UNMARKED)}, session=first)
    assert Student.objects.filter(pk=student.pk).exists()


def test_headcount_is_written_once_and_can_be_emptied():
    run = make_begun_run(people=0, entry="drop_in")
    session = run.sessions.get()
    for headcount in (14, 14, None):
        certificate_services.set_headcount(run=run, session=session, headcount=headcount, by=None)
    session.refresh_from_db()
    assert session.headcount is None
    assert Event.objects.filter(verb="counted").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_tutors_who_save_in_the_same_moment_keep_each_others_marks():
    run = make_begun_run(people=6)
    students = students_of(run)
    at_once(
        lambda: save(run, dict.fromkeys(students[:3], (UNMARKED, PRESENT))),
        lambda: save(run, dict.fromkeys(students[3:], (UNMARKED, ABSENT))),
    )
    assert marks_of(run.sessions.get()) == {
        **{student.pk: PRESENT for student in students[:3]},
        **{student.pk: ABSENT for student in students[3:]},
    }


@pytest.mark.django_db(transaction=True)
def test_button_pressed_twice_adds_one_person():
    run = make_begun_run(people=0)

    def add() -> Student:
        return certificate_services.add_walk_in(
            run=run, session=run.sessions.get(), name="Kari", by=None
        )

    at_once(add, add)
    assert Student.objects.filter(name="Kari").count() == 1
