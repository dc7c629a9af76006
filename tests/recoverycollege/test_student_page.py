"""Everything about one person on one page, and who else it may be."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from certificates import services as certificate_services
from certificates.models import Attendance
from certificates.services import Cell, Mark
from enrolment import services
from enrolment.finding import look_alikes
from enrolment.models import Letter
from tests import factories
from tests.factories import make_student

pytestmark = pytest.mark.django_db
PHONE = "+4799999901"


@pytest.fixture
def staff(client):
    client.force_login(factories.make_coordinator("kari"))
    with translation.override("en"):
        yield client


def page_of(staff, student):
    return staff.get(reverse("admin:enrolment_student_change", args=[student.pk]))


def test_everything_stands_in_the_order_of_time(staff) -> None:
    by = factories.make_user("staff")
    run = factories.make_published_run(capacity=1, in_days=-1)
    other = factories.make_published_run(capacity=1)
    before = factories.enrol(other)
    waiting = factories.enrol(other, adjustment="Stor skrift", by=by)
    student = waiting.student
    services.withdraw(enrolment=before)
    services.mark_arranged(adjustment=waiting.adjustments.get(), is_arranged=True, by=by)
    session = run.sessions.get()
    Attendance.objects.create(student=student, session=session, is_present=False)
    certificate_services.save_register(
        run=run, session=session, cells={student.pk: Cell(Mark.ABSENT, Mark.PRESENT)}, by=by
    )
    [certificate] = certificate_services.issue(run=run, by=by)
    certificate_services.revoke(certificate=certificate, by=by)
    services.change_contact(student=student, by=by, phone=PHONE)
    services.withdraw(enrolment=waiting)
    Letter.objects.filter(kind="withdrawn", student=student).update(sent_at=timezone.now())

    entries = page_of(staff, student).context["entries"]

    assert [each.at for each in entries] == sorted((each.at for each in entries), reverse=True)
    assert {(each.what, each.more) for each in entries} == {
        (f"Signed up for {other}, and was written on the waiting list", "staff"),
        (f"Got a place on {other} from the waiting list", ""),
        (f"Withdrew from {other}", ""),
        (f"Asked for «Stor skrift», {other}", ""),
        (f"Marked as arranged, {other}", "staff"),
        (f"Letter: waiting list, {other}", "e-mail · not sent: news of a place"),
        (f"Letter: place from the waiting list, {other}", "e-mail · not sent: the withdrawal"),
        (f"Letter: withdrawal, {other}", "e-mail · sent"),
        (next(each.what for each in entries if each.what.startswith("Was here")), "staff"),
        (f"Certificate {certificate.printed_number} for {run}", "staff"),
        (f"Certificate {certificate.printed_number} was withdrawn", "staff"),
        ("Corrected the contact", "staff"),
    }


def test_queries_do_not_grow(staff, django_assert_num_queries) -> None:
    student = make_student(name="Ada Moen")
    person = factories.make_person(name="Ada Moen", email=student.email)
    for rows in (1, 3):
        for _each in range(rows):
            run = factories.make_published_run()
            factories.enrol(run, person=person, adjustment="En stol")
            make_student(name="Ada Moen", email="", phone=f"+479999{factories.number():04}")
        with django_assert_num_queries(18):
            assert page_of(staff, student).status_code == 200


def test_failed_letter_is_sent_again_from_the_page(staff) -> None:
    enrolment = factories.enrol(factories.make_published_run())
    Letter.objects.update(failed_at=timezone.now())
    page = page_of(staff, enrolment.student).content.decode()
    assert reverse("admin:letter_outcomes") in page


def test_somebody_without_contact_is_signed_up_after_it_is_written(staff) -> None:
    factories.make_published_run()
    page = page_of(staff, make_student(email="")).content.decode()
    assert "Write a phone number or an e-mail address below first." in page
    assert "?student=" not in page


ALIKE = [
    pytest.param(("Turid Nordman", "", PHONE), ("Turid Nordmen", "", PHONE), id="one-letter"),
    pytest.param(("Kjersti Li", "", PHONE), ("Kjærsti Li", "k@example.org", PHONE), id="spelling"),
    pytest.param(("Kjersti Li", "k@example.org", ""), ("Kjærsti Li", "", PHONE), id="no-overlap"),
    pytest.param(("Haakon Aas", "h@example.org", ""), ("Ås, Håkon", "", ""), id="order-and-å"),
    pytest.param(("Turid Nordman", "", PHONE), ("Turid Nordman", "", "+4799999910"), id="digits"),
    pytest.param(("Turid", "", PHONE), ("Turid Nordman", "t@example.org", PHONE), id="first-name"),
    pytest.param(("Turid Anne Li", "t@example.org", ""), ("Turid Li", "t@example.org", ""), id="x"),
]
DIFFERENT = [
    pytest.param(("Ola Li", "", PHONE), ("Kari Li", "", PHONE), id="a-shared-number"),
    pytest.param(("Kari Li", "", PHONE), ("Kari Li", "", "+4740000000"), id="another-number"),
    pytest.param(("Kari Li", "k@example.org", ""), ("Kari Li", "x@example.org", ""), id="address"),
    pytest.param(("Turid Li", "", PHONE), ("Turit Li", "t@example.org", ""), id="sounds-otherwise"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_records_look_alike(staff, one, other) -> None:
    students = [
        make_student(name=name, email=mail, phone=phone) for name, mail, phone in (one, other)
    ]
    for student, alike in (students, students[::-1]):
        page = page_of(staff, student)
        assert [each.name for each in page.context["alike"]] == [alike.name]
        assert reverse("admin:merge", args=[student.pk, alike.pk]) in page.content.decode()


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_records_of_two_people_do_not(one, other) -> None:
    name, mail, phone = one
    make_student(name=name, email=mail, phone=phone)
    assert look_alikes(name=other[0], email=other[1], phone=other[2]) == []
