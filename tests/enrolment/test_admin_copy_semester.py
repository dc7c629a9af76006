"""A semester copied on one page: what is suggested, what stands beside the days, the drafts."""

import html
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import CourseRun, CourseSession, SchoolHoliday, Semester
from courses.norwegian.formatting import DASH
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

FIRST = factories.oslo(2026, 9, 1, 18)  # a Tuesday


@pytest.fixture(autouse=True)
def in_spring() -> Iterator[None]:
    with time_machine.travel(factories.oslo(2027, 4, 5, 9), tick=False):
        yield


def semester(year: int, term: str) -> Semester:
    months = (1, 6) if term == "spring" else (8, 12)
    return Semester.objects.create(
        year=year,
        term=term,
        starts_on=f"{year}-{months[0]:02}-10",
        ends_on=f"{year}-{months[1]:02}-18",
        enrolment_opens_at=timezone.now(),
    )


@pytest.fixture
def target() -> Semester:
    """This spring, the autumn before it and the next one."""
    factories.get_college()
    for year, term in ((2026, "autumn"), (2027, "spring")):
        semester(year, term)
    return semester(2027, "autumn")


@pytest.fixture
def run(target: Semester) -> CourseRun:
    """Published last autumn, on three Tuesdays."""
    return held(FIRST)


def held(first_at: datetime, **fields: object) -> CourseRun:
    """Published, on three days a week apart."""
    found = factories.make_run(sessions=0, semester=Semester.objects.get(year=2026), **fields)
    for week in range(3):
        factories.make_session(found, starts_at=first_at + timedelta(weeks=week))
    CourseRun.objects.filter(pk=found.pk).update(status="published", published_at=timezone.now())
    return CourseRun.objects.get(pk=found.pk)


def here() -> str:
    return reverse("admin:copy_semester")


def text_of(response) -> str:
    assert response.status_code == 200
    words = re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode()))
    return re.sub(r"\s+", " ", words.replace("\u2060", ""))


def send(staff: Client, page, *, make: bool = True, **changes: object):
    """What a browser sends of the page that it shows, to where the page says."""
    data = {"known": page.context["known"]} | ({"_make": "1"} if make else {})
    for row in page.context["rows"]:
        prefix = row.form.prefix
        data[f"{prefix}-shown"] = row.plan.fingerprint
        if row.is_chosen:
            data[f"{prefix}-chosen"] = "on"
        for name in ("weeks", "days"):
            data[f"{prefix}-{name}"] = row.form[name].value() or ""
    data = {name: value for name, value in (data | changes).items() if value is not None}
    return staff.post(here() + page.context["action"], data)


def days_in(target: Semester) -> list[str]:
    sessions = CourseSession.objects.filter(run__semester=target)
    return [f"{timezone.localtime(each.starts_at):%m-%d %H:%M}" for each in sessions]


def test_same_season_last_year_is_suggested_and_made_in_one_go(staff, target, run) -> None:
    draft, cancelled = held(FIRST), held(FIRST)
    CourseRun.objects.filter(pk=draft.pk).update(status="draft", published_at=None)
    CourseRun.objects.filter(pk=cancelled.pk).update(
        status="cancelled", cancelled_at=timezone.now()
    )
    factories.make_run(semester=Semester.objects.get(year=2027, term="spring"))
    page = staff.get(here())
    assert (page.context["source"].name, page.context["target"]) == ("autumn 2026", target)
    assert {each.run: each.is_chosen for each in page.context["rows"]} == {
        run: True,
        draft: False,
        cancelled: False,
    }
    answer = send(staff, page)
    assert answer["Location"] == reverse("admin:publish_semester", args=[target.pk])
    assert "1 draft is made in autumn 2027." in text_of(staff.get(answer["Location"]))
    assert days_in(target) == ["08-31 18:00", "09-07 18:00", "09-14 18:00"]
    # Sent once more, nothing is made, and one is told so.
    answer = send(staff, page)
    assert "Nothing is made twice" in text_of(staff.get(answer["Location"]))
    assert target.runs.count() == 1
    page = staff.get(here())
    assert not any(each.is_chosen for each in page.context["rows"])
    assert "Held again in autumn 2027 already" in text_of(page)


def test_weeks_of_the_calendar_are_chosen_once(staff, target, run) -> None:
    Semester.objects.filter(pk=target.pk).update(starts_on="2027-08-23")
    send(staff, staff.get(here()))
    assert days_in(target)[0] == "09-14 18:00"
    target.runs.all()[0].delete()
    send(staff, staff.get(here(), {"week_of": "calendar"}))
    assert days_in(target)[0] == "09-07 18:00"


def test_shift_is_shown_before_anything_is_made(staff, target, run) -> None:
    other = held(FIRST)
    shift = {f"run-{run.pk}-weeks": "1", "all-days": "-1"}
    page = send(staff, staff.get(here()), **shift)
    assert "the days are others than those you saw" in text_of(page)
    assert not target.runs.exists()
    assert page.context["all_runs"]["days"].value() == "-1"
    send(staff, page, **shift)
    assert days_in(target)[:2] == ["08-30 18:00", "09-06 18:00"]
    assert (
        target.runs.get(course=run.course).starts_at
        > target.runs.get(course=other.course).starts_at
    )


