"""Reminders of sessions: to whom, by what, when they go, and when they do not any more."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from courses.models import College, CourseRun
from enrolment import emails, services
from enrolment.links import Purpose, enrolment_of
from enrolment.models import Enrolment, Letter, Student
from enrolment.models.daytime import is_daytime, next_daytime
from tests import factories
from tests.enrolment.announcing import announce_change
from tests.enrolment.conftest import by_our_backend
from tests.mail_server import At, MailServer, Trouble, listening

pytestmark = pytest.mark.django_db

THURSDAY = factories.oslo(2026, 11, 5, 18)
MOBILE = "+4790012345"


def night_before(days: int) -> datetime:
    """Three o'clock in the night of that many days before the session."""
    return factories.oslo(2026, 11, 5 - days, 3) if days < 5 else factories.oslo(2026, 10, 28, 3)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """It is long before the session."""
    with time_machine.travel(factories.oslo(2026, 10, 20, 12), tick=False) as traveller:
        yield traveller


def make_run(*, sessions: int = 1, **fields: object) -> CourseRun:
    run = factories.make_published_run(sessions=sessions, **fields)
    for number, session in enumerate(run.sessions.order_by("pk")):
        starts_at = THURSDAY + timedelta(weeks=number)
        run.sessions.filter(pk=session.pk).update(
            starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)
        )
    return CourseRun.objects.get(pk=run.pk)


def with_place(run: CourseRun, **person: object) -> Enrolment:
    """Somebody who was told of their place long ago."""
    enrolment = factories.enrol(run, person=factories.make_person(**person))
    Letter.objects.update(sent_at=timezone.now())
    return enrolment


def move(run: CourseRun, *, by: timedelta) -> None:
    for session in run.sessions.all():
        session.starts_at += by
        session.ends_at += by
        session.save()


def unsent() -> list[Letter]:
    return list(Letter.objects.unsent().filter(kind="coming").order_by("pk"))


def reasons() -> list[str]:
    return list(
        Letter.objects.filter(kind="coming").order_by("pk").values_list("overtaken_by", flat=True)
    )


class TestOwed:
    @pytest.mark.parametrize(("days", "number"), [(9, 0), (4, 0), (3, 1), (2, 1), (1, 1), (0, 0)])
    def test_from_three_days_before_until_the_day_before(self, clock, days, number):
        """A night without the command is made up for while there is time."""
        with_place(make_run())
        clock.move_to(night_before(days))
        assert services.remind_students() == number

    def test_once_for_each_of_both_days(self, clock):
        run = make_run()
        with_place(run)
        told = []
        for days in (4, 3, 3, 2, 1, 1):
            clock.move_to(night_before(days))
            told.append(services.remind_students())
            Letter.objects.unsent().update(sent_at=timezone.now())
        assert told == [0, 1, 0, 0, 1, 0]

    def test_two_programs_in_one_moment_owe_it_once(self, clock, monkeypatch):
        with_place(make_run())
        clock.move_to(night_before(1))
        services.remind_students()
        with monkeypatch.context() as patch:
            patch.setattr(
                "enrolment.services.session_reminders._earlier_reminders", lambda sessions: {}
            )
            services.remind_students()
        assert len(unsent()) == 1

    @pytest.mark.parametrize(
        ("person", "reminders", "channel"),
        [
            ({}, "email", "email"),
            ({}, "none", None),
            ({"phone": MOBILE}, "sms", "sms"),
            ({"phone": "+4722112233"}, "sms", "email"),
            ({"email": "", "phone": MOBILE}, "email", None),
            ({"email": "", "phone": MOBILE}, "sms", "sms"),
        ],
    )
    def test_by_the_way_they_chose_and_never_by_telephone(
        self, clock, settings, person, reminders, channel
    ):
        settings.SMS_BACKEND = "console"
        enrolment = with_place(make_run(), **person)
        Student.objects.filter(pk=enrolment.student_id).update(reminders=reminders)
        clock.move_to(night_before(1))
        services.remind_students()
        assert [each.channel for each in unsent()] == ([channel] if channel else [])

    def test_by_email_where_sms_is_not_switched_on(self, clock):
        enrolment = with_place(make_run(), phone=MOBILE)
        Student.objects.filter(pk=enrolment.student_id).update(reminders="sms")
        clock.move_to(night_before(1))
        services.remind_students()
        assert [each.channel for each in unsent()] == ["email"]

    def test_nobody_who_waits_has_withdrawn_or_was_just_told(self, clock):
        run = make_run(capacity=2)
        services.withdraw(enrolment=with_place(run))
        stays = with_place(run)
        clock.move_to(night_before(1).replace(hour=1))
        with_place(run)
        assert factories.enrol(run).is_waiting
        clock.move_to(night_before(1))
        assert services.remind_students() == 1
        assert unsent()[0].enrolment == stays

    @pytest.mark.parametrize("off", ["college", "cancelled session", "draft", "cancelled run"])
    def test_nothing_of_what_is_switched_off_or_does_not_take_place(self, clock, off):
        run = make_run()
        with_place(run)
        if off == "college":
            College.objects.update(reminds_students=False)
        elif off == "cancelled session":
            run.sessions.update(cancelled_at=timezone.now())
        elif off == "draft":
            CourseRun.objects.update(status="draft")
        else:
            CourseRun.objects.update(status="cancelled", cancelled_at=timezone.now())
        clock.move_to(night_before(1))
        assert services.remind_students() == 0

    @pytest.mark.parametrize("people", [1, 3])
    def test_queries_do_not_grow(self, clock, people, django_assert_num_queries):
        runs = [make_run() for _each in range(people)]
        for run in runs:
            with_place(run)
        clock.move_to(night_before(1))
        with django_assert_num_queries(5):
            assert services.remind_students() == people

    def test_the_nightly_command_owes_them_once(self, clock):
        with_place(make_run())
        clock.move_to(night_before(1))
        said = StringIO()
        call_command("owe_reminders", stdout=said)
        call_command("owe_reminders", stdout=said)
        owed = [line for line in said.getvalue().splitlines() if "reminders" in line]
        assert owed == ["1 reminders owed.", "0 reminders owed."]


