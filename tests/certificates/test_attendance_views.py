"""The tutors' pages."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from certificates import services as certificate_services
from certificates.models import Attendance
from courses.models import CourseRun, Tutor, TutorAssignment
from enrolment import services
from enrolment.models import Student
from tests import factories
from tests.certificates.test_attendance import make_begun_run, marks_of, students_of

pytestmark = pytest.mark.django_db

PAGES = ["tutor_register", "tutor_contacts", "tutor_sheet", "tutor_certificates"]


def teach(run: CourseRun, tutor: Tutor | None = None) -> Client:
    """A client signed in as a tutor of the run."""
    tutor = tutor or factories.make_tutor_with_sign_in()
    TutorAssignment.objects.create(run=run, tutor=tutor, role="peer")
    client = Client()
    client.force_login(tutor.user)
    return client


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def post_marks(client: Client, run: CourseRun, marks: dict[Student, tuple[str, str]], **fields):
    """Send the form: for each student what was shown, and what is wanted."""
    session = fields.pop("session", None) or run.sessions.first()
    data = {"name": "", "headcount": "", "shown_headcount": ""} | fields
    for student, (shown, wanted) in marks.items():
        data |= {f"shown-{student.pk}": shown, f"mark-{student.pk}": wanted}
    url = f"{reverse('tutor_register', args=[run.pk])}?samling={session.pk}"
    return client.post(url, data, follow=True)


# Access


@pytest.mark.parametrize("page", PAGES)
def test_anonymous_is_asked_to_sign_in(client, page):
    url = reverse(page, args=[make_begun_run().pk])
    response = client.get(url)
    assert (response.status_code, response.url) == (302, f"{reverse('sign_in')}?next={url}")


@pytest.mark.parametrize("page", PAGES)
def test_stranger_and_another_runs_tutor_get_404(client, page):
    run = make_begun_run()
    client.force_login(factories.make_user())
    assert client.get(reverse(page, args=[run.pk])).status_code == 404
    own = client.get(reverse("tutor_runs"))
    assert not own.context["coming"]
    assert not own.context["past"]
    assert "Logg ut" in text_of(own)
    other = teach(make_begun_run())
    assert other.get(reverse(page, args=[run.pk])).status_code == 404


@pytest.mark.parametrize("page", ["tutor_register", "tutor_certificates"])
def test_another_runs_tutor_can_write_nothing(page):
    run = make_begun_run()
    (student,) = students_of(run)
    student.attendances.create(session=run.sessions.get(), is_present=True)
    data = {f"mark-{student.pk}": "absent", f"shown-{student.pk}": "present"}
    response = teach(make_begun_run()).post(reverse(page, args=[run.pk]), data)
    assert response.status_code == 404
    assert marks_of(run.sessions.get()) == {student.pk: "present"}
    assert run.certificates.count() == 0


@pytest.mark.parametrize("page", PAGES)
def test_tutor_and_coordinator_open_the_page_and_no_cache_keeps_it(client, page):
    run = make_begun_run()
    client.force_login(factories.make_coordinator())
    for visitor in (client, teach(run)):
        response = visitor.get(reverse(page, args=[run.pk]))
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"


def test_draft_has_no_register(client):
    run = factories.make_run()
    assert teach(run).get(reverse("tutor_register", args=[run.pk])).status_code == 404
    client.force_login(factories.make_coordinator())
    assert client.get(reverse("tutor_register", args=[run.pk])).status_code == 404


def test_user_without_staff_status_is_no_coordinator(client):
    user = factories.make_coordinator()
    user.is_staff = False
    user.save()
    run = make_begun_run()
    client.force_login(user)
    assert not client.get(reverse("tutor_runs")).context["coming"]
    assert client.get(reverse("tutor_register", args=[run.pk])).status_code == 404


def test_a_mark_for_somebody_who_has_gone_meanwhile_is_not_lost_without_a_word():
    run = make_begun_run()
    (student,) = students_of(run)
    services.withdraw(enrolment=run.enrolments.get())
    response = post_marks(teach(run), run, {student: ("", "present")})
    assert "står ikke på lista lenger" in text_of(response)
    unmarked = post_marks(teach(run), run, {student: ("", "")})
    assert "står ikke på lista lenger" not in text_of(unmarked)


def test_a_headcount_that_another_tutor_had_just_written_is_told_of():
    run = make_begun_run()
    client = teach(run)
    for shown, headcount, is_told in (("", "20", False), ("", "22", True), ("22", "23", False)):
        response = post_marks(client, run, {}, headcount=headcount, shown_headcount=shown)
        assert ("skrevet et annet tall" in text_of(response)) is is_told
    assert run.sessions.get().headcount == 23


@pytest.mark.parametrize("name", ["12345", "-", "http://x.no", "kari@example.org", "<b>"])
def test_what_is_no_name_is_not_put_on_the_list(name):
    run = make_begun_run()
    post_marks(teach(run), run, {}, name=name)
    assert not Student.objects.filter(email="", phone="").exists()


# The list


def test_list_shows_own_runs_coming_by_next_session_then_past():
    tutor = factories.make_tutor_with_sign_in()
    late, soon, past = [
        factories.make_published_run(in_days=days, course=factories.make_course(title=title))
        for days, title in ((9, "Sist"), (2, "Først"), (3, "Før"))
    ]
    session = past.sessions.get()
    session.starts_at, session.ends_at = [
        timezone.now() - timedelta(days=days) for days in (30, 29)
    ]
    session.save()
    factories.make_published_run(course=factories.make_course(title="En annens"))
    for run in (late, soon, past):
        client = teach(run, tutor)
    context = client.get(reverse("tutor_runs")).context
    assert [run.pk for run, _away in context["coming"]] == [soon.pk, late.pk]
    assert [run.pk for run in context["past"]] == [past.pk]


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_for_any_number_of_runs(
    number, django_assert_num_queries: DjangoAssertNumQueries
):
    tutor = factories.make_tutor_with_sign_in()
    course = factories.make_course()
    for _each in range(number):
        factories.make_course_file(course)
        client = teach(factories.make_published_run(course=course, sessions=2), tutor)
        client = teach(make_begun_run(course=course, people=0, entry="drop_in"), tutor)
    with django_assert_num_queries(14):
        assert client.get(reverse("tutor_runs")).status_code == 200


# The register


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("page", "queries"),
    [
        ("tutor_register", 15),
        ("tutor_contacts", 9),
        ("tutor_sheet", 10),
        ("tutor_certificates", 10),
    ],
)
def test_page_costs_the_same_for_any_number_of_people(
    page, queries, number, django_assert_num_queries: DjangoAssertNumQueries
):
    run = make_begun_run(people=0, sessions=2)
    services.set_capacity(run=run, capacity=40)
    enrolled_run = CourseRun.objects.get(pk=run.pk)
    for _each in range(number):
        student = factories.make_student()
        enrolled_run.enrolments.create(
            student=student,
            status="place",
            placed_at=timezone.now(),
            submission=f"00000000-0000-0000-0000-{student.pk:012d}",
        ).adjustments.create(text="Nær døra")
        student.attendances.create(session=run.sessions.first(), is_present=True)
    client = teach(run)
    with django_assert_num_queries(queries):
        assert client.get(reverse(page, args=[run.pk])).status_code == 200


def test_register_shows_those_with_a_place_and_not_those_who_wait():
    run = make_begun_run(people=2, capacity=1)
    placed, waiting = students_of(run)
    client = teach(run)
    for page in PAGES[:2]:
        text = text_of(client.get(reverse(page, args=[run.pk])))
        assert (placed.name in text, waiting.name in text) == (True, False)


def test_names_come_in_norwegian_order():
    run = make_begun_run(people=0)
    for name in ("Åse", "Øystein", "Zara", "Ærlend", "anna", "Élise", "Eva"):
        certificate_services.add_walk_in(run=run, session=run.sessions.get(), name=name, by=None)
    rows = teach(run).get(reverse("tutor_register", args=[run.pk])).context["rows"]
    names = [row[0].name for row in rows]
    assert names == ["anna", "Élise", "Eva", "Zara", "Ærlend", "Øystein", "Åse"]


def test_nearest_session_is_shown_unless_another_is_chosen():
    run = make_begun_run(sessions=3)
    first, second, _third = run.sessions.all()
    client, url = teach(run), reverse("tutor_register", args=[run.pk])
    assert client.get(url).context["session"] == first
    assert client.get(f"{url}?samling={second.pk}").context["session"] == second
    assert client.get(f"{url}?samling={make_begun_run().sessions.get().pk}").status_code == 404
    assert client.get(f"{url}?samling=x").status_code == 404


def test_marks_are_saved_and_counted():
    run = make_begun_run(people=3)
    first, second, third = students_of(run)
    marks = {first: ("", "present"), second: ("", "absent"), third: ("", "")}
    response = post_marks(teach(run), run, marks)
    assert marks_of(run.sessions.get()) == {first.pk: "present", second.pk: "absent"}
    context = response.context
    assert (context["here"], context["not_here"], context["not_marked"]) == (1, 1, 1)


def test_page_says_where_another_tutor_had_marked_differently():
    run = make_begun_run(people=2)
    first, second = students_of(run)
    client, other = teach(run), teach(run)
    post_marks(other, run, {first: ("", "absent"), second: ("", "present")})
    response = post_marks(client, run, {first: ("", "present"), second: ("", "")})
    assert marks_of(run.sessions.get()) == {first.pk: "present", second.pk: "present"}
    assert [row[0] for row in response.context["rows"] if row[4]] == [first]
    assert text_of(response).count("En annen kursholder hadde nettopp ført noe annet her.") == 1


def test_adding_a_name_saves_the_marks_with_it():
    run = make_begun_run()
    (student,) = students_of(run)
    response = post_marks(teach(run), run, {student: ("", "present")}, name="Kari Lie")
    assert Attendance.objects.filter(is_present=True).count() == 2
    assert "Kari Lie" in text_of(response)


def test_name_that_grows_when_compared_is_refused_in_words():
    run = make_begun_run()
    page = post_marks(teach(run), run, {}, name="ﷺ" * 100)
    assert "skriv et kortere navn" in text_of(page).casefold()
    assert not Student.objects.filter(name__startswith="ﷺ").exists()


def test_name_that_is_on_the_list_adds_nobody_and_says_so():
    run = make_begun_run()
    client = teach(run)
    post_marks(client, run, {}, name="Kari Lie")
    response = post_marks(client, run, {}, name="kari lie")
    assert Student.objects.filter(name_key="kari lie").count() == 1
    assert "Resten er lagret. Navnet sto på lista fra før." in text_of(response)


def test_identity_number_is_refused_kindly_and_nothing_is_saved():
    run = make_begun_run()
    (student,) = students_of(run)
    marks = {student: ("", "present")}
    response = post_marks(teach(run), run, marks, name="Kari 01010750160")
    assert Attendance.objects.count() == 0
    assert response.context["form"].errors.keys() == {"name"}
    assert "<title>Feil:" in response.content.decode()
    assert response.context["form"]["name"].value() == "Kari 01010750160"


def test_what_was_spoilt_out_of_sight_is_told_once():
    run = make_begun_run(people=2)
    marks = dict.fromkeys(students_of(run), ("spoilt", "present"))
    response = post_marks(teach(run), run, marks, shown_headcount="spoilt")
    assert Attendance.objects.count() == 0
    assert text_of(response).count("Noe på siden kunne ikke leses.") == 1


def test_no_name_goes_into_a_cookie():
    run = make_begun_run()
    (student,) = students_of(run)
    client = teach(run)
    url = f"{reverse('tutor_register', args=[run.pk])}?samling={run.sessions.get().pk}"
    response = client.post(url, {"name": "Kari Lie", f"mark-{student.pk}": "present"})
    assert "Kari" not in str(response.cookies)
    assert "Kari" not in response.url
    for cookie in response.cookies.values():
        assert (cookie["expires"], cookie["max-age"]) == ("", "")


def test_headcount_of_a_drop_in_is_saved_and_kept_when_another_tutor_saves_marks():
    run = make_begun_run(people=0, entry="drop_in")
    client = teach(run)
    post_marks(client, run, {}, headcount="14")
    post_marks(client, run, {}, name="Kari Lie")  # a page that was opened before the count
    assert run.sessions.get().headcount == 14
    post_marks(client, run, {}, headcount="", shown_headcount="14")
    assert run.sessions.get().headcount is None


def test_headcount_in_words_is_refused():
    run = make_begun_run(people=0, entry="closed")
    response = post_marks(teach(run), run, {}, headcount="mange")
    assert "Skriv et tall, for eksempel 12." in text_of(response)


def test_adjustments_of_those_with_a_place_are_shown_with_what_is_arranged():
    run = make_begun_run(people=2, capacity=1)
    placed, waiting = run.enrolments.all()
    placed.adjustments.create(text="Sitte nær døra", arranged_at=timezone.now())
    waiting.adjustments.create(text="Teleslynge")
    text = text_of(teach(run).get(reverse("tutor_register", args=[run.pk])))
    assert "1 tilrettelegging" in text
    assert "Ordnet Sitte nær døra" in text
    assert "Teleslynge" not in text


def test_companion_is_noted():
    run = make_begun_run(people=0)
    session = run.sessions.get()
    session.starts_at += timedelta(days=3)
    session.ends_at += timedelta(days=3)
    session.save()
    factories.enrol(run, places=2)
    session.starts_at -= timedelta(days=3)
    session.save()
    assert "+1" in text_of(teach(run).get(reverse("tutor_register", args=[run.pk])))


def test_coming_session_shows_names_without_boxes():
    run = factories.make_published_run()
    student = factories.enrol(run).student
    response = teach(run).get(reverse("tutor_register", args=[run.pk]))
    assert student.name in text_of(response)
    assert 'type="radio"' not in response.content.decode()


def test_cancelled_runs_held_session_can_still_be_marked():
    run = make_begun_run(sessions=2)
    (student,) = students_of(run)
    services.cancel_run(run=run, by=None)
    post_marks(teach(run), run, {student: ("", "present")})
    assert marks_of(run.sessions.first()) == {student.pk: "present"}


# Contact and the sheet


def test_contact_is_on_its_own_page_as_links():
    run = make_begun_run(people=0)
    session = run.sessions.get()
    session.starts_at += timedelta(days=3)
    session.ends_at += timedelta(days=3)
    session.save()
    factories.enrol(
        run, person=factories.make_person(email="kari@example.org", phone="+4740000001")
    )
    client = teach(run)
    contact = client.get(reverse("tutor_contacts", args=[run.pk])).content.decode()
    assert 'href="tel:+4740000001"' in contact
    assert 'href="mailto:kari@example.org"' in contact
    register = client.get(reverse("tutor_register", args=[run.pk])).content.decode()
    assert "kari@example.org" not in register
    assert "40 00 00 01" not in register
