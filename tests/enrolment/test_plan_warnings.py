"""Before a plan is saved: clashes, days off and odd dates are said once, and stop nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import CourseRun, CourseSession, SchoolHoliday, Substitution
from courses.services import Planned, clashes
from tests import factories
from tests.enrolment.run_page import address, answers, noon_run, programme, save_anyway

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def other_run(run: CourseRun, **fields: object) -> CourseRun:
    """A draft with a session an hour after the run's own has begun, and nothing in common."""
    other = factories.make_run(sessions=0, venue=factories.make_venue(), **fields)
    factories.make_session(other, starts_at=run.sessions.get().starts_at + timedelta(hours=1))
    return other


def said(response) -> list[str]:
    return list((response.context or {}).get("warnings") or [])


def test_tutor_who_is_somewhere_else_is_said_once_and_nothing_written_is_lost(staff) -> None:
    run = noon_run()
    other = other_run(run)
    tutor = other.tutors.first()
    data = answers(run, **{"assignments-0-tutor": tutor.pk}, practical="Ta med sko.")
    asked = staff.post(address(run), data)
    [sentence] = said(asked)
    assert f"{tutor} leads “{other.course.title}” too, 13:00" in sentence
    page = asked.content.decode()
    assert "Ta med sko." in page
    assert 'value="Save anyway"' in page
    run.refresh_from_db()
    assert run.practical == ""
    assert save_anyway(staff, address(run), data).status_code == 302
    run.refresh_from_db()
    assert (run.practical, run.tutors.filter(pk=tutor.pk).exists()) == ("Ta med sko.", True)
    theme = answers(run, practical="Og matpakke.")
    assert staff.post(address(run), theme).status_code == 302


def test_venue_that_is_taken_is_said_where_it_is_chosen(staff) -> None:
    run = noon_run()
    other = other_run(run)
    words = f"“{other.course.title}” is at {other.venue} too"
    [of_run] = said(staff.post(address(run), answers(run, venue=other.venue_id)))
    [of_session] = said(
        staff.post(programme(run), answers(run, **{"sessions-0-venue": other.venue_id}))
    )
    assert words in of_run
    assert of_run == of_session


def test_session_moved_into_a_clash_is_said_and_one_moved_out_of_it_is_not(staff) -> None:
    run = noon_run()
    other_run(run)
    CourseRun.objects.update(venue=run.venue)
    early = {"sessions-0-begins": "11:00", "sessions-0-finishes": "13:00"}
    assert said(staff.post(programme(run), answers(run, **early))) == []
    late = {"sessions-0-begins": "14:00", "sessions-0-finishes": "16:00"}
    [sentence] = said(staff.post(programme(run), answers(run, **late)))
    assert f"is at {run.venue} too" in sentence


def test_warning_that_was_not_read_is_shown_and_one_that_was_is_not_asked_again(staff) -> None:
    run = noon_run()
    factories.enrol(run)
    may = factories.oslo(timezone.localdate().year + 1, 5, 17).date().isoformat()
    data = answers(run, **{"sessions-0-day": may})
    asked = save_anyway(staff, programme(run), data)
    assert "Tell everybody about the change?" in asked.content.decode()
    hidden = [value for name, value in asked.context["hidden"] if name == "_read"]
    assert any("Constitution Day" in each for each in hidden)
    other = other_run(run)
    moved = answers(run, venue=other.venue_id) | {"_read": hidden}
    assert len(said(staff.post(address(run), moved))) == 1


def test_two_sessions_of_a_run_that_overlap_are_said(staff) -> None:
    run = noon_run()
    factories.make_session(run, starts_at=run.sessions.get().starts_at + timedelta(days=1))
    second = run.sessions.last()
    day = timezone.localdate(run.sessions.first().starts_at).isoformat()
    data = answers(
        run,
        **{
            "sessions-1-day": day,
            "sessions-1-begins": "13:00",
            "sessions-1-finishes": "15:00",
        },
    )
    [sentence] = said(staff.post(programme(run), data))
    assert "sessions of this run overlap" in sentence
    second.refresh_from_db()
    assert timezone.localdate(second.starts_at).isoformat() != day


def test_copy_that_clashes_is_made_when_it_was_read(staff) -> None:
    run = noon_run()
    first_day = timezone.localdate(run.starts_at).isoformat()
    data = {"semester": run.semester_id, "first_day": first_day}
    url = reverse("admin:run_copy", args=[run.pk])
    asked = staff.post(url, data)
    assert any("leads" in each for each in said(asked))
    assert CourseRun.objects.count() == 1
    read = data | {"_read": said(asked), "known": asked.context["known"]}
    assert staff.post(url, read).status_code == 302
    assert CourseRun.objects.count() == 2
    # Sent twice, it is made once.
    staff.post(url, read)
    assert CourseRun.objects.count() == 2


