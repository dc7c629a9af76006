"""Each rule stands once: what a page asks, what a query finds and what a verb does agree."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from certificates.models import Certificate
from courses.models import Availability, CourseRun
from enrolment import services
from enrolment.models import Enrolment
from tests import factories

pytestmark = pytest.mark.django_db

NOW = timezone.now()
RUNS = {
    "open": {},
    "full": {"capacity": 1},
    "drop-in": {"entry": "drop_in"},
    "closed group": {"entry": "closed"},
    "opens later": {"enrolment_opens_at": NOW + timedelta(days=1)},
    "closed": {"enrolment_closes_at": NOW - timedelta(hours=1)},
    "begun": {"in_days": -1, "sessions": 2},
    "over": {"in_days": -9},
    "drop-in that is over": {"in_days": -9, "entry": "drop_in"},
}
REFUSED = {
    "drop-in": services.EnrolmentClosed,
    "closed group": services.EnrolmentClosed,
    "opens later": services.NotOpenYet,
    "closed": services.EnrolmentClosed,
    "begun": services.RunStarted,
    "over": services.RunStarted,
    "drop-in that is over": services.EnrolmentClosed,
}


def refusal(verb, **arguments: object) -> type[Exception] | None:
    try:
        verb(**arguments)
    except services.EnrolmentError as refused:
        return type(refused)
    return None


@pytest.mark.parametrize("kind", RUNS)
@pytest.mark.parametrize("status", ["published", "cancelled", "draft"])
def test_sign_up_is_open_for_the_page_the_query_and_the_verb_alike(kind: str, status: str):
    run = factories.make_published_run(**RUNS[kind])
    if kind == "full":
        factories.enrol(run)
    CourseRun.objects.update(
        status=status, cancelled_at=timezone.now() if status == "cancelled" else None
    )
    run = CourseRun.objects.get()
    due = REFUSED.get(kind)
    if status == "cancelled":
        due = services.RunCancelled
    elif status == "draft":
        due = services.EnrolmentClosed
    assert run.takes_sign_up() == (due is None)
    assert refusal(services.check_open, run=run) == due
    assert refusal(lambda: factories.enrol(run)) == due


def test_whether_sign_up_is_open_is_asked_of_any_moment():
    run = factories.make_published_run(enrolment_opens_at=NOW + timedelta(days=1))
    assert not run.takes_sign_up()
    assert refusal(services.check_open, run=run, now=NOW + timedelta(days=2)) is None


def test_availability_that_takes_sign_up():
    assert {each for each in Availability if each.takes_sign_up} == {
        Availability.ROOM,
        Availability.WAITING_LIST,
    }


@pytest.mark.parametrize(
    ("fields", "sessions_ago", "due"),
    [
        ({}, -5, None),
        ({}, 5, services.RunFinished),
        ({"status": "cancelled", "cancelled_at": NOW}, -5, services.RunCancelled),
        ({"status": "cancelled", "cancelled_at": NOW}, 5, services.RunCancelled),
    ],
)
def test_page_offers_withdrawal_exactly_where_the_verb_takes_it(fields, sessions_ago, due):
    enrolment = factories.enrol(factories.make_published_run())
    CourseRun.objects.update(**fields)
    starts_at = NOW - timedelta(days=sessions_ago)
    enrolment.run.sessions.update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    enrolment = Enrolment.objects.get()
    assert enrolment.can_be_withdrawn() == (due is None)
    assert refusal(services.withdraw, enrolment=enrolment) == due


def test_certificate_is_valid_and_printable_for_query_and_page_alike():
    facts = {
        "run": factories.make_published_run(),
        "hours": 2,
        "sessions_attended": 1,
        "first_on": NOW,
        "last_on": NOW,
        "tutors": [],
        "owners": [],
    }
    newer = Certificate.objects.create(**facts, name="Kari")
    Certificate.objects.create(**facts, name="Kari", superseded_by=newer)
    Certificate.objects.create(**facts, name="Kari", revoked_at=NOW)
    Certificate.objects.create(**facts, name="")
    rows = list(Certificate.objects.order_by("pk"))
    assert [each.is_valid for each in rows] == [True, False, False, True]
    assert [each.is_printable for each in rows] == [True, False, False, False]
    assert set(Certificate.objects.valid()) == {each for each in rows if each.is_valid}
    assert set(Certificate.objects.printable()) == {each for each in rows if each.is_printable}


@pytest.mark.parametrize(
    ("own_opening", "closes", "semester_opens", "is_refused"),
    [
        (None, 5, 4, False),
        (None, 5, 5, True),
        (None, 5, 6, True),
        (None, None, 6, False),
        (3, 5, 6, False),
    ],
)
def test_sign_up_closes_after_it_opens_for_the_run_and_its_semester_alike(
    own_opening, closes, semester_opens, is_refused
):
    def day(number: int | None) -> datetime | None:
        return None if number is None else NOW + timedelta(days=number)

    run = factories.make_published_run(
        enrolment_opens_at=day(own_opening), enrolment_closes_at=day(closes)
    )
    semester = run.semester
    semester.enrolment_opens_at = day(semester_opens)
    assert refused_fields(semester) == ({"enrolment_opens_at"} if is_refused else set())
    semester.save()
    run = CourseRun.objects.get()
    assert refused_fields(run) == ({"enrolment_closes_at"} if is_refused else set())
    assert run.closes_before_it_opens == is_refused
    # Nobody signs up for a cancelled run, so its window is in nobody's way.
    CourseRun.objects.update(status="cancelled", cancelled_at=NOW)
    assert refused_fields(semester) == set()
    assert refused_fields(CourseRun.objects.get()) == set()


def refused_fields(row: Model) -> set[str]:
    try:
        row.full_clean()
    except ValidationError as refusal:
        return set(refusal.message_dict)
    return set()
