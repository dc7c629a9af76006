"""Dates in the admin: a run held again, a series by the week, and what a page may not undo."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from courses.models import CourseRun, CourseSession, Semester
from courses.norwegian import formatting
from courses.norwegian.holidays import holiday_name
from enrolment.admin.asking import TELL
from enrolment.admin.run_forms import RunForm
from enrolment.models import Letter
from tests import factories
from tests.enrolment.run_page import address, answers, noon_run, people, programme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_copy_moves_sessions_by_days_and_keeps_the_hour(staff) -> None:
    run = factories.make_run(sessions=0)
    for number in (19, 26):  # summer time ends between them
        factories.make_session(run, starts_at=factories.oslo(2026, 10, number, 18))
    spring = Semester.objects.create(
        year=2030,
        term="spring",
        starts_on="2030-01-07",
        ends_on="2030-06-20",
        enrolment_opens_at=timezone.now(),
    )
    staff.post(
        reverse("admin:run_copy", args=[run.pk]),
        {"semester": spring.pk, "first_day": "2030-03-25"},
    )
    new = CourseRun.objects.get(semester=spring)
    starts = [timezone.localtime(each.starts_at) for each in new.sessions.all()]
    assert [f"{each:%m-%d %H}" for each in starts] == ["03-25 18", "04-01 18"]
    assert starts[0].utcoffset() != starts[1].utcoffset()
    assert new.is_draft
    assert new.has_tutor_pair


def later_semester(**fields: object) -> Semester:
    values = {
        "year": 2030,
        "term": "spring",
        "starts_on": "2030-01-07",
        "ends_on": "2030-06-20",
        "enrolment_opens_at": timezone.now(),
    }
    return Semester.objects.create(**values | fields)


def test_copy_points_out_a_holiday_and_a_day_outside_the_semester(staff) -> None:
    url = reverse("admin:run_copy", args=[factories.make_run().pk])
    spring = later_semester()
    for first_day, words in (
        ("2030-05-17", "Friday 17\xa0May 2030 is Constitution Day. That is fine"),
        ("2030-07-01", "The first session, Monday 1\xa0July 2030, is outside spring 2030."),
    ):
        answer = staff.post(url, {"semester": spring.pk, "first_day": first_day}, follow=True)
        assert words in answer.content.decode()


def test_course_is_held_again_in_a_semester_that_is_not_over(staff) -> None:
    run = factories.make_run()
    Semester.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    url = reverse("admin:run_copy", args=[run.pk])
    assert staff.get(url)["Location"] == reverse("admin:courses_semester_add")
    spring = later_semester()
    assert list(staff.get(url).context["form"].fields["semester"].queryset) == [spring]


def test_a_page_opened_before_a_colleagues_change_does_not_undo_it(staff) -> None:
    run = noon_run()
    factories.enrol(run)
    stale = answers(run)
    later = {"sessions-0-begins": "13:00", "sessions-0-finishes": "15:00"}
    staff.post(programme(run), answers(run, **later, **{TELL: "1"}))
    written = Letter.objects.count()
    staff.post(programme(run), stale | {"sessions-0-theme": "Håp"})
    session = run.sessions.get()
    assert session.theme == "Håp"
    assert timezone.localtime(session.starts_at).hour == 13
    assert Letter.objects.count() == written


def test_page_tells_everything_that_it_showed(staff) -> None:
    run = noon_run()
    run.practical = "Ta med sko.\nOg ei matpakke."
    run.enrolment_closes_at = run.starts_at - timedelta(days=1)
    run.save()
    page = "".join(staff.get(url).content.decode() for url in (address(run), programme(run)))
    shown = dict(re.findall(r'name="(initial-[\w-]+)"(?: value="([^"]*)")?', page))
    sent = {name: value for name, value in answers(run).items() if f"initial-{name}" in shown}
    # A box that is not ticked is not sent.
    assert {*RunForm.Meta.fields} - {"writes_after_absence"} < sent.keys()
    assert {"sessions-0-theme", "sessions-0-venue", "assignments-1-tutor"} < sent.keys()
    LogEntry.objects.all().delete()
    for url in (address(run), programme(run)):
        staff.post(url, answers(run) | shown)
    told = [each.get_change_message() for each in LogEntry.objects.all()]
    assert told == ["No fields changed."] * 2


@pytest.mark.parametrize("one_first", [True, False])
def test_two_pages_keep_what_each_of_them_changed(staff, one_first) -> None:
    run = noon_run(capacity=70)
    tutor, venue = factories.make_tutor(), factories.make_venue()
    one = answers(
        run,
        **{
            "capacity": 80,
            "practical": "Ta med sko.",
            "sessions-0-online_link": "https://example.org/rom",
            "assignments-0-tutor": tutor.pk,
        },
    )
    other = answers(
        run,
        **{
            "venue": venue.pk,
            "contact_name": "Kari",
            "sessions-0-theme": "Håp",
            "sessions-0-begins": "13:00",
        },
    )
    for page in (one, other) if one_first else (other, one):
        for url in (address(run), programme(run)):
            assert staff.post(url, page).status_code == 302
    run.refresh_from_db()
    session = run.sessions.get()
    assert (run.capacity, run.practical) == (80, "Ta med sko.")
    assert (run.venue, run.contact_name) == (venue, "Kari")
    assert (session.theme, session.online_link) == ("Håp", "https://example.org/rom")
    assert timezone.localtime(session.starts_at).hour == 13
    assert run.assignments.filter(tutor=tutor).count() == 1


def test_what_a_colleague_emptied_stays_empty(staff) -> None:
    run = noon_run(practical="Ta med sko.", contact_name="Kari")
    stale = answers(run, contact_name="Ola")
    staff.post(address(run), answers(run, practical=""))
    staff.post(address(run), stale)
    run.refresh_from_db()
    assert (run.practical, run.contact_name) == ("", "Ola")


def test_confirming_on_an_older_page_keeps_the_venue_that_a_colleague_chose(staff) -> None:
    run = noon_run()
    factories.enrol(run)
    asked = staff.post(programme(run), answers(run, **{"sessions-0-finishes": "16:00"}))
    venue = factories.make_venue()
    staff.post(address(run), answers(run, venue=venue.pk, **{TELL: "1"}))
    staff.post(programme(run), {**dict(asked.context["hidden"]), TELL: "1"})
    run.refresh_from_db()
    assert run.venue == venue
    assert timezone.localtime(run.sessions.get().ends_at).hour == 16


GONE = "A colleague has changed this meanwhile. Open the page again."


@pytest.mark.parametrize(("rows", "page"), [("sessions", programme), ("assignments", address)])
def test_a_page_with_a_row_that_a_colleague_removed_says_so(staff, rows, page) -> None:
    run = factories.make_run(sessions=2)
    stale = answers(run, practical="Ta med sko.")
    staff.post(page(run), answers(run, **{f"{rows}-0-DELETE": "on"}))
    assert GONE in staff.post(page(run), stale).content.decode()
    run.refresh_from_db()
    assert run.practical == ""


def test_two_pages_may_remove_the_same_session(staff) -> None:
    run = factories.make_run(sessions=2)
    page = answers(run, **{"sessions-0-DELETE": "on"})
    assert [staff.post(programme(run), page).status_code for _each in range(2)] == [302, 302]
    assert run.sessions.count() == 1


def test_what_was_not_changed_on_an_older_page_follows_a_colleagues_change(staff) -> None:
    run = noon_run()
    stale = answers(run)
    day = timezone.localdate(run.sessions.get().starts_at) + timedelta(days=7)
    staff.post(programme(run), answers(run, **{"sessions-0-day": day.isoformat()}))
    staff.post(programme(run), stale | {"sessions-0-begins": "11:00"})
    starts_at = timezone.localtime(run.sessions.get().starts_at)
    assert (starts_at.date(), starts_at.hour) == (day, 11)


def test_unlikely_dates_are_pointed_out_and_nothing_is_refused(staff) -> None:
    run = noon_run()
    run.semester.starts_on = run.semester.ends_on = timezone.localdate() - timedelta(days=300)
    run.semester.ends_on += timedelta(days=100)
    run.semester.save()
    page = staff.post(programme(run), answers(run), follow=True).content.decode()
    assert "That is fine if you meant it" not in page  # nothing was changed
    later = {"sessions-0-begins": "13:00", "sessions-0-finishes": "15:00"}
    page = staff.post(programme(run), answers(run, **later), follow=True).content.decode()
    assert "is outside autumn" in page or "is outside spring" in page
    draft = factories.make_run(sessions=1, in_days=-1)
    page = staff.post(address(draft), answers(draft), follow=True).content.decode()
    assert "The first session has begun, so nobody can sign up by now." in page


def test_sign_up_that_opens_after_the_first_session_is_pointed_out(staff) -> None:
    run = noon_run()
    late = (timezone.localtime(run.starts_at) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    page = staff.post(address(run), answers(run, enrolment_opens_at=late), follow=True)
    assert "nobody can sign up before it" in page.content.decode()


def test_nothing_is_said_of_sign_up_where_a_run_is_over(staff) -> None:
    run = factories.make_published_run(in_days=-3)
    earlier = {"sessions-0-day": (timezone.localdate() - timedelta(days=9)).isoformat()}
    page = staff.post(programme(run), answers(run, **earlier), follow=True).content.decode()
    assert "so nobody can sign up by now" not in page


def test_two_holidays_on_one_day_are_both_named() -> None:
    assert holiday_name(factories.oslo(2027, 5, 17, 18)) == "Constitution Day and Whit Monday"
    assert holiday_name(factories.oslo(2026, 5, 17, 18)) == "Constitution Day"


def test_a_session_of_long_ago_can_be_corrected(staff) -> None:
    run = noon_run()
    right = {name: value for name, value in answers(run).items() if "initial-" not in name}
    run.sessions.update(
        starts_at=factories.oslo(1927, 4, 15, 18), ends_at=factories.oslo(1927, 4, 15, 20)
    )
    staff.post(programme(run), answers(run) | right)
    assert timezone.localtime(run.sessions.get().starts_at).year >= 2026


@pytest.mark.parametrize("day", ["0027-04-15", "9999-12-31", "1926-11-05"])
def test_a_year_that_no_semester_has_is_refused_in_words(staff, day) -> None:
    wanted = "Write the year with four digits"
    run = factories.make_published_run()
    data = answers(run, **{"sessions-0-day": day})
    assert wanted in staff.post(programme(run), data).content.decode()
    assert (
        wanted
        in staff.post(
            address(run), answers(run, enrolment_opens_at=f"{day}T10:00")
        ).content.decode()
    )
    draft = factories.make_run(sessions=0)
    hours = {"rhythm": "weekly", "begins": "18:00", "finishes": "20:00", "number": "4"}
    url = reverse("admin:run_pattern", args=[draft.pk])
    assert wanted in staff.post(url, {"first_day": day, **hours}).content.decode()
    url = reverse("admin:run_copy", args=[run.pk])
    again = {"semester": run.semester_id, "first_day": day}
    assert wanted in staff.post(url, again).content.decode()
    url = reverse("admin:courses_semester_change", args=[run.semester_id])
    semester = {"year": "27", "term": "spring", "starts_on": day, "ends_on": day}
    page = staff.post(url, semester).content.decode()
    assert wanted in page
    assert "greater than or equal to 2000" in page
    assert CourseRun.objects.count() == 2
    assert CourseSession.objects.count() == run.sessions.count()


def test_saving_one_page_of_a_run_loses_nothing_of_another(staff) -> None:
    run = noon_run()
    details, sessions = answers(run, practical="Ta med sko."), answers(run)
    sessions |= {"sessions-0-theme": "Håp", "practical": "Noe annet", "assignments-0-DELETE": "on"}
    details |= {"sessions-0-theme": "Noe annet", "sessions-0-is_cancelled": "on"}
    staff.post(address(run), details)
    staff.post(programme(run), sessions)
    run.refresh_from_db()
    session = run.sessions.get()
    assert (run.practical, run.assignments.count()) == ("Ta med sko.", 2)
    assert (session.theme, session.is_cancelled) == ("Håp", False)


def test_session_with_somebody_marked_is_not_cancelled_and_the_page_keeps_what_was_written(
    staff,
) -> None:
    run = factories.make_published_run(sessions=2)
    session = run.sessions.first()
    run.sessions.filter(pk=session.pk).update(headcount=3)
    data = answers(run, **{"sessions-0-is_cancelled": "on", "sessions-1-theme": "Håp"})
    page = staff.post(programme(run), data).content.decode()
    assert f"{formatting.day(session.starts_at)} cannot be cancelled: people are marked" in page
    assert 'value="Håp"' in page
    assert not run.sessions.filter(cancelled_at__isnull=False).exists()


def test_cancelled_session_is_struck_through_and_can_be_restored(staff) -> None:
    run = factories.make_published_run(sessions=2)
    staff.post(programme(run), answers(run, **{"sessions-1-is_cancelled": "on"}))
    page = staff.get(programme(run)).content.decode()
    last = run.sessions.last()
    assert re.findall(r"<s>([^<]+)</s></span> <strong>([^<]+)<", page) == [(str(last), "Cancelled")]
    boxes = re.findall(r'type="checkbox" name="sessions-(\d)-is_cancelled"[^>]*?( checked)?>', page)
    assert boxes == [("0", ""), ("1", " checked")]


def test_one_begins_at_what_a_draft_lacks_and_at_the_people_of_other_runs(staff) -> None:
    draft, published = factories.make_run(), noon_run()
    runs = staff.get(reverse("admin:courses_courserun_changelist")).content.decode()
    for run, page in ((draft, address), (published, people)):
        assert f'href="{page(run)}"' in runs
    index = staff.get(reverse("admin:index")).content.decode()
    assert f'href="{address(draft)}"' in index


def test_lines_of_the_index_lead_to_the_page_that_they_are_about(staff) -> None:
    run = factories.make_published_run(capacity=1, in_days=2)
    factories.enrol(run, adjustment="En stol"), factories.enrol(run)
    index = staff.get(reverse("admin:index")).content.decode()
    assert f'href="{programme(run)}"' in index
    assert f'href="{people(run)}#queue"' in index
    assert f'href="{people(run)}#adjustments"' in index
    assert f'href="{address(run)}"' not in index
