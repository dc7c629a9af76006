"""One student and one tutor are erased by the pages, and the whole portal is searched for them.

Every table, column by column; pictures, letters in their folder, logs, what others fetch of theirs,
and the list of erasures. The tutor's name stays in certificates that were issued, and nowhere else.
"""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate
from courses.models import CourseRun, Picture, Tutor
from enrolment import links
from enrolment.calendar import subscription_of
from enrolment.models import Enrolment, Letter, Message, Student
from recoverycollege.people.erasures import read_proofs
from recoverycollege.people.export import as_json, everything_about
from tests import factories, pictures
from tests.enrolment.phone_form import said
from tests.field_walks import hidden_on

pytestmark = pytest.mark.django_db

NAME, EMAIL, PHONE = "Sigrun Vågåsen", "sigrun.v@example.org", "99 99 99 21"
TUTOR, TUTOR_EMAIL, TUTOR_PHONE = "Torunn Lierød", "torunn.l@example.org", "99 99 99 31"
WORDS = "Jeg har selv stått i det"
USERNAME = "torunnbruker"
WISH, INTEREST_NAME = "Teleslynge ved vinduet", "Sigrun V."
QUESTION = "Er det trapper ved inngangen"
STUDENTS = ("Sigrun", "Vågåsen", "sigrun.v@", "99999921", PHONE, WISH, QUESTION)
TUTORS = ("Torunn", "Lierød", "torunn.l@", "99999931", TUTOR_PHONE, WORDS, USERNAME)
# Where the tutor's name stays.
PRINTED = {("certificates_certificate", "tutors")}


def written_ways(token: str) -> set[str]:
    """As it is, in small letters as in keys, and as JSON writes it."""
    return {each.lower() for each in (token, json.dumps(token)[1:-1])}


