"""Many at once, each over a connection of its own: what the lock on the run's row is for."""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from certificates import services as certificate_services
from certificates.models import Attendance, Certificate
from courses import services as course_services
from courses.models import Course, CourseRun
from enrolment import services
from enrolment.admin.runs import RunAdmin
from enrolment.models import Enrolment, Letter, Message, Student
from enrolment.services import Outcome, WhenOneLeft
from recoverycollege.people import merging
from tests.enrolment import invariants
from tests.enrolment.run_page import address, answers
from tests.factories import (
    enrol,
    make_coordinator,
    make_message,
    make_person,
    make_published_run,
    make_run,
    make_semester,
    make_student,
    make_user,
    make_venue,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """What each job returned or raised, all of them let go in the same moment."""
    barrier = threading.Barrier(len(jobs))
    results: list[object] = [None] * len(jobs)

    def work(number: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            results[number] = jobs[number]()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[number]) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
    return results


def signing_up(run: CourseRun, **fields: object) -> Callable[[], object]:
    values = {"run": run, "submission": uuid.uuid4(), "person": make_person()} | fields
    return lambda: services.enrol(**values)


def outcomes(results: list[object]) -> Counter[str]:
    return Counter(
        str(result.outcome) if isinstance(result, services.Answer) else repr(result)
        for result in results
    )


@pytest.mark.parametrize("people", [2, 10])
def test_last_place_goes_to_one(people):
    run = make_published_run(capacity=1)
    results = at_once(*[signing_up(run) for _each in range(people)])
    assert outcomes(results) == {"place": 1, "registered": people - 1}
    run.refresh_from_db()
    assert (run.places_taken, run.waiting) == (1, people - 1)
    assert Enrolment.objects.order_by("pk").first().has_place
    invariants.check_all()


def test_ten_meet_a_part_of_the_room_in_pairs_and_alone():
    run = make_published_run(capacity=5)
    results = at_once(
        *[
            signing_up(run, places=1 + number % 2, when_one_left=WhenOneLeft.WAIT)
            for number in range(10)
        ]
    )
    assert set(outcomes(results)) == {"place", "registered"}
    invariants.check_all()
    placed = Enrolment.objects.filter(run=run, status="place").values_list("pk", flat=True)
    waiting = Enrolment.objects.filter(run=run, status="waiting").values_list("pk", flat=True)
    assert max(placed) < min(waiting)


@pytest.mark.parametrize("presses", [2, 8])
def test_one_submission_sent_many_times_at_once_is_one_enrolment(presses):
    run = make_published_run(capacity=1)
    fields = {"submission": uuid.uuid4(), "person": make_person()}
    results = at_once(*[signing_up(run, **fields) for _each in range(presses)])
    assert outcomes(results) == {"place": presses}
    assert Letter.objects.count() == 1
    invariants.check_all()


def test_same_person_from_two_windows_is_one_enrolment():
    run = make_published_run(capacity=2)
    person = make_person()
    results = at_once(signing_up(run, person=person), signing_up(run, person=person))
    assert outcomes(results) == {"place": 2}
    assert Enrolment.objects.count() == 1
    invariants.check_all()


@pytest.mark.parametrize("contact", [{}, {"email": "", "phone": "+4799999901"}])
def test_same_new_person_on_two_runs_at_once_is_one_student(contact):
    runs = [make_published_run(), make_published_run()]
    person = make_person(**contact)
    results = at_once(*[signing_up(run, person=person) for run in runs])
    assert outcomes(results) == {"place": 2}
    assert Student.objects.count() == 1
    assert {row.run_id for row in Enrolment.objects.all()} == {run.pk for run in runs}
    invariants.check_all()


def test_place_given_back_while_somebody_signs_up_goes_to_the_queue():
    run = make_published_run(capacity=1)
    first, second = enrol(run), enrol(run)
    results = at_once(lambda: services.withdraw(enrolment=first), signing_up(run))
    assert isinstance(results[0], Enrolment)
    assert outcomes(results[1:]) == {"registered": 1}
    assert Enrolment.objects.get(pk=second.pk).has_place
    invariants.check_all()


def test_place_given_back_twice_at_once_is_given_back_once():
    run = make_published_run(capacity=1)
    first, *_others = enrol(run), enrol(run), enrol(run)
    at_once(*[lambda: services.withdraw(enrolment=first)] * 4)
    run.refresh_from_db()
    assert (run.places_taken, run.waiting) == (1, 1)
    invariants.check_all()


def test_withdrawal_undone_twice_at_once_is_one_enrolment():
    run = make_published_run(capacity=1)
    first = enrol(run)
    services.withdraw(enrolment=first)
    results = at_once(*[lambda: services.undo_withdrawal(enrolment=first)] * 2)
    assert outcomes(results) == {"place": 2}
    assert Enrolment.objects.live().count() == 1
    invariants.check_all()


def test_capacity_raised_while_people_sign_up():
    run = make_published_run(capacity=1)
    enrol(run), enrol(run)
    results = at_once(
        lambda: services.set_capacity(run=run, capacity=3), signing_up(run), signing_up(run)
    )
    assert sum(outcomes(results[1:]).values()) == 2
    run.refresh_from_db()
    assert (run.capacity, run.places_taken, run.waiting) == (3, 3, 1)
    invariants.check_all()


def test_capacity_lowered_while_somebody_signs_up_stays_above_the_places_taken():
    run = make_published_run(capacity=2)
    enrol(run)
    lowered, signed_up = at_once(
        lambda: services.set_capacity(run=run, capacity=1), signing_up(run)
    )
    run.refresh_from_db()
    if isinstance(lowered, services.CapacityBelowPlaces):
        assert signed_up.outcome == Outcome.PLACE
        assert (run.capacity, run.places_taken, run.waiting) == (2, 2, 0)
    else:
        assert signed_up.outcome == Outcome.REGISTERED
        assert (run.capacity, run.places_taken, run.waiting) == (1, 1, 1)
    invariants.check_all()


def test_run_cancelled_while_people_sign_up_tells_everybody_who_got_in():
    run = make_published_run(capacity=2)
    staff = make_user()
    results = at_once(
        lambda: services.cancel_run(run=run, by=staff), *[signing_up(run) for _each in range(4)]
    )
    told, answers = results[0], results[1:]
    got_in = [each for each in answers if isinstance(each, services.Answer)]
    assert len(got_in) == told == Letter.objects.filter(kind="cancelled").count()
    assert all(isinstance(each, services.Answer | services.RunCancelled) for each in answers)
    invariants.check_all()


def test_saving_a_run_while_people_sign_up_loses_no_place():
    run = make_published_run(capacity=9)
    edit = services.RunEdit({"practical": "Ta med matpakke."})
    at_once(
        lambda: services.save_run(run=run, edit=edit, by=None),
        *[signing_up(run) for _each in range(4)],
    )
    run.refresh_from_db()
    assert (run.practical, run.places_taken) == ("Ta med matpakke.", 4)
    invariants.check_all()


def test_sign_up_between_the_read_and_the_write_of_the_admins_save_keeps_its_place(monkeypatch):
    """The page's save holds the run's lock from its read on: whoever signs up waits for it."""
    run = make_published_run(capacity=2)
    staff = Client()
    staff.force_login(make_coordinator())
    data = answers(run, contact_name="Kari")
    has_read, save_model = threading.Event(), RunAdmin.save_model
    order = []

    def slowly(self, request, obj, form, change):
        has_read.set()
        threading.Event().wait(0.5)
        save_model(self, request, obj, form, change)
        order.append("saved")

    def somebody() -> services.Answer:
        assert has_read.wait(timeout=60)
        answer = services.enrol(run=run, submission=uuid.uuid4(), person=person)
        order.append("signed up")
        return answer

    monkeypatch.setattr(RunAdmin, "save_model", slowly)
    person = make_person()
    page, answer = at_once(lambda: staff.post(address(run), data), somebody)
    assert (page.status_code, answer.outcome) == (302, Outcome.PLACE)
    assert order == ["saved", "signed up"]
    run.refresh_from_db()
    assert (run.contact_name, run.places_taken, run.status) == ("Kari", 1, "published")
    invariants.check_all()


def test_somebody_waits_for_the_lock_until_the_one_before_has_finished():
    """The lock is held to the end of the transaction, not only while the row is read."""
    run = make_published_run(capacity=1)
    has_lock, order = threading.Event(), []

    def slowly() -> None:
        with transaction.atomic():
            services.enrol(run=run, submission=uuid.uuid4(), person=slow_person)
            has_lock.set()
            threading.Event().wait(0.5)
            order.append("slow")

    def quickly() -> services.Answer:
        assert has_lock.wait(timeout=60)
        answer = services.enrol(run=run, submission=uuid.uuid4(), person=quick_person)
        order.append("quick")
        return answer

    slow_person, quick_person = make_person(), make_person()
    _slow, quick = at_once(slowly, quickly)
    assert order == ["slow", "quick"]
    assert quick.outcome == Outcome.REGISTERED


@pytest.mark.postgres
@pytest.mark.parametrize("changed", ["venue", "semester"])
def test_whoever_waited_for_the_lock_reads_the_venue_and_semester_of_now(changed):
    """A join in the statement that locks would bring the rows of before, or none at all."""
    run = make_published_run()
    new = make_venue() if changed == "venue" else make_semester(year=2031)
    is_locked, may_read = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            course_services.lock_run(run.pk)
            is_locked.set()
            assert may_read.wait(timeout=60)
            time.sleep(0.3)
            services.save_run(run=run, edit=services.RunEdit({changed: new}), by=None)

    def read() -> object:
        assert is_locked.wait(timeout=60)
        may_read.set()
        with transaction.atomic():
            return getattr(course_services.lock_run(run.pk), changed)

    assert at_once(change, read) == [None, new]


@pytest.mark.postgres
def test_a_first_run_is_not_published_while_its_course_loses_a_developer():
    run = make_published_run()
    CourseRun.objects.filter(pk=run.pk).update(status="draft", published_at=None)
    course = Course.objects.get(pk=run.course_id)
    is_locked, may_go_on = threading.Event(), threading.Event()

    def remove() -> None:
        with transaction.atomic():
            course_services.lock_course(course.pk)
            is_locked.set()
            assert may_go_on.wait(timeout=60)
            time.sleep(0.3)
            course.coursedeveloper_set.filter(role="peer").delete()
            course_services.check_pairs(course=course)

    def publish() -> None:
        assert is_locked.wait(timeout=60)
        may_go_on.set()
        course_services.publish(run=run)

    removed, refusal = at_once(remove, publish)
    assert removed is None
    assert isinstance(refusal, course_services.NotPublishable)


def test_message_sent_by_two_at_once_is_sent_once():
    run = make_published_run()
    for _each in range(3):
        enrol(run)
    message = make_message(run)
    results = at_once(*[lambda: services.send_message(message=message, by=None)] * 3)
    assert {result.sent_to for result in results} == {3}
    assert message.letters.count() == 3


def test_form_with_a_message_sent_twice_at_once_is_one_draft():
    run = make_published_run()
    submission = uuid.uuid4()
    results = at_once(*[lambda: make_message(run, submission=submission)] * 3)
    assert len({result.pk for result in results}) == 1


def test_message_is_sent_or_deleted_not_both():
    run = make_published_run()
    enrol(run)
    message = make_message(run)
    results = at_once(
        lambda: services.send_message(message=message, by=None),
        lambda: services.delete_draft(message=message),
    )
    left = message.letters.count()
    assert Message.objects.count() == left
    assert [type(each) for each in results] in (
        [Message, services.MessageSent],
        [Message.DoesNotExist, type(None)],
    )
    assert left == (1 if isinstance(results[0], Message) else 0)


def twice_on(run: CourseRun) -> tuple[Enrolment, Enrolment]:
    """One person by two records: with a place, and waiting or with another place."""
    return enrol(run), enrol(run, places=2, when_one_left=WhenOneLeft.WAIT)


def merging_them(one: Enrolment, other: Enrolment) -> Callable[[], object]:
    return lambda: merging.merge(kept=one.student, gone=other.student, by=None)


def check_merged(result: object, kept: Student) -> None:
    """It happened, or was to be looked at again: nothing else."""
    assert isinstance(result, merging.Merged | merging.MergeChanged)
    if isinstance(result, merging.Merged):
        assert result.student == kept
        assert Student.objects.filter(pk=kept.pk).exists()
    invariants.check_all()


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda run, one, other: signing_up(run),
        lambda run, one, other: lambda: services.withdraw(enrolment=other),
        lambda run, one, other: lambda: services.set_capacity(run=run, capacity=6),
        lambda run, one, other: (
            lambda: services.change_contact(student=other.student, by=None, phone="+4799999987")
        ),
        lambda run, one, other: lambda: services.answer_link_requests(),
        lambda run, one, other: merging_them(other, one),
    ],
    ids=["sign-up", "withdrawal", "capacity", "contact", "link", "merge-the-other-way"],
)
def test_merge_meets(meanwhile):
    run = make_published_run(capacity=3)
    one, other = twice_on(run)
    enrol(run), enrol(run)
    services.ask_for_page_link(contact=one.student.email, language="nb")
    results = at_once(merging_them(one, other), meanwhile(run, one, other))
    refused = (merging.MergeRefused, Student.DoesNotExist)
    assert not [
        each for each in results if isinstance(each, Exception) and not isinstance(each, refused)
    ]
    invariants.check_all()
    assert any(isinstance(each, merging.Merged) for each in results)


