"""Sessions from a pattern: the days before they are saved, and who is told."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import CourseRun, SchoolHoliday
from courses.norwegian.formatting import DASH
from enrolment.admin.asking import CORRECT, TELL
from enrolment.models import Letter
from tests import factories
from tests.enrolment.run_page import answers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

WEEKLY = {
    "rhythm": "weekly",
    "first_day": "2027-03-11",
    "begins": "18:00",
    "finishes": "20:00",
    "number": "4",
}


@pytest.fixture(autouse=True)
def in_winter() -> Iterator[None]:
    with time_machine.travel(factories.oslo(2027, 1, 5, 9), tick=False):
        yield


@pytest.fixture
def run() -> CourseRun:
    """A draft without sessions, in a semester that ends in March."""
    semester = factories.make_semester(starts_on="2027-01-04", ends_on="2027-03-31")
    return factories.make_run(sessions=0, semester=semester)


def text_of(response) -> str:
    assert response.status_code == 200
    words = re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode()))
    return re.sub(r"\s+", " ", words.replace("\u2060", ""))


def page_of(run: CourseRun) -> str:
    return reverse("admin:run_pattern", args=[run.pk])


def save(staff: Client, page, **changes: object):
    """The days as they are ticked on the page, sent as a browser does."""
    assert page.status_code == 200
    days = [line.value for line in page.context["lines"] if line.value and line.is_ticked]
    address = page.wsgi_request.path
    return staff.post(address, dict(page.context["hidden"]) | {"day": days} | changes)


def days(run: CourseRun) -> list[str]:
    return [f"{timezone.localtime(each.starts_at):%m-%d %H:%M}" for each in run.sessions.all()]


def test_days_are_shown_with_what_is_odd_and_saved_as_they_are_ticked(staff, run) -> None:
    SchoolHoliday.objects.create(name="Prøveferie", starts_on="2027-03-18", ends_on="2027-03-19")
    other = factories.make_run(sessions=0, venue=run.venue)
    factories.make_session(other, starts_at=factories.oslo(2027, 3, 11, 19))
    page = staff.post(page_of(run), WEEKLY)
    assert [line.odd for line in page.context["lines"]] == [
        [f"“{other.course.title}” is at {run.venue} too, 19:00{DASH}21:00"],
        ["Prøveferie"],
        ["Maundy Thursday"],
        ["outside autumn 2027"],
    ]
    assert not run.sessions.exists()
    answer = save(staff, page, day=["2027-03-11", "2027-03-18", "2027-04-01"])
    assert answer["Location"] == reverse("admin:run_programme", args=[run.pk])
    # Summer time begins between them.
    assert days(run) == ["03-11 18:00", "03-18 18:00", "04-01 18:00"]
    # Sent again, it adds nothing; and the day that was unticked is the only new one.
    save(staff, page, day=["2027-03-11", "2027-03-18", "2027-04-01"])
    assert run.sessions.count() == 3
    again = staff.post(page_of(run), WEEKLY)
    assert [bool(line.value) for line in again.context["lines"]] == [False, False, True, False]
    save(staff, again)
    assert run.sessions.count() == 4
    assert "in the programme already" in text_of(staff.post(page_of(run), WEEKLY, follow=True))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            {"rhythm": "fortnightly", "number": "", "until": "2027-04-08"},
            ["03-11", "03-25", "04-08"],
        ),
        ({"rhythm": "monthly", "number": "2"}, ["03-11", "04-08"]),
        ({"rhythm": "monthly", "number": "2", "nth": "-1", "weekday": "1"}, ["03-30", "04-27"]),
        (
            {"rhythm": "chosen", "dates": "12.4.2027, 9.3\n2027-05-03; 9.3."},
            ["03-09", "04-12", "05-03"],
        ),
    ],
)
def test_every_rhythm(staff, run, asked, expected) -> None:
    page = staff.post(page_of(run), WEEKLY | asked)
    assert [line.value[5:] for line in page.context["lines"]] == expected


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"first_day": ""}, "Write the day of the first session."),
        ({"number": ""}, "Write how many sessions there are, or the last day."),
        ({"until": "2027-06-01"}, "or the last day: not both."),
        ({"number": "", "until": "2027-03-01"}, "The last day must not be before the first."),
        ({"number": "61"}, "At most 60 sessions can be added at once."),
        ({"finishes": "07:00"}, "it lasts 13 hours, and 12 is the most."),
        ({"rhythm": "chosen"}, "Write the days, such as"),
        ({"rhythm": "chosen", "dates": "14.9.2027, tirsdag"}, "«tirsdag» is no date."),
        ({"rhythm": "chosen", "dates": "31.2.2027"}, "«31.2.2027» is no date."),
        ({"rhythm": "chosen", "dates": "14.9.27"}, "Write the year with four digits"),
        ({"rhythm": "daily"}, "not one of the available choices"),
    ],
)
def test_what_cannot_be_is_said_and_the_answers_stay(staff, run, asked, words) -> None:
    page = staff.post(page_of(run), WEEKLY | asked | {"shown": "1", "day": ["2027-03-11"]})
    assert words in text_of(page)
    assert 'value="18:00"' in page.content.decode()
    assert not run.sessions.exists()


def test_series_past_midnight_and_one_goes_on_from_the_last_session(staff, run) -> None:
    save(staff, staff.post(page_of(run), WEEKLY | {"begins": "22:00", "finishes": "00:30"}))
    assert {each.hours for each in run.sessions.all()} == {2.5}
    form = staff.get(page_of(run)).context["form"]
    assert form["first_day"].value().isoformat() == "2027-04-08"
    assert f"{form['begins'].value():%H:%M}–{form['finishes'].value():%H:%M}" == "22:00–00:30"


def test_one_ticks_at_least_one_day_and_may_go_back(staff, run) -> None:
    page = staff.post(page_of(run), WEEKLY)
    assert "Tick at least one session." in text_of(save(staff, page, day=[]))
    assert not run.sessions.exists()
    back = save(staff, page, **{CORRECT: "1"})
    assert back.context["form"]["number"].value() == "4"


def test_people_on_a_published_run_are_told_when_one_says_so(staff) -> None:
    run = factories.make_published_run(in_days=60)
    factories.enrol(run)
    Letter.objects.update(sent_at=timezone.now())
    asked = save(staff, staff.post(page_of(run), WEEKLY))
    assert "Tell everybody about the change?" in text_of(asked)
    assert run.sessions.count() == 1
    staff.post(page_of(run), dict_of(asked.context["hidden"]) | {TELL: "1"})
    assert run.sessions.count() == 5
    assert Letter.objects.filter(kind=Letter.Kind.CHANGED).count() == 1


def dict_of(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def test_cancelled_run_gets_no_sessions(staff, run) -> None:
    CourseRun.objects.update(status="cancelled", cancelled_at=timezone.now())
    assert "The run is cancelled." in text_of(staff.get(page_of(run), follow=True))


def test_new_run_leads_on_to_its_sessions(staff, run) -> None:
    data = answers(run) | {"assignments-INITIAL_FORMS": 0, "sessions-INITIAL_FORMS": 0}
    data = {
        name: value
        for name, value in data.items()
        if not name.startswith("initial-") and not name.endswith(("-id", "-run"))
    }
    del data["_continue"]
    page = staff.post(reverse("admin:courses_courserun_add"), data | {"_pattern": "1"})
    new = CourseRun.objects.exclude(pk=run.pk).get()
    assert page["Location"] == page_of(new)
    assert 'name="_pattern"' in staff.get(reverse("admin:courses_courserun_add")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_days(staff, run, count, django_assert_num_queries) -> None:
    first = factories.oslo(2027, 3, 11, 18)
    for week in range(count):
        other = factories.make_run(sessions=0, venue=run.venue)
        factories.make_session(other, starts_at=first + timedelta(weeks=week))
    asked = WEEKLY | {"number": str(count)}
    staff.post(page_of(run), asked)
    with django_assert_num_queries(13):
        assert len(staff.post(page_of(run), asked).context["lines"]) == count


def test_list_of_school_holidays_counts_what_is_planned_in_them(staff) -> None:
    for name, day in (("Vinterferie", 22), ("Tom ferie", 1)):
        SchoolHoliday.objects.create(
            name=name, starts_on=f"2027-02-{day:02}", ends_on=f"2027-02-{day + 4:02}"
        )
    run = factories.make_run(sessions=0)
    # In Norway, the last evening is on Friday still, and the first on Monday already.
    for at in (factories.oslo(2027, 2, 26, 23, 30), factories.oslo(2027, 2, 22, 0, 15)):
        factories.make_session(run, starts_at=at)
    for day in (21, 27):
        factories.make_session(run, starts_at=factories.oslo(2027, 2, day, 18))
    off = factories.make_session(run, starts_at=factories.oslo(2027, 2, 23, 18))
    off.cancelled_at = timezone.now()
    off.save()
    page = staff.get(reverse("admin:courses_schoolholiday_changelist")).content.decode()
    assert re.findall(r'field-planned_sessions">(\d+)<', page) == ["2", "0"]
    assert "are pointed out" in page
    CourseRun.objects.update(status="cancelled", cancelled_at=timezone.now())
    page = staff.get(reverse("admin:courses_schoolholiday_changelist")).content.decode()
    assert re.findall(r'field-planned_sessions">(\d+)<', page) == ["0", "0"]
