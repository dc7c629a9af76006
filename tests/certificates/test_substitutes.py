"""What somebody who stands in, or has taken over, opens among the tutors' pages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates import services as certificate_services
from certificates.models import Certificate, SessionCode
from certificates.services import Cell, Mark
from courses.models import PairRole
from enrolment import services
from enrolment.services import Announcement
from tests import factories

pytestmark = pytest.mark.django_db

WHOLE_RUN = ["tutor_contacts", "tutor_certificates", "tutor_certificates_pdf", "tutor_names"]
ONE_SESSION = ["tutor_register", "tutor_sheet", "tutor_session_code"]


@pytest.fixture
def run():
    """Three sessions, of which the first was held two days ago."""
    run = factories.make_published_run(sessions=3)
    factories.enrol(run, person=factories.make_person(name="Ada Moen"), adjustment="Stor skrift")
    for session, days in zip(run.sessions.all(), (-2, 0, 5), strict=True):
        session.starts_at = timezone.now() + timedelta(days=days, minutes=5)
        session.ends_at = session.starts_at + timedelta(hours=2)
        session.headcount = 9
        session.save()
    return run


@pytest.fixture
def kari(client):
    tutor = factories.make_tutor_with_sign_in(name="Kari")
    client.force_login(tutor.user)
    return tutor


def sessions(run):
    return list(run.sessions.all())


def stand_in(run, tutor, number):
    services.stand_in(
        run=run,
        assignment=run.assignments.get(role=PairRole.PEER),
        sessions=[sessions(run)[number]],
        tutor=tutor,
        announcement=Announcement.SILENT,
        by=None,
    )


def hand_over(run, tutor, number):
    services.hand_over(
        run=run,
        assignment=run.assignments.get(role=PairRole.PEER),
        from_session=sessions(run)[number],
        tutor=tutor,
        announcement=Announcement.SILENT,
        by=None,
    )


def opens(client, name, run, **query):
    return client.get(reverse(name, args=[run.pk]), query).status_code


def test_a_stranger_opens_nothing(client, run, kari):
    assert {opens(client, name, run) for name in [*WHOLE_RUN, *ONE_SESSION]} == {404}
    assert not client.get(reverse("tutor_runs")).context["coming"]


def test_a_substitute_opens_the_register_of_that_session_only(client, run, kari):
    stand_in(run, kari, 1)
    first, second, third = sessions(run)
    for name in ("tutor_register", "tutor_session_code"):
        assert opens(client, name, run) == 200
        assert opens(client, name, run, samling=second.pk) == 200
        assert opens(client, name, run, samling=first.pk) == 404
        assert opens(client, name, run, samling=third.pk) == 404
    assert client.get(reverse("tutor_sheet", args=[run.pk])).context["sessions"] == [second]
    assert {opens(client, name, run) for name in WHOLE_RUN} == {404}


def test_a_substitute_marks_that_session_and_reads_what_to_arrange(client, run, kari):
    stand_in(run, kari, 1)
    page = client.get(reverse("tutor_register", args=[run.pk]))
    assert "Stor skrift" in page.text
    assert f'"{reverse("tutor_certificates", args=[run.pk])}"' not in page.text
    assert reverse("tutor_contacts", args=[run.pk]) not in page.text
    first = sessions(run)[0]
    address = reverse("tutor_register", args=[run.pk])
    assert client.post(f"{address}?samling={first.pk}", {"name": "Bo Ek"}).status_code == 404


def test_a_substitute_issues_no_certificate(client, run, kari):
    stand_in(run, kari, 1)
    student = run.enrolments.get().student
    certificate_services.save_register(
        run=run,
        session=sessions(run)[0],
        cells={student.pk: Cell(Mark.UNMARKED, Mark.PRESENT)},
        by=None,
    )
    assert client.post(reverse("tutor_certificates", args=[run.pk])).status_code == 404
    assert client.post(reverse("tutor_names", args=[run.pk])).status_code == 404
    assert not Certificate.objects.exists()


def test_a_substitute_shows_the_code_of_that_session_only(client, run, kari):
    stand_in(run, kari, 1)
    for session in sessions(run)[1:]:
        certificate_services.make_code(run=run, session=session, by=None)
    assert SessionCode.objects.count() == 2
    answers = [
        client.get(reverse("tutor_session_code_poster", args=[run.pk, session.pk])).status_code
        for session in sessions(run)[1:]
    ]
    assert answers == [200, 404]


def test_the_list_of_a_substitute_has_the_run_with_that_session(client, run, kari):
    stand_in(run, kari, 2)
    [(coming, _away)] = client.get(reverse("tutor_runs")).context["coming"]
    assert coming.next_starts_at == sessions(run)[2].starts_at


def test_a_run_that_a_substitute_was_in_is_past_when_that_session_is(client, run, kari):
    stand_in(run, kari, 0)
    context = client.get(reverse("tutor_runs")).context
    assert not context["coming"]
    assert [*context["past"]] == [run]


def test_a_cancelled_session_opens_nothing_to_its_substitute(client, run, kari):
    stand_in(run, kari, 2)
    edit = services.SessionEdit(sessions(run)[2].pk, is_cancelled=True)
    services.save_run(
        run=run,
        edit=services.RunEdit(sessions=[edit]),
        announcement=Announcement.SILENT,
        by=None,
    )
    assert opens(client, "tutor_register", run) == 404
    assert not client.get(reverse("tutor_runs")).context["coming"]


def test_a_draft_opens_nothing_to_a_substitute(client, kari):
    draft = factories.make_run()
    stand_in(draft, kari, 0)
    assert opens(client, "tutor_register", draft) == 404


def test_whoever_took_over_leads_the_run_from_there_on(client, run, kari):
    hand_over(run, kari, 1)
    first, second, third = sessions(run)
    assert {opens(client, name, run) for name in [*WHOLE_RUN, *ONE_SESSION]} - {200} == {404}
    assert opens(client, "tutor_certificates", run) == 200
    assert opens(client, "tutor_contacts", run) == 200
    assert opens(client, "tutor_register", run, samling=first.pk) == 404
    assert client.get(reverse("tutor_register", args=[run.pk])).context["sessions"] == [
        second,
        third,
    ]


def test_the_assigned_tutor_keeps_access(client, run, kari):
    assigned = run.assignments.get(role=PairRole.PEER).tutor
    assigned.user = factories.make_user()
    assigned.save()
    hand_over(run, kari, 1)
    client.force_login(assigned.user)
    assert client.get(reverse("tutor_register", args=[run.pk])).context["sessions"] == sessions(run)
    assert opens(client, "tutor_certificates", run) == 200


def test_an_inactive_users_substitution_opens_nothing(client, run, kari):
    stand_in(run, kari, 1)
    kari.user.is_active = False
    kari.user.save()
    assert opens(client, "tutor_register", run) == 302


def certificate_tutors(run):
    student = run.enrolments.get().student
    certificate_services.save_register(
        run=run,
        session=sessions(run)[0],
        cells={student.pk: Cell(Mark.UNMARKED, Mark.PRESENT)},
        by=None,
    )
    [issued] = certificate_services.issue(run=run, by=None)
    return set(issued.tutors)


def assigned(run):
    return {each.tutor.name for each in run.assignments.all()}


def test_the_certificate_names_both_after_a_hand_over(run):
    hand_over(run, factories.make_tutor(name="Kari"), 1)
    assert certificate_tutors(run) == assigned(run) | {"Kari"}


def test_the_certificate_names_no_substitute(run):
    stand_in(run, factories.make_tutor(name="Kari"), 0)
    assert certificate_tutors(run) == assigned(run)


def test_the_certificate_names_nobody_who_took_over_what_is_cancelled(run):
    hand_over(run, factories.make_tutor(name="Kari"), 2)
    run.sessions.filter(pk=sessions(run)[2].pk).update(cancelled_at=timezone.now())
    assert certificate_tutors(run) == assigned(run)


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_a_substitute_costs_the_same_for_any_number_of_runs(
    client, kari, number, django_assert_num_queries
):
    for _each in range(number):
        stand_in(factories.make_published_run(sessions=2), kari, 0)
    with django_assert_num_queries(12):
        client.get(reverse("tutor_runs"))
