"""The Monday list: everything that waits, the most urgent first, and nothing else."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from certificates import services as certificate_services
from certificates.models import DeveloperOffer
from certificates.queries import registers_not_taken, without_certificates
from certificates.services import Cell, Mark
from courses.models import College, CourseRun, CourseSession, Idea, Opportunity, Tutor
from enrolment import services
from enrolment.models import Interest, Letter, Question
from recoverycollege.admin.index import tasks
from recoverycollege.admin.what_waits import Item, what_waits
from tests import factories

pytestmark = pytest.mark.django_db


def hold(run: CourseRun, *, days_ago: float = 3) -> CourseSession:
    """All its sessions are over."""
    starts_at = timezone.now() - timedelta(days=days_ago)
    for each in run.sessions.all():
        each.starts_at, each.ends_at = starts_at, starts_at + timedelta(hours=2)
        each.save()
        starts_at += timedelta(minutes=1)
    return run.sessions.first()


def mark(session: CourseSession, student, wanted: Mark = Mark.PRESENT) -> None:
    cells = {student.pk: Cell(Mark.UNMARKED, wanted)}
    certificate_services.save_register(run=session.run, session=session, cells=cells, by=None)


def make_one_of_everything() -> None:
    """One thing of each kind that waits. `FEW_PEOPLE` makes a run of nobody one with few."""
    person = factories.make_person(email="", phone=f"+479012{factories.number():04}")
    factories.enrol(factories.make_published_run(in_days=60), person=person, adjustment="En stol")
    failed = factories.enrol(factories.make_published_run(in_days=60)).letters.get()
    Letter.objects.filter(pk=failed.pk).update(failed_at=timezone.now(), last_error="SMTP 550")
    away = factories.make_published_run(in_days=5, sessions=2)
    # The makers of tutors give them no contact.
    services.record_absence(
        run=away, assignment=away.assignments.first(), sessions=[away.sessions.first()], by=None
    )
    for _each in range(4):
        factories.enrol(away)
    factories.make_published_run(in_days=10)
    factories.make_run(in_days=20)
    untaken = factories.make_published_run()
    factories.enrol(untaken)
    hold(untaken)
    uncertified = factories.make_published_run()
    present = factories.enrol(uncertified).student
    mark(hold(uncertified), present)
    full = factories.make_published_run(in_days=60, capacity=1)
    for _each in range(6):
        factories.enrol(full)
    course = factories.make_course(what_happens="")
    factories.make_published_run(course=course, in_days=60)
    Question.objects.create(text="Når begynner det?", contact="ola@example.org")
    Idea.objects.create(text="Å sove godt")
    factories.make_opportunity(reported_on=timezone.localdate())
    DeveloperOffer.objects.create(name="Kari", contact="kari@example.org")
    Interest.objects.create(course=full.course, email=f"ola{factories.number()}@example.org")


def items() -> dict[str, Item]:
    return {each.name: each for each in what_waits(tasks())}


def waiting() -> list[str]:
    """The kinds of which something waits, in their order."""
    return [name for name, each in items().items() if each.sentence]


EVERYTHING = [
    "ringelista",
    "",  # e-mail that did not arrive: it stands on the call list
    "spørsmål",
    "folk som vil være med å lage kurs",
    "kursholdere som er borte",
    "kursholdere uten e-post og telefon",
    "kurs med få påmeldte",
    "utkast som begynner snart",
    "tilrettelegging",
    "oppmøte",
    "kursbevis",
    "lange ventelister",
    "tekster",
    "folk som vil ha beskjed",
    "forslag",
    "muligheter utenfor skolen",
]


def test_everything_is_listed_the_most_urgent_first() -> None:
    make_one_of_everything()
    assert waiting() == EVERYTHING


def test_each_is_a_sentence_and_leads_to_exactly_its_rows(client) -> None:
    make_one_of_everything()
    client.force_login(factories.make_coordinator())
    for item in items().values():
        if item.url:
            assert client.get(item.url.partition("#")[0]).status_code == 200
        if item.rows:
            (row, *_others) = item.rows
            assert client.get(row.url.partition("#")[0]).status_code == 200, item.name
    found = items()
    [few] = found["kurs med få påmeldte"].rows
    assert few.quiet.endswith("0 av 12 plasser")
    shown = client.get(found["spørsmål"].url).context["questions"]
    assert list(shown) == [Question.objects.get()]
    shown = client.get(found["folk som vil være med å lage kurs"].url).context["offers"]
    assert list(shown) == [DeveloperOffer.objects.get()]
    shown = client.get(found["folk som vil ha beskjed"].url).context["cl"].result_list
    assert [each.pk for each in shown] == [Interest.objects.get().course_id]
    ideas = found["forslag"]
    assert Idea.objects.get().text in client.get(ideas.url).content.decode()
    places = found["muligheter utenfor skolen"]
    assert places.urgent == "Noen har sagt fra om at det ikke stemmer for 1 av dem."
    shown = client.get(places.url).context["cl"].result_list
    assert list(shown) == [Opportunity.objects.get()]


def test_nothing_to_do_says_so_and_folds_into_one_line(client) -> None:
    factories.make_college(accessibility_text="Det er lett å komme inn.")
    factories.make_published_run(in_days=60)
    Tutor.objects.update(email="kursholder@example.org")
    client.force_login(factories.make_coordinator())
    page = client.get(reverse("admin:index")).content.decode()
    assert re.search(r"Ingenting venter. Ha en god \w+dag!", page)
    assert f"Ingenting å gjøre med: {', '.join(filter(None, EVERYTHING))}." in page
    factories.enrol(CourseRun.objects.get())
    Letter.objects.update(owed_since=timezone.now() - timedelta(days=1))
    page = client.get(reverse("admin:index")).content.decode()
    assert "Ingenting venter." not in page


@pytest.mark.parametrize("count", [1, 3])
def test_queries_are_the_same_at_one_and_three_of_everything(
    client, django_assert_num_queries, count: int
) -> None:
    factories.make_college()
    for _each in range(count):
        make_one_of_everything()
    client.force_login(factories.make_coordinator())
    client.get(reverse("admin:index"))
    with django_assert_num_queries(24):
        client.get(reverse("admin:index"))


def test_more_than_a_few_rows_are_folded(client) -> None:
    for _each in range(7):
        run = factories.make_published_run()
        factories.enrol(run)
        hold(run)
    client.force_login(factories.make_coordinator())
    page = client.get(reverse("admin:index")).content.decode()
    assert "7 samlinger er holdt uten at oppmøtet er ført" in page
    assert "<summary>2 til" in page


def test_sessions_without_a_tutor_come_first(client) -> None:
    first, second = (factories.make_published_run(in_days=days) for days in (3, 9))
    assignment, session = second.assignments.first(), second.sessions.get()
    services.record_absence(run=second, assignment=assignment, sessions=[session], by=None)
    client.force_login(factories.make_coordinator())
    shown = client.get(reverse("admin:index")).context["sessions"]
    assert [(each.run_id, is_missing) for each, is_missing in shown] == [
        (second.pk, True),
        (first.pk, False),
    ]


def test_texts_of_the_college_are_asked_for() -> None:
    factories.make_college()
    College.objects.update(privacy_text="")
    rows = items()["tekster"].rows
    assert [each.words for each in rows] == ["Personverntekstene", "Teksten om tilgjengelighet"]


# The predicates


def test_register_is_missing_until_somebody_is_marked() -> None:
    run = factories.make_published_run()
    student = factories.enrol(run).student
    now = timezone.now()
    assert list(registers_not_taken(now)) == []
    session = hold(run)
    assert list(registers_not_taken(now)) == [session]
    assert list(registers_not_taken(now + timedelta(days=90))) == []
    mark(session, student, Mark.ABSENT)
    assert list(registers_not_taken(now)) == []


def test_nobody_misses_the_register_of_nobody_of_a_draft_or_of_what_was_cancelled() -> None:
    hold(factories.make_published_run())
    hold(factories.make_run())
    off = factories.make_published_run(sessions=2)
    factories.enrol(off)
    hold(off)
    off.sessions.update(cancelled_at=timezone.now())
    assert list(registers_not_taken(timezone.now())) == []


def test_where_nobody_signs_up_heads_are_counted() -> None:
    run = factories.make_published_run(entry="drop_in", capacity=None)
    session = hold(run)
    assert list(registers_not_taken(timezone.now())) == [session]
    certificate_services.set_headcount(run=run, session=session, headcount=0, by=None)
    assert list(registers_not_taken(timezone.now())) == []


def test_certificates_are_missing_where_somebody_was_present_and_has_none() -> None:
    run = factories.make_published_run()
    here, away = (factories.enrol(run).student for _each in range(2))
    session = hold(run)
    now = timezone.now()
    mark(session, away, Mark.ABSENT)
    assert list(without_certificates(now)) == []
    mark(session, here)
    assert list(without_certificates(now)) == [run]
    [certificate] = certificate_services.issue(run=run, by=None)
    assert list(without_certificates(now)) == []
    certificate_services.revoke(certificate=certificate, by=None)
    assert list(without_certificates(now)) == []


def test_certificates_wait_for_the_last_session_unless_the_run_is_cancelled() -> None:
    run = factories.make_published_run(sessions=2)
    student = factories.enrol(run).student
    first = run.sessions.first()
    first.starts_at = timezone.now() - timedelta(days=3)
    first.ends_at = first.starts_at + timedelta(hours=2)
    first.save()
    mark(first, student)
    assert list(without_certificates(timezone.now())) == []
    services.cancel_run(run=run, by=None)
    assert list(without_certificates(timezone.now())) == [run]
