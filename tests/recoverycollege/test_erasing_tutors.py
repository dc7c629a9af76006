"""A tutor is erased: what they developed and held stays, and nobody is named."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from certificates.services import check_key
from courses.models import CourseRun, Tutor
from enrolment import services
from enrolment.models import Event, Letter, Student
from recoverycollege.people import erasing, erasing_tutors
from recoverycollege.people.erasures import read_proofs
from recoverycollege.people.merging import merge
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _list_of_erasures(settings, tmp_path: Path) -> None:
    settings.ERASURES_FILE = tmp_path / "erasures"


def make_tutor_of(run: CourseRun, **fields: object) -> Tutor:
    """In the place of the run's peer."""
    values = {"name": "Torunn Lie", "email": "torunn@example.org", "phone": "+4799999931"} | fields
    tutor = factories.make_tutor_with_sign_in(**values)
    run.assignments.filter(role="peer").update(tutor=tutor)
    return tutor


def over(run: CourseRun) -> None:
    now = timezone.now()
    run.sessions.update(starts_at=now - timedelta(hours=5), ends_at=now - timedelta(hours=3))


def erase(tutor: Tutor, **fields: object) -> Tutor:
    erasing_tutors.erase_tutor(tutor=tutor, by=fields.pop("by", None))
    return Tutor.objects.select_related("user").get(pk=tutor.pk)


def test_name_contact_and_sign_in_go_and_the_facts_stay(client) -> None:
    run = factories.make_published_run()
    tutor = make_tutor_of(run, presentation="Jeg heter Torunn.", photo="torunn.png")
    over(run)
    staff = factories.make_user("ansatt")

    erased = erase(tutor, by=staff)

    assert (erased.name, erased.presentation, erased.photo.name) == ("", "", "")
    assert (erased.email, erased.phone, erased.is_active) == ("", "", False)
    user = erased.user
    assert (user.username, user.email, user.is_active) == (f"erased-{user.pk}", "", False)
    assert not user.has_usable_password()
    assert not user.groups.exists()
    assert run.assignments.filter(tutor=erased, role="peer").count() == 1
    assert str(erased) == "Tidligere kursholder"
    event = Event.objects.get(verb="erased")
    assert (event.subject, event.subject_id, event.actor) == ("tutor", tutor.pk, staff)
    # And once more is nothing more.
    assert erase(tutor).erased_at == erased.erased_at


@pytest.mark.parametrize("case", ["leads", "draft", "rung", "coordinator"])
def test_whoever_is_counted_on_is_replaced_first(client, case) -> None:
    run = factories.make_run() if case == "draft" else factories.make_published_run()
    if case == "draft":
        tutor = factories.make_tutor(name="Torunn Lie")
        run.assignments.create(tutor=tutor, role="peer")
    else:
        tutor = make_tutor_of(run)
    if case == "rung":
        run.assignments.filter(tutor=tutor).update(tutor=factories.make_tutor())
        CourseRun.objects.filter(pk=run.pk).update(contact_name="torunn lie")
    elif case == "coordinator":
        over(run)
        tutor.user.is_staff = True
        tutor.user.save()
    with pytest.raises(erasing_tutors.StillNeeded):
        erasing_tutors.erase_tutor(tutor=tutor, by=None)
    assert read_proofs() == set()
    client.force_login(factories.make_coordinator())
    page = reverse("admin:tutor_erase", args=[tutor.pk])
    answer = client.post(page, follow=True)
    said = answer.content.decode()
    assert "Ikke ennå:" in said
    assert "Slett kursholderen" not in said
    assert Tutor.objects.get(pk=tutor.pk).name == "Torunn Lie"


def test_a_tutor_put_on_a_run_in_that_very_moment_stays(monkeypatch) -> None:
    """And is not listed: else the next restore would erase them."""
    run = factories.make_published_run()
    tutor = factories.make_tutor(name="Torunn Lie")
    run_keys = erasing_tutors._run_keys

    def then_assign(current: Tutor) -> list[int]:
        keys = run_keys(current)
        run.assignments.filter(role="peer").update(tutor=current)
        return keys

    monkeypatch.setattr(erasing_tutors, "_run_keys", then_assign)
    with pytest.raises(erasing_tutors.StillNeeded):
        erasing_tutors.erase_tutor(tutor=tutor, by=None)
    assert (Tutor.objects.get(pk=tutor.pk).name, read_proofs()) == ("Torunn Lie", set())


def test_letters_to_the_tutor_that_were_written_into_a_folder_are_blanked(
    settings, tmp_path: Path
) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path)
    run = factories.make_published_run()
    tutor = make_tutor_of(run, email="Torunn@example.org")
    tutor.user.email = "privat@example.org"
    tutor.user.save()
    over(run)
    with EmailBackend(file_path=str(tmp_path)) as backend:
        for to in ("torunn@example.org", "privat@example.org", "per@example.org"):
            backend.send_messages([EmailMessage("Hei", "Hei", "a@b.no", [to])])
    erase(tutor)
    [path] = tmp_path.glob("*.log")
    left = path.read_bytes()
    assert [each in left for each in (b"torunn@", b"privat@", b"per@")] == [False, False, True]


