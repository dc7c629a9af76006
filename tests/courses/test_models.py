from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses import queries
from courses.models import (
    Availability,
    College,
    CourseDeveloper,
    CourseRun,
    CourseSession,
    PairRole,
    TutorAssignment,
)
from courses.models.catalogue import is_pair
from tests.factories import (
    make_college,
    make_course,
    make_published_run,
    make_run,
    make_semester,
    make_session,
    make_tutor,
    make_venue,
)

pytestmark = pytest.mark.django_db


def refused_by_the_database(**fields: object) -> None:
    run = make_run()
    with pytest.raises(IntegrityError), transaction.atomic():
        CourseRun.objects.filter(pk=run.pk).update(**fields)


def test_there_is_one_college():
    make_college()
    with pytest.raises(IntegrityError), transaction.atomic():
        College.objects.create(id=2, name="En til", phone="1", email="a@example.org")


@pytest.mark.parametrize(
    "fields",
    [
        {"places_taken": 13},
        {"capacity": None},
        {"capacity": 0},
        {"entry": "drop_in"},
        {"entry": "drop_in", "capacity": None, "waiting": 1},
        {"entry": "drop_in", "capacity": None, "places_taken": 1},
        {"status": "published"},
    ],
)
def test_database_refuses_runs_that_cannot_be(fields):
    refused_by_the_database(**fields)


@pytest.mark.parametrize("counter", ["places_taken", "waiting"])
def test_counters_are_never_negative(counter):
    refused_by_the_database(**{counter: -1})


def test_semester_is_there_once_and_ends_after_it_starts():
    semester = make_semester(year=2026, term="spring")
    assert semester.slug == "2026-var"
    with pytest.raises(IntegrityError), transaction.atomic():
        make_semester(year=2026, term="spring")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_semester(year=2027, ends_on=timezone.localdate() - timedelta(days=90))


def test_session_ends_after_it_starts():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_session(make_run(), hours=-1)


PEER, PROFESSIONAL = PairRole.PEER, PairRole.PROFESSIONAL


@pytest.mark.parametrize(
    ("members", "answer"),
    [
        ([], False),
        ([(1, PEER)], False),
        ([(1, PEER), (2, PEER)], False),
        ([(1, PEER), (1, PROFESSIONAL)], False),
        ([(1, PEER), (2, PROFESSIONAL)], True),
        ([(1, PEER), (1, PROFESSIONAL), (2, PEER)], True),
    ],
)
def test_pair_is_two_different_people(members, answer):
    assert is_pair(members) == answer


def test_a_person_counts_in_one_role():
    run, course, tutor = make_run(), make_course(), make_tutor()
    TutorAssignment.objects.create(run=run, tutor=tutor, role=PEER)
    CourseDeveloper.objects.create(course=course, tutor=tutor, role=PEER)
    with pytest.raises(IntegrityError), transaction.atomic():
        TutorAssignment.objects.create(run=run, tutor=tutor, role=PROFESSIONAL)
    with pytest.raises(IntegrityError), transaction.atomic():
        CourseDeveloper.objects.create(course=course, tutor=tutor, role=PROFESSIONAL)


def test_tutors_are_shown_alphabetically():
    run = make_run(with_pair=False)
    for name, role in [("Ågot", PEER), ("Berit", PROFESSIONAL), ("Anne", PEER)]:
        TutorAssignment.objects.create(run=run, tutor=make_tutor(name=name), role=role)
    assert [tutor.name for tutor in run.tutors_as_equals] == ["Anne", "Berit", "Ågot"]


