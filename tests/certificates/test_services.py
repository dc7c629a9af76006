"""Issuing certificates."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from certificates import services
from certificates.models import Certificate, make_proof
from courses.models import CourseRun, Partner, TutorAssignment
from enrolment.models import Event, Student
from tests import factories
from tests.enrolment.test_races import at_once

pytestmark = pytest.mark.django_db


def make_held_run(*, sessions: int = 2, **fields) -> CourseRun:
    """A run whose sessions of two hours are over: 5 November 2026 and weekly from then on."""
    run = factories.make_published_run(sessions=sessions, **fields)
    for number, session in enumerate(run.sessions.all()):
        session.starts_at = factories.oslo(2025, 11, 5, 18) + timedelta(days=7 * number)
        session.ends_at = session.starts_at + timedelta(hours=2)
        session.save()
    return CourseRun.objects.get(pk=run.pk)


def be_there(run: CourseRun, *, name: str = "Kari Lie", sessions: int = 1, **fields) -> Student:
    """Somebody who was in the first sessions, and in none of the others."""
    student = factories.make_student(name=name, **fields)
    for number, session in enumerate(run.sessions.all()):
        student.attendances.create(session=session, is_present=number < sessions)
    return student


def test_everybody_who_was_there_once_gets_a_certificate():
    run = make_held_run(sessions=5)
    once, always = be_there(run, sessions=1), be_there(run, name="Åse Vik", sessions=5)
    be_there(run, name="Ole Dal", sessions=0)
    factories.make_student(name="Ida Moe")
    issued = services.issue(run=run, by=None)
    assert [(each.student, each.sessions_attended, each.hours) for each in issued] == [
        (once, 1, Decimal(2)),
        (always, 5, Decimal(10)),
    ]


def test_facts_are_those_of_the_sessions_taken_part_in():
    college = factories.make_college(certificate_wordings={"nb": "Takk for at du var med."})
    Partner.objects.create(name="Ås kommune")
    Partner.objects.create(name="A-larm Rogaland")
    Partner.objects.create(name="En samarbeidspartner", kind="partner")
    venue = factories.make_venue(name="Kulturhuset", town="Sandnes")
    run = make_held_run(
        sessions=3, venue=venue, with_pair=True, course=factories.make_course(discreet_title="Mot")
    )
    TutorAssignment.objects.all().delete()
    for name, role in (("Åse Vik", "peer"), ("Bo Ek", "professional"), ("Ærlend Li", "peer")):
        TutorAssignment.objects.create(run=run, tutor=factories.make_tutor(name=name), role=role)
    student = be_there(run, sessions=2, language="nn")
    user = factories.make_user()
    (issued,) = services.issue(run=run, by=user)
    certificate = Certificate.objects.get(pk=issued.pk)
    assert certificate.student == student
    assert certificate.name == "Kari Lie"
    assert certificate.title == "Mot"
    assert certificate.hours == Decimal("4.00")
    assert (certificate.first_on, certificate.last_on) == (date(2025, 11, 5), date(2025, 11, 12))
    assert certificate.place == "Kulturhuset, Sandnes"
    assert certificate.tutors == ["Bo Ek", "Ærlend Li", "Åse Vik"]
    assert certificate.college_name == college.name
    assert certificate.owners == [
        {"name": "A-larm Rogaland", "logo": ""},
        {"name": "Ås kommune", "logo": ""},
    ]
    assert certificate.wording == "Takk for at du var med."
    assert certificate.language == "nn"
    assert certificate.issued_by == user
    assert certificate.proof == make_proof(certificate.number, "kari  LIE")
    assert certificate.proof != make_proof(certificate.number, "Kari Li")


def test_issuing_twice_is_issuing_once():
    run = make_held_run()
    be_there(run)
    (first,) = services.issue(run=run, by=None)
    assert services.issue(run=run, by=None) == []
    assert list(Certificate.objects.all()) == [first]


def test_somebody_marked_later_gets_one_and_the_others_keep_theirs():
    run = make_held_run()
    be_there(run)
    services.issue(run=run, by=None)
    late = be_there(run, name="Åse Vik")
    assert [each.student for each in services.issue(run=run, by=None)] == [late]


def test_each_certificate_leaves_an_event():
    run = make_held_run()
    be_there(run)
    be_there(run, name="Åse Vik")
    user = factories.make_user()
    issued = services.issue(run=run, by=user)
    events = Event.objects.filter(verb="issued", subject="certificate", actor=user)
    assert {each.subject_id for each in events} == {each.pk for each in issued}


def test_walk_in_and_somebody_who_withdrew_get_one_too():
    run = make_held_run()
    student = factories.make_student()
    run.enrolments.create(
        student=student,
        status="withdrawn",
        withdrawn_at=timezone.now(),
        submission="00000000-0000-0000-0000-000000000001",
    )
    student.attendances.create(session=run.sessions.first(), is_present=True)
    walk_in = services.add_walk_in(run=run, session=run.sessions.first(), name="Kari Lie", by=None)
    issued = services.issue(run=run, by=None)
    assert {each.student for each in issued} == {student, walk_in}


def test_cancelled_run_gives_certificates_for_held_sessions():
    run = make_held_run()
    run.status, run.cancelled_at = "cancelled", timezone.now()
    run.save()
    be_there(run)
    assert len(services.issue(run=run, by=None)) == 1


def test_session_that_has_not_begun_counts_for_nobody():
    run = factories.make_published_run()
    be_there(run)
    assert services.issue(run=run, by=None) == []


def test_erased_student_gets_none():
    run = make_held_run()
    student = be_there(run)
    Student.objects.filter(pk=student.pk).update(name="", erased_at=timezone.now())
    assert services.issue(run=run, by=None) == []


def test_somebodys_home_is_told_by_its_town_only():
    home = factories.make_venue(name="Bofellesskapet", town="Time", is_public=False)
    run = make_held_run(entry="closed", venue=home)
    be_there(run)
    assert services.issue(run=run, by=None)[0].place == "Time"


def test_places_are_told_once_each_and_a_town_in_the_name_is_not_repeated():
    library = factories.make_venue(name="Sandnes bibliotek", town="Sandnes")
    hall = factories.make_venue(name="Folkets hus", town="Bryne")
    run = make_held_run(sessions=3, venue=library)
    run.sessions.filter(pk=run.sessions.last().pk).update(venue=hall)
    be_there(run, sessions=3)
    assert services.issue(run=run, by=None)[0].place == "Sandnes bibliotek · Folkets hus, Bryne"


@pytest.mark.parametrize("number", [1, 3])
def test_issuing_costs_the_same_for_any_number_of_people(number, django_assert_num_queries):
    run = make_held_run()
    for each in range(number):
        be_there(run, name=f"Student {each}")
    with django_assert_num_queries(13):
        assert len(services.issue(run=run, by=None)) == number


@pytest.mark.django_db(transaction=True)
def test_two_tutors_pressing_at_once_issue_once():
    run = make_held_run()
    for each in range(5):
        be_there(run, name=f"Student {each}")

    def press() -> list[Certificate]:
        return services.issue(run=run, by=None)

    results = at_once(press, press, press)
    assert sorted(len(result) for result in results) == [0, 0, 5]
    assert Certificate.objects.valid().count() == 5