def test_letters_and_log_name_nobody_and_the_contact_of_old_runs_goes() -> None:
    run = factories.make_published_run(contact_name="Torunn Lie", contact_phone="+4799999931")
    tutor = make_tutor_of(run)
    enrolment = factories.enrol(run)
    services.owe_reminders()
    letter = enrolment.letters.get()
    letter.text = "Du møter Torunn Lie og Per Ås. Torunn Lienhard kommer ikke."
    letter.before, letter.language = {"tutors": ["Torunn Lie"]}, "nn"
    letter.save()
    without_before = factories.enrol(run).letters.get()
    without_before.text = "Torunn Lie."
    without_before.save()
    message = factories.make_message(run, text="Hilsen Torunn Lie")
    log = LogEntry.objects.create(
        user=factories.make_user("ansatt"),
        content_type=ContentType.objects.get_for_model(CourseRun),
        object_id=str(run.pk),
        object_repr=str(run),
        action_flag=CHANGE,
        change_message='[{"added": {"name": "kursholder", "object": "Torunn Lie"}}]',
    )
    over(run)

    erase(tutor)

    for each in (letter, without_before, message, log, run):
        each.refresh_from_db()
    assert (without_before.text, message.text) == (
        "Tidligere kursholder.",
        "Hilsen Tidligere kursholder",
    )
    assert Letter.objects.filter(pk=without_before.pk, before__isnull=True).exists()
    assert letter.text == "Du møter Tidlegare kurshaldar og Per Ås. Torunn Lienhard kommer ikke."
    assert letter.before == {"tutors": ["Tidlegare kurshaldar"]}
    assert not Letter.objects.filter(tutor=tutor).exists()
    assert log.change_message == '[{"added": {"name": "kursholder", "object": ""}}]'
    assert (run.contact_name, run.contact_phone) == ("", "")


def test_a_name_that_is_a_word_like_others_blanks_no_word() -> None:
    run = factories.make_published_run()
    tutor = make_tutor_of(run, name="Liv")
    letters = [factories.enrol(run).letters.get() for _each in range(2)]
    for letter, before in zip(letters, ({"tutors": ["Liv", "Liv Ås"]}, None), strict=True):
        letter.subject, letter.text, letter.before = "Liv og lyst", "Liv laga. Med Liv Ås.", before
        letter.save()
    message = factories.make_message(run, text="Liv og lyst")
    log = LogEntry.objects.create(
        user=factories.make_user("ansatt"),
        content_type=ContentType.objects.get_for_model(CourseRun),
        object_id=str(run.pk),
        object_repr="Liv og lyst",
        action_flag=CHANGE,
        change_message='[{"added": {"name": "Liv laga", "object": "Liv"}}]',
    )
    over(run)

    erase(tutor)

    for each in (*letters, message, log):
        each.refresh_from_db()
    assert [(each.subject, each.text) for each in letters] == [
        ("Liv og lyst", "Liv laga. Med Liv Ås.")
    ] * 2
    assert letters[0].before == {"tutors": ["Tidligere kursholder", "Liv Ås"]}
    assert (message.text, log.object_repr) == ("Liv og lyst", "Liv og lyst")
    assert log.change_message == '[{"added": {"name": "Liv laga", "object": ""}}]'


def test_staff_erase_a_tutor_and_pages_show_them_without_a_name(client) -> None:
    run = factories.make_published_run()
    tutor = make_tutor_of(run)
    course = run.course
    course.coursedeveloper_set.filter(role="peer").update(tutor=tutor)
    course.summary = "Laget av Torunn Lie."
    course.save()
    over(run)
    client.force_login(factories.make_coordinator())
    page = reverse("admin:tutor_erase", args=[tutor.pk])
    assert course.title in client.get(page).content.decode()  # names them, by hand
    course.summary = "Laget av oss."
    course.save()

    client.post(page)

    for address in (
        reverse("admin:tutor_courses", args=[tutor.pk]),
        reverse("admin:run_programme", args=[run.pk]),
        reverse("admin:courses_course_change", args=[course.pk]),
        reverse("admin:courses_tutor_change", args=[tutor.pk]),
        reverse("admin:semester_pairs", args=[run.semester_id]),
        reverse("course", args=[course.slug]),
        reverse("tutor_register", args=[run.pk]),
    ):
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        assert "Torunn" not in answer.content.decode(), address
    tutors = client.get(reverse("admin:courses_tutor_changelist")).content.decode()
    assert "Tidligere kursholder" not in tutors


def test_texts_that_stay_are_named_in_as_many_queries_as_there_are_kinds_of_rows() -> None:
    tutor = factories.make_tutor(name="Torunn Lie", phone="+4799999931")
    counts = []
    for _each in range(2):
        factories.make_run(practical="Spør etter Torunn Lie.")
        with CaptureQueriesContext(connection) as queries:
            texts = erasing_tutors.texts_naming(tutor)
        counts.append(len(queries))
    assert (len(texts), *counts) == (2, counts[0], counts[0])
    # Whom people ring about a run goes by itself; two in one field do not.
    factories.make_run(contact_name="torunn lie")
    factories.make_run(contact_name="Torunn og de andre", contact_phone="+4799999931")
    assert len(erasing_tutors.texts_naming(tutor)) == 2
    factories.make_run(contact_name="Torunn Lie og Per Ås")
    assert len(erasing_tutors.texts_naming(tutor)) == 3


