"""Somebody is erased: what they wrote goes, the queue moves, and what stands tells of nobody."""

import threading
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from certificates import services as certificate_services
from certificates.models import Attendance, Certificate, DeveloperOffer
from certificates.services import Cell, Mark, Verdict
from courses.models import CourseRun
from enrolment import links, services
from enrolment.links import Purpose
from enrolment.models import (
    Adjustment,
    Enrolment,
    Event,
    Interest,
    Letter,
    LinkRequest,
    MergedKey,
    Message,
    Question,
    RepeatedSubmission,
    Student,
)
from recoverycollege.people import erasing, merging
from recoverycollege.people.erasures import proof_of, read_proofs
from recoverycollege.people.export import everything_about
from recoverycollege.people.locking import run_keys
from recoverycollege.people.written_letters import blank_out
from tests import factories
from tests.enrolment import invariants
from tests.enrolment.places import counters, kinds

pytestmark = pytest.mark.django_db

EMAIL, PHONE = "sigrun@example.org", "+4799999921"


@pytest.fixture(autouse=True)
def _list_of_erasures(settings, tmp_path: Path) -> None:
    settings.ERASURES_FILE = tmp_path / "erasures"


def sigrun(**fields: object) -> services.Person:
    values = {"name": "Sigrun Vik", "email": EMAIL, "phone": PHONE} | fields
    return factories.make_person(**values)


def erase(student: Student, **fields: object) -> Student:
    erasing.erase(student=student, **fields)
    invariants.check_all()
    return Student.objects.get(pk=student.pk)


def open_page(client, student: Student) -> None:
    client.post(reverse("my_page_sign_in", args=[links.page_token(student)]))


def over(run: CourseRun) -> CourseRun:
    now = timezone.now()
    run.sessions.update(
        starts_at=now - timezone.timedelta(hours=5), ends_at=now - timezone.timedelta(hours=3)
    )
    return run


def test_places_go_to_the_queue_and_only_those_who_move_up_get_a_letter() -> None:
    run, full = factories.make_published_run(capacity=1), factories.make_published_run(capacity=1)
    own = factories.enrol(run, person=sigrun())
    next_one = factories.enrol(run)
    factories.enrol(full)
    waiting = factories.enrol(full, person=sigrun())
    staff = factories.make_user()

    erased = erase(own.student, by=staff)

    own.refresh_from_db()
    waiting.refresh_from_db()
    next_one.refresh_from_db()
    assert (own.status, waiting.status, next_one.status) == ("withdrawn", "withdrawn", "place")
    assert (counters(run), counters(full)) == ((1, 0), (1, 0))
    assert "promoted" in kinds(next_one)
    assert not erased.letters.exists()
    events = Event.objects.filter(verb__in=["withdrew", "erased"]).order_by("pk")
    assert [(each.verb, each.subject, each.actor) for each in events] == [
        ("withdrew", "enrolment", staff),
        ("withdrew", "enrolment", staff),
        ("erased", "student", staff),
    ]


def test_the_row_is_empty_and_what_they_wrote_is_gone() -> None:
    run = factories.make_published_run()
    enrolment = factories.enrol(run, person=sigrun(), adjustment="Stor skrift")
    factories.enrol(run, person=sigrun())  # once more: a repeated submission
    student = enrolment.student
    message = factories.make_message(run, audience="one", enrolment=enrolment)
    services.send_message(message=message, by=factories.make_user())
    services.ask_to_be_told(
        course=factories.make_course(), name="Sigrun", language="nb", email=EMAIL, phone=PHONE
    )
    services.ask_question(text="Når?", contact=EMAIL, language="nb", course=None)
    certificate_services.offer_to_develop(name="Sigrun", contact=EMAIL, language="nb")
    services.ask_for_page_link(contact=EMAIL, language="nb")
    Student.objects.filter(pk=student.pk).update(municipality="Sandnes", wants_news=True)
    before = Student.objects.get(pk=student.pk)

    erased = erase(student)

    assert (erased.name, erased.name_key, erased.email, erased.phone) == ("", "", "", "")
    assert (erased.channel, erased.postal_address, erased.municipality) == ("none", "", "")
    assert erased.wants_news is False
    assert erased.erased_at is not None
    assert {before.key, before.calendar_key}.isdisjoint({erased.key, erased.calendar_key})
    gone = (Adjustment, RepeatedSubmission, Letter, Message, Interest, Question, LinkRequest)
    for model in (*gone, DeveloperOffer):
        assert not model.objects.exists(), model
    assert Enrolment.objects.get().student == erased


