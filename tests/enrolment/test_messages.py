"""Messages that staff write: kept as drafts, sent once, to each by their own channel."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from courses.models import CourseRun
from courses.norwegian.formatting import short_day
from enrolment import letters, services
from enrolment.models import Event, Letter, Message
from enrolment.schedule_changes import programme
from tests import factories
from tests.enrolment.announcing import announce_change
from tests.test_people_fields import VALID

pytestmark = pytest.mark.django_db


def people(run: CourseRun) -> dict[str, object]:
    """Somebody by e-mail and somebody by phone with a place, and somebody who waits."""
    return {
        "email": factories.enrol(run),
        "phone": factories.enrol(
            run, person=factories.make_person(email="", phone="+4790123456", channel="phone")
        ),
        "waiting": factories.enrol(run),
    }


def told(message: Message) -> set[int]:
    """To whose enrolments a letter with the message would go now."""
    due = message.letters.unsent().still_true()
    return set(due.values_list("enrolment", flat=True))


@pytest.fixture
def run() -> CourseRun:
    return factories.make_published_run(capacity=2)


class TestDrafts:
    def test_draft_is_kept_and_nobody_is_told(self, run):
        people(run)
        by = factories.make_coordinator()
        before = Letter.objects.count()

        message = factories.make_message(run, text="Hei! \r\n\r\n\r\nTa med innesko.", by=by)

        assert (message.text, message.written_by, message.sent_at, message.sent_to) == (
            "Hei!\n\nTa med innesko.",
            by,
            None,
            None,
        )
        assert Letter.objects.count() == before

    def test_saving_twice_is_saving_once(self, run):
        submission = uuid.uuid4()
        first = factories.make_message(run, submission=submission)
        again = factories.make_message(run, submission=submission)
        assert (again, again.changed_at) == (first, first.changed_at)
        assert Message.objects.count() == 1

    def test_page_older_than_a_colleagues_change_overwrites_nothing(self, run):
        one, other = factories.make_coordinator(), factories.make_coordinator()
        message = factories.make_message(run, by=one)
        opened = message.changed_at
        form = {"submission": message.submission}
        factories.make_message(run, text="Fra en kollega", seen=opened, by=other, **form)

        with pytest.raises(services.MessageChanged):
            factories.make_message(run, text="Fra meg", seen=opened, by=one, **form)

        message.refresh_from_db()
        assert (message.text, message.written_by) == ("Fra en kollega", other)
        factories.make_message(run, text="Fra meg", seen=message.changed_at, by=one, **form)
        message.refresh_from_db()
        assert message.text == "Fra meg"

    def test_going_back_and_writing_on_changes_ones_own_draft(self, run):
        by = factories.make_coordinator()
        message = factories.make_message(run, by=by)
        factories.make_message(run, submission=message.submission, text="Ny tekst", by=by)
        message.refresh_from_db()
        assert message.text == "Ny tekst"

    @pytest.mark.parametrize("text", [f"Nummeret er {VALID}", "", " \n ", "a" * 3001])
    def test_text_that_cannot_be_kept_is_refused(self, run, text):
        with pytest.raises(ValidationError):
            factories.make_message(run, text=text)
        assert not Message.objects.exists()

    def test_draft_is_deleted_once(self, run):
        message = factories.make_message(run)
        services.delete_draft(message=message)
        services.delete_draft(message=message)
        assert not Message.objects.exists()

    def test_what_is_sent_is_neither_changed_nor_deleted(self, run):
        factories.enrol(run)
        message = services.send_message(message=factories.make_message(run), by=None)
        with pytest.raises(services.MessageSent):
            factories.make_message(run, submission=message.submission, text="Noe annet")
        with pytest.raises(services.MessageSent):
            services.delete_draft(message=message)
        message.refresh_from_db()
        assert message.text == "Ta med innesko."


class TestSending:
    @pytest.mark.parametrize(
        ("audience", "names"),
        [
            ("place", {"email", "phone"}),
            ("waiting", {"waiting"}),
            ("both", {"email", "phone", "waiting"}),
        ],
    )
    def test_each_of_them_is_owed_one_letter_by_their_own_channel(self, run, audience, names):
        crowd = people(run)
        by = factories.make_coordinator()
        now = timezone.now()

        message = services.send_message(
            message=factories.make_message(run, audience=audience), by=by, now=now
        )

        owed = {each.enrolment: each.channel for each in message.letters.all()}
        assert owed == {crowd[name]: "phone" if name == "phone" else "email" for name in names}
        assert (message.sent_at, message.sent_to) == (now, len(names))
        event = Event.objects.get(verb="sent_message")
        assert (event.actor, event.subject_id) == (by, message.pk)

    def test_message_to_one_is_to_nobody_else(self, run):
        crowd = people(run)
        message = factories.make_message(run, audience="one", enrolment=crowd["phone"])
        services.send_message(message=message, by=None)
        assert told(message) == {crowd["phone"].pk}

    def test_sending_twice_is_sending_once(self, run):
        people(run)
        message = factories.make_message(run)
        first = services.send_message(message=message, by=None)
        factories.enrol(run)
        again = services.send_message(message=message, by=None)
        assert (again.sent_at, again.sent_to) == (first.sent_at, 3)
        assert message.letters.count() == 3
        assert Event.objects.filter(verb="sent_message").count() == 1

    def test_database_holds_one_letter_of_a_message_to_each(self, run):
        factories.enrol(run)
        message = services.send_message(message=factories.make_message(run), by=None)
        Message.objects.update(sent_at=None, sent_to=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            services.send_message(message=message, by=None)

    def test_several_messages_are_several_letters(self, run):
        enrolment = factories.enrol(run)
        for text in ("Den første", "Den andre"):
            services.send_message(message=factories.make_message(run, text=text), by=None)
        mine = Letter.objects.unsent().still_true().filter(enrolment=enrolment, kind="message")
        assert [each.message.text for each in mine.order_by("pk")] == ["Den første", "Den andre"]

    def test_draft_that_a_colleague_changed_is_not_sent_unseen(self, run):
        factories.enrol(run)
        message = factories.make_message(run)
        opened = message.changed_at
        factories.make_message(run, submission=message.submission, text="Noe annet")
        with pytest.raises(services.MessageChanged):
            services.send_message(message=message, seen=opened, by=None)
        assert not message.letters.exists()

    def test_nobody_to_tell(self, run):
        message = factories.make_message(run)
        with pytest.raises(services.NobodyToTell):
            services.send_message(message=message, by=None)
        message.refresh_from_db()
        assert not message.is_sent

    def test_somebody_who_has_withdrawn_is_nobody_to_tell(self, run):
        enrolment = factories.enrol(run)
        message = factories.make_message(run, audience="one", enrolment=enrolment)
        services.withdraw(enrolment=enrolment)
        with pytest.raises(services.NobodyToTell):
            services.send_message(message=message, by=None)

    def test_cancelled_and_finished_runs_are_told_nothing(self, run):
        factories.enrol(run)
        message = factories.make_message(run)
        with pytest.raises(services.RunFinished):
            services.send_message(
                message=message, by=None, now=timezone.now() + timedelta(days=100)
            )
        services.cancel_run(run=run, by=None)
        with pytest.raises(services.RunCancelled):
            services.send_message(message=message, by=None)

    # SQLite takes the letters of thirty in two pieces: some thousand values fit in one statement.
    @pytest.mark.parametrize(("number", "on_sqlite"), [(1, 9), (25, 9), (30, 10)])
    def test_statements_do_not_grow_with_the_people(
        self, number, on_sqlite, django_assert_num_queries
    ):
        run = factories.make_published_run(capacity=50)
        for _each in range(number):
            factories.enrol(run)
        message = factories.make_message(run)
        with django_assert_num_queries(on_sqlite if connection.vendor == "sqlite" else 9):
            services.send_message(message=message, by=None)


class TestStillTrue:
    def send(self, run: CourseRun, audience: str) -> Message:
        message = factories.make_message(run, audience=audience)
        return services.send_message(message=message, by=None)

    def test_whoever_withdraws_is_not_told(self, run):
        crowd = people(run)
        message = self.send(run, "place")
        services.withdraw(enrolment=crowd["email"])
        assert told(message) == {crowd["phone"].pk}
        gone = message.letters.get(enrolment=crowd["email"])
        assert gone.overtaken_by == Letter.OvertakenBy.WITHDRAWN

    def test_what_is_said_to_those_who_wait_is_not_for_who_has_got_a_place(self, run):
        crowd = people(run)
        message = self.send(run, "waiting")
        services.withdraw(enrolment=crowd["email"])
        assert told(message) == set()
        services.overtake_untrue()
        assert message.letters.get().overtaken_by == Letter.OvertakenBy.PLACE

    def test_place_from_the_queue_leaves_a_message_to_everybody(self, run):
        crowd = people(run)
        message = self.send(run, "both")
        services.withdraw(enrolment=crowd["email"])
        assert told(message) == {crowd["phone"].pk, crowd["waiting"].pk}

    def test_message_overtakes_nothing(self, run):
        enrolment = factories.enrol(run)
        self.send(run, "both")
        unsent = Letter.objects.unsent().still_true().filter(enrolment=enrolment).order_by("pk")
        assert [each.kind for each in unsent] == ["place", "message"]

    def test_change_of_time_leaves_it_and_is_told_beside_it(self, run):
        factories.enrol(run)
        Letter.objects.update(sent_at=timezone.now())
        self.send(run, "both")
        before = programme(run)
        run.sessions.update(ends_at=timezone.now() + timedelta(days=20))
        announce_change(run=run, by=None, before=before)
        unsent = Letter.objects.unsent().still_true().order_by("pk")
        assert [each.kind for each in unsent] == ["message", "changed"]

    def test_cancelling_overtakes_it(self, run):
        factories.enrol(run)
        message = self.send(run, "both")
        services.cancel_run(run=run, by=None)
        assert message.letters.get().overtaken_by == Letter.OvertakenBy.CANCELLED

    def test_end_of_the_run_overtakes_it(self, run):
        factories.enrol(run)
        message = self.send(run, "both")
        ended = timezone.now() - timedelta(hours=1)
        run.sessions.update(starts_at=ended - timedelta(hours=1), ends_at=ended)
        services.overtake_untrue()
        assert message.letters.get().overtaken_by == Letter.OvertakenBy.OVER


WORDS = """Kjære alle sammen:
– husk innesko
Møt opp (https://example.org/kart). Ring 22 86 50 00!
<b>Varmt</b> velkommen & {{ hei }} [[withdraw]]

https://example.org/a?b=1&c=2

Veien hit:"""

# As it stands in a letter: phone numbers hold together, and nothing is the place of a link.
IN_LETTER = letters.tidy(WORDS).replace("[[withdraw]]", "[ [withdraw]]")


class TestLetter:
    def letter(self, run: CourseRun, **fields: object) -> Letter:
        enrolment = factories.enrol(run, person=factories.make_person(name="Kari Nordmann"))
        message = factories.make_message(run, **({"text": WORDS} | fields))
        services.send_message(message=message, by=None)
        Letter.objects.exclude(kind="message").update(sent_at=timezone.now())
        return enrolment.letters.get(kind="message")

    def test_text_stands_as_it_was_written_in_the_layout_of_all_letters(self, run):
        letter = factories.written(self.letter(run))
        greeting, *rest = letter.text.split("\n\n")
        assert greeting == "Hei, Kari Nordmann!"
        assert "\n\n".join(rest).startswith(
            IN_LETTER + f"\n\nDette gjelder «{run.course.title}». Første samling er "
        )
        assert letter.text.endswith("Vennlig hilsen\nSkolen ved fjorden")
        assert letters.PAGE_LINK in letter.text
        assert letter.subject == f"Beskjed fra Skolen: {' '.join(short_day(run.starts_at).split())}"

    def test_waiting_people_read_that_they_wait(self, run):
        for _each in range(2):
            factories.enrol(run)
        letter = factories.written(self.letter(run))
        assert f"Dette gjelder «{run.course.title}». Du står på ventelista. Første" in letter.text

    def test_what_looks_like_heading_list_or_button_is_none(self, run):
        letter = factories.written(self.letter(run))
        [_greeting, first, second, third, *rest] = letters.blocks(letter.text, letter.message)
        assert first.lines == IN_LETTER.splitlines()[:4]
        assert (second.lines, third.lines) == (
            ["https://example.org/a?b=1&c=2"],
            ["Veien hit:"],
        )
        for block in (first, second, third):
            assert (block.written_in, block.heading, block.items, block.links) == (
                "nb",
                "",
                [],
                [],
            )
        assert {each.written_in for each in rest} == {""}

    def test_html_escapes_once_and_links_addresses(self, run):
        self.letter(run)
        services.send_due()
        [email] = mail.outbox
        [(html, _type)] = email.alternatives
        assert "&lt;b&gt;Varmt&lt;/b&gt; velkommen &amp; {{ hei }} [ [withdraw]]" in html
        assert (
            '<p><a href="https://example.org/a?b=1&amp;c=2">'
            "https://example.org/a?b=1&amp;c=2</a></p>"
        ) in html
        assert '(<a href="https://example.org/kart">https://example.org/kart</a>). Ring <a' in html
        assert html.count('href="tel:+4722865000"') == 2
        assert html.count('class="button"') == 1
        assert "<b>Varmt</b> velkommen & {{ hei }}" in email.body
        assert "/min-side/" in email.body

    @pytest.mark.parametrize(
        ("language", "greeting", "attribute"),
        [("nb", "Hei, ", ""), ("nn", "Hei, ", ' lang="nb"'), ("en", "Hello ", ' lang="nb"')],
    )
    def test_frame_is_in_the_readers_language(self, run, language, greeting, attribute):
        enrolment = factories.enrol(run, person=factories.make_person(language=language))
        enrolment.letters.update(sent_at=timezone.now())
        services.send_message(message=factories.make_message(run), by=None)
        services.send_due()
        [email] = mail.outbox
        [(html, _type)] = email.alternatives
        assert email.body.startswith(greeting)
        assert f"<p{attribute}>Ta med innesko.</p>" in html
        with translation.override(language):
            assert translation.gettext("Kind regards") in email.body

    def test_people_by_phone_get_a_line_on_the_call_list(self, run):
        crowd = people(run)
        Letter.objects.update(sent_at=timezone.now())
        services.send_message(message=factories.make_message(run), by=None)
        [letter] = letters.as_of_now(Letter.objects.for_staff())
        assert letter.enrolment == crowd["phone"]
        assert "Ta med innesko." in letters.on_paper(letter)
        said = {letter.pk: letters.fingerprint(letter)}
        assert not services.record_letter_outcomes(said=said, outcome="reached", by=None)
        assert not Letter.objects.for_staff().exists()


class TestPurge:
    def over_since(self, run: CourseRun, days: int) -> None:
        ended = timezone.now() - timedelta(days=days)
        run.sessions.update(starts_at=ended - timedelta(hours=2), ends_at=ended)

    def test_words_are_deleted_a_month_after_the_run(self, run):
        factories.enrol(run)
        sent = services.send_message(message=factories.make_message(run), by=None)
        services.send_due()
        draft = factories.make_message(run)
        self.over_since(run, 29)
        assert services.purge_messages(now=timezone.now()) == 0
        self.over_since(run, 31)
        assert services.purge_messages(now=timezone.now(), dry_run=True) == 2

        assert services.purge_messages(now=timezone.now()) == 2

        sent.refresh_from_db()
        assert (sent.text, sent.sent_to) == ("", 1)
        assert sent.letters.get().text == ""
        assert Letter.objects.exclude(kind="message").get().text
        assert not Message.objects.filter(pk=draft.pk).exists()
        assert services.purge_messages(now=timezone.now()) == 0
