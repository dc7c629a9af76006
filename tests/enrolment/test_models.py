import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from certificates.models import Attendance
from courses.norwegian.names import normalise_name
from courses.norwegian.phone_numbers import normalise_phone
from enrolment import services
from enrolment.models import Enrolment, Letter, Student
from tests.factories import (
    enrol,
    make_person,
    make_published_run,
    make_session,
    make_student,
    make_worker,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("22 86 50 00", "+4722865000"),
        ("+47 22865000", "+4722865000"),
        ("0047 22 86 50 00", "+4722865000"),
        ("+46 8 123 456 78", "+46812345678"),
        ("22-86-50-00", "+4722865000"),
        ("22.86.50.00", "+4722865000"),
        ("(22) 86 50 00", "+4722865000"),
        ("(+47) 22 86 50 00", "+4722865000"),
        ("22\u00a086\u00a050\u00a000", "+4722865000"),
        ("22\u201186\u201150\u201100", "+4722865000"),
        ("\u202a+47 22865000\u202c", "+4722865000"),
        ("02800", "+4702800"),
    ],
)
def test_phone_numbers_are_stored_in_one_form(written, stored):
    assert normalise_phone(written) == stored


@pytest.mark.parametrize("written", ["", "hei", "123"])
def test_what_is_no_phone_number_says_what_to_write(written):
    with pytest.raises(ValidationError) as refused:
        normalise_phone(written)
    assert refused.value.code == "phone"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Åse  Ås", "åse ås"),
        ("A\u030ase", "Åse"),
        (" Kari\tNordmann ", "KARI NORDMANN"),
        ("Sean O\u2019Brien", "Sean O'Brien"),
        ("Anne\u2011Lise", "Anne-Lise"),
        ("Ka\u00adri\u200b Lie\ufeff", "Kari Lie"),
    ],
)
def test_names_that_are_the_same(one, other):
    assert normalise_name(one) == normalise_name(other)