class TestPublic:
    def test_draft_is_not(self):
        run = make_run()
        assert not run.is_public
        assert not CourseRun.objects.public().exists()
        assert not queries.public_courses().exists()

    def test_published_is_and_stays_so_when_cancelled(self):
        run = make_published_run()
        CourseRun.objects.update(status="cancelled", cancelled_at=timezone.now())
        run.refresh_from_db()
        assert run.is_public
        assert list(CourseRun.objects.public()) == [run]
        assert list(queries.public_courses()) == [run.course]

    def test_closed_is_not(self):
        run = make_published_run(entry="closed")
        assert not run.is_public
        assert not CourseRun.objects.public().exists()

    def test_open_run_at_a_private_venue_is_refused(self):
        run = make_published_run()
        run.venue = make_venue(is_public=False)
        with pytest.raises(ValidationError):
            run.full_clean()

    def test_session_of_an_open_run_at_a_private_venue_is_refused(self):
        run = make_published_run()
        session = run.sessions.get()
        session.venue = make_venue(is_public=False)
        with pytest.raises(ValidationError):
            session.full_clean()
        CourseSession.objects.filter(pk=session.pk).update(venue=session.venue)
        with pytest.raises(ValidationError):
            CourseRun.objects.get(pk=run.pk).full_clean()

    def test_closed_run_may_be_at_a_private_venue(self):
        run = make_published_run(entry="closed", venue=make_venue(is_public=False))
        run.full_clean()


class TestAvailability:
    def test_room(self):
        assert make_published_run().availability() == Availability.ROOM

    def test_waiting_list_when_full(self):
        run = make_published_run(capacity=2)
        run.places_taken = 2
        assert run.availability() == Availability.WAITING_LIST

    def test_waiting_list_when_somebody_waits_for_two_places(self):
        run = make_published_run(capacity=2)
        run.places_taken, run.waiting = 1, 1
        assert run.availability() == Availability.WAITING_LIST

    def test_drop_in(self):
        assert make_published_run(entry="drop_in").availability() == Availability.DROP_IN

    def test_opens_later(self):
        run = make_published_run(enrolment_opens_at=timezone.now() + timedelta(days=1))
        assert run.availability() == Availability.OPENS_LATER

    def test_under_way_from_the_first_session(self):
        run = make_published_run(in_days=-1, sessions=2)
        assert run.availability() == Availability.UNDER_WAY

    def test_under_way_though_sign_up_closed_before(self):
        closed = timezone.now() - timedelta(days=3)
        run = make_published_run(in_days=-1, sessions=2, enrolment_closes_at=closed)
        assert run.availability() == Availability.UNDER_WAY

    def test_closed_when_the_window_is_over(self):
        run = make_published_run(enrolment_closes_at=timezone.now() - timedelta(minutes=1))
        assert run.availability() == Availability.CLOSED

    def test_held(self):
        assert make_published_run(in_days=-2).availability() == Availability.HELD

    def test_cancelled_also_when_its_days_are_over(self):
        run = make_published_run(in_days=-2)
        run.status = CourseRun.Status.CANCELLED
        assert run.availability() == Availability.CANCELLED


class TestWaitingListClose:
    def test_is_a_day_before_the_first_session(self):
        run = make_published_run(sessions=2)
        assert run.queue_closes_at == run.starts_at - timedelta(hours=24)
        assert run.fills_by_itself(run.queue_closes_at - timedelta(seconds=1))
        assert not run.fills_by_itself(run.queue_closes_at)

    def test_can_be_set(self):
        moment = timezone.now() + timedelta(days=3)
        run = make_published_run(waiting_list_closes_at=moment)
        assert run.queue_closes_at == moment


@pytest.mark.parametrize("number", [1, 3])
def test_programme_of_many_runs_takes_four_queries(number, django_assert_num_queries):
    for _each in range(number):
        make_published_run(sessions=2)
    with django_assert_num_queries(4):
        for run in CourseRun.objects.with_programme():
            assert run.starts_at
            assert run.tutors_as_equals
            assert [session.place for session in run.sessions.all()]
            assert run.availability()


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("municipalities", "refusal"),
    [
        ("Fjordvik\n\n Nes ", None),
        ("Nes\nnes", "municipalities"),
        ("Fjordvik, " * 6 + "Nes", "municipalities"),
    ],
)
def test_each_municipality_is_an_answer_of_its_own(municipalities, refusal):
    college = College(sender_name="Skolen", municipalities=municipalities)
    if refusal is None:
        college.clean()
        assert college.municipality_lines == ["Fjordvik", "Nes"]
    else:
        with pytest.raises(ValidationError) as refused:
            college.clean()
        assert [*refused.value.message_dict] == [refusal]