class TestByDay:
    @pytest.mark.parametrize(
        ("at", "goes"),
        [((3, 0), False), ((8, 59), False), ((9, 0), True), ((19, 59), True), ((20, 0), False)],
    )
    def test_it_goes_by_day_and_holds_up_nothing_else(self, clock, post, at, goes):
        run = make_run()
        with_place(run, email="ada@example.org")
        clock.move_to(night_before(1))
        services.remind_students()
        clock.move_to(night_before(1).replace(hour=at[0], minute=at[1]))
        factories.enrol(run, person=factories.make_person(email="bo@example.org"))
        services.send_due()
        assert [to for [to] in post.to] == (
            ["ada@example.org", "bo@example.org"] if goes else ["bo@example.org"]
        )

    def test_one_that_was_refused_in_the_evening_waits_for_the_morning(self, clock, post):
        with_place(make_run())
        clock.move_to(night_before(3).replace(hour=19, minute=58))
        services.remind_students()
        post.rcpt_answer = "450 not now"
        services.send_due()
        post.rcpt_answer = ""
        for hour, got in ((22, 0), (26, 0), (33, 1)):
            clock.move_to(night_before(3).replace(hour=0) + timedelta(hours=hour))
            services.send_due()
            assert len(post.got) == got

    def test_before_day_it_is_not_late(self, clock):
        with_place(make_run())
        clock.move_to(night_before(1))
        services.remind_students()
        clock.move_to(night_before(1).replace(hour=9, minute=5))
        assert not Letter.objects.overdue().exists()
        clock.move_to(night_before(1).replace(hour=9, minute=15))
        assert Letter.objects.overdue().count() == 1

    @pytest.mark.parametrize(
        ("now", "then"),
        [
            (factories.oslo(2026, 10, 24, 21), factories.oslo(2026, 10, 25, 9)),  # clocks change
            (factories.oslo(2026, 10, 25, 2), factories.oslo(2026, 10, 25, 9)),
            (factories.oslo(2026, 10, 25, 12), factories.oslo(2026, 10, 25, 12)),
        ],
    )
    def test_next_day_begins_in_the_morning(self, now, then):
        assert (next_daytime(now), is_daytime(next_daytime(now))) == (then, True)


