"""Two records of one person become one, and nothing of either is lost."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from certificates import services as certificate_services
from certificates.models import Attendance, Certificate
from courses.calendar import uid
from courses.models import College, CourseRun
from enrolment import links, services
from enrolment.calendar import subscription_of
from enrolment.links import Purpose
from enrolment.models import Adjustment, Enrolment, Event, Letter, MergedKey, Message, Student
from enrolment.queries import recent_enrolments
from enrolment.services import WhenOneLeft
from recoverycollege.people import merging
from tests import factories
from tests.enrolment import invariants
from tests.enrolment.places import counters, kinds

pytestmark = pytest.mark.django_db

PHONE = "+4799999901"


def by_phone(name: str = "Kjersti Li", **fields: object) -> services.Person:
    values = {"name": name, "email": "", "phone": PHONE, "channel": "phone"} | fields
    return factories.make_person(**values)


def online(name: str = "Kjærsti Li", **fields: object) -> services.Person:
    values = {"name": name, "email": "kjersti@example.org", "phone": PHONE} | fields
    return factories.make_person(**values)


def merge(kept: Student, gone: Student, **fields: object) -> merging.Merged:
    merged = merging.merge(kept=kept, gone=gone, by=fields.pop("by", None), **fields)
    invariants.check_all()
    assert not Student.objects.filter(pk=gone.pk).exists()
    return merged


def both_on(run: CourseRun, **fields: object) -> tuple[Enrolment, Enrolment]:
    """The same person twice on a run, first by e-mail and then by telephone."""
    return factories.enrol(run, person=online()), factories.enrol(run, person=by_phone(), **fields)


def pointing_at(model: type[Model]) -> set[str]:
    return {
        each.related_model.__name__
        for each in model._meta.get_fields(include_hidden=True)
        if each.auto_created and each.is_relation
    }


def test_every_relation_to_a_person_is_thought_of() -> None:
    """Whatever else points at a student, or an enrolment, must follow in the merge too."""
    assert pointing_at(Student) == {
        "Attendance",
        "Certificate",
        "Enrolment",
        "Letter",
        "MergedKey",
        "MergedRecord",
    }
    assert pointing_at(Enrolment) == {
        "Adjustment",
        "Enrolment",  # merged_into
        "Letter",
        "Message",
        "RepeatedSubmission",
    }


def test_enrolments_letters_and_events_follow_and_contact_is_filled_in() -> None:
    run, other = factories.make_published_run(), factories.make_published_run()
    kept = factories.enrol(run, person=online(phone="")).student
    moved = factories.enrol(other, person=by_phone())
    gone = moved.student
    services.change_contact(student=gone, by=factories.make_user(), language="nn")
    Student.objects.filter(pk=gone.pk).update(municipality="Sandnes", wants_news=True)
    staff = factories.make_user()

    merge(kept, Student.objects.get(pk=gone.pk), by=staff)

    kept.refresh_from_db()
    moved.refresh_from_db()
    assert (kept.name, kept.email, kept.phone) == ("Kjærsti Li", "kjersti@example.org", PHONE)
    assert (kept.channel, kept.language, kept.municipality) == ("email", "nb", "Sandnes")
    assert kept.wants_news is False
    assert (moved.student, moved.status, moved.language) == (kept, "place", "nb")
    letter = moved.letters.get()
    assert (letter.student, letter.channel, letter.overtaken_at) == (kept, "email", None)
    of_kept = Event.objects.filter(subject="student", subject_id=kept.pk).order_by("pk")
    assert [each.verb for each in of_kept] == ["changed_contact", "merged"]
    assert of_kept[1].actor == staff


# The first and the second sign-up: how many come, and how many places the run has; then whether
# the first one stays, for how many, and the counters.
TWICE = [
    pytest.param(1, 1, 5, True, 1, (1, 0), id="two-places"),
    pytest.param(1, 2, 5, True, 2, (2, 0), id="two-places-and-the-second-brings-somebody"),
    pytest.param(2, 1, 5, True, 2, (2, 0), id="two-places-and-the-first-brings-somebody"),
    pytest.param(1, 1, 1, True, 1, (1, 0), id="place-and-wait"),
    pytest.param(1, 2, 1, True, 1, (1, 0), id="place-and-a-wait-for-two"),
]


@pytest.mark.parametrize("keeps_first", [True, False])
@pytest.mark.parametrize(("one", "two", "capacity", "first_stays", "places", "after"), TWICE)
def test_better_place_stays(one, two, capacity, first_stays, places, after, keeps_first) -> None:
    run = factories.make_published_run(capacity=capacity)
    first = factories.enrol(run, person=online(), places=one)
    second = factories.enrol(run, person=by_phone(), places=two, when_one_left="wait")
    pair = (first.student, second.student)
    kept, gone = pair if keeps_first else pair[::-1]

    merge(kept, gone)

    first.refresh_from_db()
    second.refresh_from_db()
    stays, goes = (first, second) if first_stays else (second, first)
    assert (stays.student, stays.status, stays.places) == (kept, "place", places)
    assert (goes.student, goes.status, goes.merged_into) == (kept, "withdrawn", stays)
    assert counters(run) == after
    assert "withdrawn" not in kinds(goes)
    events = Event.objects.filter(subject="enrolment", subject_id=goes.pk)
    assert [each.verb for each in events] == ["merged_place", "enrolled"]


def test_a_wait_gives_way_to_a_later_place_and_the_earlier_wait_stays() -> None:
    run = factories.make_published_run(capacity=1)
    factories.enrol(run)
    first, second = both_on(run)
    merge(second.student, first.student)
    first.refresh_from_db()
    assert (first.status, first.student, first.queue_number()) == ("waiting", second.student, 1)
    assert counters(run) == (1, 1)


def test_place_that_comes_free_goes_to_the_queue_with_a_letter() -> None:
    run = factories.make_published_run(capacity=2)
    first, second = both_on(run)
    waiting = factories.enrol(run)
    plan = merging.plan_merge(kept=first.student, gone=second.student)
    assert plan.filling == [run]
    merged = merge(first.student, second.student, shown=plan.fingerprint)
    waiting.refresh_from_db()
    assert waiting.has_place
    assert kinds(waiting) == ["waiting", "promoted"]
    assert merged.runs == [run]
    assert counters(run) == (2, 0)


def test_surplus_letters_are_overtaken_and_what_staff_wrote_to_one_is_still_told() -> None:
    run = factories.make_published_run()
    first, second = both_on(run)
    everybody = factories.make_message(run)
    services.send_message(message=everybody, by=None)
    alone = factories.make_message(run, audience="one", enrolment=second, text="Ring oss.")
    services.send_message(message=alone, by=None)
    draft = factories.make_message(run, audience="one", enrolment=second, text="Husk sko.")

    merge(first.student, second.student)

    unsent = Letter.objects.unsent().order_by("pk")
    assert [(each.kind, each.enrolment, each.message) for each in unsent] == [
        ("place", first, None),
        ("message", first, everybody),
        ("message", first, alone),
    ]
    assert set(unsent.values_list("channel", flat=True)) == {"email"}
    assert unsent.still_true().count() == 3
    overtaken = Letter.objects.filter(overtaken_by="folded")
    assert overtaken.count() == 2
    assert Message.objects.get(pk=draft.pk).people().get() == first


def test_news_of_an_old_withdrawal_does_not_come_after_the_place() -> None:
    run = factories.make_published_run()
    first, second = both_on(run)
    services.withdraw(enrolment=first)
    merge(first.student, second.student)
    assert [each.kind for each in Letter.objects.unsent()] == ["place"]
    assert Letter.objects.get(kind="withdrawn").overtaken_by == "place"


def test_adjustments_of_both_are_kept_once() -> None:
    run = factories.make_published_run()
    first = factories.enrol(run, person=online(), adjustment="Stor skrift")
    second = factories.enrol(run, person=by_phone(), adjustment="Stor skrift")
    Adjustment.objects.create(enrolment=second, text="En god stol")
    Adjustment.objects.filter(enrolment=second, text="Stor skrift").update(
        arranged_at=timezone.now()
    )
    merge(second.student, first.student)
    kept = first.adjustments.order_by("pk")
    assert [(each.text, bool(each.arranged_at)) for each in kept] == [
        ("Stor skrift", True),
        ("En god stol", False),
    ]


def test_form_of_the_surplus_sign_up_sent_again_is_answered_by_the_one_that_stays() -> None:
    run = factories.make_published_run()
    first = factories.enrol(run, person=by_phone())
    person, submission = online(name="Kjersti Li"), uuid.uuid4()
    second = factories.enrol(run, person=person)
    services.enrol(run=run, submission=submission, person=person)
    merge(first.student, second.student)
    for sent in (second.submission, submission):
        answer = services.enrol(run=run, submission=sent, person=person)
        assert (answer.outcome, answer.enrolment) == ("place", first)
    assert Student.objects.count() == 1


def test_present_beats_absent_and_every_mark_is_kept() -> None:
    run = factories.make_published_run(sessions=3, in_days=-20)
    kept, gone = factories.make_student(), factories.make_student()
    sessions = list(run.sessions.order_by("starts_at"))
    marks = [
        (kept, sessions[0], False),
        (gone, sessions[0], True),
        (kept, sessions[1], True),
        (gone, sessions[1], False),
        (gone, sessions[2], False),
    ]
    for student, session, is_present in marks:
        Attendance.objects.create(student=student, session=session, is_present=is_present)
    merge(kept, gone)
    after = kept.attendances.order_by("session__starts_at")
    assert [each.is_present for each in after] == [True, True, False]
    assert Attendance.objects.count() == 3


def certified_twice() -> tuple[CourseRun, Student, Student]:
    """One was in one session, the other in two; both have their certificate."""
    run = factories.make_published_run(sessions=3, in_days=-30)
    kept, gone = factories.make_student(), factories.make_student()
    sessions = list(run.sessions.order_by("starts_at"))
    for student, session in ((kept, sessions[0]), (gone, sessions[1]), (gone, sessions[2])):
        Attendance.objects.create(student=student, session=session, is_present=True)
    certificate_services.issue(run=run, by=None)
    return run, kept, gone


def test_of_two_certificates_the_one_that_tells_more_stays_valid() -> None:
    run, kept, gone = certified_twice()
    merged = merge(kept, gone)
    [valid] = Certificate.objects.for_student(kept)
    [revoked] = merged.revoked
    assert (valid.sessions_attended, revoked.sessions_attended) == (2, 1)
    assert (revoked.revoked_because, revoked.student) == ("merged", kept)
    assert Event.objects.get(subject="certificate", verb="revoked").subject_id == revoked.pk
    # The register tells of three by now, and offers the right one.
    [changed] = certificate_services.changed_since_issue(
        [valid], certificate_services.attended_sessions(run)
    )
    assert changed.certificate == valid
    assert certificate_services.issue(run=run, by=None) == []


def test_old_links_and_the_old_calendar_lead_on_and_expire_as_before(client) -> None:
    run = factories.make_published_run()
    first, second = both_on(run)
    old, kept = second.student, first.student
    page = links.page_token(old)
    withdrawal = links.enrolment_token(Purpose.WITHDRAW, second)
    calendar = reverse("my_calendar", args=[old.calendar_key])
    session = run.sessions.get()
    second_uid = uid(factories.get_college(), kept.pk, session.pk)
    merge(kept, old)

    assert links.student_of(page) == kept
    found = links.enrolment_of(Purpose.WITHDRAW, withdrawal)
    assert found is not None
    assert found.student == kept
    shown = client.get(reverse("withdraw", args=[withdrawal])).context["enrolment"]
    assert (shown, shown.is_live) == (first, True)
    feed = client.get(calendar)
    assert feed.status_code == 200
    assert second_uid in feed.content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=181)):
        assert links.student_of(page) is None
    # A link that was closed on a borrowed computer stays closed.
    services.close_page_link(token_hash=links.ClosedLink.hash_of(page))
    assert links.student_of(page) is None


def test_old_session_goes_on(client) -> None:
    first, second = both_on(factories.make_published_run())
    client.post(reverse("my_page_sign_in", args=[links.page_token(second.student)]))
    merge(first.student, second.student)
    assert client.get(reverse("my_page")).context["student"] == first.student


def test_keys_end_when_contact_changes_or_the_address_of_the_calendar_is_renewed() -> None:
    first, second = both_on(factories.make_published_run())
    kept, old = first.student, second.student
    page, calendar_key = links.page_token(old), old.calendar_key
    merge(kept, old)
    services.renew_calendar_address(student=kept)
    assert Student.objects.with_key(calendar_key, is_calendar=True) is None
    assert links.student_of(page) == kept
    services.change_contact(student=kept, by=None, email="ny@example.org")
    assert links.student_of(page) is None
    assert not MergedKey.objects.exists()


def test_a_key_opens_only_what_it_is_for() -> None:
    first, second = both_on(factories.make_published_run())
    old = second.student
    merge(first.student, old)
    assert Student.objects.with_key(old.key, is_calendar=True) is None
    assert Student.objects.with_key(old.calendar_key) is None


@pytest.mark.parametrize("takes_other", [True, False])
def test_links_end_where_the_address_is_not_theirs_any_more(takes_other) -> None:
    """A mistyped address is a stranger's: what was sent there opens nothing any more."""
    kept = factories.make_student(name="Kjersti Li", email="feil@example.org")
    gone = factories.make_student(name="Kjersti Lie", email="rett@example.org")
    tokens = {each.email: links.page_token(each) for each in (kept, gone)}
    merge(kept, gone, take=["email"] if takes_other else [], links_end=True)
    kept.refresh_from_db()
    stays = "rett@example.org" if takes_other else "feil@example.org"
    assert kept.email == stays
    assert {email: links.student_of(token) for email, token in tokens.items()} == {
        "feil@example.org": None if takes_other else kept,
        "rett@example.org": kept if takes_other else None,
    }


