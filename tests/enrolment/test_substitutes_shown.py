"""Who is said to meet you: the run's tutors with whoever took over, and who stands in where."""

import pytest
from django.urls import reverse

from courses.models import PairRole, Tutor
from enrolment import letters, links, services
from enrolment.models import Letter
from enrolment.services import Announcement
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    """Anne and Bo lead two sessions."""
    run = factories.make_published_run(sessions=2)
    for role, name in ((PairRole.PEER, "Anne"), (PairRole.PROFESSIONAL, "Bo")):
        Tutor.objects.filter(assignments__run=run, assignments__role=role).update(name=name)
    return run


def stand_in(run):
    services.stand_in(
        run=run,
        assignment=run.assignments.get(role=PairRole.PEER),
        sessions=[run.sessions.last()],
        tutor=factories.make_tutor(name="Kari"),
        announcement=Announcement.SILENT,
        by=None,
    )


def hand_over(run):
    services.hand_over(
        run=run,
        assignment=run.assignments.get(role=PairRole.PEER),
        from_session=run.sessions.last(),
        tutor=factories.make_tutor(name="Kari"),
        announcement=Announcement.SILENT,
        by=None,
    )


def public_page(client, run):
    return client.get(reverse("course", args=[run.course.slug])).text


def own_page(client, enrolment):
    client.post(reverse("my_page_sign_in", args=[links.page_token(enrolment.student)]))
    return client.get(reverse("my_page")).text


def letter_of(enrolment):
    [letter] = letters.as_of_now(Letter.objects.filter(enrolment=enrolment))
    return letter.text


def test_the_public_page_names_who_stands_in_at_that_session_only(client, run):
    assert "Du møter" not in public_page(client, run)
    stand_in(run)
    text = public_page(client, run)
    assert text.count("Du møter Bo og Kari") == 1
    assert "Anne og Bo" in text
    assert "Anne, Bo og Kari" not in text


def test_the_public_pages_name_whoever_took_over(client, run):
    hand_over(run)
    assert "Anne, Bo og Kari" in public_page(client, run)
    assert "Anne, Bo og Kari" in client.get(reverse("catalogue")).text


def test_an_absence_says_who_is_left(client, run):
    services.record_absence(
        run=run,
        assignment=run.assignments.get(role=PairRole.PEER),
        sessions=[run.sessions.last()],
        by=None,
    )
    assert "Du møter Bo<" in public_page(client, run)


def test_the_own_page_names_who_stands_in(client, run):
    enrolment = factories.enrol(run)
    stand_in(run)
    text = own_page(client, enrolment)
    assert text.count("du møter Bo, Kari") == 1
    assert "<dd>Anne, Bo</dd>" in text


def test_the_own_page_names_whoever_took_over(client, run):
    enrolment = factories.enrol(run)
    hand_over(run)
    assert "<dd>Anne, Bo, Kari</dd>" in own_page(client, enrolment)


def test_letters_name_who_stands_in(run):
    enrolment = factories.enrol(run)
    stand_in(run)
    text = letter_of(enrolment)
    assert text.count("du møter Bo, Kari") == 1
    assert "\nAnne, Bo\n" in text


def test_letters_name_whoever_took_over(run):
    enrolment = factories.enrol(run)
    hand_over(run)
    assert "\nAnne, Bo, Kari\n" in letter_of(enrolment)
