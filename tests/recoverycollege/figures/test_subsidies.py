"""Which runs can be reported to the adult-education association."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from courses.models import College
from courses.norwegian.formatting import day_without_weekday
from recoverycollege.figures.subsidies import SubsidyRow, months_after, subsidy_rows
from tests import factories
from tests.factories import oslo
from tests.recoverycollege.figures.counted import make_run, make_semester, mark

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

NOW = oslo(2025, 6, 1)
DAYS = [oslo(2025, 3, day) for day in (3, 10, 17, 24)]


def make_series(*present: int, hours: float = 2, title: str = "Håp", **fields: object):
    """Four sessions; each number is in how many of them somebody was."""
    factories.get_college()
    semester = factories.Semester.objects.first() or make_semester(2025, "spring")
    course = factories.make_course(title=title)
    run = make_run(semester, course, factories.make_venue(), DAYS, hours=hours, **fields)
    sessions = list(run.sessions.all())
    for number in present:
        student = factories.make_student()
        for session in sessions[:number]:
            mark(session, student)
        for session in sessions[number:]:
            mark(session, student, is_present=False)
    return run


def only_row() -> SubsidyRow:
    [row] = subsidy_rows(now=NOW)
    return row


def test_run_qualifies_by_hours_and_by_those_who_were_there_long_enough():
    make_series(4, 4, 3, 3, 2)
    row = only_row()
    assert row.qualifies
    assert (row.hours, row.participants, row.counted) == (8, 5, 4)
    assert (row.first_on, row.last_on) == (date(2025, 3, 3), date(2025, 3, 24))
    assert (row.deadline, row.is_late) == (date(2025, 6, 24), False)


@pytest.mark.parametrize(
    ("present", "hours", "reasons"),
    [
        ((4, 4, 3, 2), 2, ["3 var til stede i 75 % eller mer. Det skal være 4."]),
        ((4, 4, 4, 4), 0.75, ["Det varte i 3 av de 4 timene som trengs."]),
    ],
)
def test_run_that_lacks_one_thing_says_which(present, hours, reasons):
    make_series(*present, hours=hours)
    assert only_row().reasons == reasons


def test_run_that_lacks_both_is_not_listed():
    make_series(4, hours=0.5)
    assert subsidy_rows(now=NOW) == []


def test_optional_sessions_are_no_hours_that_one_must_be_in():
    run = make_series(3, 3, 3, 3)
    run.sessions.filter(starts_at=DAYS[3]).update(is_optional=True)
    row = only_row()
    assert (row.hours, row.counted) == (6, 4)


def test_what_is_not_over_open_or_a_year_old_is_not_listed():
    make_series(4, 4, 4, 4, entry="drop_in", capacity=None)
    run = make_series(4, 4, 4, 4)
    factories.make_session(run, starts_at=oslo(2025, 6, 2))
    assert subsidy_rows(now=NOW) == []
    assert [each.run for each in subsidy_rows(now=oslo(2025, 6, 3))] == [run.pk]
    assert subsidy_rows(now=oslo(2026, 6, 3)) == []


def test_rule_is_the_colleges_own():
    make_series(4, 4, 4, 2)
    College.objects.update(subsidy_participants=3, subsidy_months=1)
    row = only_row()
    assert row.qualifies
    assert (row.deadline, row.is_late) == (date(2025, 4, 24), True)


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 12, 31), 1, date(2026, 1, 31)),
        (date(2025, 1, 15), 12, date(2026, 1, 15)),
    ],
)
def test_months_end_where_the_calendar_says(day, months, after):
    assert months_after(day, months) == after


def test_page_costs_the_same_for_many_runs_as_for_few(django_assert_num_queries):
    make_series(4, 4, 4, 4)
    with django_assert_num_queries(4):
        subsidy_rows(now=NOW)
    for number in range(2):
        make_series(4, 4, 4, 4, title=f"Håp {number}")
    with django_assert_num_queries(4):
        assert len(subsidy_rows(now=NOW)) == 3


@time_machine.travel(NOW, tick=False)
def test_coordinator_sees_what_can_be_reported_and_what_is_missing(client):
    make_series(4, 4, 3, 3, title="Håp og vendepunkter")
    make_series(4, 4, 3, title="Søvn og ro")
    client.force_login(factories.make_coordinator())
    html = client.get(reverse("admin:study_subsidy")).content.decode()
    assert f"Innen {day_without_weekday(date(2025, 6, 24))}" in html
    assert "3 var til stede i 75 % eller mer. Det skal være 4." in html
    assert html.index("Håp og vendepunkter") < html.index("Søvn og ro")
