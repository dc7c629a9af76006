"""Feedback: who answered, and in which order, stands nowhere; results come from five answers up."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certificates import services
from certificates.feedback_results import compare, feedback_means, results_of
from certificates.models import Feedback
from courses.models import CourseRun, RateCount
from enrolment.models import Event, Letter
from enrolment.services import overtake_untrue, withdraw
from tests import factories
from tests.test_people_fields import VALID

pytestmark = pytest.mark.django_db

ALL_GOOD = [4, 4, 4, 4, 4]


def end(run: CourseRun) -> CourseRun:
    """Its one session ended two hours ago."""
    starts_at = timezone.now().replace(microsecond=0) - timedelta(hours=4)
    run.sessions.update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    return CourseRun.objects.select_related("course").get(pk=run.pk)


def make_feedback(**fields: object) -> Feedback:
    return services.make_feedback(run=end(factories.make_published_run(**fields)))


def answer(feedback: Feedback, number: int = 1, *, words: str = "", steps=ALL_GOOD) -> None:
    for _each in range(number):
        services.answer(feedback=feedback, steps=steps, words=words)


def close(feedback: Feedback) -> Feedback:
    """As the night does when answers on paper have had their time."""
    services.close_feedback(now=feedback.typed_until)
    return Feedback.objects.get(pk=feedback.pk)


def page_of(feedback: Feedback) -> str:
    return reverse("feedback", args=[feedback.key])


def sent(**answers: str) -> dict[str, str]:
    return {"form_id": str(uuid.uuid4())} | {k.replace("_", "-"): v for k, v in answers.items()}


def rows() -> dict[str, list[tuple]]:
    """Every row of the database, table by table."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models()
    }


class TestNobodyCanTell:
    """From the rows of the database nobody can tell who answered, nor in which order."""

    def test_answering_changes_one_row_of_sums_and_counts_tries(self, client):
        """No row is added, no event left, no moment or person written down, no cookie given."""
        run = factories.make_published_run()
        factories.enrol(run)
        feedback = services.make_feedback(run=end(run))
        client.get(page_of(feedback))
        before, cookies = rows(), dict(client.cookies)
        answered = client.post(page_of(feedback), sent(answer_1="4", words="Fin stemning"))
        client.get(answered.url)
        after = rows()
        changed = {table for table in before if before[table] != after[table]}
        assert changed == {"certificates.Feedback", "courses.RateCount"}
        [was], [now] = before["certificates.Feedback"], after["certificates.Feedback"]
        columns = [each.attname for each in Feedback._meta.concrete_fields]
        assert {name for name, old, new in zip(columns, was, now, strict=True) if old != new} == {
            "answered",
            "counts",
            "words",
        }
        # Keyed hashes of a network and of the page that was opened, until the night.
        assert RateCount.objects.count() == 2
        assert dict(client.cookies).keys() == cookies.keys()

    def test_the_same_answers_in_another_order_leave_the_same_row(self):
        """Sums know no order, and what was written is written anew in random order each time."""
        answers = [([1, None, 2, 3, 4], "a"), ([4, 4, None, None, None], "b"), (ALL_GOOD, "c")]
        stored = []
        for order in (answers, answers[::-1], answers[1:] + answers[:1]):
            feedback = make_feedback()
            for steps, words in order:
                answer(feedback, steps=steps, words=words)
            feedback.refresh_from_db()
            stored.append((feedback.answered, feedback.counts, sorted(feedback.words)))
        assert stored[0] == stored[1] == stored[2]

    def test_any_place_among_the_words_may_be_the_newest(self):
        """With four others there are five places: missing one of them 200 times is 10^-19."""
        feedback = make_feedback()
        places = set()
        for _each in range(200):
            Feedback.objects.update(words=["a", "b", "c", "d"])
            answer(feedback, words="den nyeste")
            feedback.refresh_from_db()
            places.add((feedback.words.index("den nyeste"), feedback.words.index("a")))
        assert {newest for newest, _a in places} == {0, 1, 2, 3, 4}
        # The others are moved as well: they are no list with one put in.
        assert len(places) == 20

    def test_what_one_person_chose_and_wrote_do_not_stand_together(self):
        feedback = make_feedback()
        answer(feedback, steps=[1, 1, 1, 1, 1], words="Det var trist")
        answer(feedback, words="Det var fint")
        feedback.refresh_from_db()
        assert feedback.counts == [[1, 0, 0, 1]] * 5
        assert sorted(feedback.words) == ["Det var fint", "Det var trist"]

    def test_events_tell_of_the_address_alone(self):
        feedback = make_feedback()
        answer(feedback, 5)
        services.answer(feedback=feedback, steps=ALL_GOOD, on_paper=True)
        assert list(Event.objects.values_list("verb", "subject")) == [("made_feedback", "feedback")]

    def test_two_who_answer_at_once_are_both_counted(self):
        """Each adds to the row as it is, not as it was when the page was opened."""
        feedback = make_feedback()
        opened_before = Feedback.objects.get()
        answer(feedback)
        answer(opened_before)
        feedback.refresh_from_db()
        assert feedback.answered == 2


