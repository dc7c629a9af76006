"""How long after a run its tutors see contact, adjustments and names; coordinators always do."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from certificates import services as certificate_services
from certificates.models import Attendance, Certificate
from certificates.services import Cell, Mark
from courses.models import CourseRun, Tutor
from tests import factories
from tests.certificates.test_attendance import make_begun_run
from tests.certificates.test_attendance_views import post_marks, teach, text_of

pytestmark = pytest.mark.django_db

CONTACT = timedelta(days=settings.TUTOR_CONTACT_DAYS)
NAMES = timedelta(days=settings.TUTOR_NAMES_DAYS)
AN_HOUR = timedelta(hours=1)
NAME, EMAIL, WISH = "Kari Vik", "kari@example.org", "Plass ved døra"
# Of the run, for tutors; those of a certificate come beside them.
WITH_NAMES = (
    *("tutor_contacts", "tutor_sheet", "tutor_certificates", "tutor_certificates_pdf"),
    "tutor_names",
)


@pytest.fixture
def run() -> CourseRun:
    """Over, with Kari who was there and has a certificate, and somebody who was not."""
    run = make_begun_run(people=0)
    session = run.sessions.get()
    with time_machine.travel(session.starts_at - timedelta(days=3)):
        person = factories.make_person(name=NAME, email=EMAIL)
        kari = factories.enrol(run, person=person, adjustment=WISH).student
        other = factories.enrol(run).student
    cells = {
        kari.pk: Cell(Mark.UNMARKED, Mark.PRESENT),
        other.pk: Cell(Mark.UNMARKED, Mark.ABSENT),
    }
    certificate_services.save_register(run=run, session=session, cells=cells, by=None)
    certificate_services.issue(run=run, by=None)
    return run


def coordinator() -> Client:
    client = Client()
    client.force_login(factories.make_coordinator())
    return client


def sign_in(client: Client) -> None:
    """Anew: the session has ended long ago."""
    client.force_login(Tutor.objects.get(user__isnull=False).user)


def addresses(run: CourseRun) -> list[str]:
    certificate = Certificate.objects.get()
    of_one = ("tutor_certificate", "tutor_certificate_correct", "tutor_certificate_withdraw")
    return [
        *(reverse(name, args=[run.pk]) for name in WITH_NAMES),
        *(reverse(name, args=[run.pk, certificate.pk]) for name in of_one),
    ]


def end_of(run: CourseRun):
    return run.sessions.get().ends_at


def page(client: Client, name: str, run: CourseRun) -> str:
    return client.get(reverse(name, args=[run.pk])).content.decode()


def test_tutor_sees_contact_and_wishes_for_a_while_and_reads_until_when(run):
    client = teach(run)
    with time_machine.travel(end_of(run) + CONTACT - AN_HOUR, tick=False):
        sign_in(client)
        contact, register = page(client, "tutor_contacts", run), page(client, "tutor_register", run)
        assert EMAIL in contact
        assert "Du ser dette til" in contact
        assert WISH in register
        assert "Du ser navnene til" in register
    with time_machine.travel(end_of(run) + CONTACT + AN_HOUR, tick=False):
        sign_in(client)
        contact, register = page(client, "tutor_contacts", run), page(client, "tutor_register", run)
        assert EMAIL not in contact
        assert NAME not in contact
        assert "til 30 dager etter siste samling" in contact
        assert WISH not in register
        assert NAME in register


def test_afterwards_the_register_is_numbers_and_every_page_with_names_leads_there(run):
    client = teach(run)
    with time_machine.travel(end_of(run) + NAMES - AN_HOUR, tick=False):
        sign_in(client)
        assert {client.get(each).status_code for each in addresses(run)} == {200}
    with time_machine.travel(end_of(run) + NAMES + AN_HOUR, tick=False):
        sign_in(client)
        register = client.get(reverse("tutor_register", args=[run.pk]))
        for each in addresses(run):
            response = client.get(each)
            assert (response.status_code, response.url) == (302, register.request["PATH_INFO"])
        for name in ("tutor_certificates", "tutor_names", "tutor_certificates_renew"):
            assert client.post(reverse(name, args=[run.pk])).status_code == 302
    assert NAME not in register.content.decode()
    assert "1 til stede 1 ikke til stede" in text_of(register)
    assert "no-store" in register["Cache-Control"]
    assert Certificate.objects.count() == 1


def test_a_register_that_was_open_all_the_time_is_not_saved_and_says_so(run):
    client = teach(run)
    kari = Attendance.objects.get(is_present=True).student
    with time_machine.travel(end_of(run) + NAMES + AN_HOUR, tick=False):
        sign_in(client)
        response = post_marks(client, run, {kari: ("present", "absent")})
    assert "Ikke lagret" in response.content.decode()
    assert Attendance.objects.get(student=kari).is_present


def test_coordinator_goes_on_seeing_correcting_and_printing(run):
    kari = Attendance.objects.get(is_present=True).student
    with time_machine.travel(end_of(run) + 4 * NAMES, tick=False):
        client = coordinator()
        assert {client.get(each).status_code for each in addresses(run)} == {200}
        assert EMAIL in page(client, "tutor_contacts", run)
        register = page(client, "tutor_register", run)
        assert NAME in register
        assert "Du ser navnene til" not in register
        post_marks(client, run, {kari: ("present", "absent")})
        pdf = client.get(reverse("tutor_certificates_pdf", args=[run.pk]))
    assert not Attendance.objects.get(student=kari).is_present
    assert pdf.content.startswith(b"%PDF")


def test_a_series_counts_from_its_last_session(run):
    client = teach(run)
    last = factories.make_session(run, in_days=30)
    with time_machine.travel(last.ends_at + NAMES - AN_HOUR, tick=False):
        sign_in(client)
        assert NAME in page(client, "tutor_register", run)


def test_names_are_seen_longer_than_the_index_asks_for_registers():
    assert settings.TUTOR_CONTACT_DAYS < settings.WRITTEN_LATE_DAYS < settings.TUTOR_NAMES_DAYS
