"""Who is in front of a session: somebody stands in, takes over, or nobody does."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from courses import services as course_services
from courses.models import CourseRun, PairRole, Substitution
from enrolment import services
from enrolment.models import Event
from enrolment.services import Announcement
from tests import factories

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def make_run(sessions=3, **fields):
    return factories.make_published_run(sessions=sessions, **fields)


def peer(run):
    return run.assignments.get(role=PairRole.PEER)


def professional(run):
    return run.assignments.get(role=PairRole.PROFESSIONAL)


def in_front(run):
    """The names in front of each session, cancelled ones too, as they are stored."""
    loaded = run.assignments.with_substitutions()
    fresh = CourseRun.objects.get(pk=run.pk)
    fresh.pass_on(sessions=fresh.sessions.all(), assignments=loaded)
    return [[tutor.name for tutor in each.tutors_in_front] for each in fresh.planned_sessions]


def move(run, days):
    for session in run.sessions.all():
        session.starts_at += days * DAY
        session.ends_at += days * DAY
        session.save()


def stand_in(run, tutor, *numbers, away=None, **how):
    sessions = list(run.sessions.all())
    return services.stand_in(
        run=run,
        assignment=away or peer(run),
        sessions=[sessions[number] for number in numbers],
        tutor=tutor,
        **{"by": None, "announcement": Announcement.TELL} | how,
    )


def hand_over(run, tutor, number, **how):
    return services.hand_over(
        run=run,
        assignment=peer(run),
        from_session=list(run.sessions.all())[number],
        tutor=tutor,
        **{"by": None, "announcement": Announcement.TELL} | how,
    )


def be_absent(run, *numbers, away=None, **how):
    sessions = list(run.sessions.all())
    return services.record_absence(
        run=run,
        assignment=away or peer(run),
        sessions=[sessions[number] for number in numbers],
        **{"by": None, "announcement": Announcement.TELL} | how,
    )


def end(run, number, **how):
    return services.end_substitution(
        substitution=Substitution.objects.get(session=list(run.sessions.all())[number]),
        **{"by": None, "announcement": Announcement.TELL} | how,
    )


@pytest.fixture
def run():
    """Anne with lived experience and Bo with professional experience lead three sessions."""
    made = make_run()
    for assignment, name in ((peer(made), "Anne"), (professional(made), "Bo")):
        type(assignment.tutor).objects.filter(pk=assignment.tutor_id).update(name=name)
    return made


@pytest.fixture
def kari():
    return factories.make_tutor(name="Kari")


def test_somebody_stands_in_for_the_sessions_that_are_named(run, kari):
    stand_in(run, kari, 0, 2)
    assert in_front(run) == [["Bo", "Kari"], ["Anne", "Bo"], ["Bo", "Kari"]]


def test_standing_in_twice_is_standing_in_once(run, kari):
    factories.enrol(run)
    assert stand_in(run, kari, 1) == 1
    assert stand_in(run, kari, 1) == 0
    assert Event.objects.filter(verb="substituted").count() == 1
    assert Event.objects.filter(verb="changed_programme").count() == 1


def test_another_substitute_takes_the_place_of_the_first(run, kari):
    stand_in(run, kari, 1)
    stand_in(run, factories.make_tutor(name="Liv"), 1)
    assert in_front(run)[1] == ["Bo", "Liv"]


def test_students_are_told_only_once_somebody_has_said_so(run, kari):
    factories.enrol(run)
    with pytest.raises(services.ChangeNeedsTelling) as asked:
        stand_in(run, kari, 1, announcement=Announcement.ASK)
    [sentence] = asked.value.changes
    assert "Bo" in sentence
    assert "Kari" in sentence
    assert asked.value.telling.total == 1
    assert not Substitution.objects.exists()


def test_nobody_is_told_where_somebody_chose_silence(run, kari):
    factories.enrol(run)
    assert stand_in(run, kari, 1, announcement=Announcement.SILENT) == 0
    assert not Event.objects.filter(verb="changed_programme").exists()
    assert in_front(run)[1] == ["Bo", "Kari"]


def test_the_other_half_of_the_pair_cannot_be_both(run):
    with pytest.raises(course_services.PairIncomplete):
        stand_in(run, professional(run).tutor, 1)
    with pytest.raises(course_services.PairIncomplete):
        hand_over(run, professional(run).tutor, 1)
    assert not Substitution.objects.exists()


def test_nobody_stands_in_for_both(run, kari):
    stand_in(run, kari, 1)
    with pytest.raises(course_services.PairIncomplete):
        stand_in(run, kari, 1, away=professional(run))


def test_an_absence_is_never_refused(run):
    be_absent(run, 1)
    be_absent(run, 1, away=professional(run))
    assert in_front(run) == [["Anne", "Bo"], [], ["Anne", "Bo"]]
    assert Event.objects.filter(verb="absent", subject="coursesession").count() == 2


def test_a_colleagues_absence_does_not_keep_anybody_from_standing_in(run, kari):
    be_absent(run, 1, away=professional(run))
    stand_in(run, kari, 1)
    assert in_front(run)[1] == ["Kari"]


def test_the_other_half_does_not_make_a_pair_of_an_absence(run):
    be_absent(run, 1)
    with pytest.raises(course_services.PairIncomplete):
        stand_in(run, professional(run).tutor, 1)


def test_somebody_who_teaches_no_more_stands_in_for_no_session_to_come(run):
    gone = factories.make_tutor(is_active=False)
    with pytest.raises(services.TutorNotActive):
        stand_in(run, gone, 1)
    with pytest.raises(services.TutorNotActive):
        hand_over(run, gone, 1)


def test_a_draft_is_planned_but_not_published_without_its_pair(run):
    draft = factories.make_run()
    assert stand_in(draft, professional(draft).tutor, 0) == 0
    with pytest.raises(course_services.NotPublishable) as refusal:
        course_services.publish(run=draft)
    assert len(refusal.value.missing) == 1
    end(draft, 0)
    course_services.publish(run=draft)


def test_a_draft_is_published_in_spite_of_an_absence(run):
    draft = factories.make_run()
    be_absent(draft, 0)
    course_services.publish(run=draft)
    assert draft.is_published


def test_a_new_tutor_who_stands_in_for_the_other_is_refused(run, kari):
    stand_in(run, kari, 1)
    edit = services.TutorEdit(professional(run).pk, {"tutor": kari})
    with pytest.raises(course_services.NotPublishable):
        services.save_run(run=run, edit=services.RunEdit(tutors=[edit]), by=None)


def test_a_cancelled_run_plans_nobody(run, kari):
    services.cancel_run(run=run, by=None)
    for plan in (stand_in, hand_over):
        with pytest.raises(services.RunCancelled):
            plan(run, kari, 1)
    with pytest.raises(services.RunCancelled):
        be_absent(run, 1)


def test_what_a_cancelled_run_had_held_is_still_written_down(run, kari):
    move(run, -15)
    services.cancel_run(run=run, by=None)
    stand_in(run, kari, 0)
    assert in_front(run)[0] == ["Bo", "Kari"]


def test_what_belongs_to_another_run_is_refused(run, kari):
    other = make_run()
    with pytest.raises(ValidationError):
        stand_in(run, kari, 1, away=peer(other))
    with pytest.raises(ValidationError):
        services.record_absence(
            run=run, assignment=peer(run), sessions=other.sessions.all(), by=None
        )


# Sessions that are over


def test_who_stood_in_is_written_down_afterwards_once(run, kari):
    factories.enrol(run)
    move(run, -15)
    assert stand_in(run, kari, 0, announcement=Announcement.ASK) == 0
    assert in_front(run)[0] == ["Bo", "Kari"]
    with pytest.raises(services.SessionHeld):
        stand_in(run, factories.make_tutor(), 0)
    with pytest.raises(services.SessionHeld):
        be_absent(run, 0)
    with pytest.raises(services.SessionHeld):
        end(run, 0)
    assert in_front(run)[0] == ["Bo", "Kari"]


def test_an_absence_is_written_down_afterwards_once(run, kari):
    move(run, -15)
    be_absent(run, 0)
    be_absent(run, 0)
    with pytest.raises(services.SessionHeld):
        stand_in(run, kari, 0)
    assert in_front(run)[0] == ["Bo"]


def test_nobody_takes_over_from_a_session_that_is_over(run, kari):
    move(run, -15)
    with pytest.raises(services.SessionHeld):
        hand_over(run, kari, 0)


def test_what_has_begun_is_not_taken_back(run, kari):
    stand_in(run, kari, 0)
    session = run.sessions.first()
    begun = session.starts_at + timedelta(minutes=1)
    with pytest.raises(services.SessionHeld):
        end(run, 0, now=begun)


@pytest.mark.parametrize("change", [{"is_deleted": True}, {"tutor": "kari"}, {"role": "peer"}])
def test_the_tutors_of_a_session_that_is_held_stay(run, kari, change):
    move(run, -15)
    fields = {name: kari if value == "kari" else value for name, value in change.items()}
    is_deleted = fields.pop("is_deleted", False)
    edit = services.TutorEdit(professional(run).pk, fields, is_deleted)
    with pytest.raises(services.TutorHasHeld):
        services.save_run(run=run, edit=services.RunEdit(tutors=[edit]), by=None)


def test_a_third_tutor_can_come_after_a_session_is_held(run, kari):
    move(run, -15)
    edit = services.TutorEdit(fields={"tutor": kari, "role": PairRole.PEER})
    services.save_run(run=run, edit=services.RunEdit(tutors=[edit]), by=None)
    assert run.assignments.count() == 3


def test_a_tutor_who_is_replaced_before_any_session_takes_substitutes_along(run, kari):
    stand_in(run, kari, 1)
    edits = [
        services.TutorEdit(peer(run).pk, is_deleted=True),
        services.TutorEdit(fields={"tutor": factories.make_tutor(name="Liv"), "role": "peer"}),
    ]
    services.save_run(run=run, edit=services.RunEdit(tutors=edits), by=None)
    assert in_front(run) == [["Bo", "Liv"]] * 3


# Taking over


def test_somebody_takes_over_from_a_session_on(run, kari):
    factories.enrol(run)
    assert hand_over(run, kari, 1) == 1
    assert in_front(run) == [["Anne", "Bo"], ["Bo", "Kari"], ["Bo", "Kari"]]
    assert hand_over(run, kari, 1) == 0
    assert Event.objects.filter(verb="handed_over", subject_id=run.pk).count() == 1


def test_who_takes_over_is_there_when_a_cancelled_session_is_restored(run, kari):
    last = run.sessions.last()
    cancelled = services.SessionEdit(last.pk, is_cancelled=True)
    services.save_run(run=run, edit=services.RunEdit(sessions=[cancelled]), by=None)
    hand_over(run, kari, 1)
    restored = services.SessionEdit(last.pk, is_cancelled=False)
    services.save_run(run=run, edit=services.RunEdit(sessions=[restored]), by=None)
    assert in_front(run) == [["Anne", "Bo"], ["Bo", "Kari"], ["Bo", "Kari"]]


def add_session(run, starts_at):
    fields = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
    edit = services.RunEdit(sessions=[services.SessionEdit(fields=fields)])
    services.save_run(run=run, edit=edit, by=None)


def test_who_has_taken_over_is_in_front_of_sessions_that_are_added(run, kari):
    first, second, third = run.sessions.all()
    hand_over(run, kari, 1)
    for moment in (first, second, third):
        add_session(run, moment.starts_at + DAY)
    assert in_front(run) == [["Anne", "Bo"]] * 2 + [["Bo", "Kari"]] * 4


def test_two_sessions_added_together_get_whoever_has_taken_over(run, kari):
    hand_over(run, kari, 2)
    last = run.sessions.last().starts_at
    added = [
        services.SessionEdit(
            fields={"starts_at": last + days * DAY, "ends_at": last + days * DAY + DAY / 24}
        )
        for days in (7, 14)
    ]
    services.save_run(run=run, edit=services.RunEdit(sessions=added), by=None)
    assert in_front(run) == [["Anne", "Bo"]] * 2 + [["Bo", "Kari"]] * 3


def test_a_single_substitute_is_in_front_of_no_session_that_is_added(run, kari):
    stand_in(run, kari, 2)
    add_session(run, run.sessions.last().starts_at + DAY)
    assert in_front(run)[-1] == ["Anne", "Bo"]


def test_a_hand_over_leaves_who_stands_in_once_and_ends_an_absence(run, kari):
    stand_in(run, factories.make_tutor(name="Liv"), 1)
    be_absent(run, 2)
    hand_over(run, kari, 0)
    assert in_front(run) == [["Bo", "Kari"], ["Bo", "Liv"], ["Bo", "Kari"]]


def test_a_hand_over_is_taken_back_for_what_has_not_begun(run, kari):
    hand_over(run, kari, 0)
    move(run, -15)
    end(run, 1)
    assert in_front(run) == [["Bo", "Kari"], ["Anne", "Bo"], ["Anne", "Bo"]]
    add_session(run, timezone.now() + 20 * DAY)
    assert in_front(run)[-1] == ["Anne", "Bo"]


def test_a_hand_over_that_is_over_is_not_taken_back(run, kari):
    hand_over(run, kari, 1)
    move(run, -100)
    with pytest.raises(services.SessionHeld):
        end(run, 2)


def test_somebody_else_takes_over_in_their_turn(run, kari):
    hand_over(run, kari, 1)
    hand_over(run, factories.make_tutor(name="Liv"), 2)
    assert in_front(run) == [["Anne", "Bo"], ["Bo", "Kari"], ["Bo", "Liv"]]
    hand_over(run, peer(run).tutor, 2)
    assert in_front(run) == [["Anne", "Bo"], ["Bo", "Kari"], ["Anne", "Bo"]]


def test_who_took_over_comes_back_when_a_substitute_is_taken_back(run, kari):
    hand_over(run, kari, 0)
    stand_in(run, factories.make_tutor(name="Liv"), 1)
    end(run, 1)
    assert in_front(run) == [["Bo", "Kari"]] * 3
    assert Substitution.objects.filter(is_hand_over=True, tutor=kari).count() == 3


def test_a_substitute_is_taken_back_and_told_of(run, kari):
    factories.enrol(run)
    stand_in(run, kari, 1)
    assert end(run, 1) == 1
    assert in_front(run) == [["Anne", "Bo"]] * 3
    assert Event.objects.filter(verb="took_back_substitute").count() == 1


@pytest.mark.parametrize("sessions", [1, 6])
def test_the_number_of_statements_grows_with_no_session(django_assert_num_queries, kari, sessions):
    made = make_run(sessions=sessions)
    factories.enrol(made)
    with django_assert_num_queries(29):
        hand_over(made, kari, 0)