class TestAddress:
    def test_it_is_random_and_made_once(self):
        run = end(factories.make_published_run())
        first, again = services.make_feedback(run=run), services.make_feedback(run=run)
        other = make_feedback()
        assert first.key == again.key != other.key
        assert len(first.key) == 10

    def test_it_opens_with_the_last_session_and_closes_two_weeks_after(self, client):
        run = factories.make_published_run(sessions=2)
        feedback = services.make_feedback(run=run)
        last = run.session_list[-1]
        for at, title in [
            (last.starts_at - timedelta(minutes=1), "Denne siden åpner"),
            (last.starts_at, "Send svaret"),
            (last.ends_at + timedelta(days=14, minutes=-1), "Send svaret"),
            (last.ends_at + timedelta(days=14), "Vi har sluttet å spørre"),
        ]:
            with time_machine.travel(at, tick=False):
                assert title in client.get(page_of(feedback)).content.decode()

    def test_after_it_has_closed_nothing_is_added(self, client):
        feedback = make_feedback()
        with time_machine.travel(feedback.closes_at, tick=False):
            sent_late = client.post(page_of(feedback), sent(answer_1="4"))
            with pytest.raises(services.FeedbackClosed):
                answer(feedback)
            services.answer(feedback=feedback, steps=ALL_GOOD, on_paper=True)
        assert "Vi har sluttet å spørre" in sent_late.content.decode()
        with time_machine.travel(feedback.typed_until), pytest.raises(services.FeedbackClosed):
            services.answer(feedback=feedback, steps=ALL_GOOD, on_paper=True)
        feedback.refresh_from_db()
        assert feedback.answered == 1

    def test_an_unknown_key_is_not_found(self, client):
        make_feedback()
        assert client.get(reverse("feedback", args=["finnesikke"])).status_code == 404

    def test_it_may_be_copied_from_a_wall_in_capitals(self, client):
        feedback = make_feedback()
        page = client.get(reverse("feedback", args=[feedback.key.upper()]))
        assert page.status_code == 200

    def test_a_cancelled_run_is_not_asked_about(self, client):
        feedback = make_feedback()
        CourseRun.objects.update(status="cancelled", cancelled_at=timezone.now())
        assert "Vi har sluttet å spørre" in client.get(page_of(feedback)).content.decode()
        answered = services.close_feedback(now=timezone.now())
        assert (answered, Feedback.objects.get().closed_at is not None) == (0, True)