def test_somebody_else_at_the_address_keeps_what_they_asked_for() -> None:
    own = factories.enrol(factories.make_published_run(), person=sigrun()).student
    factories.enrol(factories.make_published_run(), person=sigrun(name="Per Vik"))
    kept = factories.make_course()
    services.ask_to_be_told(course=kept, name="per  vik", email=EMAIL, phone="", language="nb")
    services.ask_to_be_told(
        course=factories.make_course(), name="", email=EMAIL, phone="", language="nb"
    )
    erase(own)
    assert Interest.objects.get().course == kept
    assert Student.objects.known().get().name == "Per Vik"


def ask_by_phone() -> list[set[object]]:
    """All that can be asked without a sign-up, at the number; the rows there are by now."""
    services.ask_to_be_told(
        course=factories.make_course(), name="Sigrun Vik", email="", phone=PHONE, language="nb"
    )
    services.ask_question(text="Er det trygt?", contact=PHONE, language="nb", course=None)
    services.ask_for_page_link(contact=PHONE, language="nb")
    return asked_by_phone()


def asked_by_phone() -> list[set[object]]:
    return [set(model.objects.all()) for model in (Interest, Question, LinkRequest)]


@pytest.mark.parametrize("name", ["En Fremmed", "Sigrun Vik"])
def test_a_number_that_nobody_proved_shows_and_deletes_nothing_of_its_owners(name) -> None:
    """Also under her very name: whoever knows the number may know that, too."""
    asked = ask_by_phone()
    stranger = factories.enrol(
        factories.make_published_run(), person=sigrun(name=name, email="fremmed@example.org")
    ).student
    shown = {each.name for each in everything_about(stranger)}
    assert shown.isdisjoint({"interest", "question", "linkrequest"})
    erase(stranger)
    assert asked_by_phone() == asked


def test_whoever_has_a_number_alone_is_erased_with_what_was_asked_there() -> None:
    own = factories.enrol(factories.make_published_run(), person=sigrun(email="")).student
    ask_by_phone()
    shown = {each.name for each in everything_about(own)}
    assert shown >= {"interest", "question", "linkrequest"}
    erase(own)
    assert asked_by_phone() == [set(), set(), set()]


def test_every_older_link_is_dead(client) -> None:
    run = factories.make_published_run()
    kept = factories.enrol(run, person=sigrun()).student
    gone = factories.enrol(factories.make_published_run(), person=sigrun(email="")).student
    enrolment = gone.enrolments.select_related("student").get()
    addresses = [reverse("my_page_sign_in", args=[links.page_token(each)]) for each in (kept, gone)]
    addresses += [
        reverse("withdraw", args=[links.enrolment_token(Purpose.WITHDRAW, enrolment)]),
        reverse("calendar", args=[links.enrolment_token(Purpose.CALENDAR, enrolment)]),
        *(reverse("my_calendar", args=[each.calendar_key]) for each in (kept, gone)),
    ]
    merging.merge(kept=kept, gone=gone, by=None)
    assert [client.get(each).status_code for each in addresses] == [200] * 6
    open_page(client, Student.objects.get(pk=kept.pk))

    erase(kept)

    assert [client.get(each).status_code for each in addresses] == [404] * 6
    assert not MergedKey.objects.exists()
    assert "Sigrun" not in client.get(reverse("my_page")).content.decode()


def test_a_certificate_is_checked_as_before_and_says_no_name() -> None:
    run = factories.make_published_run()
    student = factories.enrol(run, person=sigrun()).student
    session = over(run).sessions.get()
    staff = factories.make_user()
    certificate_services.save_register(
        run=run,
        session=session,
        cells={student.pk: Cell(Mark.UNMARKED, Mark.PRESENT)},
        by=staff,
    )
    old = certificate_services.issue(run=run, by=staff)[0]
    new = certificate_services.reissue(certificate=old, name="Sigrun S. Vik", by=staff)

    erase(student)

    assert list(Certificate.objects.values_list("name", "student")) == [("", None), ("", None)]
    answer = certificate_services.verify(number=new.number, name="Sigrun S. Vik")
    assert answer.verdict == Verdict.GENUINE
    assert Attendance.objects.get().is_present
    enrolment = Enrolment.objects.get()
    assert (enrolment.status, counters(run)) == ("place", (1, 0))  # held: the figures stand
    assert certificate_services.issue(run=run, by=staff) == []