class TestStillTrue:
    @pytest.fixture
    def reminded(self, clock) -> Enrolment:
        enrolment = with_place(make_run())
        clock.move_to(night_before(1))
        services.remind_students()
        return enrolment

    def left(self, clock, post) -> list[str]:
        """What comes of it when day begins."""
        Letter.objects.exclude(kind="coming").update(sent_at=timezone.now())
        clock.move_to(night_before(1).replace(hour=9))
        services.send_due()
        return [to for [to] in post.to]

    def test_withdrawn(self, clock, post, reminded):
        services.withdraw(enrolment=reminded)
        assert self.left(clock, post) == []
        assert reasons() == ["withdrawn"]

    def test_withdrawn_and_undone_they_know_it_already(self, clock, post, reminded):
        services.withdraw(enrolment=reminded)
        services.undo_withdrawal(enrolment=reminded)
        assert services.remind_students() == 0
        assert self.left(clock, post) == []

    def test_run_cancelled(self, clock, post, reminded):
        services.cancel_run(run=reminded.run, by=None)
        assert self.left(clock, post) == []
        assert reasons() == ["cancelled"]

    def test_session_cancelled(self, clock, post, reminded):
        reminded.run.sessions.update(cancelled_at=timezone.now())
        assert self.left(clock, post) == []
        assert reasons() == ["moved"]

    def test_moved_it_is_said_of_the_new_time(self, clock, post, reminded):
        move(reminded.run, by=timedelta(hours=-1))
        assert services.remind_students() == 1
        assert self.left(clock, post) == [reminded.student.email]
        assert reasons() == ["moved", ""]
        assert "17.00" in post.got[0].get_body(("plain",)).get_content()

    @pytest.mark.parametrize("how", ["moved", "session cancelled", "college", "student"])
    def test_what_holds_again_is_owed_again_and_goes_once(self, clock, post, reminded, how):
        def happens(*, back: bool) -> None:
            if how == "moved":
                run = CourseRun.objects.get()
                move(run, by=timedelta(days=-7 if back else 7))
            elif how == "session cancelled":
                reminded.run.sessions.update(cancelled_at=None if back else timezone.now())
            elif how == "college":
                College.objects.update(reminds_students=back)
            else:
                wish = "email" if back else "none"
                services.change_contact(student=reminded.student, by=None, reminders=wish)

        for _each in range(2):
            happens(back=False)
            services.overtake_untrue()
            happens(back=True)
            assert [services.remind_students(), services.remind_students()] == [1, 0]
        assert self.left(clock, post) == [reminded.student.email]
        happens(back=False)
        services.overtake_untrue()
        happens(back=True)
        assert services.remind_students() == 0

    def test_begun(self, clock, reminded):
        clock.move_to(THURSDAY)
        services.overtake_untrue()
        assert reasons() == ["over"]

    @pytest.mark.parametrize("who", ["college", "student"])
    def test_switched_off(self, clock, post, reminded, who):
        if who == "college":
            College.objects.update(reminds_students=False)
        else:
            services.change_contact(student=reminded.student, by=None, reminders="none")
        assert self.left(clock, post) == []
        assert reasons() == ["switched_off"]

    def test_the_older_of_two_after_days_without_post_is_not_sent(self, clock, post):
        enrolment = with_place(make_run())
        for days in (3, 1):
            clock.move_to(night_before(days))
            services.remind_students()
        assert self.left(clock, post) == [enrolment.student.email]
        assert reasons() == ["folded", ""]

    def test_with_news_of_another_time_they_are_told_both(self, clock, post):
        """The news waits for nobody, and the reminder does not replace it."""
        run = make_run()
        with_place(run)
        clock.move_to(night_before(3))
        assert announce_change(run=run, by=factories.make_user()) == 1
        services.remind_students()
        services.send_due()
        assert len(post.got) == 1
        clock.move_to(night_before(3).replace(hour=9))
        services.send_due()
        assert len(post.got) == 2

    @pytest.mark.parametrize(
        ("chosen", "change", "channel"),
        [
            ("sms", {"reminders": "email"}, "email"),
            ("email", {"reminders": "sms"}, "sms"),
            ("sms", {"phone": "+4722112233"}, "email"),
            ("sms", {"channel": "phone"}, "sms"),
            ("email", {"channel": "phone"}, None),
            ("sms", {"channel": "phone", "reminders": "email"}, None),
        ],
    )
    def test_it_goes_by_the_way_they_choose_meanwhile(
        self, clock, settings, chosen, change, channel
    ):
        settings.SMS_BACKEND = "console"
        student = with_place(make_run(), phone=MOBILE).student
        Student.objects.update(reminders=chosen)
        clock.move_to(night_before(1))
        services.remind_students()
        services.change_contact(student=student, by=None, **change)
        services.overtake_untrue()
        assert [each.channel for each in unsent()] == ([channel] if channel else [])
        assert reasons() == ["" if channel else "switched_off"]
        services.change_contact(student=student, by=None, channel="email", reminders="email")
        services.remind_students()
        assert [each.channel for each in unsent()] == ["email"]

    @pytest.mark.parametrize(("contact", "channels"), [("phone", []), ("email", ["email"])])
    def test_after_a_merge_it_goes_by_the_kept_persons_way(
        self, clock, reminded, contact, channels
    ):
        has_email = contact == "email"
        kept = factories.make_student(
            email="ada@example.org" if has_email else "", phone=MOBILE, channel=contact
        )
        run = reminded.run
        with transaction.atomic():
            services.merge_students(
                kept=kept, gone=reminded.student, runs={run.pk: run}, by=factories.make_user()
            )
        assert [each.channel for each in unsent()] == channels

    def test_a_wish_for_none_outlives_a_merge(self, clock, reminded):
        gone = factories.make_student(reminders="none")
        with transaction.atomic():
            services.merge_students(kept=reminded.student, gone=gone, runs={}, by=None)
        assert not Letter.objects.unsent().still_true().filter(kind="coming").exists()


