"""The demo college as it stands: whole, consistent and plainly made up."""

from collections import Counter
from datetime import timedelta

import phonenumbers
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from certificates.models import Attendance, Certificate, DeveloperOffer, Feedback
from courses import queries
from courses.models import (
    Availability,
    College,
    Course,
    CourseRun,
    CourseSession,
    Idea,
    Opportunity,
    Page,
    Semester,
    Tutor,
    Venue,
)
from enrolment.models import (
    Adjustment,
    Enrolment,
    Event,
    Interest,
    Letter,
    Message,
    Question,
    Student,
)
from recoverycollege import demo
from tests.enrolment import invariants
from tests.factories import get_group


@pytest.fixture(scope="module")
def _demo_college(django_db_setup, django_db_blocker):
    """Loaded once for all tests of this module that only look."""
    with django_db_blocker.unblock(), transaction.atomic():
        get_group("coordinators")
        demo.load(with_sign_ins=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def college(_demo_college, db):
    """What a test changes is undone after it, as everywhere."""
    return College.objects.get()


class TestWholeCollege:
    def test_holds_the_invariants(self, college):
        invariants.check_all()

    def test_has_past_current_and_coming_semesters(self, college):
        today = timezone.localdate()
        semesters = list(Semester.objects.order_by("starts_on"))
        assert [semester.is_past for semester in semesters] == [True, True, False, False]
        assert semesters[3].starts_on > today
        assert all(semester.runs.exists() for semester in semesters)

    def test_has_runs_of_every_format(self, college):
        formats = set(CourseRun.objects.values_list("course__format", flat=True))
        assert formats == set(Course.Format.values)
        assert 22 <= CourseRun.objects.count() <= 32

    def test_has_ideas_in_every_state_and_opportunities_of_every_kind(self, college):
        assert set(Idea.objects.values_list("state", flat=True)) == set(Idea.State.values)
        assert Idea.objects.filter(is_shown=False).count() == 1
        kinds = set(Opportunity.objects.values_list("kind", flat=True))
        assert kinds == set(Opportunity.Kind.values)
        today = timezone.localdate()
        assert Opportunity.objects.to_check(today).count() == 2
        assert Opportunity.objects.reported().count() == 1
        assert queries.public_courses().filter(lists_ideas=True).count() == 1
        assert queries.public_courses().filter(ideas__isnull=False).count() == 2
        assert queries.public_courses().filter(opportunities__isnull=False).exists()

    def test_tells_of_itself_and_has_a_story(self, college):
        assert set(Page.objects.pages().values_list("slug", flat=True)) == {
            "om-oss",
            "slik-fungerer-det",
        }
        assert Page.objects.stories().count() == 1

    def test_has_every_availability(self, college):
        seen = Counter(run.availability() for run in CourseRun.objects.public().with_programme())
        # Nobody closes sign-up by hand before a run begins.
        assert set(seen) == set(Availability) - {Availability.CLOSED}

    def test_has_a_queue_a_cancelled_run_and_a_draft(self, college):
        assert CourseRun.objects.published().filter(waiting__gt=0).count() >= 3
        assert CourseRun.objects.get(status="cancelled").enrolments.live().exists()
        assert CourseRun.objects.filter(status="draft").count() == 1

    def test_has_a_call_list_with_somebody_next(self, college):
        run = next(
            run
            for run in CourseRun.objects.published().filter(waiting__gt=0).with_programme()
            if not run.has_started() and not run.fills_by_itself()
        )
        assert run.free_places > 0
        assert Enrolment.objects.filter(run=run, call_outcome="unreached").count() == 1
        assert Enrolment.objects.to_call().filter(run=run).exists()

    def test_cafe_is_open_every_tuesday_from_eleven_to_one(self, college):
        cafes = CourseRun.objects.filter(course__format="cafe")
        assert cafes.exists()
        for session in CourseSession.objects.filter(run__in=cafes):
            begins, ends = (
                timezone.localtime(session.starts_at),
                timezone.localtime(session.ends_at),
            )
            assert (begins.weekday(), begins.hour, ends.hour) == (1, 11, 13)
            assert session.run.entry == "drop_in"

    def test_series_keep_their_hour_when_the_clocks_change(self, college):
        across = 0
        for run in CourseRun.objects.filter(course__format="series"):
            local = [timezone.localtime(each.starts_at) for each in run.sessions.all()]
            assert len({(each.hour, each.minute) for each in local}) == 1
            across += len({each.utcoffset() for each in local}) == 2
        assert across >= 2

    def test_lecture_for_seventy_and_class_with_heads_only(self, college):
        assert CourseRun.objects.filter(course__format="evening_lecture", capacity=70).exists()
        classes = CourseRun.objects.filter(course__format="outside_class")
        assert all(run.entry == "closed" for run in classes)
        held = CourseSession.objects.filter(run__in=classes, ends_at__lt=timezone.now())
        assert held.exists()
        assert all(session.headcount for session in held)
        assert not Attendance.objects.filter(session__in=held).exists()

    def test_workshop_in_housing_is_never_seen(self, college, client):
        run = CourseRun.objects.filter(course__format="housing_workshop").first()
        assert not run.venue.is_public
        assert run.course not in queries.public_courses()
        assert client.get(f"/kurs/{run.course.slug}/").status_code == 404

    def test_every_run_and_course_has_its_pair(self, college):
        assert all(course.has_developer_pair for course in Course.objects.all())
        assert all(run.has_tutor_pair for run in CourseRun.objects.all())

    def test_past_runs_have_attendance_and_certificates(self, college):
        for semester in Semester.objects.order_by("starts_on")[:2]:
            for run in semester.runs.filter(entry="sign_up"):
                present = Attendance.objects.present().filter(session__run=run)
                assert present.exists()
                students = set(present.values_list("student", flat=True))
                assert set(run.certificates.values_list("student", flat=True)) == students
        assert not Certificate.objects.filter(issued_at__gt=timezone.now()).exists()

    def test_somebody_just_turned_up(self, college):
        turned_up = Student.objects.filter(email="", phone="")
        assert turned_up.exists()
        assert Attendance.objects.filter(student__in=turned_up).exists()

    def test_what_happened_left_its_events(self, college):
        """The verbs made it, each at the moment when it happened."""
        happened = dict(Event.objects.values_list("verb").annotate(most=Count("pk")).order_by())
        assert happened["marked"] + happened["turned_up"] == Attendance.objects.count()
        assert happened["issued"] == Certificate.objects.count()
        assert happened["counted"] == CourseSession.objects.exclude(headcount=None).count()
        at_the_end = Event.objects.filter(verb__in=["marked", "counted"])
        assert set(at_the_end.values_list("happened_at", flat=True)) <= set(
            CourseSession.objects.values_list("ends_at", flat=True)
        )
        for row in Attendance.objects.select_related("session"):
            assert row.session.starts_at <= row.recorded_at <= row.session.ends_at

    def test_capacity_was_raised_for_those_who_waited(self, college):
        raised = Event.objects.get(verb="changed_capacity")
        moved_up = Enrolment.objects.filter(run=raised.subject_id, placed_at=raised.happened_at)
        assert moved_up.count() == 1
        assert CourseRun.objects.get(pk=raised.subject_id).is_finished()

    def test_adjustments_are_for_runs_to_come(self, college):
        assert Adjustment.objects.count() >= 5
        for adjustment in Adjustment.objects.select_related("enrolment__run"):
            assert not adjustment.enrolment.run.is_finished()

    def test_courses_are_written_in_three_languages(self, college):
        assert set(Course.objects.values_list("language", flat=True)) == {"nb", "nn", "en"}

    def test_logos_are_pictures(self, college, client):
        answer = client.get(college.logo.url)
        assert answer.content.startswith(b"\x89PNG")

    def test_demo_tutors_have_runs(self, college, settings):
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
        for sign_in in demo.SIGN_INS:
            user = User.objects.get(username=sign_in.username)
            assert user.check_password(sign_in.password)
            if sign_in.role == "tutor":
                assert CourseRun.objects.for_tutor(user.tutor).count() >= 3
        assert User.objects.count() == 3


class TestMadeUp:
    def test_about_120_students_whom_nothing_can_reach(self, college):
        students = Student.objects.all()
        assert 115 <= len(students) <= 130
        for student in students:
            assert student.email == "" or student.email.endswith("@example.org")
            if student.phone:
                number = phonenumbers.parse(student.phone, None)
                assert not phonenumbers.is_valid_number(number)

    def test_other_numbers_and_addresses_reach_nobody_either(self, college):
        numbers = [college.phone, *CourseRun.objects.values_list("contact_phone", flat=True)]
        for number in numbers:
            assert not phonenumbers.is_valid_number(phonenumbers.parse(number, None))
        assert college.email.endswith("@example.org")

    def test_some_have_a_phone_only_some_share_an_address_some_want_paper(self, college):
        channels = Counter(Student.objects.values_list("channel", flat=True))
        assert channels["phone"] >= 10
        assert channels["paper"] >= 2
        shared = Counter(Student.objects.exclude(email="").values_list("email", flat=True))
        assert len([email for email, people in shared.items() if people > 1]) >= 3
        assert set(Student.objects.values_list("language", flat=True)) == {"nb", "nn", "en"}

    def test_no_word_that_students_never_meet(self, college):
        never = ("søknad", "søke ", "vedtak", "innvilg", "avslag", "pasient", "bruker ", "brukere")
        texts = [
            *Course.objects.values_list("summary", flat=True),
            *Course.objects.values_list("what_happens", flat=True),
            *Tutor.objects.values_list("presentation", flat=True),
            *Venue.objects.values_list("how_to_find", flat=True),
            college.introduction,
            college.privacy_text,
            college.ground_rules,
        ]
        assert [(word, text) for word in never for text in texts if word in text.lower()] == []


class TestLetters:
    def test_a_few_want_to_be_told_of_a_course_that_is_over(self, college):
        [course] = {each.course for each in Interest.objects.waiting()}
        assert not any(run.takes_sign_up() for run in course.runs.all())

    def test_two_questions_wait_for_an_answer(self, college):
        about_a_course, other = Question.objects.waiting()
        assert about_a_course.course is not None
        assert other.course is None

    def test_seven_said_what_they_thought_and_one_wants_to_make_courses(self, college):
        shown = Feedback.objects.shown()
        assert {each.answered for each in shown} == {7}
        courses = [each.run.course_id for each in shown]
        assert len(courses) > len(set(courses)), "no course has two semesters side by side"
        assert not Feedback.objects.filter(closed_at__isnull=False, answered__lt=5).exists()
        assert DeveloperOffer.objects.waiting().count() == 1

    def test_one_message_was_sent_and_one_is_a_draft(self, college):
        sent, draft = Message.objects.order_by("pk")
        assert sent.letters.count() == sent.sent_to == sent.people().count() > 10
        assert not draft.is_sent

    def test_nearly_all_have_been_sent(self, college):
        unsent = Letter.objects.unsent()
        assert Letter.objects.count() > 300
        assert unsent.filter(channel="email", failed_at=None).count() == 3
        assert unsent.filter(failed_at__isnull=False).count() >= 1
        assert 3 <= unsent.filter(channel__in=["phone", "paper"]).count() <= 12
        assert not Letter.objects.filter(sent_at__gt=timezone.now() + timedelta(days=1)).exists()


def test_second_time_does_nothing_and_asks_once(
    college, settings, capsys, django_assert_num_queries
):
    settings.DEBUG = True
    before = Letter.objects.count(), Student.objects.count()
    with django_assert_num_queries(3):
        call_command("load_demo")
    assert (Letter.objects.count(), Student.objects.count()) == before
    printed = capsys.readouterr().out.splitlines()
    assert [line.startswith("Sign in as") for line in printed] == [True, True, True]
