"""Students who have not taken part for years are told, and then erased, unless they stay."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from certificates.models import Attendance
from enrolment import letters, links, services
from enrolment.emails import as_email
from enrolment.models import Enrolment, Event, Letter, Student
from recoverycollege.people import erasing
from recoverycollege.people.erasures import read_proofs
from recoverycollege.people.inactive import erase_inactive, tell_inactive
from recoverycollege.people.locking import run_keys
from tests import factories

pytestmark = pytest.mark.django_db

YEARS = timedelta(days=365 * settings.INACTIVE_STUDENT_YEARS)
TOLD = timedelta(days=settings.INACTIVE_TOLD_DAYS)
A_DAY = timedelta(days=1)


def took_part() -> Enrolment:
    """Signed up for a run that is held in a fortnight."""
    return factories.enrol(factories.make_published_run())


def last_day(enrolment: Enrolment) -> datetime:
    return enrolment.run.sessions.latest("ends_at").ends_at


def told(enrolment: Enrolment) -> datetime:
    """Told in time, by a letter that was sent; returns when."""
    moment = last_day(enrolment) + YEARS - TOLD + A_DAY
    assert tell_inactive(now=moment) == 1
    Letter.objects.filter(kind="erasure").update(sent_at=moment)
    return moment


def test_a_student_is_told_once_in_time_and_erased_when_the_years_are_over():
    enrolment = took_part()
    in_time = last_day(enrolment) + YEARS - TOLD

    assert tell_inactive(now=in_time - A_DAY) == 0
    moment = told(enrolment)
    assert tell_inactive(now=moment + A_DAY) == 0

    assert erase_inactive(now=moment + TOLD - A_DAY) == 0
    assert erase_inactive(now=moment + TOLD) == 1
    student = Student.objects.get()
    assert (student.name, student.email, student.channel) == ("", "", "none")
    assert student.erased_at == moment + TOLD
    assert Enrolment.objects.get().student == student
    assert Letter.objects.count() == 0
    assert erase_inactive(now=moment + YEARS) == 0


def keeps(enrolment: Enrolment, now: datetime) -> None:
    services.keep_student(student=enrolment.student, now=now)


def signs_up(enrolment: Enrolment, now: datetime) -> None:
    with time_machine.travel(now):
        student = enrolment.student
        person = factories.make_person(name=student.name, email=student.email)
        assert factories.enrol(factories.make_published_run(), person=person).student == student


def withdraws(enrolment: Enrolment, now: datetime) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(status="withdrawn", withdrawn_at=now)


def is_in_a_room(enrolment: Enrolment, now: datetime) -> None:
    session = factories.make_published_run().sessions.get()
    type(session).objects.filter(pk=session.pk).update(
        starts_at=now, ends_at=now + timedelta(hours=2)
    )
    Attendance.objects.create(student=enrolment.student, session=session, is_present=True)


def is_still_to_come(enrolment: Enrolment, now: datetime) -> None:
    enrolment.run.sessions.update(starts_at=now, ends_at=now + timedelta(hours=2))


@pytest.mark.parametrize(
    "stays",
    [keeps, signs_up, withdraws, is_in_a_room, is_still_to_come],
    ids=lambda each: each.__name__,
)
def test_whoever_stays_is_not_erased_and_told_anew_after_as_many_years(
    stays: Callable[[Enrolment, datetime], None],
):
    enrolment = took_part()
    moment = told(enrolment)
    stays(enrolment, moment + A_DAY)

    assert erase_inactive(now=moment + TOLD + A_DAY) == 0
    # Something is new for as many years once more; what was signed up for is held a fortnight on.
    assert tell_inactive(now=moment + YEARS - TOLD) == 0
    assert tell_inactive(now=moment + YEARS + A_DAY) == 1


def test_whoever_stays_in_the_moment_of_erasing_is_neither_erased_nor_listed(
    settings, tmp_path, monkeypatch
):
    """Else the next restore would erase them, in spite of what they said."""
    settings.ERASURES_FILE = tmp_path / "erasures"
    enrolment = took_part()
    moment = told(enrolment) + TOLD

    def then_keeps(student: Student) -> list[int]:
        keys = run_keys(student)
        keeps(enrolment, moment)
        return keys

    monkeypatch.setattr(erasing, "run_keys", then_keeps)
    assert erase_inactive(now=moment) == 0
    assert (Student.objects.get().erased_at, read_proofs()) == (None, set())


def test_a_letter_that_does_not_get_through_holds_nobody_for_ever():
    enrolment = took_part()
    moment = told(enrolment)
    Letter.objects.filter(kind="erasure").update(sent_at=None, failed_at=moment)
    untold = timedelta(days=settings.INACTIVE_UNTOLD_DAYS)

    assert erase_inactive(now=moment + untold - A_DAY) == 0
    assert erase_inactive(now=moment + untold) == 1


def test_whoever_cannot_be_reached_is_erased_without_a_letter():
    student = factories.make_student(email="", channel="none")

    assert tell_inactive(now=student.created_at + YEARS) == 0
    assert erase_inactive(now=student.created_at + YEARS + A_DAY) == 1
    assert Letter.objects.count() == 0


def test_letter_that_is_no_longer_true_is_not_sent():
    enrolment = took_part()
    tell_inactive(now=last_day(enrolment) + YEARS)
    letter = Letter.objects.get(kind="erasure")
    assert letter in Letter.objects.still_true()

    keeps(enrolment, letter.owed_since + A_DAY)
    services.overtake_untrue()

    letter.refresh_from_db()
    assert letter.overtaken_by == "kept"


@pytest.mark.parametrize(
    ("language", "button", "said"),
    [
        ("nb", "Behold meg", "om 30 dager"),
        ("nn", "Behald meg", "om 30 dagar"),
        ("en", "Keep me", "in 30 days"),
    ],
)
def test_one_tap_from_the_letter_keeps_the_student(client, language, button, said):
    student = factories.make_student(language=language)
    Student.objects.update(created_at=timezone.now() - YEARS)
    tell_inactive(now=timezone.now())
    letter = factories.written(Letter.objects.get())
    assert said in letter.text
    assert letters.KEEP_LINK not in letters.on_paper(letter)
    body = as_email(letter).body
    [page] = [
        line.rpartition(": ")[2].removeprefix(settings.SITE_URL)
        for line in body.splitlines()
        if line.startswith(f"{button}: ")
    ]

    shown = client.get(page)
    assert button in shown.content.decode()
    assert student.name not in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    student.refresh_from_db()
    assert student.kept_at is None  # opening it changes nothing

    after = client.post(page, follow=True).content.decode()
    student.refresh_from_db()
    assert student.kept_at is not None
    assert button not in after
    assert Event.objects.get(verb="kept").actor is None


def test_my_page_has_the_button_while_it_is_needed(client):
    student = factories.make_student()
    client.post(reverse("my_page_sign_in", args=[links.page_token(student)]))
    assert "Behold meg" not in client.get(reverse("my_page")).content.decode()

    services.tell_of_erasure(students=[student])

    assert "Behold meg" in client.get(reverse("my_page")).content.decode()


def test_a_wrong_link_keeps_nobody(client):
    student = factories.make_student()
    response = client.post(reverse("keep_me", args=[links.page_token(student)]))
    assert response.status_code == 404
    student.refresh_from_db()
    assert student.kept_at is None


def test_staff_write_down_that_somebody_stays(client):
    staff = factories.make_coordinator()
    client.force_login(staff)
    student = factories.make_student()
    services.tell_of_erasure(students=[student])
    page = reverse("admin:enrolment_student_change", args=[student.pk])
    assert "Vil bli" in client.get(page).content.decode()

    client.post(reverse("admin:keep_student", args=[student.pk]))

    assert "Skal slettes" not in client.get(page).content.decode()
    assert Event.objects.get(verb="kept").actor == staff


def test_the_nightly_purge_tells_and_erases(capsys):
    enrolment = took_part()
    moment = last_day(enrolment) + YEARS
    with time_machine.travel(moment):
        call_command("purge_expired")
    assert "Told 1 of the students" in capsys.readouterr().out
    Letter.objects.filter(kind="erasure").update(sent_at=moment)
    with time_machine.travel(moment + TOLD + A_DAY):
        call_command("purge_expired")
    assert "Purged 1: Your name, and how we reach you." in capsys.readouterr().out


def test_a_list_that_cannot_be_written_is_said_in_a_sentence_and_erases_nobody(settings, tmp_path):
    enrolment = took_part()
    moment = told(enrolment)
    settings.ERASURES_FILE = tmp_path / "away" / "erasures"
    with time_machine.travel(moment + TOLD), pytest.raises(CommandError, match="ERASURES_FILE"):
        call_command("purge_expired")
    assert Student.objects.get().erased_at is None