@pytest.mark.parametrize("links_end", [True, False])
@pytest.mark.parametrize("whose", [0, 1])
def test_a_new_address_can_be_confirmed_after_it_unless_links_end(whose, links_end) -> None:
    kept = factories.make_student(name="Kjersti Li", email="feil@example.org")
    gone = factories.make_student(name="Kjersti Lie", email="rett@example.org")
    asked = (kept, gone)[whose]
    letter = services.ask_for_new_email(student=asked, email="ny@example.org")
    merge(kept, gone, take=["email"], links_end=links_end)
    letter.refresh_from_db()
    assert services.new_email_of(letter.student) == (None if links_end else letter)
    assert links.new_email_letter_of(links.new_email_token(letter)).student == kept


def test_merging_again_leads_every_older_key_on() -> None:
    one, two, three = (factories.make_student(phone="") for _each in range(3))
    tokens = [links.page_token(each) for each in (one, two, three)]
    merge(two, one)
    two.refresh_from_db()
    merge(three, two)
    assert {links.student_of(token) for token in tokens} == {three}


def test_calendar_takes_what_came_from_the_other_record_for_newer() -> None:
    """The kept record's own appointment was cancelled; the place comes from an older sign-up."""
    run = factories.make_published_run()
    with time_machine.travel(timezone.now() - timedelta(hours=3)):
        first, second = both_on(run)
    services.withdraw(enrolment=second)
    kept = second.student
    before = appointment_of(kept)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        merge(kept, first.student)
    kept.refresh_from_db()
    status, sequence = appointment_of(kept)
    assert before[0] == "CANCELLED"
    assert (status, sequence > before[1]) == ("CONFIRMED", True)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        services.withdraw(enrolment=first)
        assert appointment_of(kept)[0] == "CANCELLED"
        assert appointment_of(kept)[1] > sequence


