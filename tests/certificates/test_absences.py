"""Whoever was absent: one friendly letter where the run says so, and a line for their tutor."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from certificates import services
from certificates.models import Attendance
from certificates.services import Cell, Mark
from courses.models import CourseRun
from enrolment import services as enrolment_services
from enrolment.models import Enrolment, Letter
from tests import factories
from tests.enrolment.conftest import post as post

pytestmark = pytest.mark.django_db

FIRST = factories.oslo(2026, 11, 5, 18)
NIGHT = factories.oslo(2026, 11, 6, 3)
MORNING = factories.oslo(2026, 11, 6, 9)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(factories.oslo(2026, 10, 20, 12), tick=False) as traveller:
        yield traveller


@pytest.fixture
def run(clock) -> CourseRun:
    """Of four sessions, weekly."""
    run = factories.make_published_run(
        sessions=4, writes_after_absence=True, course=factories.make_course(title="Fra uro til ro")
    )
    for number, session in enumerate(run.sessions.order_by("pk")):
        starts_at = FIRST + timedelta(weeks=number)
        run.sessions.filter(pk=session.pk).update(
            starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)
        )
    return CourseRun.objects.get(pk=run.pk)


def with_place(run: CourseRun, **person: object) -> Enrolment:
    enrolment = factories.enrol(run, person=factories.make_person(**person))
    Letter.objects.update(sent_at=timezone.now())
    return enrolment


def mark(enrolment: Enrolment, *marks: bool | None) -> None:
    """In the run's first sessions; None where nobody has said."""
    for session, is_present in zip(enrolment.run.session_list, marks, strict=False):
        if is_present is not None:
            Attendance.objects.create(
                student=enrolment.student, session=session, is_present=is_present
            )


def owed() -> list[str]:
    letters = Letter.objects.filter(kind="missed").unsent().still_true()
    return [each.student.name for each in letters.order_by("pk")]


class TestLetter:
    def test_the_night_after_once_for_each_run_and_person(self, clock, run):
        away, there, unmarked = (with_place(run, name=name) for name in ("Ada", "Bo", "Cai"))
        mark(away, False, False)
        mark(there, True)
        mark(unmarked)
        clock.move_to(NIGHT - timedelta(hours=4))
        assert services.write_to_absent() == 0
        clock.move_to(NIGHT)
        assert [services.write_to_absent(), services.write_to_absent()] == [1, 0]
        assert owed() == ["Ada"]
        clock.move_to(NIGHT + timedelta(weeks=1))
        assert services.write_to_absent() == 0

    @pytest.mark.parametrize(
        "off", ["switch", "optional", "cancelled", "withdrawn", "phone", "long ago"]
    )
    def test_not_to(self, clock, run, off):
        phone = {"email": "", "phone": "+4790012345"} if off == "phone" else {}
        away = with_place(run, **phone)
        mark(away, False)
        clock.move_to(NIGHT)
        if off == "switch":
            CourseRun.objects.update(writes_after_absence=False)
        elif off == "optional":
            run.sessions.update(is_optional=True)
        elif off == "cancelled":
            enrolment_services.cancel_run(run=run, by=None)
        elif off == "withdrawn":
            enrolment_services.withdraw(enrolment=away)
        elif off == "long ago":
            clock.move_to(NIGHT + timedelta(days=4))
        assert services.write_to_absent() == 0

    def test_it_goes_by_day_asks_nothing_and_says_when_the_next_one_is(self, clock, run, post):
        mark(with_place(run, name="Ada", email="ada@example.org"), False)
        clock.move_to(NIGHT)
        call_command("owe_reminders", stdout=StringIO())
        enrolment_services.send_due()
        assert post.got == []
        clock.move_to(MORNING)
        enrolment_services.send_due()
        [said] = [each.get_body(("plain",)).get_content() for each in post.got]
        said = said.replace("\xa0", " ")
        assert post.got[0]["Subject"] == "Beskjed fra Skolen: torsdag 12. november"
        assert "Vi så deg ikke på «Fra uro til ro» sist" in said
        assert "Neste samling er torsdag 12. november 2026, kl. 18.00–20.00." in said
        assert "?" not in said.split("Er det noe")[0]

    @pytest.mark.parametrize("wanted", [Mark.PRESENT, Mark.UNMARKED])
    def test_corrected_before_it_goes_it_does_not(self, clock, run, post, wanted):
        away = with_place(run)
        mark(away, False)
        clock.move_to(NIGHT)
        services.write_to_absent()
        services.save_register(
            run=run,
            session=run.session_list[0],
            cells={away.student_id: Cell(shown=Mark.ABSENT, wanted=wanted)},
            by=factories.make_user(),
        )
        clock.move_to(MORNING)
        enrolment_services.send_due()
        assert post.got == []
        assert Letter.objects.get(kind="missed").overtaken_by == "nothing_left"

    def test_one_that_was_taken_back_keeps_no_other_from_going(self, clock, run):
        """Neither about the same session nor about the next; and one that went is enough."""
        away = with_place(run)
        first = run.session_list[0]
        for marked in (Mark.ABSENT, Mark.PRESENT, Mark.ABSENT, Mark.UNMARKED):
            clock.move_to(NIGHT)
            shown = Mark.of(Attendance.objects.filter(session=first).first())
            services.save_register(
                run=run,
                session=first,
                cells={away.student_id: Cell(shown=shown, wanted=marked)},
                by=factories.make_user(),
            )
            assert services.write_to_absent() == (marked == Mark.ABSENT)
        mark(away, None, False, False)
        clock.move_to(NIGHT + timedelta(weeks=1))
        assert services.write_to_absent() == 1
        Letter.objects.unsent().update(sent_at=timezone.now())
        clock.move_to(NIGHT + timedelta(weeks=2))
        assert services.write_to_absent() == 0

    def test_after_the_end_it_is_owed_once(self, clock, run):
        mark(with_place(run), None, None, None, False)
        told = []
        for days in (0, 1):
            clock.move_to(NIGHT + timedelta(weeks=3, days=days))
            told.append(services.write_to_absent())
            enrolment_services.overtake_untrue()
        assert told == [1, 0]

    @pytest.mark.parametrize(
        ("happens", "by"),
        [("withdrawn", "withdrawn"), ("cancelled", "cancelled"), ("off", "switched_off")],
    )
    def test_not_true_any_more_it_does_not_go(self, clock, run, post, happens, by):
        away = with_place(run)
        mark(away, False)
        clock.move_to(NIGHT)
        services.write_to_absent()
        if happens == "withdrawn":
            enrolment_services.withdraw(enrolment=away)
        elif happens == "cancelled":
            enrolment_services.cancel_run(run=run, by=None)
        else:
            CourseRun.objects.update(writes_after_absence=False)
        enrolment_services.overtake_untrue()
        assert Letter.objects.get(kind="missed").overtaken_by == by

    def test_over_it_does_not_go(self, clock, run):
        mark(with_place(run), False, False, False, False)
        clock.move_to(NIGHT + timedelta(weeks=3))
        services.write_to_absent()
        enrolment_services.overtake_untrue()
        assert owed() == []

    @pytest.mark.parametrize("people", [1, 3])
    def test_queries_do_not_grow(self, clock, run, people, django_assert_num_queries):
        for _each in range(people):
            mark(with_place(run), False)
        clock.move_to(NIGHT)
        with django_assert_num_queries(4):
            assert services.write_to_absent() == people