def bring_back(*rows: Student | Tutor) -> None:
    """As a backup would: the row as it was, under its own key."""
    for row in rows:
        made = row.created_at
        row.save()
        type(row).objects.filter(pk=row.pk).update(created_at=made)


def test_who_comes_back_with_a_backup_is_erased_again(capsys) -> None:
    run = factories.make_published_run()
    tutor = make_tutor_of(run)
    over(run)
    student = factories.make_student(name="Sigrun Vik")
    stranger = factories.make_student(name="En Annen")
    tutor_before = Tutor.objects.get(pk=tutor.pk)
    student_before = Student.objects.get(pk=student.pk)
    erasing.erase(student=student)
    erase(tutor)
    bring_back(student_before, tutor_before)

    for again in ("1 students and 1 tutors", "0 students and 0 tutors"):
        call_command("apply_erasures")
        assert f"Erased {again} again. Listed 0" in capsys.readouterr().out
    assert Student.objects.get(pk=student.pk).name == ""
    assert Tutor.objects.get(pk=tutor.pk).name == ""
    assert Student.objects.get(pk=stranger.pk).name == "En Annen"


def test_what_became_part_of_somebody_is_erased_with_them_after_an_older_backup(capsys) -> None:
    """And not before: the two records are one person's, who keeps what is on both."""
    run = factories.make_published_run()
    one, other, last = [factories.enrol(run).student for _each in range(3)]
    before = [Student.objects.get(pk=each.pk) for each in (one, other, last)]
    other = merge(kept=other, gone=one, by=None).student
    last = merge(kept=last, gone=other, by=None).student
    call_command("apply_erasures")
    assert (last.merged_records.count(), read_proofs()) == (2, set())

    erasing.erase(student=last)

    bring_back(*before)
    stranger = factories.make_student()
    listed = read_proofs()
    call_command("apply_erasures")
    assert "Erased 3 students" in capsys.readouterr().out
    assert list(Student.objects.known()) == [stranger]
    # The list is made anew from the database alone, too.
    settings.ERASURES_FILE.unlink()
    Student.objects.filter(pk__in=[one.pk, other.pk]).delete()
    call_command("apply_erasures")
    assert (read_proofs(), len(listed)) == (listed, 3)


def test_a_list_that_is_away_is_told_of(settings, capsys) -> None:
    erasing.erase(student=factories.make_student())
    settings.ERASURES_FILE.unlink()
    for told in (True, False):
        call_command("apply_erasures")
        assert ("was no ERASURES_FILE" in capsys.readouterr().out) == told


def test_somebody_new_under_the_same_key_is_not_meant(capsys) -> None:
    tutor, student = factories.make_tutor(name="Torunn Lie"), factories.make_student()
    keys = tutor.pk, student.pk
    erase(tutor)
    erasing.erase(student=student)
    Tutor.objects.filter(pk=keys[0]).delete()
    Event.objects.all().delete()
    student.delete()
    factories.make_tutor(pk=keys[0], name="Ola Berg")
    factories.make_student(pk=keys[1], name="Ola Vik")
    call_command("apply_erasures")
    assert "Erased 0 students and 0 tutors" in capsys.readouterr().out
    assert Student.objects.get().name == "Ola Vik"


def test_with_a_new_key_the_list_is_made_anew(settings, capsys) -> None:
    student = factories.make_student(name="Sigrun Vik")
    before = Student.objects.get(pk=student.pk)
    erasing.erase(student=student)
    check_key()
    settings.CERTIFICATE_KEY = "another key, that nobody in the list was proved by"
    with pytest.raises(CommandError, match=r"Nobody is erased.* CERTIFICATE_KEY is not the key"):
        call_command("apply_erasures")
    kept = settings.ERASURES_FILE
    settings.ERASURES_FILE = kept.parent / "away" / kept.name
    with pytest.raises(CommandError, match="nothing is changed"):
        call_command("change_certificate_key", "--yes")
    settings.ERASURES_FILE = kept
    call_command("change_certificate_key", "--yes")
    assert "Listed 1 who are erased anew" in capsys.readouterr().out
    bring_back(before)
    call_command("apply_erasures")
    assert "Erased 1 students" in capsys.readouterr().out


def test_a_tutor_who_is_needed_again_is_told_of(capsys) -> None:
    run = factories.make_published_run()
    tutor = factories.make_tutor(name="Torunn Lie")
    before = Tutor.objects.get(pk=tutor.pk)
    erase(tutor)
    bring_back(before)
    run.assignments.filter(role="peer").update(tutor=before)
    with pytest.raises(CommandError, match=f"Tutors {tutor.pk} cannot be erased yet"):
        call_command("apply_erasures")
    assert Tutor.objects.get(pk=tutor.pk).name == "Torunn Lie"
