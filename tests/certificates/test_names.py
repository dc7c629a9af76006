"""Certificates for names that a tutor types or pastes."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certificates import services
from certificates.models import Certificate, make_proof
from courses.models import CourseRun, CourseSession
from enrolment.models import Event
from tests import factories
from tests.certificates.test_attendance_views import teach
from tests.certificates.test_services import be_there, make_held_run
from tests.enrolment.test_races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_on_fixed_days")]

IDENTITY_NUMBER = "13097248022"


def make_class(**fields) -> CourseRun:
    return make_held_run(**{"entry": "closed", "sessions": 1} | fields)


def issue(run: CourseRun, *names: str, sessions: list[CourseSession] | None = None, **fields):
    values = {"language": "nb", "by": None} | fields
    if sessions is None:
        sessions = list(run.sessions.all())
    return services.issue_by_name(run=run, sessions=sessions, names=names, **values)


def names_of(run: CourseRun) -> list[str]:
    return sorted(Certificate.objects.valid().filter(run=run).values_list("name", flat=True))


def url_of(run: CourseRun) -> str:
    return reverse("tutor_names", args=[run.pk])


def check(client: Client, run: CourseRun, names: str, **fields):
    """Send the list, and get the check page, or the form where something is wrong."""
    values = {"names": names, "sessions": [each.pk for each in run.sessions.all()]}
    return client.post(url_of(run), values | {"language": "nb"} | fields, follow=True)


def press(client: Client, page, step: str = "issue", **fields):
    """Press a button of the check page, with what its hidden fields hold."""
    assert is_check_page(page), page.context["form"].errors
    form = page.context["form"]
    data: dict[str, object] = defaultdict(list)
    for name, value in form.answers():
        data[name].append(value)
    data |= {"step": step, "shown": form.names_hash} | fields
    return client.post(page.request["PATH_INFO"], data, follow=True)


def send(client: Client, run: CourseRun, names: str, **fields):
    """Send the list, look it over, and press the button."""
    return press(client, check(client, run, names, **fields))


def is_check_page(response) -> bool:
    return response.templates[0].name == "certificates/tutor_names_check.html"


# The verb


def test_every_name_gets_one_with_the_hours_of_the_sessions():
    run = make_class(sessions=3)
    user = factories.make_user()
    first, _second, third = run.sessions.all()
    issued = issue(run, "Åse Vik", "Bo Ek", sessions=[third, first], language="en", by=user)
    assert [each.name for each in issued.certificates] == ["Åse Vik", "Bo Ek"]
    certificate = Certificate.objects.get(name="Åse Vik")
    assert (certificate.hours, certificate.sessions_attended) == (Decimal(4), 2)
    assert (certificate.first_on, certificate.last_on) == (date(2025, 11, 5), date(2025, 11, 19))
    assert (certificate.student, certificate.session) == (None, None)
    assert (certificate.language, certificate.issued_by) == ("en", user)
    assert certificate.proof == make_proof(certificate.number, "Åse Vik")
    events = Event.objects.filter(verb="issued", actor=user)
    assert {each.subject_id for each in events} == {each.pk for each in issued.certificates}


def test_certificate_for_one_session_knows_which():
    run = make_class()
    assert issue(run, "Bo Ek").certificates[0].session == run.sessions.get()


def test_same_list_twice_is_once_whatever_case_and_spaces():
    run = make_class()
    assert len(issue(run, "Kari Lie", "Bo Ek").certificates) == 2
    again = issue(run, "kari  LIE", "Bo Ek", "Åse Vik")
    assert ([each.name for each in again.certificates], again.had_one) == (["Åse Vik"], 2)
    assert names_of(run) == ["Bo Ek", "Kari Lie", "Åse Vik"]


def test_name_that_stands_twice_is_two_people_and_stays_two():
    run = make_class()
    assert len(issue(run, "Kari Lie", "Kari Lie").certificates) == 2
    assert issue(run, "Kari Lie", "Kari Lie") == services.IssuedByName([], 2)
    assert len(issue(run, "Kari Lie", "Kari Lie", "Kari Lie").certificates) == 1


def test_same_people_get_another_one_for_other_sessions():
    run = make_class(sessions=2)
    first, second = run.sessions.all()
    issue(run, "Kari Lie", sessions=[first])
    assert len(issue(run, "Kari Lie", sessions=[second]).certificates) == 1
    assert len(issue(run, "Kari Lie", sessions=[first]).certificates) == 0


def test_whoever_has_one_from_the_register_gets_no_second():
    run = make_class()
    be_there(run, name="Kari Lie")
    services.issue(run=run, by=None)
    assert issue(run, "Kari Lie").certificates == []


def test_withdrawn_certificate_can_be_given_anew():
    run = make_class()
    issue(run, "Kari Lie")
    Certificate.objects.update(revoked_at=timezone.now())
    assert len(issue(run, "Kari Lie").certificates) == 1


def test_headcount_is_the_most_there_can_be():
    run = make_class()
    run.sessions.update(headcount=3)
    issue(run, "Kari Lie", "Bo Ek")
    with pytest.raises(services.MoreThanCounted) as refused:
        issue(run, "Kari Lie", "Bo Ek", "Åse Vik", "Ida Moe")
    assert refused.value.headcount == 3
    assert names_of(run) == ["Bo Ek", "Kari Lie"]
    assert len(issue(run, "Kari Lie", "Bo Ek", "Åse Vik").certificates) == 1


def test_session_of_another_run_not_begun_or_none_is_refused():
    run, other = make_class(), make_class()
    coming = factories.make_session(run, in_days=2)
    for sessions in ([], [coming], list(other.sessions.all()), [run.sessions.first(), coming]):
        with pytest.raises(services.SessionNotHeld):
            issue(run, "Kari Lie", sessions=sessions)
    assert not Certificate.objects.exists()


def test_session_that_was_cancelled_before_it_began_is_refused():
    run = make_class()
    cancelled_at = run.sessions.get().starts_at - timedelta(hours=1)
    CourseRun.objects.filter(pk=run.pk).update(status="cancelled", cancelled_at=cancelled_at)
    with pytest.raises(services.SessionNotHeld):
        issue(run, "Kari Lie")


def test_identity_number_stops_the_whole_list():
    run = make_class()
    with pytest.raises(ValidationError):
        issue(run, "Kari Lie", f"Bo Ek {IDENTITY_NUMBER}")
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_issuing_costs_the_same_for_any_number_of_names(number, django_assert_num_queries):
    run = make_class()
    sessions = list(run.sessions.all())
    with django_assert_num_queries(11):
        issue(run, *[f"Gjest {each}" for each in range(number)], sessions=sessions)


@pytest.mark.django_db(transaction=True)
def test_two_tutors_with_the_same_list_at_once_issue_once():
    run = make_class()
    names = [f"Gjest {number}" for number in range(20)]
    results = at_once(*[lambda: len(issue(run, *names).certificates)] * 4)
    assert sorted(results) == [0, 0, 0, 20]
    assert len(names_of(run)) == 20


@pytest.mark.django_db(transaction=True)
def test_two_tutors_with_two_lists_do_not_pass_the_headcount():
    run = make_class()
    run.sessions.update(headcount=5)
    results = at_once(
        lambda: issue(run, *[f"Gjest {number}" for number in range(4)]),
        lambda: issue(run, *[f"Venn {number}" for number in range(4)]),
    )
    assert sorted(type(each).__name__ for each in results) == ["IssuedByName", "MoreThanCounted"]
    assert len(names_of(run)) == 4


# Forgetting


def rows_holding(word: str) -> list[str]:
    """The tables that hold a word in any row, told by reading everything there is."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if word in str(cursor.fetchall()):
                found.append(table)
    return found