class TestLineForTheTutor:
    def page(self, client, run: CourseRun) -> str:
        user = run.tutors.first().user or factories.make_user("marte")
        tutor = run.tutors.first()
        tutor.user = user
        tutor.save()
        client.force_login(user)
        return client.get(reverse("tutor_runs")).content.decode().replace("\xa0", " ")

    @pytest.mark.parametrize(
        ("marks", "is_named"),
        [
            ((False, False), True),
            ((True, False, False), True),
            ((False, None, False), True),
            ((False,), False),
            ((False, False, True), False),
            ((False, True, False), False),
        ],
    )
    def test_twice_in_a_row(self, clock, client, run, marks, is_named):
        mark(with_place(run, name="Kari Lie", phone="+4790012345"), *marks)
        clock.move_to(FIRST + timedelta(days=15))
        said = "Kari Lie har ikke vært her de to siste gangene. Ring gjerne"
        assert (said in self.page(client, run)) == is_named

    def test_by_email_whoever_has_no_phone(self, clock, client, run):
        mark(with_place(run, email="kari@example.org"), False, False)
        clock.move_to(FIRST + timedelta(days=15))
        assert "Skriv gjerne, bare for å si hei: kari@example.org." in self.page(client, run)

    @pytest.mark.parametrize("why", ["withdrawn", "over", "optional"])
    def test_nobody_who(self, clock, client, run, why):
        away = with_place(run, phone="+4790012345")
        mark(away, False, False)
        clock.move_to(FIRST + timedelta(days=15))
        if why == "withdrawn":
            enrolment_services.withdraw(enrolment=away)
        elif why == "over":
            clock.move_to(FIRST + timedelta(days=22))
        else:
            run.sessions.update(is_optional=True)
        assert "de to siste gangene" not in self.page(client, run)

    @pytest.mark.parametrize("people", [1, 3])
    def test_queries_do_not_grow(self, clock, client, run, people, django_assert_max_num_queries):
        for _each in range(people):
            mark(with_place(run), False, False)
        clock.move_to(FIRST + timedelta(days=15))
        self.page(client, run)
        with django_assert_max_num_queries(18):
            client.get(reverse("tutor_runs"))