def test_erasing_twice_is_once_and_the_list_tells_of_nobody() -> None:
    student = factories.enrol(factories.make_published_run(), person=sigrun()).student
    erased = erase(student)
    again = erase(student)
    assert again.erased_at == erased.erased_at
    assert Event.objects.filter(verb="erased").count() == 1
    [line] = settings.ERASURES_FILE.read_text().splitlines()
    assert line == f"{timezone.localdate()} {proof_of(erased)}"
    assert settings.ERASURES_FILE.stat().st_mode & 0o077 == 0


def test_without_the_list_nothing_is_done(settings, tmp_path) -> None:
    settings.ERASURES_FILE = tmp_path / "away" / "erasures"
    student = factories.enrol(factories.make_published_run(), person=sigrun()).student
    with pytest.raises(erasing.ErasuresNotKept):
        erasing.erase(student=student)
    student.refresh_from_db()
    assert (student.name, student.erased_at) == ("Sigrun Vik", None)


def test_a_line_that_was_cut_off_does_not_spoil_the_next(settings) -> None:
    settings.ERASURES_FILE.write_text("2026-01-02 abc")
    student = erase(factories.enrol(factories.make_published_run()).student)
    assert read_proofs() == {"abc", proof_of(student)}


def test_the_student_erases_by_two_clicks_and_reads_first_what_happens(client) -> None:
    run = factories.make_published_run(capacity=1, course=factories.make_course(title="Om håp"))
    student = factories.enrol(run, person=sigrun()).student
    page = reverse("my_erasure")
    assert client.post(page).status_code == 302
    open_page(client, student)
    shown = client.get(page)
    assert "Du mister plassen din på «Om håp»" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert Student.objects.known().count() == 1

    answer = client.post(page, follow=True)

    assert answer.redirect_chain == [(reverse("my_erased"), 302)]
    assert "Alt er slettet" in answer.content.decode()
    assert not Student.objects.known().exists()
    assert client.session.is_empty()


def test_a_list_that_cannot_be_written_is_told_on_the_page(client, settings, tmp_path) -> None:
    student = factories.enrol(factories.make_published_run(), person=sigrun()).student
    open_page(client, student)
    settings.ERASURES_FILE = tmp_path / "away" / "erasures"
    answer = client.post(reverse("my_erasure"))
    assert answer.status_code == 503
    assert "ingenting er slettet" in answer.content.decode()


def test_staff_erase_for_a_caller_and_hear_who_moved_up(client) -> None:
    run = factories.make_published_run(capacity=1)
    student = factories.enrol(run, person=sigrun()).student
    next_one = factories.enrol(run).student
    client.force_login(factories.make_coordinator())
    page = reverse("admin:erase", args=[student.pk])
    assert "går til den første som venter" in client.get(page).content.decode()
    said = client.post(page, follow=True).content.decode()
    assert f"{next_one.name} fikk plass fra ventelista" in said
    assert "ble slettet" in said
    assert "Sigrun" not in said
    # Opened once more, in another tab: there is nothing left to do.
    assert client.get(page).status_code == 302


def test_staff_erase_made_up_people_together(client) -> None:
    run = factories.make_published_run(capacity=2)
    made_up = [factories.enrol(run).student for _each in range(2)]
    real = factories.enrol(run)
    client.force_login(factories.make_coordinator())
    students = reverse("admin:enrolment_student_changelist")
    chosen = {"action": "erase", "_selected_action": [each.pk for each in made_up]}

    asked = client.post(students, chosen).content.decode()

    assert all(each.name in asked for each in made_up)
    assert real.student.name not in asked
    assert Student.objects.known().count() == 3
    said = client.post(
        reverse("admin:erase_several"), {"student": [each.pk for each in made_up]}, follow=True
    ).content.decode()
    assert "Alt om 2 personer er slettet." in said
    real.refresh_from_db()
    assert (list(Student.objects.known()), real.status) == ([real.student], "place")
    assert "erased" not in said
    invariants.check_all()


def test_the_page_about_several_takes_no_more_queries_for_three_than_for_one(client) -> None:
    people = [factories.enrol(factories.make_published_run()).student for _each in range(3)]
    client.force_login(factories.make_coordinator())
    students = reverse("admin:enrolment_student_changelist")
    client.get(students)
    counts = []
    for chosen in (people[:1], people):
        data = {"action": "erase", "_selected_action": [each.pk for each in chosen]}
        with CaptureQueriesContext(connection) as queries:
            asked = client.post(students, data).content.decode()
        counts.append(len(queries))
        assert all(str(each.enrolments.get().run) in asked for each in chosen)
    assert counts == [counts[0]] * 2