@pytest.fixture
def server(settings) -> Iterator[MailServer]:
    with listening(MailServer()) as server:
        by_our_backend(settings, server.port)
        yield server


@pytest.mark.parametrize(
    ("trouble", "copies"),
    [
        (Trouble(At.RECIPIENT, "450 not now", times=1), 1),
        (Trouble(At.RECIPIENT, "550 nobody"), 0),
        (Trouble(At.TEXT, drops=True, times=1), 0),
        (Trouble(At.END, drops=True, keeps=True, times=1), 1),
    ],
    ids=["busy", "no such address", "perhaps", "arrived, and nobody knows"],
)
def test_on_a_bad_day_it_never_goes_twice_and_is_no_line_for_staff(clock, server, trouble, copies):
    with_place(make_run())
    clock.move_to(night_before(1).replace(hour=10))
    services.remind_students()
    server.troubles = [trouble]
    for _each in range(6):
        Letter.objects.update(not_before=None)
        services.send_due()
    assert len(server.raw) == copies
    assert not Letter.objects.for_staff().exists()
    assert not Letter.objects.waiting().exists()


class TestWords:
    @pytest.fixture
    def letter(self, clock) -> Letter:
        run = make_run(
            sessions=2,
            course=factories.make_course(title="Fra uro til ro"),
            who_meets_you="Jeg heter Marte og har gul genser.",
            practical="Ta med innesko.",
        )
        with_place(run, name="Ada Vik")
        clock.move_to(night_before(1).replace(hour=10))
        services.remind_students()
        [letter] = unsent()
        return factories.written(letter)

    def test_it_says_when_where_who_and_how_to_withdraw(self, letter):
        text = letter.text.replace("\xa0", " ")
        assert letter.subject == "Beskjed fra Skolen: torsdag 5. november"
        assert [line for line in letter.text.splitlines() if line][:3] == [
            "Hei, Ada Vik!",
            "Dette er bare en påminnelse om «Fra uro til ro». Vi gleder oss til å møte deg.",
            "Når:",
        ]
        for words in (
            "– torsdag 5. november 2026, kl. 18.00–20.00",
            "Inngang fra torget, andre etasje.",
            *(tutor.name for tutor in letter.enrolment.run.tutors.all()),
            "Jeg heter Marte og har gul genser.",
            "Ta med innesko.",
            "Kan du ikke komme denne gangen? Det er helt greit.",
            "Meld meg av: [[withdraw]]",
            "Det velger du på siden din",
        ):
            assert words in text
        assert "12. november" not in letter.text

    def test_its_link_opens_the_page_with_the_button_and_changes_nothing(self, client, letter):
        [address] = re.findall(r"Meld meg av: (\S+)", emails.with_links(letter))
        path = address.removeprefix("http://localhost:8000")
        page = client.get(path)
        assert page.status_code == 200
        letter.enrolment.refresh_from_db()
        assert letter.enrolment.has_place
        token = page.resolver_match.kwargs["token"]
        assert enrolment_of(Purpose.WITHDRAW, token) == letter.enrolment

    def test_an_sms_names_no_course_and_holds_no_link(self, clock, gateway):
        run = make_run(course=factories.make_course(title="Fra uro til ro"))
        enrolment = with_place(run, phone=MOBILE)
        Student.objects.filter(pk=enrolment.student_id).update(reminders="sms")
        clock.move_to(night_before(1).replace(hour=10))
        services.remind_students()
        services.send_due()
        assert [body["text"] for _path, _headers, body in gateway.got] == [
            "Hei fra Skolen! Vi ses torsdag 5. november kl. 18.00. Kan du ikke komme? "
            "Ring 22 86 50 00."
        ]
