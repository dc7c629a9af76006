"""A session in which something took place is not cancelled afterwards."""

from datetime import timedelta

import pytest
from django.utils import timezone

from certificates import services
from certificates.models import Certificate
from certificates.services import Cell, Mark
from courses.models import CourseRun
from enrolment.services import Announcement, RunEdit, SessionEdit
from tests import factories

pytestmark = pytest.mark.django_db


def held_run() -> CourseRun:
    """Two sessions held, the third to come; somebody has a place."""
    run = factories.make_published_run(sessions=3, in_days=1)
    factories.enrol(run)
    for number, session in enumerate(run.sessions.all()):
        session.starts_at = timezone.now() + timedelta(days=7 * number - 9)
        session.ends_at = session.starts_at + timedelta(hours=2)
        session.save()
    return CourseRun.objects.get(pk=run.pk)


def cancel(run: CourseRun, number: int) -> None:
    session = run.sessions.all()[number]
    edit = RunEdit(sessions=[SessionEdit(session.pk, is_cancelled=True)])
    services.save_programme(run=run, edit=edit, announcement=Announcement.SILENT, by=None)


def off(run: CourseRun) -> list[bool]:
    return [each.is_cancelled for each in run.sessions.all()]


@pytest.mark.parametrize("mark", [Mark.PRESENT, Mark.ABSENT])
def test_session_with_somebody_marked_stays(mark: Mark) -> None:
    run = held_run()
    first, student = run.sessions.all()[0], run.enrolments.get().student
    services.save_register(
        run=run, session=first, cells={student.pk: Cell(Mark.UNMARKED, mark)}, by=None
    )
    with pytest.raises(services.SessionIsMarked) as refusal:
        cancel(run, 0)
    assert refusal.value.sessions == [first]
    cancel(run, 1)
    assert off(run) == [False, True, False]


def test_session_with_a_headcount_stays() -> None:
    run = held_run()
    services.set_headcount(run=run, session=run.sessions.all()[0], headcount=0, by=None)
    with pytest.raises(services.SessionIsMarked):
        cancel(run, 0)
    assert off(run) == [False, False, False]


def test_session_that_a_certificate_by_name_counts_stays_until_that_is_withdrawn() -> None:
    factories.get_college()
    run = held_run()
    services.issue_by_name(
        run=run, sessions=run.sessions.all()[:2], names=["Kari"], language="nb", by=None
    )
    with pytest.raises(services.SessionIsMarked):
        cancel(run, 1)
    services.revoke(certificate=Certificate.objects.get(), by=None)
    cancel(run, 1)
    assert off(run) == [False, True, False]


def test_certificate_about_one_session_keeps_that_one() -> None:
    factories.get_college()
    run = held_run()
    first = run.sessions.all()[0]
    later = first.starts_at + timedelta(hours=2)  # on the same day
    run.sessions.filter(pk=run.sessions.all()[1].pk).update(
        starts_at=later, ends_at=later + timedelta(minutes=30)
    )
    services.issue_by_name(run=run, sessions=[first], names=["Kari"], language="nb", by=None)
    cancel(run, 1)
    with pytest.raises(services.SessionIsMarked):
        cancel(run, 0)
    assert off(run) == [False, True, False]


def test_certificate_of_another_run_keeps_nothing() -> None:
    factories.get_college()
    run, other = held_run(), held_run()
    services.issue_by_name(
        run=other, sessions=other.sessions.all()[:2], names=["Kari"], language="nb", by=None
    )
    cancel(run, 0)
    assert off(run) == [True, False, False]


def test_restoring_is_not_asked_what_took_place() -> None:
    run = held_run()
    services.set_headcount(run=run, session=run.sessions.all()[0], headcount=4, by=None)
    run.sessions.filter(headcount=4).update(cancelled_at=timezone.now())
    cancel(run, 0)  # as the page shows it
    edit = RunEdit(sessions=[SessionEdit(run.sessions.all()[0].pk, is_cancelled=False)])
    services.save_programme(run=run, edit=edit, announcement=Announcement.SILENT, by=None)
    assert off(run) == [False, False, False]
