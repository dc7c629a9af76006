"""Sessions changed on a run's page: who is asked about and told, and what is refused in words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import CourseRun, CourseSession
from courses.norwegian.formatting import DASH, day
from enrolment import services
from enrolment.admin.asking import CORRECT, SILENT, TELL
from enrolment.models import Event, Letter
from tests import factories
from tests.enrolment.run_page import address, answers, errors_of, noon_run, programme, save_anyway

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_changed_time_asks_first_and_then_tells_everybody(staff) -> None:
    run = noon_run(capacity=1)
    factories.enrol(run)
    factories.enrol(run, person=factories.make_person(email="", phone="+4799999999"))
    Letter.objects.update(sent_at=timezone.now())
    changed = answers(run, **{"sessions-0-finishes": "16:00"})
    asked = staff.post(programme(run), changed)
    page = errors_of(asked)
    assert "1 person gets an e-mail." in page
    assert "1 person must be rung" in page
    place, on = run.venue.name, day(run.starts_at)
    assert f"Now: {on}, 12:00{DASH}16:00, {place}. Before: {on}, 12:00{DASH}14:00, {place}." in page
    assert timezone.localtime(run.sessions.get().ends_at).hour == 14
    assert not Letter.objects.filter(kind="changed").exists()

    assert staff.post(programme(run), changed | {TELL: "1"}).status_code == 302
    assert timezone.localtime(run.sessions.get().ends_at).hour == 16
    assert Letter.objects.filter(kind="changed").count() == 2


def test_last_session_to_come_is_not_cancelled_alone(staff) -> None:
    run = factories.make_published_run(sessions=2)
    factories.enrol(run)
    held = run.sessions.first()
    type(held).objects.filter(pk=held.pk).update(
        starts_at=held.starts_at - timedelta(days=60), ends_at=held.ends_at - timedelta(days=60)
    )
    changed = answers(run, **{"sessions-1-is_cancelled": "on"})
    page = errors_of(staff.post(programme(run), changed))
    assert "At least one session must remain. If none takes place, cancel the run" in page
    assert not run.sessions.filter(cancelled_at__isnull=False).exists()


def test_cancelled_session_asks_first_and_stays_in_the_programme(staff) -> None:
    run = factories.make_published_run(sessions=2)
    factories.enrol(run)
    Letter.objects.update(sent_at=timezone.now())
    first, second = run.sessions.all()
    changed = answers(run, **{"sessions-1-is_cancelled": "on"})
    page = errors_of(staff.post(programme(run), changed))
    assert "1 person gets an e-mail." in page
    assert f"Will not be held: {day(second.starts_at)}" in page
    assert not run.sessions.filter(cancelled_at__isnull=False).exists()
    staff.post(programme(run), changed | {TELL: "1"})
    run = CourseRun.objects.get(pk=run.pk)
    assert (run.session_list, run.planned_sessions) == ([first], [first, second])
    letter = Letter.objects.get(kind="changed")
    assert letter.before["meetings"].keys() == {str(first.pk), str(second.pk)}

    Letter.objects.update(sent_at=timezone.now())
    restored = answers(run) | {"sessions-1-is_cancelled": "", TELL: "1"}
    asked = errors_of(staff.post(programme(run), {k: v for k, v in restored.items() if k != TELL}))
    assert f"Will be held after all: {day(second.starts_at)}" in asked
    staff.post(programme(run), restored)
    assert len(CourseRun.objects.get(pk=run.pk).session_list) == 2
    assert Letter.objects.filter(kind="changed").count() == 2


def test_a_slip_of_the_pen_is_corrected_without_telling_anybody(staff) -> None:
    run = noon_run()
    factories.enrol(run)
    Letter.objects.update(sent_at=timezone.now())
    changed = answers(run, **{"sessions-0-finishes": "16:00", SILENT: "1"})
    assert staff.post(programme(run), changed).status_code == 302
    assert timezone.localtime(run.sessions.get().ends_at).hour == 16
    assert not Letter.objects.filter(kind="changed").exists()
    assert Event.objects.get(verb="changed_silently").subject_id == run.pk


def test_session_that_people_know_of_is_not_deleted(staff) -> None:
    run = factories.make_published_run(sessions=2)
    staff.post(programme(run), answers(run, **{"sessions-1-DELETE": "on"}))
    assert run.sessions.count() == 2
    edit = services.RunEdit(
        sessions=[services.SessionEdit(run.sessions.last().pk, is_deleted=True)]
    )
    with pytest.raises(services.SessionIsKnown):
        services.save_run(run=run, edit=edit, by=None)


def test_session_takes_the_hour_of_one_that_is_cancelled(staff) -> None:
    run = noon_run()
    _data, (_first, second) = two_sessions(run)
    staff.post(programme(run), answers(run, **{"sessions-1-is_cancelled": "on"}))
    new = answers(run) | {
        "sessions-TOTAL_FORMS": 3,
        "sessions-2-day": timezone.localdate(second.starts_at).isoformat(),
        "sessions-2-begins": timezone.localtime(second.starts_at).strftime("%H:%M"),
        "sessions-2-finishes": timezone.localtime(second.ends_at).strftime("%H:%M"),
    }
    assert staff.post(programme(run), new).status_code == 302
    assert run.sessions.filter(starts_at=second.starts_at).count() == 2
    back = answers(run) | {"sessions-1-is_cancelled": "", "sessions-2-is_cancelled": ""}
    page = errors_of(staff.post(programme(run), back))
    assert "Two sessions of the run start at the same time." in page


def test_moving_the_only_session_into_the_past_asks_first(staff) -> None:
    run = noon_run()
    factories.enrol(run)
    changed = answers(run, **{"sessions-0-day": "2020-11-02"})
    assert "1 person gets an e-mail." in errors_of(save_anyway(staff, programme(run), changed))
    assert not run.is_finished()


def test_question_carries_the_answers_along(staff) -> None:
    run = noon_run()
    factories.enrol(run)
    venue = factories.make_venue(name="Kulturhuset")
    page = errors_of(staff.post(address(run), answers(run, venue=venue.pk, practical="Inngang B")))
    assert f'<input type="hidden" name="venue" value="{venue.pk}">' in page
    assert '<input type="hidden" name="practical" value="Inngang B">' in page


def test_going_back_to_correct_saves_nothing(staff) -> None:
    run = noon_run()
    factories.enrol(run)
    data = answers(run, **{"sessions-0-finishes": "16:00", CORRECT: "1"})
    assert "Nothing has been saved yet." in errors_of(staff.post(programme(run), data))
    assert timezone.localtime(run.sessions.get().ends_at).hour == 14


def test_a_theme_is_no_change_to_write_about(staff) -> None:
    run = noon_run()
    factories.enrol(run)
    response = staff.post(programme(run), answers(run, **{"sessions-0-theme": "Håp"}))
    assert response.status_code == 302
    assert run.sessions.get().theme == "Håp"
    assert not Letter.objects.filter(kind="changed").exists()


def test_session_must_end_after_it_starts(staff) -> None:
    run = noon_run()
    data = answers(run, **{"sessions-0-finishes": "12:00"})
    assert "The session must end after it starts." in errors_of(staff.post(programme(run), data))


def test_session_that_would_last_nearly_a_day_is_a_slip_of_the_pen(staff) -> None:
    run = noon_run()
    data = answers(run, **{"sessions-0-finishes": "10:00"})
    assert "it lasts 22 hours, and 12 is the most." in errors_of(staff.post(programme(run), data))
    assert timezone.localtime(run.sessions.get().ends_at).hour == 14


def test_session_may_end_past_midnight(staff) -> None:
    run = noon_run()
    late = {"sessions-0-begins": "22:00", "sessions-0-finishes": "00:30"}
    assert staff.post(programme(run), answers(run, **late)).status_code == 302
    session = run.sessions.get()
    assert session.hours == 2.5
    # The page shows it as it was written, and saving it as it stands changes nothing.
    data = answers(run, **{"sessions-0-theme": "Natt"})
    assert (data["sessions-0-begins"], data["sessions-0-finishes"]) == ("22:00", "00:30")
    staff.post(programme(run), data)
    again = run.sessions.get()
    assert (again.theme, again.ends_at) == ("Natt", session.ends_at)


def two_sessions(run: CourseRun) -> tuple[dict[str, object], list[CourseSession]]:
    """The page's answers for a run with two sessions, at one hour on two days."""
    first = run.sessions.get()
    factories.make_session(run, starts_at=first.starts_at + timedelta(days=7))
    return answers(run), list(run.sessions.order_by("starts_at"))