def test_merge_meets_sign_ups_of_both_on_another_run():
    """Each tries again until it is done: nothing of either record is left behind."""
    run, second = make_published_run(), make_published_run()
    people = [make_person(), make_person()]
    one, other = (enrol(run, person=person) for person in people)
    results = at_once(
        merging_them(one, other), *[signing_up(second, person=person) for person in people]
    )
    check_merged(results[0], one.student)
    assert outcomes(results[1:]) == {"place": 2}
    assert second.enrolments.live().count() in (1, 2)


def test_merge_meets_the_issue_of_certificates():
    run = make_published_run(in_days=-3)
    students = [make_student(), make_student()]
    for student in students:
        Attendance.objects.create(student=student, session=run.sessions.get(), is_present=True)
    results = at_once(
        lambda: merging.merge(kept=students[0], gone=students[1], by=None),
        lambda: certificate_services.issue(run=run, by=None),
    )
    assert not [each for each in results if isinstance(each, Exception)]
    assert Certificate.objects.valid().filter(student=students[0]).count() == 1
    assert Student.objects.count() == 1


def test_two_merges_lock_the_runs_and_people_they_share_in_one_order():
    runs = [make_published_run(), make_published_run()]
    people = [make_person() for _each in range(3)]
    for run in runs:
        rows = [enrol(run, person=person) for person in people]
    one, two, three = (row.student for row in rows)
    results = at_once(
        lambda: merging.merge(kept=two, gone=one, by=None),
        lambda: merging.merge(kept=three, gone=two, by=None),
    )
    refused = [each for each in results if not isinstance(each, merging.Merged)]
    assert [type(each) for each in refused] in ([], [merging.NotTwoPeople], [merging.MergeChanged])
    invariants.check_all()


def test_two_runs_published_at_once_tell_whoever_asked_once():
    first = make_published_run(in_days=-30)
    services.ask_to_be_told(
        course=first.course, name="", email="ola@example.org", phone="", language="nb"
    )
    runs = [make_run(course=first.course, in_days=days) for days in (20, 40)]
    told = at_once(*[partial(services.publish_run, run=run) for run in runs])
    assert sorted(map(repr, told)) == ["0", "1"]
    assert Letter.objects.filter(kind=Letter.Kind.INTEREST).count() == 1
