"""«Ask us»: phone and e-mail first, a question is a line for the college, and it is deleted."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from enrolment import services
from enrolment.models import Event, Question
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "Går det an å komme uten å si noe?"
ANSWERS = {"text": TEXT, "contact": "Ola@Example.org"}


def ask(**fields: object) -> Question:
    asked = {"text": TEXT, "contact": "ola@example.org", "language": "nb", "course": None} | fields
    services.ask_question(**asked)
    return Question.objects.latest("pk")


# Asking


def test_page_has_phone_and_e_mail_before_the_form(client) -> None:
    college = factories.make_college(email="post@skolen.example.org")
    page = client.get(reverse("ask_us")).content.decode()
    main = page.partition("<main")[2]
    places = [main.index(f'href="tel:{college.phone.replace(" ", "")}"')]
    places += [main.index(f'href="mailto:{college.email}"'), main.index("<form")]
    assert places == sorted(places)


def test_question_about_a_course_knows_it_and_its_language(client) -> None:
    factories.make_college()
    course = factories.make_published_run().course
    url = f"/nn{reverse('course_question', args=[course.slug])}"
    assert course.title in client.get(url).content.decode()
    response = client.post(url, ANSWERS)
    assert response.headers["Location"] == f"{url}takk/"
    question = Question.objects.get()
    assert (question.text, question.contact) == (TEXT, "ola@example.org")
    assert (question.course, question.language) == (course, "nn")
    assert "Takk for at du spør" in client.get(response.headers["Location"]).content.decode()


def test_what_was_chosen_in_the_catalogue_is_kept_on_the_way_there_and_back(client) -> None:
    factories.make_college()
    run = factories.make_published_run()
    course = run.course
    chosen = f"?semester={run.semester.slug}&type=short_course"
    written = chosen.replace("&", "&amp;")
    back = f'href="{reverse("course", args=[course.slug])}{written}"'
    url = reverse("course_question", args=[course.slug])
    page = client.get(f"{reverse('course', args=[course.slug])}{chosen}").content.decode()
    assert f'href="{url}{written}"' in page
    assert back in client.get(f"{url}{chosen}&fremmed=1").content.decode()
    thanks = client.post(f"{url}{chosen}", ANSWERS).headers["Location"]
    assert thanks == f"{url}takk/{chosen}"
    assert back in client.get(thanks).content.decode()


def test_only_public_courses_can_be_asked_about(client) -> None:
    factories.make_college()
    draft = factories.make_run().course
    for name in ("course_question", "course_question_asked"):
        assert client.get(reverse(name, args=[draft.slug])).status_code == 404


def test_course_page_and_every_footer_lead_there(client) -> None:
    course = factories.make_published_run().course
    page = client.get(reverse("course", args=[course.slug])).content.decode()
    for url in (reverse("course_question", args=[course.slug]), reverse("ask_us")):
        assert f'href="{url}"' in page


@pytest.mark.parametrize("is_known", [False, True])
def test_form_answers_known_and_unknown_alike(
    client, django_assert_num_queries, is_known: bool
) -> None:
    factories.make_college()
    if is_known:
        person = factories.make_person(email="ola@example.org")
        factories.enrol(factories.make_published_run(), person=person)
        ask(text="Et annet spørsmål")
    url = reverse("ask_us")
    client.post(url, {**ANSWERS, "contact": "ali@example.org"})
    with django_assert_num_queries(9):
        response = client.post(url, ANSWERS)
    assert (response.status_code, response.headers["Location"]) == (302, reverse("question_asked"))
    assert set(response.cookies) == {"sent"}
    assert Question.objects.filter(text=TEXT, contact="ola@example.org").count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"text": "Nummeret mitt er 01017030015"}, "ser ut som et fødselsnummer"),
        ({"contact": "01017030015"}, "ser ut som et fødselsnummer"),
        ({"text": " "}, "Skriv det du lurer på."),
        ({"text": "a" * 1001}, "plass til 1000 "),
        ({"contact": ""}, "Skriv en e-postadresse eller et telefonnummer, så vi kan nå deg."),
        ({"contact": "ola@"}, "Skriv hele e-postadressen"),
    ],
)
def test_what_is_wrong_is_said_and_everything_written_is_kept(client, wrong, words) -> None:
    factories.make_college()
    response = client.post(reverse("ask_us"), ANSWERS | wrong)
    page = response.content.decode()
    assert response.status_code == 200
    assert "<title>Feil: Spør oss" in page
    assert words in page
    for value in (ANSWERS | wrong).values():
        assert value in page
    assert not Question.objects.exists()


def test_form_asks_to_wait_and_keeps_what_was_written(client, settings) -> None:
    factories.make_college()
    settings.QUESTIONS_PER_HOUR = 0
    response = client.post(reverse("ask_us"), ANSWERS)
    assert response.status_code == 429
    assert TEXT in response.content.decode()
    assert not Question.objects.exists()


def test_consent_is_asked_for_where_the_college_needs_it(client) -> None:
    factories.make_college(legal_basis="consent")
    client.post(reverse("ask_us"), ANSWERS)
    assert not Question.objects.exists()
    client.post(reverse("ask_us"), ANSWERS | {"consent": "on"})
    assert Question.objects.count() == 1


def test_sent_twice_is_asked_once_until_it_is_answered() -> None:
    first = ask()
    assert ask() == first
    services.mark_answered(question=first, is_answered=True, by=None)
    assert ask() != first


def test_verb_refuses_identity_numbers_too() -> None:
    with pytest.raises(ValidationError):
        ask(text="Jeg er 01017030015")


# Answering


def test_coordinator_reads_all_that_wait_and_marks_with_one_click(client) -> None:
    by = factories.make_coordinator("kari")
    client.force_login(by)
    course = factories.make_published_run().course
    later = ask(contact="+4720000004", now=timezone.now())
    first = ask(course=course, language="nn", now=timezone.now() - timedelta(days=1))
    url = reverse("admin:enrolment_question_changelist")
    response = client.get(url)
    page = response.content.decode()
    assert list(response.context["questions"]) == [first, later]
    assert 'href="mailto:ola@example.org"' in page
    assert '<a href="tel:+4720000004">20 00 00 04</a>' in page
    assert course.title in page

    page = client.post(
        reverse("admin:question_answered", args=[first.pk]), {"answered": "yes"}, follow=True
    )
    assert list(page.context["questions"]) == [later]
    assert list(page.context["answered"]) == [first]
    words = page.content.decode()
    assert "Notert som besvart: ola@example.org." in words
    assert '<input type="hidden" name="answered" value="no">' in words
    first.refresh_from_db()
    assert first.answered_by == by

    client.post(reverse("admin:question_answered", args=[first.pk]), {"answered": "no"})
    first.refresh_from_db()
    assert (first.answered_at, first.answered_by) == (None, None)
    events = Event.objects.filter(subject="question").order_by("pk")
    assert [(each.verb, each.actor) for each in events] == [("answered", by), ("not_answered", by)]


def test_opening_the_buttons_address_changes_nothing_and_a_deleted_one_is_not_found(client) -> None:
    client.force_login(factories.make_coordinator())
    question = ask()
    url = reverse("admin:question_answered", args=[question.pk])
    client.get(url)
    question.refresh_from_db()
    assert question.answered_at is None
    question.delete()
    assert client.post(url, {"answered": "yes"}).status_code == 404


def test_a_course_that_is_deleted_takes_no_question_along() -> None:
    course = factories.make_course()
    question = ask(course=course)
    course.coursedeveloper_set.all().delete()
    course.delete()
    question.refresh_from_db()
    assert question.course is None


# How long


def test_purge_deletes_what_was_answered_and_what_is_too_old(settings) -> None:
    now = timezone.now()
    answered, waiting = ask(now=now), ask(contact="+4720000004", now=now)
    services.mark_answered(question=answered, is_answered=True, by=None, now=now)
    days = timedelta(days=1)
    assert services.purge_questions(now=now + settings.QUESTION_ANSWERED_DAYS * days) == 0
    late = now + (settings.QUESTION_ANSWERED_DAYS + 1) * days
    assert services.purge_questions(now=late, dry_run=True) == 1
    assert services.purge_questions(now=late) == 1
    assert list(Question.objects.all()) == [waiting]
    assert services.purge_questions(now=now + (settings.QUESTION_DAYS + 1) * days) == 1
    assert Event.objects.filter(verb="purged", subject="question").count() == 2


def test_questions_are_of_whoever_is_reached_there() -> None:
    person = factories.make_person(email="ola@example.org", phone="+4720000004")
    student = factories.enrol(factories.make_published_run(), person=person).student
    own, at_the_number = ask(), ask(contact="+4720000004")
    ask(contact="annen@example.org")
    assert list(services.questions_of(student)) == [own]
    student.email = ""  # a number alone: staff speak to them there
    assert list(services.questions_of(student)) == [at_the_number]
    student.phone = ""
    assert list(services.questions_of(student)) == []