@pytest.mark.any_database
def test_letters_in_a_folder_are_blanked_and_others_stay(settings, tmp_path) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    with EmailBackend(file_path=str(tmp_path)) as backend:
        for name in ("Sigrun Vik", "Per Ås"):
            to = f"{name} <{name[:3]}@example.org>"
            backend.send_messages([EmailMessage("Hei", f"Kjære {name}", "a@b.no", [to])])
    [path] = tmp_path.glob("*.log")
    size = path.stat().st_size
    blank_out({"SIG@example.org"})
    assert path.stat().st_size == size
    assert b"Sig@" not in path.read_bytes()
    assert b"Per@" in path.read_bytes()


def test_erasing_blanks_the_letters_that_were_written_into_a_folder(settings, tmp_path) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    students = [factories.enrol(run).student for run in (factories.make_published_run(),) * 2]
    with EmailBackend(file_path=str(tmp_path)) as backend:
        for each in students:
            backend.send_messages([EmailMessage("Hei", "Hei", "a@b.no", [each.email])])
    erase(students[0])
    [path] = tmp_path.glob("*.log")
    left = path.read_bytes()
    assert [each.email.encode() in left for each in students] == [False, True]


def test_a_sign_up_before_the_row_is_locked_is_erased_too(monkeypatch) -> None:
    """Its run was not locked yet: everything begins anew."""
    student = factories.enrol(factories.make_published_run(), person=sigrun()).student
    before = run_keys(student)
    other = factories.make_published_run(capacity=1)
    factories.enrol(other, person=sigrun())
    looks = iter([before])  # the first one, of a moment ago
    monkeypatch.setattr(erasing, "run_keys", lambda one: next(looks, None) or run_keys(one))
    erase(student)
    assert (other.enrolments.get().status, counters(other)) == ("withdrawn", (0, 0))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_sign_up_that_comes_while_somebody_is_erased_is_by_somebody_new() -> None:
    """It waits for the row, and finds nobody by that name any more."""
    student = factories.enrol(factories.make_published_run(), person=sigrun()).student
    other = factories.make_published_run()
    done = threading.Event()

    def sign_up() -> None:
        services.enrol(run=other, submission=uuid.uuid4(), person=sigrun())
        done.set()
        connection.close()

    with transaction.atomic():
        erasing.erase(student=student)
        thread = threading.Thread(target=sign_up)
        thread.start()
        assert not done.wait(0.5)
    thread.join(10)
    assert done.is_set()
    assert Student.objects.get(pk=student.pk).erased_at is not None
    assert other.enrolments.get().student != student
    invariants.check_all()


def test_every_page_shows_the_row_without_a_name(client) -> None:
    run = factories.make_published_run(capacity=1)
    own = factories.enrol(run, person=sigrun())
    erase(own.student)
    client.force_login(factories.make_coordinator())
    pages = {
        reverse("admin:enrolment_student_change", args=[own.student_id]): "slettet student",
        reverse("admin:enrolment_enrolment_changelist"): "slettet student",
        reverse("admin:enrolment_enrolment_change", args=[own.pk]): "slettet student",
        reverse("admin:receipt", args=[own.pk]): "slettet student",
        reverse("admin:enrolment_event_changelist"): "slettet det vi visste om personen",
        reverse("admin:run_people", args=[run.pk]): "",
        reverse("admin:run_history", args=[run.pk]): "",
        reverse("admin:call_list"): "",
        reverse("tutor_register", args=[run.pk]): "",
        reverse("tutor_sheet", args=[run.pk]): "",
        reverse("tutor_contacts", args=[run.pk]): "",
    }
    for address, words in pages.items():
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert words in answer.content.decode(), address
        assert "Sigrun" not in answer.content.decode(), address
    students = client.get(reverse("admin:enrolment_student_changelist")).content.decode()
    assert "slettet student" not in students
    for address in ("admin:merge_choose", "admin:student_data"):
        assert client.get(reverse(address, args=[own.student_id])).status_code == 404
    # In the other languages of the portal, too.
    receipt = reverse("admin:receipt", args=[own.pk])
    for prefix, words in (("/nn", "sletta student"), ("/en", "erased student")):
        assert words in client.get(prefix + receipt).content.decode()
