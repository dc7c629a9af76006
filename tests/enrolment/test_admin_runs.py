"""The run's page: saves that keep counters, pairs, letters, and refusals in words."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import CourseRun, CourseSession, PairRole, TutorAssignment
from courses.norwegian.formatting import day
from enrolment import services
from enrolment.models import Enrolment, Event, Letter, Student
from tests import factories
from tests.enrolment.run_page import address, answers, errors_of, noon_run, people, programme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


PAGE_QUERIES = {"details": 14, "programme": 10, "people": 9, "messages": 9}


def test_save_keeps_a_place_taken_after_the_page_was_opened(staff) -> None:
    run = noon_run(capacity=2)
    data = answers(run, practical="Ta med sko.")
    staff.get(address(run))
    factories.enrol(run)
    assert staff.post(address(run), data).status_code == 302
    run.refresh_from_db()
    assert (run.practical, run.places_taken) == ("Ta med sko.", 1)


def test_save_locks_the_run_and_nothing_else(staff) -> None:
    run = noon_run()
    with CaptureQueriesContext(connection) as queries:
        staff.post(address(run), answers(run))
    reads = [each["sql"] for each in queries if 'FROM "courses_courserun"' in each["sql"]]
    assert "JOIN" not in reads[0]


def test_more_capacity_fills_from_the_queue(staff) -> None:
    run = noon_run(capacity=1)
    factories.enrol(run)
    factories.enrol(run)
    Student.objects.update(channel="phone", phone="+4799999999")
    page = staff.post(address(run), answers(run, capacity=2), follow=True).content.decode()
    name = Enrolment.objects.with_place().last().student.name
    assert f"{name} got a place from the waiting list and must be told" in page
    assert page.count("got a place from the waiting list") == 1
    run.refresh_from_db()
    assert (run.capacity, run.places_taken, run.waiting) == (2, 2, 0)


def test_nobody_is_said_to_have_moved_up_before_it_is_saved(staff) -> None:
    run = noon_run(capacity=1)
    factories.enrol(run), factories.enrol(run)
    later = {"sessions-0-begins": "13:00", "sessions-0-finishes": "15:00"}
    asks = staff.post(programme(run), answers(run, capacity=2, **later)).content.decode()
    assert CourseRun.objects.get(pk=run.pk).capacity == 1
    assert "got a place from the waiting list" not in asks
    assert "got a place from the waiting list" not in staff.get("/en/admin/").content.decode()


def test_capacity_below_the_places_taken_is_refused_with_the_number(staff) -> None:
    run = noon_run(capacity=3)
    factories.enrol(run)
    factories.enrol(run)
    response = staff.post(address(run), answers(run, capacity=1, practical="Nytt"))
    assert "2 places are taken: the capacity cannot be lower." in errors_of(response)
    run.refresh_from_db()
    assert (run.capacity, run.practical) == (3, "")


def test_entry_is_fixed_once_somebody_signed_up(staff) -> None:
    run = noon_run()
    factories.enrol(run)
    staff.post(address(run), answers(run, entry="drop_in", capacity=""))
    run.refresh_from_db()
    assert (run.entry, run.capacity) == ("sign_up", 12)


def test_entry_changes_together_with_its_capacity(staff) -> None:
    run = noon_run()
    assert staff.post(address(run), answers(run, entry="drop_in", capacity="")).status_code == 302
    run.refresh_from_db()
    assert (run.entry, run.capacity) == ("drop_in", None)


@pytest.mark.parametrize(
    ("entry", "capacity", "words"),
    [("sign_up", "", "Write how many places there are."), ("drop_in", "9", "Leave this empty")],
)
def test_capacity_that_does_not_fit_is_told_at_its_field(staff, entry, capacity, words) -> None:
    run = noon_run()
    response = staff.post(address(run), answers(run, entry=entry, capacity=capacity))
    form = response.context["adminform"].form
    assert [error[: len(words)] for error in form.errors["capacity"]] == [words]
    assert form.non_field_errors() == []


def test_taking_one_of_the_pair_away_is_refused_in_words(staff) -> None:
    run = noon_run()
    response = staff.post(address(run), answers(run, **{"assignments-0-DELETE": "on"}))
    assert "needs two tutors" in errors_of(response)
    assert run.assignments.count() == 2


def test_replacing_one_of_the_pair_in_one_save_is_fine(staff) -> None:
    run = noon_run()
    new = factories.make_tutor()
    response = staff.post(address(run), answers(run, **{"assignments-0-tutor": new.pk}))
    assert response.status_code == 302
    assert run.assignments.filter(tutor=new).exists()


@pytest.mark.parametrize("status", ["published", "cancelled"])
def test_run_that_is_no_draft_keeps_a_session(staff, status) -> None:
    run = noon_run()
    cancelled_at = timezone.now() if status == "cancelled" else None
    CourseRun.objects.update(status=status, cancelled_at=cancelled_at)
    response = staff.post(programme(run), answers(run, **{"sessions-0-is_cancelled": "on"}))
    assert "At least one session must remain." in errors_of(response)
    assert not run.sessions.get().is_cancelled


def test_public_run_at_a_private_venue_is_refused(staff) -> None:
    run = noon_run()
    private = factories.make_venue(is_public=False)
    response = staff.post(address(run), answers(run, venue=private.pk))
    assert "This venue is not public" in errors_of(response)
    run.refresh_from_db()
    assert run.venue != private


@pytest.mark.parametrize("name", PAGE_QUERIES)
@pytest.mark.parametrize("sessions", [1, 3])
def test_queries_of_the_pages_do_not_grow_with_the_sessions(
    staff, django_assert_num_queries, sessions: int, name: str
) -> None:
    run = factories.make_published_run(sessions=sessions)
    url = address(run).replace("change", name) if name != "details" else address(run)
    staff.get(url)
    with django_assert_num_queries(PAGE_QUERIES[name]):
        staff.get(url)


def test_publish_tells_everything_that_is_missing_at_once(staff) -> None:
    factories.make_college()
    run = factories.make_run(with_pair=False, sessions=0)
    data = answers(run, _publish="1")
    page = staff.post(address(run), data, follow=True).content.decode()
    assert "The course needs two tutors" in page
    assert page.count("The run has no sessions yet") == 1
    run.refresh_from_db()
    assert run.is_draft


def test_state_of_a_draft_links_to_what_is_missing_elsewhere(staff) -> None:
    course = factories.make_course(with_pair=False)
    run = factories.make_run(course=course)
    links = [
        reverse("admin:courses_course_change", args=[course.pk]) + "#coursedeveloper_set-group",
        reverse("admin:courses_college_changelist") + "#id_privacy_controller",
    ]
    page = staff.get(address(run)).content.decode()
    assert [f'<li><a href="{link}">' in page for link in links] == [True, True]
    factories.make_college()
    page = staff.get(address(factories.make_run(sessions=0))).content.decode()
    assert [f'<li><a href="{link}">' in page for link in links] == [False, False]


def test_publishing_a_run_that_a_colleague_cancelled_says_so(staff) -> None:
    run = noon_run()
    CourseRun.objects.update(status="cancelled", cancelled_at=timezone.now())
    page = staff.post(address(run), answers(run, _publish="1"), follow=True).content.decode()
    assert "The run is cancelled. Make a new run instead." in page


def test_save_and_publish(staff) -> None:
    factories.make_college()
    run = factories.make_run(sessions=1)
    assert staff.post(address(run), answers(run, _publish="1")).status_code == 302
    run.refresh_from_db()
    assert run.is_published


def test_new_run_with_its_pair_and_session_on_one_page(staff) -> None:
    factories.make_college()
    course, venue = factories.make_course(), factories.make_venue()
    semester = factories.get_semester()
    data = {
        "course": course.pk,
        "semester": semester.pk,
        "venue": venue.pk,
        "entry": "sign_up",
        "capacity": "12",
        "assignments-TOTAL_FORMS": 2,
        "assignments-INITIAL_FORMS": 0,
        "assignments-0-tutor": factories.make_tutor().pk,
        "assignments-0-role": PairRole.PEER,
        "assignments-1-tutor": factories.make_tutor().pk,
        "assignments-1-role": PairRole.PROFESSIONAL,
        "sessions-TOTAL_FORMS": 1,
        "sessions-INITIAL_FORMS": 0,
        "sessions-0-day": (timezone.localdate() + timedelta(days=9)).isoformat(),
        "sessions-0-begins": "18:00",
        "sessions-0-finishes": "20:30",
        "_publish": "1",
    }
    response = staff.post(reverse("admin:courses_courserun_add"), data)
    run = CourseRun.objects.get()
    assert response.url == people(run)
    assert run.is_published
    assert timezone.localtime(run.sessions.get().starts_at).hour == 18


def test_cancel_says_who_will_be_told_and_then_writes(staff) -> None:
    run = noon_run()
    factories.enrol(run)
    url = reverse("admin:run_cancel", args=[run.pk])
    assert "1 person gets an e-mail." in errors_of(staff.get(url))
    run.refresh_from_db()
    assert run.is_published
    staff.post(url)
    run.refresh_from_db()
    assert run.is_cancelled
    assert Letter.objects.filter(kind="cancelled").count() == 1


def test_back_to_draft_is_refused_where_somebody_signed_up(staff) -> None:
    run = noon_run()
    services.withdraw(enrolment=factories.enrol(run))
    staff.post(reverse("admin:run_to_draft", args=[run.pk]))
    run.refresh_from_db()
    assert run.is_published


def make_cancelled() -> CourseRun:
    run = factories.make_published_run()
    services.cancel_run(run=run, by=factories.make_user())
    return run


def make_over() -> CourseRun:
    return factories.make_published_run(in_days=-3)


def make_left_run() -> CourseRun:
    """Somebody signed up and withdrew."""
    run = factories.make_published_run()
    services.withdraw(enrolment=factories.enrol(run))
    return run


@pytest.mark.parametrize(
    ("page", "make", "words"),
    [
        ("run_cancel", factories.make_run, "The run is a draft: there is nothing to cancel."),
        ("run_cancel", make_cancelled, "The run is cancelled."),
        ("run_cancel", make_over, "The run is over."),
        ("run_to_draft", factories.make_run, "The run is a draft already."),
        ("run_to_draft", make_cancelled, "The run is cancelled."),
        ("run_to_draft", make_over, "The run has begun, so it stays in the catalogue."),
        ("run_to_draft", make_left_run, "Somebody has signed up already, so this is fixed."),
    ],
)
def test_page_that_would_be_refused_promises_nothing(staff, page, make, words) -> None:
    run = make()
    url = reverse(f"admin:{page}", args=[run.pk])
    assert url not in staff.get(address(run)).content.decode()
    answer = staff.get(url, follow=True)
    run.refresh_from_db()
    assert answer.redirect_chain == [((address if run.is_draft else people)(run), 302)]
    assert words in answer.content.decode()


def test_run_that_nobody_signed_up_for_offers_the_way_back_to_draft(staff) -> None:
    run = noon_run()
    assert reverse("admin:run_to_draft", args=[run.pk]) in staff.get(address(run)).content.decode()


def test_sign_up_cannot_close_before_it_opens(staff) -> None:
    run = noon_run()
    opens_at = timezone.localtime(run.semester.enrolment_opens_at)
    before = (opens_at - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    response = staff.post(address(run), answers(run, enrolment_closes_at=before))
    assert f"Sign-up opens {day(opens_at)}" in errors_of(response)
    moved = answers(run, enrolment_closes_at=before, enrolment_opens_at=before)
    assert "Choose a later time." in errors_of(staff.post(address(run), moved))


def test_number_of_the_contact_is_kept_as_all_numbers(staff) -> None:
    run = noon_run()
    staff.post(address(run), answers(run, contact_phone="22 86 50 00"))
    run.refresh_from_db()
    assert run.contact_phone == "+4722865000"
    response = staff.post(address(run), answers(run, contact_phone="ring Kari"))
    assert "Write a phone number with eight digits, or with + and the country code." in errors_of(
        response
    )


def test_back_to_draft(staff) -> None:
    run = noon_run()
    staff.post(reverse("admin:run_to_draft", args=[run.pk]))
    run.refresh_from_db()
    assert run.is_draft


def test_only_a_draft_nobody_signed_up_for_is_deleted(staff) -> None:
    published, draft = noon_run(), factories.make_run()
    for run, status in ((published, 403), (draft, 302)):
        url = reverse("admin:courses_courserun_delete", args=[run.pk])
        assert staff.post(url, {"post": "yes"}).status_code == status
    assert list(CourseRun.objects.all()) == [published]


def test_queue_says_when_it_is_worked_by_telephone(staff) -> None:
    hint = "places are now given by telephone"
    far, soon = (factories.make_published_run(capacity=1, in_days=days) for days in (9, 0.5))
    for run in (far, soon):
        factories.enrol(run), factories.enrol(run)
    assert hint not in staff.get(people(far)).content.decode()
    assert hint in staff.get(people(soon)).content.decode()


def test_runs_are_listed_by_their_first_session(staff) -> None:
    runs = [factories.make_run(in_days=days) for days in (30, 10, 20)]
    runs.append(factories.make_run(sessions=0))
    page = staff.get(reverse("admin:courses_courserun_changelist"))
    assert [run.pk for run in page.context["cl"].result_list] == [
        runs[number].pk for number in (1, 2, 0, 3)
    ]


def test_queue_is_listed_in_order(staff) -> None:
    run = noon_run(capacity=1)
    for name in ("Åse", "Bo", "Anne"):
        factories.enrol(run, person=factories.make_person(name=name))
    response = staff.get(people(run))
    assert [each.name for each in response.context["queue"]] == ["Bo", "Anne"]


def test_log_of_a_run_names_nobody(staff) -> None:
    run = noon_run()
    new = factories.make_tutor(name="Et helt spesielt navn")
    staff.post(address(run), answers(run, **{"assignments-0-tutor": new.pk}))
    entry = LogEntry.objects.get()
    assert "spesielt" not in entry.change_message + entry.object_repr


def test_changed_entry_is_an_event(staff) -> None:
    run = noon_run()
    staff.post(address(run), answers(run, entry="drop_in", capacity=""))
    assert Event.objects.filter(verb="changed_entry", subject_id=run.pk).count() == 1
    assert TutorAssignment.objects.filter(run=run).count() == 2


def test_a_later_close_of_the_waiting_list_fills_the_free_place(staff) -> None:
    run = noon_run(capacity=1)
    first, second = factories.enrol(run), factories.enrol(run)
    run.waiting_list_closes_at = timezone.now() - timedelta(hours=1)
    run.save(update_fields=["waiting_list_closes_at"])
    services.withdraw(enrolment=first)
    second.refresh_from_db()
    assert second.is_waiting
    staff.post(address(run), answers(run, waiting_list_closes_at=""))
    second.refresh_from_db()
    assert second.has_place


def test_session_past_midnight_is_left_as_it_is(staff) -> None:
    run = noon_run()
    session = run.sessions.get()
    starts_at = session.starts_at.replace(hour=21)
    CourseSession.objects.update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=5))
    assert staff.post(address(run), answers(run, practical="Nattkafé")).status_code == 302
    assert run.sessions.get().ends_at == starts_at + timedelta(hours=5)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_run_do_not_grow_with_its_people(
    staff, django_assert_num_queries, count: int
) -> None:
    run = factories.make_published_run(capacity=count)
    for _each in range(2 * count):
        factories.enrol(run, adjustment="En stol")
    staff.get(people(run))
    with django_assert_num_queries(PAGE_QUERIES["people"]):
        staff.get(people(run))