def planned(run: CourseRun) -> Planned:
    session = run.sessions.get()
    return Planned(session.starts_at, session.ends_at, run.venue, list(run.tutors.all()))


def test_what_is_cancelled_clashes_with_nothing() -> None:
    run = noon_run()
    other = other_run(run)
    CourseRun.objects.update(venue=run.venue)
    assert [clash.other.run for clash in clashes([planned(run)], besides=run)] == [other]
    CourseSession.objects.filter(run=other).update(cancelled_at=timezone.now())
    assert clashes([planned(run)], besides=run) == []
    CourseSession.objects.update(cancelled_at=None)
    CourseRun.objects.filter(pk=other.pk).update(status="cancelled", cancelled_at=timezone.now())
    assert clashes([planned(run)], besides=run) == []


def test_whoever_stands_in_clashes_and_whoever_is_away_does_not() -> None:
    run = noon_run()
    other = other_run(run)
    away, here = other.assignments.first(), run.tutors.first()
    Substitution.objects.create(session=other.sessions.get(), assignment=away, tutor=here)
    [clash] = clashes([planned(run)], besides=run)
    assert clash.tutors == [here]
    times = planned(run)
    gone = Planned(times.starts_at, times.ends_at, None, [away.tutor])
    assert clashes([gone], besides=run) == []


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_what_clashes(django_assert_num_queries, count: int) -> None:
    run = noon_run()
    for _each in range(count):
        other_run(run, capacity=5)
    CourseRun.objects.update(venue=run.venue)
    plan = [planned(run)] * count
    with django_assert_num_queries(3):
        assert len(clashes(plan, besides=run)) == count * count


def test_new_run_that_clashes_is_made_when_it_was_read(staff) -> None:
    run = noon_run()
    data = answers(run) | {
        "assignments-INITIAL_FORMS": 0,
        "sessions-INITIAL_FORMS": 0,
        "practical": "Ta med sko.",
    }
    data = {
        name: value
        for name, value in data.items()
        if not name.startswith("initial-") and not name.endswith(("-id", "-run"))
    }
    asked = staff.post(reverse("admin:courses_courserun_add"), data)
    assert any("leads" in each for each in said(asked))
    assert "Ta med sko." in asked.content.decode()
    assert CourseRun.objects.count() == 1
    staff.post(reverse("admin:courses_courserun_add"), data | {"_read": said(asked)})
    new = CourseRun.objects.exclude(pk=run.pk).get()
    assert (new.practical, new.sessions.count(), new.assignments.count()) == ("Ta med sko.", 1, 2)


def test_school_holiday_is_said_by_its_name_on_every_page_with_dates(staff) -> None:
    run = noon_run()
    session = run.sessions.get()
    day_of = timezone.localdate(session.starts_at) + timedelta(days=7)
    SchoolHoliday.objects.create(
        name="Høstferie",
        municipality="Fjordvik",
        starts_on=day_of - timedelta(days=2),
        ends_on=day_of,
    )
    SchoolHoliday.objects.create(
        name="Vinterferie", starts_on=day_of + timedelta(days=1), ends_on=day_of + timedelta(days=5)
    )
    moved = answers(run, **{"sessions-0-day": day_of.isoformat()})
    [sentence] = said(staff.post(programme(run), moved))
    assert "is Høstferie, Fjordvik. That is fine if you meant it." in sentence
    week_later = {"number": "1", "step": "weeks_later", "weekday": "", "begins": "", "finishes": ""}
    preview = staff.post(reverse("admin:run_move", args=[run.pk]), week_later)
    assert [line.odd for line in preview.context["lines"]] == ["Høstferie, Fjordvik"]
    data = {"semester": run.semester_id, "first_day": day_of.isoformat()}
    [copied, *_others] = said(staff.post(reverse("admin:run_copy", args=[run.pk]), data))
    assert "Høstferie, Fjordvik" in copied


def test_school_holiday_ends_no_earlier_than_it_starts(staff) -> None:
    url = reverse("admin:courses_schoolholiday_add")
    data = {"name": "Høstferie", "starts_on": "2027-10-04", "ends_on": "2027-10-03"}
    assert "must not be before the first" in staff.post(url, data).content.decode()
    assert staff.post(url, data | {"ends_on": "2027-10-08"}).status_code == 302
    assert str(SchoolHoliday.objects.get()) == "Høstferie"