def appointment_of(student: Student) -> tuple[str, int]:
    """Status and sequence of the student's only appointment."""
    since = timezone.now() - timedelta(days=60)
    student = Student.objects.get(pk=student.pk)
    file = subscription_of(recent_enrolments(student, since=since), College.objects.current())
    [event] = Calendar.from_ical(file).walk("VEVENT")
    return str(event["STATUS"]), int(event["SEQUENCE"])


def test_nothing_happens_where_what_was_shown_is_not_so_any_more() -> None:
    run = factories.make_published_run()
    first, second = both_on(run)
    plan = merging.plan_merge(kept=first.student, gone=second.student)
    services.withdraw(enrolment=second)
    with pytest.raises(merging.MergeChanged):
        merging.merge(kept=first.student, gone=second.student, shown=plan.fingerprint, by=None)
    assert Student.objects.count() == 2


def test_third_record_with_name_and_contact_is_said_and_nothing_changes() -> None:
    kept = factories.make_student(name="Turid Nordman", email="", phone=PHONE)
    gone = factories.make_student(name="Turid Nordmann", email="turid@example.org")
    factories.make_student(name="turid nordman", email="turid@example.org")
    with pytest.raises(ValidationError):
        merging.merge(kept=kept, gone=gone, by=None)
    assert Student.objects.count() == 3


