"""A whole run moved on the coordinator's pages: the form, the preview, and what is said."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from courses import services as course_services
from courses.models import CourseRun, CourseSession
from enrolment.admin.asking import CORRECT, SILENT, TELL
from enrolment.models import Letter
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

# A Thursday in summer time; the next one but two is in winter time.
FIRST = factories.oslo(2026, 10, 8, 18)
WEEK_LATER = {"number": "1", "step": "weeks_later", "weekday": "", "begins": "", "finishes": ""}


@pytest.fixture(autouse=True)
def early_in_october() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(factories.oslo(2026, 10, 5, 9), tick=False) as clock:
        yield clock


@pytest.fixture
def run() -> CourseRun:
    """Published, on two Thursdays from 18 to 20, in a semester until the end of October."""
    semester = factories.make_semester(ends_on="2026-10-31")
    found = factories.make_run(sessions=0, semester=semester)
    for week in range(2):
        factories.make_session(found, starts_at=FIRST + timedelta(weeks=week))
    factories.get_college()
    course_services.publish(run=found)
    return CourseRun.objects.get(pk=found.pk)


def address(run: CourseRun) -> str:
    return reverse("admin:run_move", args=[run.pk])


def text_of(response) -> str:
    assert response.status_code == 200
    words = re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode()))
    return re.sub(r"\s+", " ", words.replace("\u2060", ""))


def hidden(response) -> dict[str, str]:
    return dict(response.context["hidden"])


def days(run: CourseRun) -> list[int]:
    return [timezone.localdate(each.starts_at).day for each in run.sessions.all()]


def test_run_is_moved_by_one_page_after_the_form_when_nobody_is_told(staff, run):
    preview = staff.post(address(run), WEEK_LATER)
    text = text_of(preview)
    assert (
        "Thursday 8 October 2026, 18:00–20:00 → is moved to Thursday 15 October 2026, 18:00–20:00"
        in text
    )
    assert "Nobody has signed up, so nobody needs to be told." in text
    assert days(run) == [8, 15]
    answer = staff.post(address(run), hidden(preview), follow=True)
    assert "The run is moved." in text_of(answer)
    assert days(run) == [15, 22]


@pytest.mark.parametrize(("button", "letters"), [(TELL, 1), (SILENT, 0)])
def test_people_are_asked_about_on_the_preview_itself(staff, run, button, letters):
    factories.enrol(run)
    Letter.objects.update(sent_at=timezone.now())
    preview = staff.post(address(run), WEEK_LATER)
    assert "1 person gets an e-mail." in text_of(preview)
    staff.post(address(run), hidden(preview) | {button: "1"})
    assert days(run) == [15, 22]
    assert Letter.objects.filter(kind=Letter.Kind.CHANGED).count() == letters


def test_going_back_keeps_the_answers(staff, run):
    preview = staff.post(address(run), WEEK_LATER)
    form = staff.post(address(run), hidden(preview) | {CORRECT: "1"})
    assert 'name="number" value="1"' in form.content.decode()
    assert days(run) == [8, 15]


def test_what_a_colleague_changed_meanwhile_is_shown_again(staff, run):
    preview = staff.post(address(run), WEEK_LATER)
    run.sessions.filter(starts_at=FIRST).update(
        starts_at=FIRST + timedelta(hours=1), ends_at=FIRST + timedelta(hours=3)
    )
    again = staff.post(address(run), hidden(preview))
    assert "A colleague has changed the run meanwhile." in text_of(again)
    assert "Thursday 15 October 2026, 19:00–21:00" in text_of(again)
    assert days(run) == [8, 15]
    staff.post(address(run), hidden(again))
    assert days(run) == [15, 22]


def test_somebody_who_signs_up_meanwhile_is_asked_about(staff, run):
    preview = staff.post(address(run), WEEK_LATER)
    factories.enrol(run)
    again = staff.post(address(run), hidden(preview))
    assert "1 person gets an e-mail." in text_of(again)
    assert days(run) == [8, 15]


def test_what_may_be_a_slip_of_the_pen_is_said(staff, run):
    text = text_of(staff.post(address(run), WEEK_LATER | {"number": "11", "weekday": "5"}))
    assert "Friday 25 December 2026, 18:00–20:00 Christmas Day, outside autumn 2026" in text


def test_sign_up_that_would_open_too_late_is_said(staff, run):
    CourseRun.objects.update(enrolment_opens_at=FIRST - timedelta(hours=1))
    text = text_of(staff.post(address(run), {"weekday": "3"}))
    assert "Sign-up opens on Thursday 8 October 2026, when the first session has begun" in text


def test_dates_of_sign_up_are_said_before_and_after(staff, run):
    CourseRun.objects.update(enrolment_closes_at=factories.oslo(2026, 10, 7, 12))
    text = text_of(staff.post(address(run), WEEK_LATER))
    assert "The dates of sign-up that have not passed move along." in text
    assert "Wednesday 7 October 2026, 12:00 → is moved to Wednesday 14 October 2026, 12:00" in text
    text = text_of(staff.post(address(run), {"begins": "19:00"}))
    assert "The dates of sign-up stay: only a number of weeks or days moves them." in text
    assert "Wednesday 7 October 2026, 12:00 stays where it is" in text


def test_what_stays_is_said(staff, coordinator, run, early_in_october):
    last = run.sessions.last()
    factories.make_session(run, starts_at=FIRST + timedelta(weeks=2))
    CourseSession.objects.filter(pk=last.pk).update(cancelled_at=timezone.now())
    early_in_october.move_to(FIRST + timedelta(hours=1))
    staff.force_login(coordinator)
    text = text_of(staff.post(address(run), WEEK_LATER))
    assert "Thursday 8 October 2026, 18:00–20:00 has begun" in text
    assert "Thursday 15 October 2026, 18:00–20:00 cancelled" in text


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "Write how the run is to be moved."),
        ({"number": "1", "step": "days_later", "weekday": "1"}, "Choose either a number of days"),
        ({"number": "1"}, "Choose weeks or days, later or earlier."),
        (
            {"number": "1", "step": "weeks_earlier"},
            "Thursday 8 October, 18:00 would be moved to Thursday 1 October, 18:00, which has",
        ),
        ({"weekday": "4"}, "There is no session to move, or all are there already."),
        ({"begins": "18:00", "finishes": "16:00"}, "it lasts 22 hours, and 12 is the most."),
        ({"begins": "18:00", "finishes": "18:00"}, "The session must end after it starts."),
    ],
)
def test_refusals_are_in_words_on_the_form(staff, run, answers, words):
    assert words in text_of(staff.post(address(run), answers))
    assert days(run) == [8, 15]


def test_two_that_would_begin_together_are_named(staff, run):
    factories.make_session(run, starts_at=FIRST + timedelta(days=1))
    text = text_of(staff.post(address(run), {"weekday": "5"}))
    assert "Two sessions would begin together: Friday 9 October, 18:00." in text


def test_draft_is_moved_out_of_the_past(staff):
    run = factories.make_run(sessions=0)
    factories.make_session(run, starts_at=factories.oslo(2026, 9, 3, 18))
    preview = staff.post(address(run), {"number": "6", "step": "weeks_later"})
    staff.post(address(run), hidden(preview))
    assert days(run) == [15]


def test_run_that_is_over_is_not_moved(staff, coordinator, run, early_in_october):
    early_in_october.move_to(FIRST + timedelta(weeks=3))
    staff.force_login(coordinator)
    answer = staff.get(address(run), follow=True)
    assert "The run is over." in text_of(answer)
    assert "Move the whole run" not in text_of(answer)


def test_page_of_the_run_leads_to_it(staff, run):
    page = staff.get(reverse("admin:run_programme", args=[run.pk])).content.decode()
    assert f'href="{address(run)}"' in page


@pytest.mark.parametrize("sessions", [1, 3])
def test_preview_takes_as_many_queries_however_many_sessions(
    staff, run, sessions, django_assert_num_queries
):
    CourseSession.objects.filter(run=run).delete()
    for week in range(sessions):
        factories.make_session(run, starts_at=FIRST + timedelta(weeks=week))
    staff.get(address(run))
    with django_assert_num_queries(14):
        staff.post(address(run), WEEK_LATER)


def test_preview_points_out_who_and_what_is_taken(staff, run):
    other = factories.make_run(sessions=0, venue=run.venue)
    factories.make_session(other, starts_at=FIRST + timedelta(weeks=2))
    text = text_of(staff.post(address(run), WEEK_LATER))
    assert f"{other.course.title}" in text
    assert run.venue.name in text
