"""What tutors are told: each letter is true when it goes, or does not go at all."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from courses import services as course_services
from courses.models import CourseRun, CourseSession, PairRole, Substitution, Tutor, TutorAssignment
from courses.norwegian.formatting import WORD_JOINER
from enrolment import letters, services
from enrolment.admin.call_list import people_to_tell
from enrolment.models import Letter
from enrolment.schedule_changes import Programme, programme
from enrolment.services import tutor_letters
from tests import factories
from tests.enrolment.announcing import announce_change

pytestmark = pytest.mark.django_db

TITLE = "Fra uro til ro"
# A Monday. The session is on Thursday the 5th at 18.
MONDAY = factories.oslo(2026, 11, 2, 9)
THURSDAY = factories.oslo(2026, 11, 5, 18)


def make_run(*, sessions: int = 1, pair: int = 2, **fields: object) -> CourseRun:
    """A draft that lacks nothing; Ada and Bo lead it, and both have an e-mail address."""
    factories.get_college()
    course = factories.make_course(title=TITLE)
    run = factories.make_run(with_pair=False, sessions=0, course=course, **fields)
    for name, role in zip(["Ada", "Bo"][:pair], PairRole.values, strict=False):
        tutor = factories.make_tutor(name=name, email=f"{name.lower()}@example.org")
        TutorAssignment.objects.create(run=run, tutor=tutor, role=role)
    for number in range(sessions):
        starts_at = THURSDAY + timedelta(weeks=number)
        factories.make_session(run, starts_at=starts_at, theme="Å hvile")
    return run


def publish(run: CourseRun) -> CourseRun:
    services.publish_run(run=run)
    return CourseRun.objects.get(pk=run.pk)


def told_run(**fields: object) -> CourseRun:
    """A published run of which the tutors have been told."""
    run = publish(make_run(**fields))
    Letter.objects.update(sent_at=timezone.now())
    return run


def locked(run: CourseRun) -> CourseRun:
    return course_services.lock_run(run.pk)


def tutor_of(name: str) -> Tutor:
    return Tutor.objects.get(name=name)


def waiting() -> set[tuple[str, str]]:
    """Who is to be told what, as far as it holds."""
    return {
        (each.tutor.name, each.kind)
        for each in Letter.objects.unsent().still_true().select_related("tutor")
        if each.tutor is not None
    }


def text_to(name: str, kind: str) -> str:
    [letter] = letters.as_of_now(
        Letter.objects.unsent().still_true().filter(tutor__name=name, kind=kind)
    )
    return f"{letter.subject}\n{letter.text}".replace("\xa0", " ")


def overtaken_by(kind: str) -> set[str]:
    return set(Letter.objects.filter(kind=kind).values_list("overtaken_by", flat=True))


def change(run: CourseRun, before: Programme) -> int:
    return announce_change(run=run, by=None, before=before)


def move(run: CourseRun, hours: int = 1) -> Programme:
    """The programme before the first session is moved."""
    before = programme(run)
    session = run.sessions.order_by("starts_at")[0]
    CourseSession.objects.filter(pk=session.pk).update(
        starts_at=session.starts_at + timedelta(hours=hours),
        ends_at=session.ends_at + timedelta(hours=hours),
    )
    return before


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


class TestAssigned:
    def test_publishing_tells_both_once(self):
        run = make_run()
        assert services.publish_run(run=run) == 2
        assert services.publish_run(run=run) == 0
        assert waiting() == {("Ada", "assigned"), ("Bo", "assigned")}
        assert run.is_published

    def test_nothing_about_a_draft(self):
        run = make_run()
        assert tutor_letters.owe_tutors_assigned(locked(run), [tutor_of("Ada")], now=MONDAY) == 0

    def test_nothing_that_cannot_be_published_is_told(self):
        run = make_run(pair=1)
        with pytest.raises(course_services.NotPublishable):
            services.publish_run(run=run)
        assert not Letter.objects.exists()

    def test_nothing_about_sessions_held(self, monday):
        run = make_run()
        monday.move_to(THURSDAY + timedelta(days=1))
        assert services.publish_run(run=run) == 0

    def test_says_when_where_with_whom_and_where_the_register_is(self, settings):
        run = make_run()
        user = factories.make_user("ada")
        Tutor.objects.filter(name="Ada").update(user=user)
        publish(run)
        said = text_to("Ada", "assigned")
        assert said.startswith("Du er kursholder på «Fra uro til ro»\nHei, Ada!")
        assert "– torsdag 5. november 2026, kl. 18.00–20.00" in said
        assert f"{run.venue.name}, Storgata 1" in said
        assert "Sammen med:\nBo\n" in said
        assert f"Åpne oppmøtelista: {settings.SITE_URL}/kursholder/{run.pk}/" in said

    def test_whoever_has_no_sign_in_gets_no_address_to_open(self):
        publish(make_run())
        assert "http" not in text_to("Ada", "assigned")

    def test_a_draft_again_is_told_nobody(self):
        run = publish(make_run())
        services.back_to_draft(run=run, by=None)
        assert waiting() == set()
        services.overtake_untrue()
        assert overtaken_by("assigned") == {"nothing_left"}

    def test_whoever_stands_in_is_told_of_those_sessions_alone(self):
        run = told_run(sessions=3)
        second = run.sessions.order_by("starts_at")[1]
        cai = factories.make_tutor(name="Cai", email="cai@example.org")
        away = run.assignments.get(tutor__name="Ada")
        Substitution.objects.create(session=second, assignment=away, tutor=cai)
        assert tutor_letters.owe_tutors_assigned(locked(run), [cai], now=MONDAY) == 1
        said = text_to("Cai", "assigned")
        assert re.findall(r"– (.*)", said) == ["torsdag 12. november 2026, kl. 18.00–20.00"]
        assert "Sammen med:\nBo\n" in said
        assert "Ada" not in said


class TestUnassigned:
    def unassign(self, run: CourseRun, name: str = "Ada") -> int:
        run.assignments.filter(tutor__name=name).delete()
        return tutor_letters.owe_tutors_unassigned(locked(run), [tutor_of(name)], now=MONDAY)

    def test_whoever_knew_is_told(self):
        assert self.unassign(told_run()) == 1
        assert waiting() == {("Ada", "unassigned")}
        said = text_to("Ada", "unassigned")
        assert said.startswith("Du er ikke lenger kursholder på «Fra uro til ro»\n")

    def test_whoever_has_never_had_a_letter_knows_all_the_same(self):
        run = publish(make_run())
        Letter.objects.all().delete()  # published before tutors were written to
        assert self.unassign(run) == 1

    def test_whoever_has_not_been_told_yet_is_told_nothing(self):
        assert self.unassign(publish(make_run())) == 0
        assert waiting() == {("Bo", "assigned")}
        assert overtaken_by("assigned") == {"", "nothing_left"}

    def test_whoever_may_have_been_told_is_told(self):
        run = publish(make_run())
        Letter.objects.filter(tutor__name="Ada").update(written_at=MONDAY)
        assert self.unassign(run) == 1
        assert waiting() == {("Ada", "unassigned"), ("Bo", "assigned")}

    def test_taken_back_before_it_went_says_who_leads(self):
        run = told_run()
        self.unassign(run)
        ada = tutor_of("Ada")
        TutorAssignment.objects.create(run=run, tutor=ada, role="peer")
        tutor_letters.owe_tutors_assigned(locked(run), [ada], now=MONDAY)
        assert waiting() == {("Ada", "assigned")}
        assert overtaken_by("unassigned") == {"nothing_left"}

    def test_whoever_still_leads_a_session_is_told_which(self):
        run = told_run(sessions=2)
        last = run.sessions.order_by("starts_at")[1]
        bo = run.assignments.get(tutor__name="Bo")
        run.assignments.filter(tutor__name="Ada").delete()
        Substitution.objects.create(session=last, assignment=bo, tutor=tutor_of("Ada"))
        assert tutor_letters.owe_tutors_unassigned(locked(run), [tutor_of("Ada")], now=MONDAY) == 1
        assert re.findall(r"– (.*)", text_to("Ada", "assigned")) == [
            "torsdag 12. november 2026, kl. 18.00–20.00"
        ]

    def test_untrue_by_the_time_it_is_sent_it_is_overtaken(self, post):
        run = publish(make_run())
        run.assignments.filter(tutor__name="Ada").delete()
        assert services.send_due() == (1, 0)
        assert post.to == [["bo@example.org"]]
        services.overtake_untrue()
        assert set(Letter.objects.values_list("tutor__name", "overtaken_by")) == {
            ("Ada", "unassigned"),
            ("Bo", ""),
        }


class TestChanged:
    def test_says_what_has_changed_and_how_it_is_now(self):
        run = told_run()
        assert change(run, move(run)) == 2
        said = text_to("Bo", "changed")
        assert said.startswith("Endret: «Fra uro til ro»\n")
        assert "Nå: torsdag 5. november 2026, kl. 19.00–21.00" in said
        assert "– torsdag 5. november 2026, kl. 19.00–21.00\n" in said

    def test_counts_tutors_and_students_together(self):
        run = told_run()
        factories.enrol(run)
        Letter.objects.update(sent_at=timezone.now())
        assert change(run, move(run)) == 3

    def test_is_said_in_the_letter_that_waits(self):
        run = publish(make_run())
        assert change(run, move(run)) == 2
        assert waiting() == {("Ada", "assigned"), ("Bo", "assigned")}
        said = text_to("Ada", "assigned")
        assert "kl. 19.00–21.00" in said
        assert "kl. 18.00" not in said

    def test_changed_back_before_it_was_told_is_nothing(self):
        run = told_run()
        change(run, move(run))
        change(run, move(run, hours=-1))
        assert waiting() == set()
        assert overtaken_by("changed") == {"nothing_left"}

    def test_changed_back_after_it_may_have_come_is_news(self):
        run = told_run()
        change(run, move(run))
        Letter.objects.filter(kind="changed", tutor__name="Ada").update(written_at=MONDAY)
        change(run, move(run, hours=-1))
        assert waiting() == {("Ada", "changed")}
        said = text_to("Ada", "changed")
        assert "Nå: torsdag 5. november 2026, kl. 18.00–20.00" in said
        assert "Før: torsdag 5. november 2026, kl. 19.00–21.00" in said

    def test_two_changes_are_one_letter_from_what_they_knew(self):
        run = told_run()
        change(run, move(run))
        change(run, move(run))
        assert Letter.objects.filter(kind="changed").count() == 2
        said = text_to("Ada", "changed")
        assert "Nå: torsdag 5. november 2026, kl. 20.00–22.00" in said
        assert "Før: torsdag 5. november 2026, kl. 18.00–20.00" in said

    def test_a_cancelled_session_is_a_change_also_for_its_substitute(self):
        run = told_run(sessions=2)
        first = run.sessions.order_by("starts_at")[0]
        cai = factories.make_tutor(name="Cai", email="cai@example.org")
        away = run.assignments.get(tutor__name="Ada")
        Substitution.objects.create(session=first, assignment=away, tutor=cai)
        before = programme(run)
        CourseSession.objects.filter(pk=first.pk).update(cancelled_at=MONDAY)
        assert tutor_letters.owe_tutors_change(
            locked(run), before=before, occasion="1", now=MONDAY
        ) == len({"Ada", "Bo", "Cai"})
        assert {name for name, _kind in waiting()} == {"Ada", "Bo", "Cai"}

    def test_a_venue_alone_can_be_told(self):
        assert services.announce_change(run=told_run(), by=None) == 2

    def test_stands_on_the_call_list_as_the_page_counts_it(self, staff):
        run = told_run()
        Tutor.objects.filter(name="Ada").update(email="", phone="+4790123456")
        change(run, move(run))
        move(run, hours=-1)
        assert staff.get("/admin/").status_code == 200
        assert people_to_tell() == []


class TestCancelled:
    def test_overtakes_what_waits(self):
        run = publish(make_run())
        assert services.cancel_run(run=run, by=None) == 2
        assert waiting() == {("Ada", "cancelled"), ("Bo", "cancelled")}
        assert overtaken_by("assigned") == {"cancelled"}
        said = text_to("Ada", "cancelled")
        assert said.startswith("Avlyst: «Fra uro til ro»\n")
        assert "– torsdag 5. november 2026, kl. 18.00–20.00" in said

    def test_only_whoever_was_to_come(self):
        run = told_run()
        away = run.assignments.get(tutor__name="Ada")
        Substitution.objects.create(session=run.sessions.get(), assignment=away, tutor=None)
        services.cancel_run(run=run, by=None)
        assert waiting() == {("Bo", "cancelled")}


class TestReminder:
    @pytest.mark.parametrize(
        ("moment", "number"),
        [
            (factories.oslo(2026, 11, 4, 11, 59), 0),
            (factories.oslo(2026, 11, 4, 12), 2),
            (factories.oslo(2026, 11, 5, 17, 59), 2),
            (THURSDAY, 0),
        ],
    )
    def test_from_the_hour_of_the_day_before_until_it_begins(self, moment: datetime, number: int):
        told_run()
        assert services.owe_reminders(now=moment) == number

    def remind(self, monday) -> int:
        monday.move_to(factories.oslo(2026, 11, 4, 12))
        return services.owe_reminders()

    def test_each_once(self, monday):
        told_run(sessions=2)
        assert [self.remind(monday), self.remind(monday)] == [2, 0]
        Letter.objects.update(sent_at=timezone.now())
        assert self.remind(monday) == 0

    def test_two_programs_in_one_moment_owe_it_once(self, monday, monkeypatch):
        told_run()
        monkeypatch.setattr(tutor_letters, "_earlier_reminders", lambda sessions: {}, raising=True)
        self.remind(monday)
        self.remind(monday)
        assert Letter.objects.filter(kind="reminder").count() == 2

    def test_says_how_many_and_names_nobody(self, monday, settings):
        run = told_run()
        Tutor.objects.filter(name="Ada").update(user=factories.make_user("ada"))
        person = factories.make_person(name="Kari Deltaker")
        factories.enrol(run, person=person, places=2, adjustment="Teleslynge")
        self.remind(monday)
        said = text_to("Ada", "reminder")
        assert said.startswith("Påminnelse: «Fra uro til ro», torsdag 5. november\n")
        assert "Du er kursholder på «Fra uro til ro» torsdag 5. november kl. 18.00–20.00." in said
        assert "2 påmeldte, se oppmøtelista." in said
        assert f"{settings.SITE_URL}/kursholder/{run.pk}/" in said
        assert "Kari" not in said
        assert "Teleslynge" not in said

    def test_where_nobody_signs_up(self, monday):
        told_run(entry="drop_in")
        self.remind(monday)
        assert "Til dette kurset melder ingen seg på." in text_to("Ada", "reminder")

    def test_whoever_is_in_front_is_reminded(self, monday):
        run = told_run()
        cai = factories.make_tutor(name="Cai", email="cai@example.org")
        away = run.assignments.get(tutor__name="Ada")
        Substitution.objects.create(session=run.sessions.get(), assignment=away, tutor=cai)
        self.remind(monday)
        assert waiting() == {("Bo", "reminder"), ("Cai", "reminder")}

    def test_given_to_another_it_is_overtaken_and_the_other_is_reminded(self, monday):
        run = told_run()
        self.remind(monday)
        away = run.assignments.get(tutor__name="Ada")
        cai = factories.make_tutor(name="Cai", email="cai@example.org")
        Substitution.objects.create(session=run.sessions.get(), assignment=away, tutor=cai)
        assert self.remind(monday) == 1
        services.overtake_untrue()
        assert waiting() == {("Bo", "reminder"), ("Cai", "reminder")}
        assert overtaken_by("reminder") == {"", "moved"}

    def test_moved_it_is_overtaken_and_owed_for_the_new_start(self, monday):
        run = told_run()
        self.remind(monday)
        move(run)
        assert waiting() == set()
        assert self.remind(monday) == 2
        assert "kl. 19.00–21.00" in text_to("Ada", "reminder")

    def test_cancelled_it_is_overtaken_and_restored_it_is_owed_again(self, monday):
        run = told_run()
        self.remind(monday)
        run.sessions.update(cancelled_at=timezone.now())
        assert self.remind(monday) == 0
        services.overtake_untrue()
        run.sessions.update(cancelled_at=None)
        assert self.remind(monday) == 2
        assert Letter.objects.unsent().still_true().filter(kind="reminder").count() == 2

    def test_begun_it_is_too_late(self, monday):
        told_run()
        self.remind(monday)
        monday.move_to(THURSDAY)
        assert waiting() == set()
        services.overtake_untrue()
        assert overtaken_by("reminder") == {"over"}

    @pytest.mark.parametrize("status", ["draft", "cancelled"])
    def test_only_of_what_is_published(self, monday, status):
        run = told_run()
        cancelled_at = MONDAY if status == "cancelled" else None
        CourseRun.objects.filter(pk=run.pk).update(status=status, cancelled_at=cancelled_at)
        assert self.remind(monday) == 0

    @pytest.mark.parametrize("runs", [1, 3])
    def test_queries_do_not_grow(self, monday, runs, django_assert_num_queries):
        for _each in range(runs):
            publish(make_run())
        monday.move_to(factories.oslo(2026, 11, 4, 12))
        with django_assert_num_queries(5):
            assert services.owe_reminders() == 2 * runs

    def test_with_nothing_near_it_is_one_query(self, django_assert_num_queries):
        told_run()
        with django_assert_num_queries(1):
            services.owe_reminders()

    def test_the_command_for_a_timer_reminds(self, monday, post):
        told_run()
        monday.move_to(factories.oslo(2026, 11, 4, 12))
        call_command("send_letters", "--once")
        assert [to for [to] in post.to] == ["ada@example.org", "bo@example.org"]


class TestReached:
    def test_by_their_own_address_or_else_their_sign_ins(self, post):
        run = make_run()
        Tutor.objects.filter(name="Bo").update(
            email="", user=factories.make_user("bo", email="bo@jobb.example.org")
        )
        publish(run)
        assert services.send_due() == (2, 0)
        assert post.to == [["ada@example.org"], ["bo@jobb.example.org"]]
        plain = post.got[0].get_body(["plain"]).get_content()
        page = post.got[0].get_body(["html"]).get_content()
        assert "Hei, Ada!" in plain
        assert "Bo" in plain
        assert '<html lang="nb">' in page
        assert "[[" not in plain + page
        assert WORD_JOINER not in plain

    def test_by_phone_they_stand_on_the_call_list(self, staff):
        run = make_run()
        Tutor.objects.filter(name="Ada").update(email="", phone="+4790123456")
        publish(run)
        [ada] = people_to_tell()
        assert (ada.recipient.name, ada.recipient.phone) == ("Ada", "+4790123456")
        page = staff.get("/admin/enrolment/letter/calls/").content.decode()
        assert "90 12 34 56" in page
        answered = staff.post(
            "/admin/enrolment/letter/calls/outcome/",
            {"letters": ada.shown, "outcome": "reached"},
        )
        assert answered.status_code == 302
        assert people_to_tell() == []

    def test_by_nothing_they_are_owed_nothing_and_the_index_says_so(self, staff):
        run = make_run()
        Tutor.objects.filter(name="Ada").update(email="")
        assert services.publish_run(run=run) == 1
        page = staff.get("/admin/").content.decode()
        address = f"/admin/courses/tutor/{tutor_of('Ada').pk}/change/"
        note = "En kursholder står uten e-post og telefon"
        assert note in page
        assert f'<a href="{address}">Ada</a>' in page
        Tutor.objects.filter(name="Ada").update(phone="+4790123456")
        assert note not in staff.get("/admin/").content.decode()

    def test_refused_by_the_server_it_is_a_line_and_goes_again_by_phone(self, post, staff):
        run = make_run()
        post.refused = {"ada@example.org"}
        publish(run)
        assert services.send_due() == (1, 1)
        [ada] = people_to_tell()
        assert ada.has_failed
        page = staff.get("/admin/enrolment/letter/calls/").content.decode()
        link = f'<a class="do" href="/admin/courses/tutor/{tutor_of("Ada").pk}/change/">'
        assert link in page
        Tutor.objects.filter(name="Ada").update(email="", phone="+4790123456")
        [(letter, _paper)] = ada.letters
        assert services.send_again(letter=letter, by=None).channel == "phone"

    def test_no_worker_sends_while_another_holds_a_letter_to_the_same_tutor(self):
        run = told_run()
        change(run, move(run))
        Letter.objects.filter(kind="changed", tutor__name="Ada").update(
            claimed_by=factories.make_worker()
        )
        ada = tutor_of("Ada")
        tutor_letters.owe_tutors_assigned(locked(run), [ada], now=MONDAY)
        assert {each.tutor.name for each in Letter.objects.to_send()} == {"Bo"}

    def test_tutors_who_are_all_refused_are_several_people(self, post, settings):
        settings.SAME_REFUSALS = 2
        publish(make_run())
        post.refused = {"ada@example.org", "bo@example.org"}
        services.send_due()
        assert not Letter.objects.filter(failed_at__isnull=False).exists()


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_kind_is_whole_in_every_language(language, monday):
    """As it would be read in each language, should a tutor ever choose one."""
    found = {}

    def write_all() -> None:
        for letter in Letter.objects.unsent().still_true().order_by("pk"):
            letter.language = language
            found[letter.kind] = factories.written(letter)

    run = told_run()
    change(run, move(run))
    monday.move_to(factories.oslo(2026, 11, 4, 12))
    services.owe_reminders()
    write_all()
    tutor_letters.owe_tutors_assigned(locked(run), [tutor_of("Ada")], now=timezone.now())
    run.assignments.filter(tutor__name="Bo").delete()
    tutor_letters.owe_tutors_unassigned(locked(run), [tutor_of("Bo")], now=timezone.now())
    write_all()
    services.cancel_run(run=run, by=None)
    write_all()
    assert set(found) == {"assigned", "changed", "reminder", "unassigned", "cancelled"}
    quoted = "“Fra uro til ro”" if language == "en" else "«Fra uro til ro»"
    for kind, letter in found.items():
        assert quoted in letter.subject, kind
        assert quoted in letter.text, kind
        assert "22\xa086\xa050\xa000" in letter.text, kind
        assert letter.text.startswith("Hello" if language == "en" else "Hei"), kind
        assert letter.text.endswith("Skolen ved fjorden"), kind
        assert "\n\n\n" not in letter.text, kind
        assert WORD_JOINER not in letter.subject, kind