@pytest.mark.parametrize("case", ["same", "erased", "gone"])
def test_only_two_known_records_are_merged(case) -> None:
    kept, gone = factories.make_student(), factories.make_student()
    if case == "same":
        gone = kept
    elif case == "erased":
        Student.objects.filter(pk=gone.pk).update(erased_at=timezone.now())
    else:
        Student.objects.filter(pk=gone.pk).delete()
    with pytest.raises(merging.NotTwoPeople):
        merging.merge(kept=kept, gone=gone, by=None)


def test_record_with_contact_is_suggested_and_then_the_newer_contact() -> None:
    walked_in = factories.make_student(email="")
    reached = factories.make_student()
    assert merging.suggest_kept(walked_in, reached)[0] == reached
    newer = factories.make_student()
    assert merging.suggest_kept(reached, newer)[0] == newer
    services.change_contact(student=reached, by=None, name="Et nytt navn")
    assert merging.suggest_kept(reached, newer)[0] == reached


def test_somebody_who_just_turned_up_becomes_whoever_signed_up() -> None:
    run = factories.make_published_run(in_days=-1)
    walked_in = factories.make_student(name="Kari", email="")
    Attendance.objects.create(student=walked_in, session=run.sessions.get(), is_present=True)
    kept = factories.make_student(name="Kari Li")
    merge(walked_in, kept)
    walked_in.refresh_from_db()
    assert (walked_in.channel, walked_in.email) == ("email", kept.email)