@pytest.mark.parametrize("written", ["999", "tre", "1.5"])
def test_shift_that_is_no_number_is_said_and_kept(staff, target, run, written) -> None:
    page = send(staff, staff.get(here()), **{f"run-{run.pk}-weeks": written})
    assert page.context["forms_with_faults"]
    assert f'value="{written}"' in page.content.decode()
    assert not target.runs.exists()


def test_one_ticks_at_least_one(staff, target, run) -> None:
    page = send(staff, staff.get(here()), **{f"run-{run.pk}-chosen": None})
    assert "tick at least one run" in text_of(page)


def test_beside_each_day_stands_what_is_odd_about_it(staff, target, run) -> None:
    SchoolHoliday.objects.create(name="Høstferie", starts_on="2027-09-06", ends_on="2027-09-08")
    Semester.objects.filter(pk=target.pk).update(starts_on="2027-09-01")
    planned = factories.make_run(sessions=0, semester=target, venue=run.venue)
    factories.make_session(planned, starts_at=factories.oslo(2027, 9, 14, 19))
    address = {"week_of": "calendar"}
    shift = {f"run-{run.pk}-weeks": "-1"}
    [row] = send(staff, staff.get(here(), address), make=False, **shift).context["rows"]
    assert [(when.partition(",")[0], odd) for when, odd in row.lines] == [
        ("Tuesday 31\xa0August 2027", ["outside autumn 2027"]),
        ("Tuesday 7\xa0September 2027", ["Høstferie"]),
        (
            "Tuesday 14\xa0September 2027",
            [f"“{planned.course.title}” is at {run.venue} too, 19:00{DASH}21:00"],
        ),
    ]


def test_copies_are_in_each_others_way_while_both_are_ticked(staff, target, run) -> None:
    other = held(FIRST + timedelta(hours=1), venue=run.venue)
    rows = {row.run: row for row in staff.get(here()).context["rows"]}
    [words] = rows[run].lines[0][1]
    assert f"“{other.course.title}” is at {run.venue} too" in words
    assert f"“{run.course.title}” is at {run.venue} too" in rows[other].lines[0][1][0]
    page = send(staff, staff.get(here()), make=False, **{f"run-{other.pk}-chosen": None})
    rows = {row.run: row for row in page.context["rows"]}
    assert rows[run].odd_lines == []


def test_tutor_who_left_is_named_with_what_the_draft_lacks(staff, target, run) -> None:
    gone = run.assignments.first().tutor
    gone.is_active = False
    gone.save()
    said = text_of(staff.get(here()))
    assert f"Teaches no more, and is left out: {gone.name}." in said
    assert "The course needs two tutors" in said


def test_what_a_colleague_made_meanwhile_is_unticked_and_the_rest_is_made(
    staff, target, run
) -> None:
    other = held(FIRST)
    mine = staff.get(here())
    send(staff, staff.get(here()), **{f"run-{other.pk}-chosen": None})
    page = send(staff, mine)
    assert "meanwhile a colleague has made a run" in text_of(page)
    assert {row.run: row.is_chosen for row in page.context["rows"]} == {run: False, other: True}
    send(staff, page)
    assert {each.course for each in target.runs.all()} == {run.course, other.course}
    assert target.runs.count() == 2


def test_what_is_held_twice_on_purpose_is_not_held_thrice_by_accident(staff, target, run) -> None:
    send(staff, staff.get(here()))
    page = staff.get(here())
    for _each in range(2):
        answer = send(staff, page, **{f"run-{run.pk}-chosen": "on"})
        assert answer.status_code == 302
        assert target.runs.count() == 2


def test_semester_that_is_missing_is_added_from_the_page(staff, run) -> None:
    run.semester.runs.update(semester=Semester.objects.get(year=2026))
    Semester.objects.filter(year=2027, term="autumn").delete()
    page = staff.get(here())
    assert page.context["rows"] == ()
    add = page.context["missing"]["url"]
    assert f'href="{html.escape(add)}"' in page.content.decode()
    form = staff.get(add).context["adminform"].form
    assert (form["year"].value(), form["term"].value()) == (2027, "autumn")


def test_later_semester_is_not_copied_into_an_earlier_one(staff, target, run) -> None:
    factories.make_run(semester=target)
    spring = Semester.objects.get(year=2027, term="spring")
    page = staff.get(here(), {"source": target.pk, "target": spring.pk})
    assert "Choose a semester that is earlier than the other." in text_of(page)


def test_page_is_one_click_away(staff, target, run) -> None:
    for page in (
        reverse("admin:index"),
        reverse("admin:courses_semester_changelist"),
        reverse("admin:courses_courserun_changelist"),
    ):
        assert f'href="{here()}"' in staff.get(page).content.decode()
    for each in (run.semester, target):
        page = staff.get(reverse("admin:courses_semester_change", args=[each.pk]))
        address = f"{here()}?semester={each.pk}"
        assert f'href="{address}"' in page.content.decode()
        shown = staff.get(address).context
        assert (shown["source"], shown["target"]) == (run.semester, target)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_runs(
    staff, target, run, count, django_assert_num_queries
) -> None:
    for _each in range(count - 1):
        held(FIRST, course=factories.make_course())
    staff.get(here())
    with django_assert_num_queries(23):
        assert len(staff.get(here()).context["rows"]) == count
