"""A whole run moved: which sessions go where, what stays, and what is refused."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from courses import services as course_services
from courses.models import CourseRun, CourseSession
from enrolment import services
from enrolment.models import Event, Letter
from enrolment.services import Announcement, Move, NothingToMove, PlannedMove
from tests import factories

pytestmark = pytest.mark.django_db

# Thursdays at 18: three in summer time, and the fourth after the clock has changed.
FIRST = factories.oslo(2026, 10, 8, 18)


@pytest.fixture(autouse=True)
def early_in_october() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(factories.oslo(2026, 10, 5, 9), tick=False) as clock:
        yield clock


@pytest.fixture
def run() -> CourseRun:
    """Published, on four Thursdays from 18 to 20."""
    return published(*(course_services.shifted(FIRST, 7 * week) for week in range(4)))


def published(*starts: datetime, **fields: object) -> CourseRun:
    found = factories.make_run(sessions=0, **fields)
    for starts_at in starts:
        factories.make_session(found, starts_at=starts_at)
    factories.get_college()
    course_services.publish(run=found)
    return CourseRun.objects.get(pk=found.pk)


def plan(run: CourseRun, move: Move) -> PlannedMove:
    return services.plan_move(run=CourseRun.objects.get(pk=run.pk), move=move)


def do(run: CourseRun, move: Move, announcement: Announcement = Announcement.TELL) -> None:
    shown = plan(run, move).fingerprint
    services.move_run(run=run, move=move, shown=shown, announcement=announcement, by=None)


def times(run: CourseRun) -> list[str]:
    return [
        f"{timezone.localtime(each.starts_at):%a %m-%d %H:%M}"
        f"-{timezone.localtime(each.ends_at):%H:%M}"
        for each in CourseSession.objects.filter(run=run)
    ]


def test_by_a_week_at_the_same_time_on_both_sides_of_the_clock_change(run):
    do(run, Move(days=7))
    assert times(run) == [
        "Thu 10-15 18:00-20:00",
        "Thu 10-22 18:00-20:00",
        "Thu 10-29 18:00-20:00",
        "Thu 11-05 18:00-20:00",
    ]


def test_back_by_a_day(run):
    do(run, Move(days=-1))
    assert times(run)[0] == "Wed 10-07 18:00-20:00"
    assert times(run)[3] == "Wed 10-28 18:00-20:00"


def test_to_another_weekday_of_its_own_week_and_another_time(run):
    do(run, Move(weekday=2, begins=time(10)))
    assert times(run)[0] == "Tue 10-06 10:00-12:00"
    assert times(run)[3] == "Tue 10-27 10:00-12:00"


def test_weeks_and_weekday_together(run):
    do(run, Move(days=14, weekday=7))
    assert times(run)[0] == "Sun 10-25 18:00-20:00"


def test_past_midnight(run):
    do(run, Move(begins=time(22), finishes=time(0, 30)))
    assert times(run)[0] == "Thu 10-08 22:00-00:30"
    do(run, Move(days=1))
    assert times(run)[0] == "Fri 10-09 22:00-00:30"
    do(run, Move(begins=time(21)))
    assert times(run)[0] == "Fri 10-09 21:00-23:30"


def test_end_alone(run):
    do(run, Move(finishes=time(21)))
    assert times(run)[0] == "Thu 10-08 18:00-21:00"


def test_what_has_begun_and_what_is_cancelled_stay(run, early_in_october):
    sessions = list(run.sessions.all())
    CourseSession.objects.filter(pk=sessions[2].pk).update(cancelled_at=timezone.now())
    early_in_october.move_to(FIRST + timedelta(hours=1))
    planned = plan(run, Move(days=7))
    assert [each.session for each in planned.sessions] == [sessions[1], sessions[3]]
    assert planned.staying == [sessions[0], sessions[2]]
    do(run, Move(days=7))
    starts = [timezone.localdate(each.starts_at).day for each in map(again, sessions)]
    assert starts == [8, 22, 22, 5]
    assert again(sessions[2]).is_cancelled


def again(session: CourseSession) -> CourseSession:
    return CourseSession.objects.get(pk=session.pk)


def test_draft_is_moved_out_of_the_past():
    run = factories.make_run(sessions=0)
    factories.make_session(run, starts_at=factories.oslo(2026, 9, 3, 18))
    do(run, Move(days=70))
    assert times(run) == ["Thu 11-12 18:00-20:00"]


def test_session_keeps_all_but_its_times(run):
    session = run.sessions.first()
    CourseSession.objects.filter(pk=session.pk).update(theme="Håp", online_link="https://a.example")
    do(run, Move(days=7))
    assert (again(session).theme, again(session).online_link) == ("Håp", "https://a.example")


@pytest.mark.parametrize(
    ("move", "refusal"),
    [
        (Move(), NothingToMove),
        (Move(weekday=4, begins=time(18)), NothingToMove),
        (Move(days=-4), services.MovedIntoPast),
    ],
)
def test_what_cannot_be_moved_is_refused(run, move, refusal):
    with pytest.raises(refusal):
        plan(run, move)


def test_two_that_would_begin_together_are_refused():
    run = published(FIRST, FIRST + timedelta(days=1))
    with pytest.raises(services.StartTogether) as refusal:
        plan(run, Move(weekday=5))
    assert refusal.value.starts_at == FIRST + timedelta(days=1)


def test_cancelled_one_is_in_nobodys_way(run):
    first = run.sessions.first()
    CourseSession.objects.filter(pk=first.pk).update(cancelled_at=timezone.now())
    do(run, Move(days=7))
    assert times(run)[0] == "Thu 10-08 18:00-20:00"


def test_cancelled_run_and_one_that_is_over_are_refused(run, early_in_october):
    early_in_october.move_to(FIRST + timedelta(days=60))
    with pytest.raises(services.RunFinished):
        plan(run, Move(days=7))
    early_in_october.move_to(FIRST - timedelta(days=1))
    services.cancel_run(run=run, by=None)
    with pytest.raises(services.RunCancelled):
        plan(run, Move(days=7))


def test_moments_of_sign_up_move_along_with_days_where_they_have_not_passed(run):
    CourseRun.objects.update(
        enrolment_opens_at=factories.oslo(2026, 10, 1, 9),
        enrolment_closes_at=factories.oslo(2026, 10, 7, 12),
        waiting_list_closes_at=factories.oslo(2026, 10, 6, 12),
    )
    do(run, Move(days=21))
    run.refresh_from_db()
    # An hour later on the clock of the world: it is noon in winter too.
    assert run.enrolment_closes_at == factories.oslo(2026, 10, 28, 12)
    assert run.waiting_list_closes_at == factories.oslo(2026, 10, 27, 12)
    assert run.enrolment_opens_at == factories.oslo(2026, 10, 1, 9)


def test_moments_of_sign_up_stay_where_they_would_have_passed_or_no_days_are_moved(run):
    closes_at = factories.oslo(2026, 10, 6, 12)
    CourseRun.objects.update(enrolment_closes_at=closes_at)
    do(run, Move(days=-2))
    do(run, Move(begins=time(19)))
    run.refresh_from_db()
    assert run.enrolment_closes_at == closes_at


def test_people_are_asked_about_first_and_then_told_once(run):
    factories.enrol(run)
    with pytest.raises(services.ChangeNeedsTelling) as question:
        do(run, Move(days=7), Announcement.ASK)
    assert (len(question.value.changes), question.value.telling.email) == (4, 1)
    assert times(run)[0] == "Thu 10-08 18:00-20:00"
    do(run, Move(days=7))
    verbs = list(Event.objects.filter(subject="courserun").order_by("pk").values_list("verb"))
    assert verbs == [("changed_programme",), ("moved",)]
    # They have heard of the place, and not yet by letter: so that letter tells it.
    assert Letter.objects.get().kind == Letter.Kind.PLACE


def test_a_slip_of_the_pen_is_told_to_nobody(run):
    factories.enrol(run)
    do(run, Move(days=7), Announcement.SILENT)
    verbs = list(Event.objects.filter(subject="courserun").order_by("pk").values_list("verb"))
    assert verbs == [("changed_silently",), ("moved",)]


def test_what_a_colleague_changed_meanwhile_is_shown_first(run):
    shown = plan(run, Move(days=7)).fingerprint
    factories.make_session(run, starts_at=FIRST + timedelta(days=2))
    with pytest.raises(services.PlanChanged):
        services.move_run(run=run, move=Move(days=7), shown=shown, by=None)
    assert times(run)[0] == "Thu 10-08 18:00-20:00"


def test_what_a_colleague_wrote_beside_it_is_no_reason_to_ask_again(run):
    shown = plan(run, Move(days=7)).fingerprint
    CourseRun.objects.update(practical="Ta med sko.")
    services.move_run(run=run, move=Move(days=7), shown=shown, by=None)
    assert times(run)[0] == "Thu 10-15 18:00-20:00"