def grow_old(run: CourseRun, days: int) -> None:
    issued_at = timezone.now() - timedelta(days=days)
    Certificate.objects.filter(run=run).update(issued_at=issued_at)


def test_old_names_that_belong_to_no_student_are_forgotten_everywhere(settings):
    settings.CERTIFICATE_NAME_DAYS = 365
    run = make_class()
    send(teach(run), run, "Zacharias Kvamme")
    grow_old(run, 366)
    before = Certificate.objects.values("number", "proof", "title", "hours", "last_on").get()
    assert rows_holding("Zacharias") == ["certificates_certificate"]
    assert services.purge_old_names(now=timezone.now()) == 1
    assert rows_holding("Zacharias") == []
    assert (
        Certificate.objects.values("number", "proof", "title", "hours", "last_on").get() == before
    )
    assert Event.objects.filter(verb="purged").count() == 1
    assert services.purge_old_names(now=timezone.now()) == 0


def test_forgotten_name_is_still_proved_but_not_printed():
    run = make_class()
    issue(run, "Kari Lie")
    grow_old(run, 366)
    services.purge_old_names(now=timezone.now())
    certificate = Certificate.objects.get()
    answer = services.verify(number=certificate.number, name="Kari Lie")
    assert answer.verdict == services.Verdict.GENUINE
    client = teach(run)
    assert (
        client.get(reverse("tutor_certificate", args=[run.pk, certificate.pk])).status_code == 404
    )


def test_newer_names_and_those_of_students_are_kept():
    run, older = make_class(), make_class()
    issue(run, "Bo Ek")
    grow_old(run, 364)
    be_there(older, name="Kari Lie")
    services.issue(run=older, by=None)
    grow_old(older, 3000)
    assert services.purge_old_names(now=timezone.now()) == 0
    assert names_of(run) + names_of(older) == ["Bo Ek", "Kari Lie"]


def test_command_counts_and_forgets(capsys):
    run = make_class()
    issue(run, "Bo Ek", "Kari Lie")
    grow_old(run, 366)
    call_command("purge_expired", "--dry-run")
    assert "Would purge 2: Names on certificates" in capsys.readouterr().out
    assert names_of(run) == ["Bo Ek", "Kari Lie"]
    call_command("purge_expired")
    assert "Purged 2: Names on certificates" in capsys.readouterr().out
    assert names_of(run) == ["", ""]
