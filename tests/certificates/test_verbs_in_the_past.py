"""Verbs about attendance and certificates write the moment they happen at, and judge by it."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from certificates import services
from certificates.models import Attendance, Certificate
from certificates.services import Cell, Mark
from enrolment.models import Event
from tests import factories

pytestmark = pytest.mark.django_db

STARTS_AT = (timezone.now() - timedelta(days=30)).replace(microsecond=0)
ENDS_AT = STARTS_AT + timedelta(hours=2)


def later(hours: float):
    return STARTS_AT + timedelta(hours=hours)


def events(*verbs: str) -> set:
    return set(Event.objects.filter(verb__in=verbs).values_list("verb", "happened_at"))


@pytest.fixture
def session():
    """Held a month ago, with one person who has a place."""
    run = factories.make_published_run()
    factories.enrol(run)
    run.sessions.update(starts_at=STARTS_AT, ends_at=ENDS_AT)
    return run.sessions.get()


def mark(session, wanted: Mark, *, now, shown: Mark = Mark.UNMARKED) -> None:
    student = session.run.enrolments.get().student_id
    services.save_register(
        run=session.run, session=session, cells={student: Cell(shown, wanted)}, by=None, now=now
    )


def test_register_is_marked_and_corrected_then(session):
    with pytest.raises(services.SessionNotBegun):
        mark(session, Mark.PRESENT, now=later(-48))
    mark(session, Mark.PRESENT, now=later(1))
    assert Attendance.objects.get().recorded_at == later(1)
    mark(session, Mark.ABSENT, shown=Mark.PRESENT, now=later(2))
    assert Attendance.objects.get().recorded_at == later(2)
    mark(session, Mark.UNMARKED, shown=Mark.ABSENT, now=later(3))
    assert events("marked", "unmarked") == {
        ("marked", later(1)),
        ("marked", later(2)),
        ("unmarked", later(3)),
    }


def test_somebody_turns_up_and_heads_are_counted_then(session):
    arguments = {"run": session.run, "session": session, "by": None}
    with pytest.raises(services.SessionNotBegun):
        services.add_walk_in(**arguments, name="Kåre", now=later(-48))
    with pytest.raises(services.SessionNotBegun):
        services.set_headcount(**arguments, headcount=9, now=later(-48))
    services.add_walk_in(**arguments, name="Kåre", now=later(0.5))
    services.set_headcount(**arguments, headcount=9, now=later(1))
    assert Attendance.objects.get().recorded_at == later(0.5)
    assert events("turned_up", "counted") == {("turned_up", later(0.5)), ("counted", later(1))}


def test_certificates_are_issued_replaced_and_withdrawn_then(session):
    run = session.run
    mark(session, Mark.PRESENT, now=later(1))
    # Marked since midnight; there is nothing to certify before it has begun.
    assert services.issue(run=run, by=None, now=later(-1)) == []
    [issued] = services.issue(run=run, by=None, now=later(3))
    with pytest.raises(services.NotHereAnyLonger):
        services.reissue(certificate=issued, name="Kari", by=None, now=later(-1))
    new = services.reissue(certificate=issued, name="Kari", by=None, now=later(50))
    services.revoke(certificate=new, by=None, now=later(51))
    rows = Certificate.objects.order_by("pk").values_list("issued_at", "revoked_at")
    assert list(rows) == [(later(3), None), (later(50), later(51))]
    assert events("issued", "replaced", "revoked") == {
        ("issued", later(3)),
        ("issued", later(50)),
        ("replaced", later(50)),
        ("revoked", later(51)),
    }


def test_certificates_by_name_and_by_code_are_given_then(session):
    run = session.run
    by_name = {"run": run, "sessions": [session], "names": ["Kari"], "language": "nb", "by": None}
    with pytest.raises(services.SessionNotHeld):
        services.issue_by_name(**by_name, now=later(-1))
    services.issue_by_name(**by_name, now=later(4))
    with pytest.raises(services.SessionCodeClosed):
        services.make_code(run=run, session=session, by=None)
    services.make_code(run=run, session=session, by=None, now=later(-1))
    services.set_headcount(run=run, session=session, headcount=9, by=None, now=later(1))
    session.refresh_from_db()
    claimed = {"session": session, "name": "Ola", "language": "nb", "submission": uuid.uuid4()}
    with pytest.raises(services.SessionCodeClosed):
        services.claim(**claimed, now=later(-1))
    services.claim(**claimed, now=later(2))
    rows = Certificate.objects.order_by("pk").values_list("name", "issued_at")
    assert list(rows) == [("Kari", later(4)), ("Ola", later(2))]
    assert events("issued", "made_code", "claimed") == {
        ("issued", later(4)),
        ("made_code", later(-1)),
        ("claimed", later(2)),
    }
