"""The pages on which a coordinator writes down who stands in, and who takes over."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from courses.models import PairRole, Substitution
from enrolment import services
from enrolment.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(factories.make_coordinator())
    return client


@pytest.fixture
def run():
    return factories.make_published_run(sessions=3)


@pytest.fixture
def kari():
    return factories.make_tutor(name="Kari")


def page(name, run):
    return reverse(f"admin:{name}", args=[run.pk])


def peer(run):
    return run.assignments.get(role=PairRole.PEER)


def stand_in(run, tutor, *numbers):
    sessions = list(run.sessions.all())
    return {
        "away": peer(run).pk,
        "sessions": [sessions[number].pk for number in numbers],
        "tutor": tutor if isinstance(tutor, str) else tutor.pk,
    }


def told(response):
    return [str(each) for each in get_messages(response.wsgi_request)]


def test_a_substitute_is_written_down_for_the_ticked_sessions(staff, run, kari):
    response = staff.post(page("run_substitute", run), stand_in(run, kari, 0, 2))
    assert response.status_code == 302
    rows = Substitution.objects.order_by("session__starts_at")
    assert [(each.session, each.tutor) for each in rows] == [
        (run.sessions.first(), kari),
        (run.sessions.last(), kari),
    ]
    assert "Kari er vikar for" in staff.get(page("run_substitute", run)).text


def test_nobody_stands_in_where_that_is_chosen_in_so_many_words(staff, run):
    address = page("run_substitute", run)
    refused = staff.post(address, stand_in(run, "", 0))
    assert refused.context["form"].errors.keys() == {"tutor"}
    assert not Substitution.objects.exists()
    staff.post(address, stand_in(run, "nobody", 0))
    assert Substitution.objects.get().tutor is None
    assert "ingen er vikar" in staff.get(address).text


def test_only_active_tutors_are_offered(staff, run, kari):
    factories.make_tutor(name="Sluttet", is_active=False)
    text = staff.get(page("run_substitute", run)).text
    assert "Kari" in text
    assert "Sluttet" not in text


def test_people_are_told_after_a_question(staff, run, kari):
    factories.enrol(run)
    answers = stand_in(run, kari, 1)
    asked = staff.post(page("run_substitute", run), answers)
    assert asked.context["hidden"] == [
        ("away", str(answers["away"])),
        ("sessions", str(answers["sessions"][0])),
        ("tutor", str(kari.pk)),
    ]
    assert not Substitution.objects.exists()
    corrected = staff.post(page("run_substitute", run), answers | {"_correct": "1"})
    assert corrected.context["form"].data["tutor"] == str(kari.pk)
    assert not Substitution.objects.exists()
    staff.post(page("run_substitute", run), answers | {"_tell": "1"})
    assert Substitution.objects.get().tutor == kari
    assert Event.objects.filter(verb="changed_programme").count() == 1


def test_nobody_is_told_of_what_is_written_silently(staff, run, kari):
    factories.enrol(run)
    staff.post(page("run_substitute", run), stand_in(run, kari, 1) | {"_silent": "1"})
    assert Substitution.objects.get().tutor == kari
    assert not Event.objects.filter(verb="changed_programme").exists()


def test_a_refusal_stands_on_the_page_with_the_answers(staff, run):
    other = run.assignments.get(role=PairRole.PROFESSIONAL).tutor
    response = staff.post(page("run_substitute", run), stand_in(run, other, 1))
    [sentence] = response.context["form"].non_field_errors()
    assert sentence.startswith("Da mangler en samling")
    assert not Substitution.objects.exists()


def test_somebody_takes_over_from_a_session_on(staff, run, kari):
    answers = {
        "away": peer(run).pk,
        "from_session": list(run.sessions.all())[1].pk,
        "tutor": kari.pk,
    }
    staff.post(page("run_hand_over", run), answers)
    assert Substitution.objects.filter(is_hand_over=True, tutor=kari).count() == 2
    context = staff.get(page("run_hand_over", run)).context
    assert len(context["lines"]) == 1
    assert "Kari tar over etter" in context["lines"][0].words


def test_what_is_written_is_taken_back_by_a_button(staff, run, kari):
    services.hand_over(
        run=run, assignment=peer(run), from_session=run.sessions.first(), tutor=kari, by=None
    )
    [line] = staff.get(page("run_substitute", run)).context["lines"]
    factories.enrol(run)
    assert staff.get(line.end_url).status_code == 302
    asked = staff.post(line.end_url)
    assert asked.templates[0].name == "admin/confirm.html"
    assert Substitution.objects.count() == 3
    staff.post(line.end_url, {"_tell": "1"})
    assert not Substitution.objects.exists()


def test_what_has_begun_has_no_button_and_is_refused(staff, run, kari):
    session = run.sessions.first()
    services.stand_in(run=run, assignment=peer(run), sessions=[session], tutor=kari, by=None)
    session.starts_at = timezone.now() - timedelta(minutes=5)
    session.save()
    [line] = staff.get(page("run_substitute", run)).context["lines"]
    assert line.end_url == ""
    row = Substitution.objects.get()
    response = staff.post(reverse("admin:run_end_substitution", args=[run.pk, row.pk]))
    assert told(response) == ["Samlingen er holdt, så hvem som holdt den, kan ikke endres."]
    assert Substitution.objects.exists()


def test_another_runs_substitute_is_not_found(staff, run, kari):
    session = run.sessions.first()
    services.stand_in(run=run, assignment=peer(run), sessions=[session], tutor=kari, by=None)
    other = factories.make_published_run()
    address = reverse("admin:run_end_substitution", args=[other.pk, Substitution.objects.get().pk])
    assert staff.post(address).status_code == 404


def test_without_tutors_or_sessions_there_is_nothing_to_fill_in(staff):
    run = factories.make_run(with_pair=False)
    assert staff.get(page("run_substitute", run)).status_code == 302
    assert staff.get(page("run_hand_over", run)).status_code == 302


def test_of_a_cancelled_run_only_what_was_held_is_offered(staff, run):
    first = run.sessions.first()
    first.starts_at = timezone.now() - timedelta(days=2)
    first.ends_at = first.starts_at + timedelta(hours=2)
    first.save()
    services.cancel_run(run=run, by=None)
    assert [*staff.get(page("run_substitute", run)).context["form"].offered] == [str(first.pk)]
    assert staff.get(page("run_hand_over", run)).status_code == 302


@pytest.mark.parametrize("sessions", [1, 3])
def test_page_costs_the_same_for_any_number_of_sessions(
    staff, kari, sessions, django_assert_num_queries
):
    run = factories.make_published_run(sessions=sessions)
    services.hand_over(
        run=run, assignment=peer(run), from_session=run.sessions.first(), tutor=kari, by=None
    )
    with django_assert_num_queries(11):
        staff.get(page("run_substitute", run))


# The index


def be_absent(run, session):
    services.record_absence(run=run, assignment=peer(run), sessions=[session], by=None)


def warned_of(staff):
    return staff.get(reverse("admin:index")).context["tasks"].without_pair


def test_the_index_warns_of_a_session_to_come_without_its_pair(staff, run):
    first = run.sessions.first()
    be_absent(run, first)
    response = staff.get(reverse("admin:index"))
    assert response.context["tasks"].without_pair == [first]
    assert "én av de to kursholderne mangler" in response.text
    assert page("run_substitute", run) in response.text


def test_the_warning_goes_when_somebody_stands_in(staff, run, kari):
    first = run.sessions.first()
    be_absent(run, first)
    services.stand_in(run=run, assignment=peer(run), sessions=[first], tutor=kari, by=None)
    assert warned_of(staff) == []


@pytest.mark.parametrize(("days", "is_told"), [(13, True), (15, False)])
def test_the_index_tells_of_a_held_session_for_a_fortnight(staff, run, days, is_told):
    first = run.sessions.first()
    first.starts_at = timezone.now() - timedelta(days=days, hours=2)
    first.ends_at = first.starts_at + timedelta(hours=2)
    first.save()
    be_absent(run, first)
    assert warned_of(staff) == ([first] if is_told else [])
    assert ("én av de to kursholderne manglet" in staff.get(reverse("admin:index")).text) is is_told


def test_the_index_warns_neither_of_drafts_nor_of_what_is_cancelled(staff, run):
    draft, off = factories.make_run(), factories.make_published_run()
    for each in (run, draft, off):
        be_absent(each, each.sessions.first())
    run.sessions.filter(pk=run.sessions.first().pk).update(cancelled_at=timezone.now())
    services.cancel_run(run=off, by=None)
    assert warned_of(staff) == []


@pytest.mark.parametrize("number", [1, 3])
def test_warnings_cost_the_same_for_any_number_of_sessions(
    staff, number, django_assert_num_queries
):
    for _each in range(number):
        run = factories.make_published_run(sessions=2)
        for session in run.sessions.all():
            be_absent(run, session)
    staff.get(reverse("admin:index"))
    with django_assert_num_queries(20):
        staff.get(reverse("admin:index"))


@pytest.mark.parametrize("name", ["run_substitute", "run_hand_over"])
def test_tutor_who_is_taken_at_that_time_is_pointed_out_and_may_come_anyway(staff, run, kari, name):
    other = factories.make_run(sessions=0)
    other.assignments.filter(role=PairRole.PEER).update(tutor=kari)
    factories.make_session(other, starts_at=run.sessions.last().starts_at)
    answers = stand_in(run, kari, 1, 2)
    if name == "run_hand_over":
        answers["from_session"] = answers.pop("sessions")[0]
    warned = staff.post(page(name, run), answers)
    [sentence] = warned.context["warnings"]
    assert other.course.title in sentence
    assert warned.context["form"].data["tutor"] == str(kari.pk)
    assert not Substitution.objects.exists()
    staff.post(page(name, run), answers | {"_read": [sentence]})
    assert Substitution.objects.filter(tutor=kari).count() == 2