def test_one_student_per_name_and_email():
    student = make_student(name="Kari", email="kari@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_student(name="KARI", email="kari@example.org")
    make_student(name="Ola", email=student.email)
    make_student(name="Kari", email="")
    make_student(name="Kari", email="")


def test_one_student_per_name_and_phone_without_email():
    make_student(name="Kari", email="", phone="+4799999901")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_student(name="Kari", email="", phone="+4799999901")
    make_student(name="Kari", email="kari@example.org", phone="+4799999901")


def test_with_contact_finds_everybody_at_a_shared_address():
    here = [make_student(name=name, email="felles@example.org") for name in ("Kari", "Ola")]
    make_student()
    assert set(Student.objects.with_contact(" Felles@example.org")) == set(here)


def test_with_contact_finds_a_phone_in_any_notation_and_nobody_erased():
    student = make_student(email="", phone="+4799999901")
    make_student(email="", phone="+4799999901", erased_at=timezone.now())
    assert list(Student.objects.with_contact("99 99 99 01")) == [student]


def test_student_key_is_random_and_unique():
    one, other = make_student(), make_student()
    assert one.key != other.key
    assert len(one.key) >= 24


def test_one_live_enrolment_per_student_and_run():
    first = enrol(make_published_run())
    fields = {"student": first.student, "run": first.run}
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(**fields, submission=uuid.uuid4(), status="waiting")
    Enrolment.objects.create(
        **fields, submission=uuid.uuid4(), status="withdrawn", withdrawn_at=timezone.now()
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "place"},
        {"status": "withdrawn"},
        {"status": "pending"},
        {"status": "waiting", "places": 3},
        {"status": "waiting", "places": 0},
    ],
)
def test_database_refuses_enrolments_that_cannot_be(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(
            student=make_student(), run=make_published_run(), submission=uuid.uuid4(), **fields
        )


def test_attendance_is_one_row_per_student_and_session():
    session = make_published_run().sessions.get()
    student = make_student()
    Attendance.objects.create(student=student, session=session, is_present=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(student=student, session=session, is_present=False)


def test_can_be_withdrawn_until_the_last_session_is_over():
    enrolment = enrol(make_published_run())
    assert enrolment.can_be_withdrawn()
    enrolment.run.sessions.all().delete()
    make_session(enrolment.run, in_days=-2)
    assert not Enrolment.objects.get(pk=enrolment.pk).can_be_withdrawn()


def test_queue_number_counts_those_who_wait_in_the_same_run():
    run, elsewhere = make_published_run(capacity=1), make_published_run(capacity=1)
    for each in (run, elsewhere, elsewhere):
        enrol(each)
    assert [enrol(run).queue_number(), enrol(run).queue_number()] == [1, 2]


class TestOutbox:
    def letter(self, **fields: object) -> Letter:
        enrolment = enrol(make_published_run())
        Letter.objects.filter(enrolment=enrolment).update(**fields)
        return Letter.objects.get(enrolment=enrolment)

    def test_due_email_is_to_send(self):
        letter = self.letter()
        assert list(Letter.objects.to_send()) == [letter]

    @pytest.mark.parametrize(
        "fields",
        [
            {"sent_at": timezone.now()},
            {"failed_at": timezone.now()},
            {"channel": "phone"},
            {"channel": "paper"},
            {"owed_since": timezone.now() + timedelta(days=400)},
        ],
    )
    def test_other_letters_are_not(self, fields):
        self.letter(**fields)
        assert list(Letter.objects.to_send()) == []

    def test_claim_runs_out(self):
        letter = self.letter(claimed_by=make_worker())
        assert list(Letter.objects.to_send()) == []
        assert list(Letter.objects.to_send(timezone.now() + timedelta(minutes=1))) == [letter]

    @pytest.mark.parametrize(
        ("status", "places", "true"),
        [
            ("place", 2, {"place", "promoted", "changed"}),
            ("place", 1, {"place", "promoted", "companion", "changed"}),
            ("waiting", 1, {"waiting", "companion", "changed"}),
            ("withdrawn", 1, {"withdrawn"}),
        ],
    )
    def test_each_kind_is_true_of_the_status_it_tells(self, status, places, true):
        run = make_published_run()
        enrolment = enrol(run)
        moment = timezone.now()
        enrolment.letters.all().delete()
        placed_at = None if status == "waiting" else moment
        run.enrolments.update(
            status=status, places=places, placed_at=placed_at, withdrawn_at=moment
        )
        # test_messages, test_tutor_letters, test_interest, test_own_contact, test_feedback
        elsewhere = {"message", "assigned", "unassigned", "reminder", "interest", "feedback"}
        elsewhere |= set(Letter.TO_ADDRESSES) | set(Letter.NEVER_BY_HAND)
        of_the_student = {"link", "erasure"}
        for kind in set(Letter.Kind.values) - elsewhere:
            Letter.objects.create(
                student=enrolment.student,
                enrolment=enrolment if kind not in of_the_student else None,
                kind=kind,
                channel="phone",
                language="nb",
                dedupe_key=kind,
            )
        assert {each.kind for each in Letter.objects.still_true()} == true | of_the_student
        assert {each.kind for each in Letter.objects.for_staff()} == true | of_the_student
        type(run).objects.update(status="cancelled", cancelled_at=timezone.now())
        withdrawn = {"withdrawn"} & true
        assert {each.kind for each in Letter.objects.still_true()} == (
            withdrawn | {"cancelled"} | of_the_student
        )

    def test_staff_are_told_no_news_that_newer_news_has_overtaken(self):
        run = make_published_run(capacity=1)
        first = enrol(run)
        person = make_person(email="", phone="+4799999999")
        waiting = enrol(run, person=person, places=1)
        assert [each.kind for each in Letter.objects.for_staff()] == ["waiting"]
        services.withdraw(enrolment=first)
        assert [each.kind for each in Letter.objects.for_staff()] == ["promoted"]
        services.withdraw(enrolment=waiting)
        assert [each.kind for each in Letter.objects.for_staff()] == ["withdrawn"]

    def test_staff_are_not_told_of_a_run_that_is_over_nor_of_two_links(self):
        run = make_published_run()
        person = make_person(email="", phone="+4799999999")
        enrolment = enrol(run, person=person)
        links = [
            Letter.objects.create(
                student=enrolment.student,
                kind="link",
                channel="phone",
                language="nb",
                dedupe_key=f"link:{number}",
            )
            for number in range(3)
        ]
        assert list(Letter.objects.for_staff()) == [*enrolment.letters.all(), links[-1]]
        run.sessions.update(starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now())
        assert list(Letter.objects.for_staff()) == [links[-1]]

    def test_staff_are_told_only_of_the_newest_of_two_sign_ups_for_a_run(self):
        run = make_published_run()
        person = make_person(email="", phone="+4799999999")
        services.withdraw(enrolment=enrol(run, person=person))
        again = enrol(run, person=person)
        assert list(Letter.objects.for_staff()) == [again.letters.get()]

    def test_staff_get_phone_paper_and_what_did_not_arrive(self):
        email = self.letter()
        phone = self.letter(channel="phone")
        paper = self.letter(channel="paper")
        failed = self.letter(failed_at=timezone.now())
        self.letter(channel="phone", sent_at=timezone.now())
        assert set(Letter.objects.for_staff()) == {phone, paper, failed}
        assert list(Letter.objects.to_send()) == [email]