def cells() -> Iterator[tuple[str, str, str]]:
    """Every value of every table as text; sessions unpacked, bytes as they are."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [each[0] for each in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if isinstance(value, bytes | memoryview):
                        value = bytes(value).decode("latin-1")
                    if value is not None:
                        yield table, column, str(value)
    for session in Session.objects.all():
        yield "django_session", "unpacked", json.dumps(session.get_decoded())


def found(*tokens: str) -> set[tuple[str, str]]:
    ways = set().union(*map(written_ways, tokens))
    return {
        (table, column)
        for table, column, value in cells()
        if any(way in value.lower() for way in ways)
    }


def is_said_in(text: str, *tokens: str) -> set[str]:
    return {way for token in tokens for way in written_ways(token) if way in text.lower()}


class Portal:
    """What is asked and written by whom, on the pages where they do it."""

    def __init__(self) -> None:
        self.staff = Client()
        self.staff.force_login(factories.make_coordinator())
        self.make_tutor()
        self.run = factories.make_published_run(capacity=1)
        self.held = factories.make_published_run(contact_name=TUTOR, contact_phone="+4799999931")
        self.held.assignments.filter(role="peer").update(tutor=self.tutor)
        self.held.course.coursedeveloper_set.filter(role="peer").update(tutor=self.tutor)

    def make_tutor(self) -> None:
        photo = SimpleUploadedFile("meg.png", pictures.a_picture("green"), "image/png")
        self.staff.post(
            reverse("admin:courses_tutor_add"),
            {
                "name": TUTOR,
                "presentation": WORDS,
                "photo": photo,
                "email": TUTOR_EMAIL,
                "phone": TUTOR_PHONE,
                "is_active": "on",
            },
        )
        self.tutor = Tutor.objects.get(name=TUTOR)
        self.staff.post(
            reverse("admin:staff_invite"),
            {
                "name": TUTOR,
                "email": f"{USERNAME}@example.org",
                "role": "tutors",
                "tutor": self.tutor.pk,
            },
        )
        self.tutor.refresh_from_db()

    def signs_up(self, run: CourseRun, **answers: str) -> Enrolment:
        url, browser = reverse("sign_up", args=[run.course.slug, run.pk]), Client()
        person = {"name": NAME, "email": EMAIL, "phone": PHONE, "adjustment": WISH} | answers
        check = browser.post(url, person | {"step": "check"})
        browser.post(url, hidden_on(check, "enrol") | {"consent": "on"})
        return Enrolment.objects.latest("pk")

    def rings(self, run: CourseRun) -> Enrolment:
        """Without an address, and so is somebody else at first."""
        self.staff.post(
            reverse("admin:phone_sign_up", args=[run.pk]),
            said(name=NAME, phone=PHONE, who="new"),
        )
        return Enrolment.objects.latest("pk")

    def takes_part(self) -> Student:
        first = self.signs_up(self.run)
        self.signs_up(self.run)  # once more
        rung = self.rings(self.held)
        assert rung.student_id != first.student_id
        merge = reverse("admin:merge", args=[first.student_id, rung.student_id])
        shown = self.staff.get(merge + "?keep").context["shown"]
        self.staff.post(merge, {"shown": shown})
        Client().post(
            reverse("interest_ask", args=[self.run.course.slug]),
            {"name": INTEREST_NAME, "contact": EMAIL, "email": EMAIL, "phone": PHONE},
        )
        Client().post(reverse("ask_us"), {"text": f"{QUESTION}?", "contact": EMAIL})
        Client().post(reverse("my_link"), {"contact": EMAIL})
        self.next_one = self.signs_up(
            self.run, name="En Annen", email="annen@example.org", phone="", adjustment=""
        )
        self.writes_to(first)
        call_command("owe_reminders")
        call_command("send_letters", "--once")
        Client().post(reverse("my_link"), {"contact": EMAIL})  # and nobody has looked yet
        rung = factories.shown(*Letter.objects.for_staff())
        self.staff.post(reverse("admin:letter_outcomes"), {"outcome": "reached", "letters": rung})
        return Student.objects.get(pk=first.student_id)

    def writes_to(self, enrolment: Enrolment) -> None:
        to_one = reverse("admin:message_to_one", args=[enrolment.pk])
        self.sends(to_one, f"Hei {NAME}, {TUTOR} har funnet sekken din.")
        to_all = reverse("admin:message_to_run", args=[self.run.pk])
        self.sends(to_all, f"{TUTOR} er syk, så Per kommer.")

    def sends(self, address: str, text: str) -> None:
        """A message, written, looked at and sent."""
        form = self.staff.get(address).context["form"]
        written = {each.html_name: str(each.value() or "") for each in form} | {"text": text}
        page = self.staff.post(address, written, follow=True)
        self.staff.post(page.request["PATH_INFO"], {"seen": page.context["seen"]})
        assert Message.objects.latest("pk").sent_at

    def is_held(self, student: Student) -> None:
        now = timezone.now()
        self.held.sessions.update(
            starts_at=now - timedelta(hours=5), ends_at=now - timedelta(hours=3)
        )
        tutor = Client()
        tutor.force_login(self.tutor.user)
        tutor.post(
            reverse("tutor_register", args=[self.held.pk]),
            {
                f"mark-{student.pk}": "present",
                f"shown-{student.pk}": "",
                "shown_headcount": "",
                "headcount": "",
            },
        )
        tutor.post(reverse("tutor_certificates", args=[self.held.pk]))


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    settings.ERASURES_FILE = tmp_path / "erasures"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "letters")
    (tmp_path / "letters").mkdir()
    return tmp_path


def test_nothing_is_left_of_a_student_and_a_tutor(folder: Path, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    portal = Portal()
    student = portal.takes_part()
    portal.is_held(student)
    # The search finds them where they are: else it would find nothing afterwards either.
    before = found(*STUDENTS)
    assert {
        ("enrolment_student", "name"),
        ("enrolment_student", "name_key"),
        ("enrolment_adjustment", "text"),
        ("enrolment_letter", "text"),
        ("enrolment_message", "text"),
        ("enrolment_interest", "email"),
        ("enrolment_question", "text"),
        ("enrolment_question", "contact"),
        ("enrolment_linkrequest", "contact"),
        ("certificates_certificate", "name"),
    } <= before
    assert {
        ("courses_tutor", "name"),
        ("auth_user", "username"),
        ("django_admin_log", "object_repr"),
        ("enrolment_letter", "text"),
        ("enrolment_message", "text"),
        ("courses_courserun", "contact_name"),
        *PRINTED,
    } <= found(*TUTORS)
    letters = b"".join(each.read_bytes() for each in (folder / "letters").iterdir())
    assert EMAIL.encode() in letters
    portrait = bytes(Picture.objects.get(name=portal.tutor.photo.name).content)

    own = Client()
    own.post(reverse("my_page_sign_in", args=[links.page_token(student)]))
    own.post(reverse("my_erasure"))
    portal.staff.post(reverse("admin:tutor_erase", args=[portal.tutor.pk]))
    call_command("clearsessions")

    assert found(*STUDENTS) == set()
    assert found(*TUTORS) == PRINTED
    assert portrait not in [
        bytes(each) for each in Picture.objects.values_list("content", flat=True)
    ]
    erased, tutor = Student.objects.get(pk=student.pk), Tutor.objects.get(pk=portal.tutor.pk)
    assert (erased.erased_at is None, tutor.erased_at is None) == (False, False)
    letters = b"".join(each.read_bytes() for each in (folder / "letters").iterdir())
    assert b"annen@example.org" in letters
    assert EMAIL.encode() not in letters
    assert len(read_proofs()) == 3  # hers, her older record and the tutor
    everywhere = [
        caplog.text,
        (folder / "erasures").read_text(),
        as_json(everything_about(portal.next_one.student)),
        as_json(everything_about(erased)),
        as_json(everything_about(tutor)),
        subscription_of([portal.next_one], factories.get_college()).decode(),
    ]
    for text in everywhere:
        assert is_said_in(text, *STUDENTS, *TUTORS) == set()
    assert Certificate.objects.get().tutors != []
