"""The page that says what happens before two records become one."""

import pytest
from django.urls import reverse

from enrolment import links, services
from enrolment.models import Enrolment, Student
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_english")]


@pytest.fixture
def _english():
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture
def staff(client):
    client.force_login(factories.make_coordinator())
    return client


def sentences(staff, kept: Student, gone: Student) -> str:
    return " ".join(staff.get(address(kept, gone)).context["sentences"])


def address(kept: Student, gone: Student) -> str:
    return reverse("admin:merge", args=[kept.pk, gone.pk]) + "?keep"


def press(staff, kept: Student, gone: Student, **answers: str):
    shown = staff.get(address(kept, gone)).context["shown"]
    url = reverse("admin:merge", args=[kept.pk, gone.pk])
    return staff.post(url, {"shown": shown} | answers, follow=True)


def test_what_happens_is_said_first_and_then_done(staff) -> None:
    run, other = factories.make_published_run(capacity=2), factories.make_published_run()
    kept = factories.enrol(run, person=factories.make_person(name="Turid Nordman")).student
    person = factories.make_person(name="Turid Nordmann", email="", phone="+4799999901")
    gone = factories.enrol(run, person=person, places=1).student
    factories.enrol(other, person=person)
    waiting = factories.enrol(run)

    said = sentences(staff, kept, gone)

    for words in (
        "«Turid Nordmann» goes, and everything it has is «Turid Nordman»'s.",
        "Phone is filled in from the other: 99 99 99 01.",
        f"Both have a place on {run}: one stays, the earlier one.",
        f"The place on {other} follows.",
        f"Then there is room on {run} for the first on the waiting list",
    ):
        assert words in said
    assert Student.objects.count() == 3
    page = press(staff, kept, gone)
    assert page.redirect_chain[-1][0] == reverse("admin:enrolment_student_change", args=[kept.pk])
    text = page.content.decode()
    assert "The two records are one now." in text
    assert f"{waiting.student.name} got a place from the waiting list." in text
    assert Enrolment.objects.filter(student=kept).count() == 3


def test_page_is_shown_again_where_something_has_changed(staff) -> None:
    run = factories.make_published_run()
    one, other = factories.enrol(run), factories.enrol(run)
    shown = staff.get(address(one.student, other.student)).context["shown"]
    services.withdraw(enrolment=other)
    url = reverse("admin:merge", args=[one.student_id, other.student_id])
    page = staff.post(url, {"shown": shown, "email": "kept", "links": "work"})
    assert "Nothing is done yet" in page.content.decode()
    assert Student.objects.count() == 2
    assert page.context["shown"] != shown


def test_different_addresses_are_chosen_between_and_what_becomes_of_the_links(staff) -> None:
    kept = factories.make_student(email="feil@example.org")
    gone = factories.make_student(email="rett@example.org")
    token = links.page_token(kept)
    page = press(staff, kept, gone, email="gone")
    assert "Choose what becomes of the links." in page.content.decode()
    assert Student.objects.count() == 2
    press(staff, kept, gone, email="gone", links="end")
    student = Student.objects.get()
    assert (student.pk, student.email) == (kept.pk, "rett@example.org")
    assert links.student_of(token) is None


def test_one_who_has_contact_is_suggested_and_the_other_can_stay(staff) -> None:
    walked_in, known = factories.make_student(email=""), factories.make_student()
    url = reverse("admin:merge", args=[walked_in.pk, known.pk])
    assert staff.get(url).context["plan"].kept == known
    assert staff.get(f"{url}?keep").context["plan"].kept == walked_in


def test_the_other_is_found_among_those_alike_or_by_searching(staff) -> None:
    student = factories.make_student(name="Turid Nordman", phone="+4799999901")
    factories.make_student(name="Turid Nordmann", phone="+4799999901")
    factories.make_student(name="Bo Berg")
    url = reverse("admin:merge_choose", args=[student.pk])
    assert [each.name for each in staff.get(url).context["alike"]] == ["Turid Nordmann"]
    page = staff.post(url, {"other": "bo"})
    assert [each.name for each in page.context["found"]] == ["Bo Berg"]
    assert staff.post(url, {"other": "turid"}).context["found"][0].name == "Turid Nordmann"
    assert page.status_code == 200


def test_third_record_in_the_way_is_said_in_words(staff) -> None:
    kept = factories.make_student(name="Turid Nordman", email="", phone="+4799999901")
    gone = factories.make_student(name="Turid Nordmann", email="turid@example.org")
    factories.make_student(name="Turid Nordman", email="turid@example.org")
    assert "a third record" in press(staff, kept, gone).content.decode()
    assert Student.objects.count() == 3


def test_same_record_twice_leads_back_to_the_choice(staff) -> None:
    student = factories.make_student()
    answer = staff.get(address(student, student))
    assert answer.url == reverse("admin:merge_choose", args=[student.pk])


def test_queries_of_the_page_do_not_grow(staff, django_assert_num_queries) -> None:
    for runs in (1, 3):
        one, other = factories.make_student(), factories.make_student()
        for _each in range(runs):
            run = factories.make_published_run()
            for student in (one, other):
                factories.enrol(
                    run, person=factories.make_person(name=student.name, email=student.email)
                )
        with django_assert_num_queries(13):
            staff.get(address(one, other))