def test_old_keys_are_deleted_once_no_link_opens_by_them() -> None:
    first, second = both_on(factories.make_published_run())
    merge(first.student, second.student)
    later = timezone.now() + timedelta(days=181)
    assert services.purge_merged_keys(now=later, dry_run=True) == 1
    assert services.purge_merged_keys(now=later) == 1
    assert MergedKey.objects.get().is_calendar


def test_pressed_twice_the_page_leads_to_the_one_that_is_left(client, monkeypatch) -> None:
    """The second press has read both records, and finds one of them gone under the locks."""
    client.force_login(factories.make_coordinator())
    kept = factories.enrol(factories.make_published_run(), person=online()).student
    gone = factories.enrol(factories.make_published_run(), person=by_phone()).student
    url = reverse("admin:merge", args=[kept.pk, gone.pk])
    monkeypatch.setattr("recoverycollege.admin.merging.merge", refuse_as_one_already)
    answer = client.post(url, {"take": [], "links": "end"})
    assert answer["Location"] == reverse("admin:enrolment_student_change", args=[kept.pk])
    url = reverse("admin:merge", args=[kept.pk, kept.pk])
    assert client.post(url, {"links": "end"}).status_code == 302


def refuse_as_one_already(**_fields: object) -> None:
    raise merging.NotTwoPeople


@pytest.mark.parametrize(("seats", "moves_up"), [(1, True), (2, False)])
def test_page_says_who_moves_up_and_no_more(seats, moves_up) -> None:
    run = factories.make_published_run(capacity=2)
    one, other = both_on(run)
    wait = factories.enrol(run, places=seats, when_one_left=WhenOneLeft.WAIT)
    assert wait.is_waiting
    plan = merging.plan_merge(kept=one.student, gone=other.student)
    assert [each.pk for each in plan.filling] == ([run.pk] if moves_up else [])
    merge(one.student, other.student)
    wait.refresh_from_db()
    assert wait.has_place == moves_up


def test_page_says_who_moves_up_past_the_record_that_goes() -> None:
    run = factories.make_published_run(capacity=3)
    one = factories.enrol(run)
    factories.enrol(run)
    blocking = factories.enrol(run, places=2, when_one_left=WhenOneLeft.WAIT)
    behind = factories.enrol(run)
    assert (blocking.is_waiting, behind.is_waiting) == (True, True)
    plan = merging.plan_merge(kept=one.student, gone=blocking.student)
    assert [each.pk for each in plan.filling] == [run.pk]
    merge(one.student, blocking.student)
    behind.refresh_from_db()
    assert behind.has_place