class TestAnswering:
    def test_the_thank_you_comes_by_redirect(self, client):
        feedback = make_feedback()
        answered = client.post(page_of(feedback), sent(answer_2="1", words=" Mer kaffe "))
        assert answered.url == reverse("feedback_thanks", args=[feedback.key])
        feedback.refresh_from_db()
        assert (feedback.answered, feedback.words) == (1, ["Mer kaffe"])
        assert feedback.counts[1] == [1, 0, 0, 0]

    def test_pressed_twice_it_is_one_answer_and_a_new_page_is_another(self, client):
        feedback = make_feedback()
        page = sent(answer_1="4")
        for each in (page, page, sent(answer_1="4")):
            assert client.post(page_of(feedback), each).status_code == 302
        feedback.refresh_from_db()
        assert feedback.answered == 2

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ({}, "Velg et svar på ett av spørsmålene, eller skriv noe."),
            ({"answer_1": "3", "words": f"Jeg er {VALID}"}, "fødselsnummer"),
            ({"answer_1": "3", "words": "x" * 2001}, "2000"),
            ({"answer_1": "9"}, "9"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_written_stays(self, client, answers, said):
        feedback = make_feedback()
        page = client.post(page_of(feedback), sent(**answers))
        text = page.content.decode()
        assert page.status_code == 200
        assert said in text
        assert answers.get("words", "") in text
        assert ("checked" in text) == (answers.get("answer_1") == "3")
        feedback.refresh_from_db()
        assert feedback.answered == 0

    def test_the_verb_itself_refuses_what_the_form_does(self):
        feedback = make_feedback()
        with pytest.raises(services.NothingAnswered):
            answer(feedback, steps=[None] * 5)
        with pytest.raises(ValidationError):
            answer(feedback, words=VALID)
        with pytest.raises(ValueError, match="steps"):
            answer(feedback, steps=[5] * 5)

    def test_a_network_that_answers_too_often_waits_and_keeps_its_words(self, client, settings):
        settings.FEEDBACK_PER_HOUR = 1
        feedback = make_feedback()
        client.post(page_of(feedback), sent(answer_1="4"))
        page = client.post(page_of(feedback), sent(answer_1="4", words="Takk"))
        assert (page.status_code, "Takk" in page.content.decode()) == (429, True)
        feedback.refresh_from_db()
        assert feedback.answered == 1


class TestWordings:
    def test_the_colleges_own_words_are_asked_from_the_next_address_on(self, client):
        old = make_feedback()
        own = services.shipped_wordings("nb")
        own[0] = "Var det god kaffe?"
        services.save_wordings(wordings={"nb": own})
        new = make_feedback()
        assert "Var det god kaffe?" in client.get(page_of(new)).content.decode()
        assert "Var det god kaffe?" not in client.get(page_of(old)).content.decode()
        assert "Kjende du deg velkomen?" in client.get("/nn" + page_of(new)).content.decode()

    def test_emptied_they_are_those_to_begin_with(self):
        services.save_wordings(wordings={"nb": ["Var det fint?", "", "", "", "", ""]})
        services.save_wordings(wordings={"nb": ["", "", "", "", "", ""]})
        assert services.current_wordings()["nb"] == services.shipped_wordings("nb")


class TestLetters:
    def owed(self) -> list[tuple[str, str]]:
        found = Letter.objects.filter(kind="feedback").order_by("pk")
        return [(each.student.channel, each.feedback_key) for each in found]

    def test_whoever_had_a_place_is_asked_once_by_e_mail_or_on_paper(self):
        run = factories.make_published_run(capacity=4)
        on_paper = factories.make_person(
            email="", phone="90123456", channel="paper", postal_address="Storgata 1, 4306 Sandnes"
        )
        rung = factories.make_person(email="", phone="90123457")
        gone = factories.enrol(run)
        withdraw(enrolment=gone)
        for person in (factories.make_person(), on_paper, rung):
            factories.enrol(run, person=person)
        assert services.ask_for_feedback() == 0
        end(run)
        assert services.ask_for_feedback() == 2
        assert services.ask_for_feedback() == 0
        key = Feedback.objects.get().key
        assert self.owed() == [("email", key), ("paper", key)]
        # Nobody is rung for it, and a letter on paper is posted although the run is over.
        posted = Letter.objects.for_staff().filter(kind="feedback")
        assert [each.channel for each in posted] == ["paper"]
        letter = factories.written(Letter.objects.get(kind="feedback", channel="email"))
        assert f"/svar/{key}/" in letter.text
        assert letter.student.key not in letter.text

    def test_it_is_true_while_the_address_is_open(self):
        run = factories.make_published_run()
        enrolment = factories.enrol(run)
        end(run)
        services.ask_for_feedback()
        found = Letter.objects.filter(kind="feedback")
        now = timezone.now()
        assert found.still_true(now).exists()
        assert not found.still_true(now + timedelta(days=14)).exists()
        run.enrolments.filter(pk=enrolment.pk).update(
            status="withdrawn", placed_at=None, withdrawn_at=now
        )
        assert not found.still_true(now).exists()
        overtake_untrue()
        assert found.get().overtaken_by == "withdrawn"

    def test_a_run_that_ends_soon_has_its_address_in_time_for_the_wall(self):
        factories.make_published_run(in_days=20)
        soon = factories.make_published_run(in_days=6)
        services.ask_for_feedback()
        assert [each.run for each in Feedback.objects.all()] == [soon]

    def test_the_night_does_it(self):
        run = factories.make_published_run()
        factories.enrol(run)
        end(run)
        call_command("owe_reminders")
        assert len(self.owed()) == 1


class TestResults:
    def test_they_come_once_after_the_answers_on_paper(self):
        feedback = make_feedback()
        answer(feedback, 5)
        for at in (timezone.now(), feedback.closes_at, feedback.typed_until - timedelta(hours=1)):
            services.close_feedback(now=at)
            assert results_of(Feedback.objects.get(), "nb") is None
        results = results_of(close(feedback), "nb")
        assert (results.answered, results.questions[0].mean) == (5, 4.0)

    def test_fewer_than_five_are_deleted(self):
        feedback = make_feedback()
        answer(feedback, 4, words="Bare oss fire")
        assert services.close_feedback(now=feedback.typed_until, dry_run=True) == 1
        closed = close(feedback)
        assert (closed.answered, closed.words, closed.counts) == (0, [], [[0] * 4] * 5)
        assert results_of(closed, "nb") is None
        assert feedback_means([closed.run_id]) == {}

    def test_the_database_keeps_no_closed_answers_of_fewer(self):
        feedback = make_feedback()
        answer(feedback, 4)
        with pytest.raises(IntegrityError, match="feedback_shown_from_five"), transaction.atomic():
            Feedback.objects.update(closed_at=timezone.now())

    def test_a_question_that_fewer_answered_is_not_counted(self):
        feedback = make_feedback()
        answer(feedback, 4)
        answer(feedback, steps=[2, None, None, None, None])
        closed = close(feedback)
        assert feedback_means([closed.run_id])[closed.run_id].means == [3.6, None, None, None, None]

    def test_words_are_removed_by_coordinators_alone(self, client):
        feedback = make_feedback()
        answer(feedback, 4)
        answer(feedback, words="Kari på kontoret var sur")
        close(feedback)
        tutor = feedback.run.assignments.first().tutor
        tutor.user = factories.make_user()
        tutor.save()
        page = reverse("tutor_feedback", args=[feedback.run_id])
        remove = reverse("tutor_feedback_remove", args=[feedback.run_id])
        client.force_login(tutor.user)
        shown = client.get(page)
        assert "Kari på kontoret" in shown.content.decode()
        assert remove not in shown.content.decode()
        mark = shown.context["said"][0].mark
        assert client.post(remove, {"mark": mark}).status_code == 404
        coordinator = Client()
        coordinator.force_login(factories.make_coordinator())
        assert remove in coordinator.get(page).content.decode()
        coordinator.post(remove, {"mark": mark})
        assert "Kari på kontoret" not in coordinator.get(page).content.decode()
        assert Event.objects.filter(verb="removed_words", actor__isnull=False).count() == 1

    def test_while_it_is_open_nobody_sees_how_many(self, client):
        """Else the page, seen before and after somebody's answer, would tell it."""
        feedback = make_feedback()
        client.force_login(factories.make_coordinator())
        page = reverse("tutor_feedback", args=[feedback.run_id])
        before = client.get(page).content.decode()
        answer(feedback, 6, words="Fint")
        assert without_tokens(client.get(page).content.decode()) == without_tokens(before)

    def test_a_course_over_its_semesters_side_by_side(self, django_assert_num_queries):
        course = factories.make_course()
        for steps in ([4] * 5, [3] * 5):
            feedback = make_feedback(course=course)
            answer(feedback, 5, steps=steps)
            close(feedback)
        with django_assert_num_queries(2):
            compared = compare(course, "nb")
        assert len(compared) == 5
        assert [[q.mean for _results, q in each.rows] for each in compared] == [[3.0, 4.0]] * 5

    def test_words_are_deleted_after_a_year_and_numbers_stay(self):
        feedback = make_feedback()
        answer(feedback, 5, words="Fint")
        closed = close(feedback)
        later = closed.closed_at + timedelta(days=366)
        assert services.purge_feedback_words(now=later, dry_run=True) == 1
        assert services.purge_feedback_words(now=later) == 1
        closed.refresh_from_db()
        assert (closed.words, closed.answered) == ([], 5)


def without_tokens(page: str) -> str:
    return re.sub(r'value="[^"]{30,}"', "", page)


class TestOnPaper:
    def test_staff_type_in_one_sheet_after_the_other(self, client):
        feedback = make_feedback()
        client.force_login(factories.make_coordinator())
        page = reverse("tutor_feedback_paper", args=[feedback.run_id])
        for _each in range(2):
            answered = client.post(page, sent(answer_1="2", words="På papir"))
            assert answered.url == page
        feedback.refresh_from_db()
        assert (feedback.answered, feedback.words) == (2, ["På papir"] * 2)
        with time_machine.travel(feedback.typed_until):
            client.force_login(factories.make_coordinator())
            assert client.get(page).url == reverse("tutor_feedback", args=[feedback.run_id])
