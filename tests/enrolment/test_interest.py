"""«Tell me when it is held again»: told once, in the order of asking, and no place by it."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import Course, CourseRun
from courses.norwegian import formatting
from enrolment import letters, services
from enrolment.models import Event, Interest, Letter
from enrolment.models.letters import LetterQuerySet
from enrolment.services.overtaken_letters import overtake_untrue
from tests import factories
from tests.enrolment.conftest import by_our_backend
from tests.mail_server import At, MailServer, Trouble, listening

pytestmark = pytest.mark.django_db


def public_course() -> Course:
    """Held once, and over."""
    return factories.make_published_run(in_days=-30).course


def ask(course: Course, **fields: object) -> Interest:
    asked = {"name": "", "email": "ola@example.org", "phone": "", "language": "nb"} | fields
    services.ask_to_be_told(course=course, **asked)
    return Interest.objects.get(course=course, email=asked["email"], phone=asked["phone"])


def publish(course: Course, **fields: object) -> CourseRun:
    run = factories.make_run(course=course, **fields)
    services.publish_run(run=run)
    return CourseRun.objects.get(pk=run.pk)


def owed() -> list[Letter]:
    return list(Letter.objects.filter(kind=Letter.Kind.INTEREST).unsent().order_by("pk"))


def told(interest: Interest) -> str:
    """What they get by e-mail, sent now."""
    mail.outbox.clear()
    services.send_due()
    (message,) = [each for each in mail.outbox if each.to == [interest.email]]
    return str(message.body)


def back_to_draft(run: CourseRun) -> None:
    services.back_to_draft(run=run, by=None)


# Who is told


def test_publishing_tells_each_once_in_the_order_of_asking() -> None:
    course = public_course()
    asked = [ask(course, email=f"{name}@example.org") for name in ("zara", "ali", "bo")]
    other = ask(public_course())

    run = publish(course)

    assert [each.interest for each in owed()] == asked
    assert {each.run for each in owed()} == {run}
    publish(course)
    assert len(owed()) == 3
    other.refresh_from_db()
    assert other.told_at is None


def test_letter_says_when_how_and_that_it_is_no_place(settings) -> None:
    course = public_course()
    interest = ask(course, name="Ola")
    run = publish(course)
    text = told(interest)
    assert "Hei, Ola!" in text
    assert f"Du ba oss si fra når «{course.title}» går igjen." in text
    assert run.venue.name in text
    assert "Du kan melde deg på nå." in text
    assert "Du har ikke fått plass ennå" in text
    assert f"{settings.SITE_URL}{reverse('course', args=[course.slug])}" in text
    assert f"{settings.SITE_URL}{reverse('interest', args=[interest.key])}" in text
    letter = Letter.objects.get(interest=interest)
    assert interest.key not in letter.text
    assert letter.subject == "Beskjed fra Skolen"


def test_two_runs_published_together_are_one_letter_that_names_both() -> None:
    course = public_course()
    interest = ask(course)
    runs = [publish(course, in_days=days) for days in (20, 40)]
    text = told(interest)
    assert [text.count(run.venue.name) for run in runs] == [1, 1]
    assert owed() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"entry": "closed", "capacity": None},
        {"in_days": -2},
        {"enrolment_closes_at": timezone.now() - timedelta(days=1)},
    ],
    ids=["closed", "held", "sign-up closed"],
)
def test_a_run_that_nobody_can_join_tells_nobody(fields) -> None:
    course = public_course()
    interest = ask(course)
    publish(course, **fields)
    assert owed() == []
    interest.refresh_from_db()
    assert interest.told_at is None


def test_sign_up_that_opens_later_and_drop_in_are_told() -> None:
    course = public_course()
    interest = ask(course)
    opens_at = timezone.now() + timedelta(days=2)
    publish(course, enrolment_opens_at=opens_at)
    publish(course, entry="drop_in", capacity=None)
    text = told(interest)
    assert "Påmeldingen åpner" in text
    assert "Du trenger ikke melde deg på." in text


@pytest.mark.parametrize("end", [services.cancel_run, services.back_to_draft])
def test_who_was_not_told_of_a_run_that_came_to_nothing_waits_again(end) -> None:
    course = public_course()
    interest = ask(course)
    run = publish(course)
    end(run=run, by=None)
    assert services.send_due() == (0, 0) or not [m for m in mail.outbox if "går igjen" in m.body]
    interest.refresh_from_db()
    assert interest.told_at is None
    assert owed() == []

    publish(course)
    assert "går igjen" in told(interest)


def test_run_published_again_before_anybody_was_told_is_one_letter() -> None:
    course = public_course()
    interest = ask(course)
    run = publish(course)
    back_to_draft(run)
    services.publish_run(run=run)
    assert len(owed()) == 1
    assert "går igjen" in told(interest)
    back_to_draft(run)
    services.publish_run(run=run)
    assert owed() == []


def test_another_run_takes_the_place_of_a_cancelled_one_in_the_same_letter() -> None:
    course = public_course()
    interest = ask(course)
    first = publish(course, in_days=20)
    second = publish(course, in_days=30)
    services.cancel_run(run=first, by=None)
    overtake_untrue()
    text = told(interest)
    assert first.venue.name not in text
    assert second.venue.name in text


def test_run_that_was_full_when_they_asked_is_no_news() -> None:
    course = factories.make_published_run(capacity=1).course
    factories.enrol(course.runs.get())
    interest = ask(course)
    run = publish(course)
    services.cancel_run(run=run, by=None)
    overtake_untrue()
    interest.refresh_from_db()
    assert (interest.told_at, owed()) == (None, [])


def test_statements_do_not_grow_with_those_who_asked(monkeypatch) -> None:
    counts = []
    for people in (4, 60):
        course = public_course()
        Interest.objects.bulk_create(
            Interest(course=course, email=f"{each}@example.org") for each in range(people)
        )
        run = factories.make_run(course=course)
        with CaptureQueriesContext(connection) as captured:
            services.publish_run(run=run)
        counts.append(len(captured))
    assert len(owed()) == 64
    # SQLite takes some thousand values in one statement, and a letter has many.
    assert counts[1] - counts[0] <= (2 if connection.vendor == "sqlite" else 0)


# Asking and ending


def test_asking_twice_is_asking_once_and_keeps_the_turn() -> None:
    course = public_course()
    first = ask(course, name="Ola")
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        again = ask(course, name="Noen andre")
    assert (again.pk, again.name, again.asked_at) == (first.pk, "Ola", first.asked_at)


def test_who_has_been_told_may_ask_again_and_is_told_again() -> None:
    course = public_course()
    interest = ask(course)
    publish(course)
    ask(course)  # the letter is not sent yet: nothing begins anew
    assert len(owed()) == 1
    told(interest)
    ask(course)
    publish(course)
    assert len(owed()) == 1


@pytest.mark.parametrize("is_known", [False, True])
def test_form_answers_alike_with_the_same_statements(
    client, django_assert_num_queries, is_known: bool
) -> None:
    course = public_course()
    if is_known:
        ask(course)
    url = reverse("interest_ask", args=[course.slug])
    answers = {"email": "Ola@Example.org", "phone": "", "name": ""}
    client.post(url, {**answers, "email": "ali@example.org"})
    with django_assert_num_queries(8):
        response = client.post(url, answers)
    assert response.headers["Location"] == reverse("interest_asked", args=[course.slug])
    assert set(response.cookies) == {"sent"}
    assert Interest.objects.filter(email="ola@example.org").count() == 1
    assert "Vi sier fra" in client.get(response.headers["Location"]).content.decode()


def test_form_keeps_what_was_written_and_refuses_identity_numbers(client) -> None:
    course = public_course()
    url = reverse("interest_ask", args=[course.slug])
    page = client.post(url, {"email": "ola@example.org", "phone": "", "name": "01017030015"})
    assert page.status_code == 200
    assert 'value="ola@example.org"' in page.content.decode()
    page = client.post(url, {"email": "", "phone": "", "name": ""}).content.decode()
    assert "Skriv en e-postadresse eller et telefonnummer, så vi kan nå deg." in page
    assert not Interest.objects.exists()


def test_form_asks_to_wait_as_sign_up_does(client, settings) -> None:
    settings.INTERESTS_PER_HOUR = 0
    url = reverse("interest_ask", args=[public_course().slug])
    page = client.post(url, {"email": "ola@example.org", "phone": "", "name": ""})
    assert page.status_code == 429
    assert 'value="ola@example.org"' in page.content.decode()
    assert not Interest.objects.exists()


def test_form_is_there_for_public_courses_alone(client) -> None:
    draft = factories.make_run()
    assert client.get(reverse("interest_ask", args=[draft.course.slug])).status_code == 404


@pytest.mark.parametrize(
    ("fields", "is_there"),
    [({"in_days": -30}, True), ({"capacity": 1}, True), ({}, False)],
    ids=["over", "full", "room"],
)
def test_course_page_has_the_link_where_nobody_finds_room(client, fields, is_there) -> None:
    run = factories.make_published_run(**fields)
    if fields.get("capacity") == 1:
        factories.enrol(run)
    page = client.get(reverse("course", args=[run.course.slug])).content.decode()
    assert (reverse("interest_ask", args=[run.course.slug]) in page) == is_there


def test_get_changes_nothing_and_one_click_ends_it(client) -> None:
    interest = ask(public_course())
    publish(interest.course)
    told(interest)
    url = reverse("interest", args=[interest.key])
    assert "Slett det jeg skrev" in client.get(url).content.decode()
    assert Interest.objects.count() == 1

    client.post(url, {"end": "1"})
    assert (Interest.objects.count(), Letter.objects.filter(kind="interest").count()) == (0, 0)
    gone = client.get(url)
    assert gone.status_code == 404
    assert "Du står ikke på lista" in gone.content.decode()
    assert client.post(url, {"end": "1"}).status_code == 404


def test_the_other_click_is_told_the_next_time_behind_whoever_waits(client) -> None:
    course = public_course()
    interest = ask(course)
    publish(course)
    told(interest)
    later = ask(course, email="ali@example.org")
    client.post(reverse("interest", args=[interest.key]), {"again": "1"})
    publish(course)
    assert [each.interest for each in owed()] == [later, interest]


def test_staff_delete_all_of_an_address_on_request() -> None:
    by = factories.make_coordinator()
    for course in (public_course(), public_course()):
        ask(course)
        ask(course, email="", phone="+4799990000")
    assert services.end_interests_at(contact="ola@example.org", by=by) == 2
    assert set(Interest.objects.values_list("phone", flat=True)) == {"+4799990000"}
    assert Event.objects.filter(verb="ended_interest", actor=by).count() == 2


# The call list


def test_who_has_no_e_mail_is_rung_and_then_done(client) -> None:
    client.force_login(factories.make_coordinator())
    interest = ask(public_course(), email="", phone="+4799990000")
    publish(interest.course)
    page = client.get(reverse("admin:call_list")).content.decode()
    assert formatting.phone(interest.phone) in page
    assert "Har bedt om beskjed når kurset går igjen" in page
    assert interest.key not in page
    assert "Få beskjed neste gang" not in page
    letter = owed()[0]
    answer = {"letters": factories.shown(letter), "outcome": "reached"}
    page = client.post(reverse("admin:letter_outcomes"), answer, follow=True).content.decode()
    assert f"Notert: {formatting.phone(interest.phone)}." in page
    letter.refresh_from_db()
    assert letter.outcome == "reached"


def test_address_that_is_wrong_burdens_nobody() -> None:
    interest = ask(public_course())
    publish(interest.course)
    Letter.objects.filter(interest=interest).update(failed_at=timezone.now())
    assert not Letter.objects.for_staff().filter(interest=interest).exists()


def test_the_worker_sends_it_and_gives_up_an_address_that_is_refused(settings) -> None:
    course = public_course()
    ask(course)
    ask(course, email="borte@example.org", phone="+4799990000")
    publish(course)
    with listening(MailServer(troubles=[no_such_box("borte@example.org")])) as server:
        by_our_backend(settings, server.port)
        services.send_due()
    assert [each["To"] for each in server.got] == ["ola@example.org"]
    [line] = Letter.objects.for_staff().filter(kind=Letter.Kind.INTEREST)
    assert line.recipient.email == "borte@example.org"
    again = services.send_again(letter=line, by=None)
    assert (again.channel, again.failed_at) == ("email", None)


def no_such_box(address: str) -> Trouble:
    return Trouble(At.RECIPIENT, answer="550 5.1.1 No such user", to=address)


# How long


def test_purge_deletes_what_was_told_and_what_is_too_old(settings) -> None:
    course = public_course()
    interest = ask(course)
    publish(course)
    told(interest)
    waiting = ask(course, email="ali@example.org")
    now = timezone.now()
    soon, late = timedelta(days=29), timedelta(days=31)
    assert services.purge_interests(now=now + soon) == 0
    assert services.purge_interests(now=now + late, dry_run=True) == 1
    assert services.purge_interests(now=now + late) == 1
    assert list(Interest.objects.all()) == [waiting]
    assert services.purge_interests(now=now + timedelta(days=731)) == 1
    assert Event.objects.filter(verb="purged", subject="interest").count() == 2


# What may never happen by accident


def by_phone(course: Course) -> Interest:
    return ask(course, email="", phone="+4740000001")


def test_whoever_is_still_to_be_rung_is_not_deleted() -> None:
    course = public_course()
    interest = by_phone(course)
    publish(course, in_days=90)
    later = timezone.now() + timedelta(days=60)
    assert services.purge_interests(now=later) == 0
    services.record_letter_outcomes(
        said={each.pk: letters.fingerprint(each) for each in letters.as_of_now(unsent())},
        outcome="reached",
        by=factories.make_user(),
    )
    assert services.purge_interests(now=later) == 1
    assert not Interest.objects.filter(pk=interest.pk).exists()


def unsent() -> LetterQuerySet:
    return Letter.objects.filter(kind=Letter.Kind.INTEREST).unsent()


def test_asked_again_what_did_not_arrive_is_tried_again() -> None:
    course = public_course()
    ask(course)
    publish(course)
    unsent().update(failed_at=timezone.now(), last_error="550", attempts=1)
    ask(course)
    [letter] = owed()
    assert (letter.failed_at, letter.attempts) == (None, 0)


def test_a_draft_again_they_are_told_of_another_run() -> None:
    course = public_course()
    interest = ask(course)
    run = publish(course)
    told(interest)
    back_to_draft(run)
    publish(course)
    assert [each.interest for each in owed()] == [interest]


def test_told_and_asked_anew_the_old_call_is_not_taken_back() -> None:
    course = public_course()
    interest = by_phone(course)
    publish(course)
    [letter] = letters.as_of_now(unsent())
    said = {letter.pk: letters.fingerprint(letter)}
    services.record_letter_outcomes(said=said, outcome="reached", by=factories.make_user())
    services.keep_interest(interest=interest)
    assert services.take_back_letter_outcomes(letters=[letter.pk], by=factories.make_user()) == []
    publish(course)
    assert len(owed()) == 1
