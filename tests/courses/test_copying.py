"""Runs held again: what is copied and what is not, on which days, and never twice."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from courses import services
from courses.models import CourseRun, CourseSession, Semester, Substitution, TutorAssignment
from courses.services import CopiesChanged, Copy, WeekOf
from courses.services.copying import COPIED, NOT_COPIED
from tests import factories
from tests.enrolment.test_races import at_once

pytestmark = pytest.mark.django_db


def semester(starts_on: str, ends_on: str) -> Semester:
    first = date.fromisoformat(starts_on)
    return Semester.objects.create(
        year=first.year,
        term="spring" if first.month < 7 else "autumn",
        starts_on=first,
        ends_on=ends_on,
        enrolment_opens_at=timezone.now(),
    )


def autumns() -> tuple[Semester, Semester]:
    """The first begins on a Monday, the second on a Wednesday."""
    return semester("2026-08-10", "2026-12-18"), semester("2027-08-11", "2027-12-17")


def run_on(*starts: datetime, hours: float = 2, **fields: object) -> CourseRun:
    run = factories.make_run(sessions=0, **fields)
    for each in starts:
        factories.make_session(run, starts_at=each, hours=hours)
    return CourseRun.objects.with_programme().get(pk=run.pk)


def copied(run: CourseRun, into: Semester, week_of: WeekOf = WeekOf.SEMESTER) -> CourseRun:
    run = CourseRun.objects.with_programme().get(pk=run.pk)
    copy = Copy(run, services.suggested_first_day(run, into, week_of))
    [new] = services.copy_runs(semester=into, copies=[copy], known=[])
    return CourseRun.objects.with_programme().get(pk=new.pk)


def starts(run: CourseRun) -> list[str]:
    return [f"{timezone.localtime(each.starts_at):%Y-%m-%d %H:%M}" for each in run.session_list]


@pytest.mark.parametrize("model", [CourseRun, CourseSession, TutorAssignment])
def test_every_field_is_copied_or_is_not(model) -> None:
    assert not COPIED[model] & NOT_COPIED[model]
    assert COPIED[model] | NOT_COPIED[model] == {each.name for each in model._meta.concrete_fields}


def test_copy_has_what_is_copied_and_nothing_else() -> None:
    """Every field of the source is unlike what a new row has."""
    source, target = autumns()
    moment = factories.oslo(2026, 9, 1, 8)
    run = factories.make_published_run(
        semester=source,
        contact_name="Kari",
        contact_phone="+4722865000",
        practical="Ta med sko.",
        who_meets_you="Kari står ved døra.",
        capacity=7,
        enrolment_opens_at=moment,
        enrolment_closes_at=moment + timedelta(days=1),
        waiting_list_closes_at=moment + timedelta(days=1),
    )
    CourseRun.objects.update(
        status="cancelled", cancelled_at=moment, published_at=moment, changed_at=moment
    )
    CourseRun.objects.update(places_taken=3, waiting=2)
    CourseSession.objects.update(
        theme="Håp",
        guest_speakers="En gjest",
        venue=factories.make_venue(),
        online_link="https://example.org/",
        is_optional=True,
        headcount=9,
        changed_at=moment,
    )
    new = copied(run, target)
    run = CourseRun.objects.with_programme().get(pk=run.pk)
    for model, old_rows, new_rows in (
        (CourseRun, [run], [new]),
        (CourseSession, run.session_list, new.session_list),
        (TutorAssignment, run.assignment_list, new.assignment_list),
    ):
        assert len(old_rows) == len(new_rows) > 0
        for old, copy in zip(old_rows, new_rows, strict=True):
            for name in COPIED[model]:
                assert getattr(copy, name) == getattr(old, name), name
            for name in NOT_COPIED[model] - {"cancelled_at"}:
                assert getattr(copy, name) != getattr(old, name), name
    assert new.is_draft
    assert new.semester == target
    assert new.cancelled_at is None
    assert (new.places_taken, new.waiting, new.published_at) == (0, 0, None)


def test_cancelled_session_and_tutor_who_left_stay_behind() -> None:
    source, target = autumns()
    run = run_on(*(factories.oslo(2026, 9, day, 18) for day in (1, 8, 15)), semester=source)
    CourseRun.objects.filter(pk=run.pk).update(who_meets_you="Jeg heter Kari.")
    run.sessions.filter(pk=run.session_list[1].pk).update(cancelled_at=timezone.now())
    gone, here = (each.tutor for each in run.assignment_list)
    gone.is_active = False
    gone.save()
    Substitution.objects.create(
        session=run.session_list[0], assignment=run.assignment_list[1], tutor=gone
    )
    new = copied(run, target)
    assert starts(new) == ["2027-08-31 18:00", "2027-09-14 18:00"]
    assert [each.tutor for each in new.assignment_list] == [here]
    assert new.who_meets_you == ""  # they may be the words of the one who left
    run = CourseRun.objects.with_programme().get(pk=run.pk)
    plan = services.plan_copy(run=run, semester=target, first_day=date(2027, 8, 31))
    assert plan.left_out == [gone]
    assert len(services.missing_for_publication(plan.run)) == 2  # a tutor; the privacy texts


def test_same_time_on_the_clock_also_past_midnight_and_over_its_changes() -> None:
    source, target = autumns()
    # Summer time ends on 25 October 2026, and on 31 October 2027.
    run = run_on(
        factories.oslo(2026, 10, 23, 22), factories.oslo(2026, 10, 30, 22), semester=source
    )
    for session, day in zip(run.session_list, (24, 31), strict=True):
        session.ends_at = factories.oslo(2026, 10, day, 0, 30)
        session.save()
    new = copied(run, target)
    assert starts(new) == ["2027-10-22 22:00", "2027-10-29 22:00"]
    assert [each.hours for each in new.session_list] == [2.5, 2.5]


def test_end_in_the_hour_that_is_left_out_makes_the_session_no_shorter() -> None:
    run = run_on(factories.oslo(2026, 3, 22, 2, 30), hours=0.5)
    plan = services.plan_copy(run=run, semester=run.semester, first_day=date(2026, 3, 29))
    assert [each.hours for each in plan.run.session_list] == [0.5]


@pytest.mark.parametrize(
    ("into", "week_of", "day"),
    [
        # A Tuesday of the fourth week, which is week 36 of the year.
        (("2027-08-11", "2027-12-17"), WeekOf.SEMESTER, "2027-08-31"),
        (("2027-08-11", "2027-12-17"), WeekOf.CALENDAR, "2027-09-07"),
        # Begins late in its week: the first whole one counts as the first.
        (("2027-08-13", "2027-12-17"), WeekOf.SEMESTER, "2027-09-07"),
        (("2027-01-04", "2027-06-18"), WeekOf.SEMESTER, "2027-01-26"),
    ],
)
def test_same_weekday_in_the_same_week(into, week_of, day) -> None:
    run = run_on(factories.oslo(2026, 9, 1, 18), semester=autumns()[0])
    Semester.objects.exclude(pk=run.semester_id).delete()
    assert services.suggested_first_day(run, semester(*into), week_of).isoformat() == day


def test_week_53_and_a_run_over_new_year_keep_their_order() -> None:
    source, target = autumns()
    run = run_on(
        *(factories.oslo(2026, 12, 29, 18) + timedelta(weeks=week) for week in range(3)),
        semester=source,
    )
    assert starts(copied(run, target, WeekOf.CALENDAR)) == [
        "2028-01-04 18:00",
        "2028-01-11 18:00",
        "2028-01-18 18:00",
    ]


def test_second_tuesday_of_the_month_stays_one() -> None:
    source, target = autumns()
    days = ((9, 8), (10, 13), (11, 10), (12, 8))
    run = run_on(*(factories.oslo(2026, *day, 18) for day in days), semester=source)
    assert [each[5:10] for each in starts(copied(run, target))] == [
        "09-14",
        "10-12",
        "11-09",
        "12-14",
    ]


def test_run_without_sessions_is_copied_without_them() -> None:
    source, target = autumns()
    assert starts(copied(run_on(semester=source), target)) == []


def test_what_was_made_meanwhile_is_not_made_twice() -> None:
    source, target = autumns()
    run = run_on(factories.oslo(2026, 9, 1, 18), semester=source)
    other = run_on(factories.oslo(2026, 9, 2, 18), semester=source)
    new = copied(run, target)
    copies = [Copy(each, date(2027, 9, 7)) for each in (other, run)]
    with pytest.raises(CopiesChanged):
        services.copy_runs(semester=target, copies=copies, known=[])
    assert list(target.runs.all()) == [new]  # all or none
    # Whoever has seen it means it.
    assert len(services.copy_runs(semester=target, copies=copies, known=[new.pk])) == 2


def test_run_that_a_colleague_has_changed_since_it_was_shown_is_not_copied() -> None:
    source, target = autumns()
    run = run_on(factories.oslo(2026, 9, 1, 18), semester=source)
    first_day = date(2027, 9, 7)
    shown = services.plan_copy(run=run, semester=target, first_day=first_day).fingerprint
    run.sessions.update(starts_at=factories.oslo(2026, 9, 1, 17))
    with pytest.raises(CopiesChanged):
        services.copy_runs(semester=target, copies=[Copy(run, first_day, shown)], known=[])
    assert not target.runs.exists()


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_at_once_make_it_once() -> None:
    source, target = autumns()
    run = run_on(factories.oslo(2026, 9, 1, 18), semester=source)

    def copy() -> object:
        copies = [Copy(run, date(2027, 9, 7))]
        return services.copy_runs(semester=target, copies=copies, known=[])

    results = at_once(copy, copy)
    assert sorted(type(each).__name__ for each in results) == ["CopiesChanged", "list"]
    assert target.runs.count() == 1


def test_each_run_is_repeated_by_one_at_the_same_time_of_the_week_first() -> None:
    source, target = autumns()
    course = factories.make_course()
    tuesday, thursday, cancelled = (
        run_on(factories.oslo(2026, 9, day, 18), semester=source, course=course)
        for day in (1, 3, 4)
    )
    CourseRun.objects.filter(pk=cancelled.pk).update(
        status="cancelled", cancelled_at=timezone.now()
    )
    runs = [CourseRun.objects.get(pk=each.pk) for each in (cancelled, tuesday, thursday)]
    assert services.repeating_runs(runs, target) == {}
    new = copied(thursday, target)
    assert services.repeating_runs(runs, target) == {thursday.pk: new}
    monday = run_on(factories.oslo(2027, 9, 6, 18), semester=target, course=course)
    assert services.repeating_runs(runs, target) == {thursday.pk: new, tuesday.pk: monday}
    CourseRun.objects.filter(pk=new.pk).update(status="cancelled", cancelled_at=timezone.now())
    assert services.repeating_runs(runs, target) == {tuesday.pk: monday}


@pytest.mark.parametrize("sessions", [1, 3])
def test_statements_do_not_grow_with_the_sessions(django_assert_num_queries, sessions) -> None:
    source, target = autumns()
    run = run_on(
        *(factories.oslo(2026, 9, 1, 18) + timedelta(weeks=week) for week in range(sessions)),
        semester=source,
    )
    with django_assert_num_queries(41):
        services.copy_runs(semester=target, copies=[Copy(run, date(2027, 9, 7))], known=[])