def test_two_sessions_change_places_in_one_save(staff) -> None:
    data, (first, second) = two_sessions(noon_run())
    data["sessions-0-day"], data["sessions-1-day"] = data["sessions-1-day"], data["sessions-0-day"]
    assert staff.post(programme(first.run), data).status_code == 302
    moved = {each.pk: each.starts_at for each in first.run.sessions.all()}
    assert moved == {first.pk: second.starts_at, second.pk: first.starts_at}


def test_session_takes_the_time_of_one_that_is_deleted_in_the_same_save(staff) -> None:
    run = noon_run()
    CourseRun.objects.update(status="draft", published_at=None)
    data, (first, second) = two_sessions(run)
    data |= {"sessions-0-day": data["sessions-1-day"], "sessions-1-DELETE": "on"}
    assert staff.post(programme(first.run), data).status_code == 302
    assert list(first.run.sessions.values_list("pk", "starts_at")) == [(first.pk, second.starts_at)]


def test_session_at_the_time_of_one_that_a_colleague_added_is_refused(staff) -> None:
    run = noon_run()
    data = answers(run)
    colleagues = factories.make_session(
        run, starts_at=run.sessions.get().starts_at + timedelta(days=7)
    )
    data["sessions-0-day"] = timezone.localdate(colleagues.starts_at).isoformat()
    response = staff.post(programme(run), data)
    assert "Two sessions of the run start at the same time." in errors_of(response)


def test_holiday_is_named_when_a_session_comes_there_and_not_at_each_save(staff) -> None:
    run = noon_run()
    may = factories.oslo(timezone.localdate().year + 1, 5, 17)
    factories.make_session(run, starts_at=may, hours=1)
    data = answers(run)
    page = staff.post(programme(run), data, follow=True).content.decode()
    assert "is Constitution Day" not in page
    data["sessions-0-day"] = may.date().replace(day=1).isoformat()
    page = staff.post(programme(run), data, follow=True).content.decode()
    assert "is Labour Day" in page
    assert "is Constitution Day" not in page
