"""Letters over a real SMTP conversation, on loopback."""

import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.models import QuerySet
from django.utils import timezone

from courses.models import College, CourseRun
from courses.norwegian.formatting import NO_BREAK, short_day
from enrolment import emails, services
from enrolment.models import Letter, LettersWorker
from enrolment.services import delivery
from tests import factories

pytestmark = pytest.mark.django_db


def subject_of(message) -> str:
    """A long subject begins on a line of its own, after a space that mail programs leave out."""
    return str(message["Subject"]).strip()


def first_day() -> str:
    """The day of the first session of the only run there is."""
    run = CourseRun.objects.get()
    return short_day(run.starts_at).replace(NO_BREAK, " ")


def a_letter() -> Letter:
    return factories.enrol(factories.make_published_run()).letters.get()


def test_letter_arrives_with_both_parts_and_links_that_work(post, client, settings):
    settings.DEFAULT_FROM_EMAIL = "post@skolen.example.org"
    letter = a_letter()
    assert services.send_due() == (1, 0)
    message = post.got[0]
    assert subject_of(message) == f"Beskjed fra Skolen: {first_day()}"
    assert message["From"] == "Skolen <post@skolen.example.org>"
    assert message["To"] == letter.student.email
    assert post.to == [[letter.student.email]]
    assert message["Reply-To"] == "post@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f]{32}@localhost>", message["Message-ID"])
    letter.refresh_from_db()
    assert emails.as_email(letter).extra_headers["Message-ID"] == message["Message-ID"]
    text, page = message.get_body(["plain"]), message.get_body(["html"])
    plain, html = text.get_content(), page.get_content()
    assert '<html lang="nb">' in html
    assert letter.enrolment.run.course.title in plain
    assert "[[" not in plain + html
    in_text = re.findall(r"https?://\S+", plain)
    assert re.findall(r'href="(http[^"]+)"', html) == in_text
    assert len(in_text) == 3
    for address in in_text:
        assert client.get(urlsplit(address).path).status_code == 200
    letter.refresh_from_db()
    assert letter.sent_at is not None
    assert letter.claimed_by is None
    assert services.send_due() == (0, 0)


def test_sender_may_have_any_letters(post):
    factories.make_college(sender_name="Skolen på Jæren, «fjord»")
    a_letter()
    services.send_due()
    sender = post.got[0]["From"].addresses[0]
    assert sender.display_name == "Skolen på Jæren, «fjord»"
    assert subject_of(post.got[0]) == f"Beskjed fra Skolen på Jæren, «fjord»: {first_day()}"


@pytest.mark.parametrize(
    "name", ["Skolen\nved fjorden", "Skolen\r\nved fjorden", "Skolen\u2028ved fjorden"]
)
def test_a_line_break_in_the_senders_name_stops_no_letter(post, name):
    factories.make_college()
    College.objects.update(sender_name=name)
    a_letter()
    assert services.send_due() == (1, 0)
    assert post.got[0]["From"].addresses[0].display_name == "Skolen ved fjorden"
    assert subject_of(post.got[0]) == f"Beskjed fra Skolen ved fjorden: {first_day()}"


@pytest.mark.parametrize("name", ["Skolen\nved fjorden", "Skolen\r\nved fjorden", "A\u2028B"])
def test_the_senders_name_is_one_line(name):
    with pytest.raises(ValidationError) as refused:
        factories.make_college(sender_name=name)
    assert refused.value.message_dict == {"sender_name": ["Skriv avsendernavnet på én linje."]}


def test_refusal_for_good_goes_to_the_call_list_at_once(post, caplog):
    post.rcpt_answer = "550 5.1.1 no such person kari@example.org"
    letter = a_letter()
    assert services.send_due() == (0, 1)
    letter.refresh_from_db()
    assert letter.failed_at is not None
    assert letter.last_error == "SMTPRecipientsRefused 550"
    assert list(Letter.objects.for_staff()) == [letter]
    assert "@" not in caplog.text


@pytest.mark.parametrize("answer", ["rcpt_answer", "data_answer"])
def test_refusal_for_now_is_tried_again_later_and_given_up_in_the_end(post, settings, answer):
    settings.LETTER_ATTEMPTS = 2
    setattr(post, answer, "451 4.7.1 try again later")
    letter = a_letter()
    assert services.send_due() == (0, 1)
    letter.refresh_from_db()
    assert letter.failed_at is None
    assert letter.not_before > timezone.now() + timedelta(seconds=30)
    assert services.send_due() == (0, 0)
    Letter.objects.update(not_before=None)
    assert services.send_due() == (0, 1)
    letter.refresh_from_db()
    assert letter.failed_at is not None
    assert letter.attempts == 2


def test_one_refused_letter_does_not_stop_the_others(post):
    letters = [a_letter() for _each in range(3)]
    letters[0].student.email, letters[0].student.channel = "", "none"
    letters[0].student.save()
    assert services.send_due() == (2, 1)
    assert Letter.objects.get(pk=letters[0].pk).last_error == "NoAddress"


@pytest.mark.parametrize(("setting", "value"), [("EMAIL_PORT", 1), ("EMAIL_USE_TLS", True)])
def test_letters_wait_for_a_server_that_is_away_as_long_as_it_takes(settings, post, setting, value):
    due = [a_letter().owed_since for _each in range(3)]
    before = getattr(settings, setting)
    setattr(settings, setting, value)
    for _each in range(settings.LETTER_ATTEMPTS + 1):
        assert services.send_due() == (0, 1)
        assert services.send_due() == (0, 0)  # not at once again
        Letter.objects.update(not_before=None)
    assert set(Letter.objects.values_list("attempts", "failed_at")) == {(0, None)}
    assert list(Letter.objects.order_by("pk").values_list("owed_since", flat=True)) == due
    setattr(settings, setting, before)
    assert services.send_due() == (3, 0)


def test_a_refused_sender_is_no_letters_fault(post):
    post.mail_answer = "550 5.7.1 not this sender"
    letter = a_letter()
    assert services.send_due() == (0, 1)
    assert Letter.objects.filter(pk=letter.pk, attempts=0, failed_at=None).exists()


def test_phone_and_paper_are_never_sent(post):
    run = factories.make_published_run()
    person = factories.make_person(email="", phone="+4791234567")
    letter = factories.enrol(run, person=person).letters.get()
    assert services.send_due() == (0, 0)
    assert list(Letter.objects.for_staff()) == [letter]


def test_a_claimed_letter_is_nobody_elses_until_the_claim_is_old(post):
    letter = a_letter()
    assert delivery.claim(factories.make_worker()).letter == letter
    assert delivery.claim(factories.make_worker()) is None
    LettersWorker.objects.update(seen_at=timezone.now() - timedelta(seconds=50))
    assert delivery.claim(factories.make_worker()).letter == letter


def test_sent_again_after_correction_goes_by_the_channel_of_now(post):
    post.rcpt_answer = "550 no"
    letter = a_letter()
    services.send_due()
    post.rcpt_answer = ""
    services.send_again(letter=letter, by=factories.make_user())
    assert services.send_due() == (1, 0)
    letter.refresh_from_db()
    assert (letter.last_error, letter.attempts) == ("", 1)


@pytest.mark.django_db(transaction=True)
def test_sent_letters_are_marked_though_the_database_is_away_for_a_moment(post, monkeypatch):
    letter, update, failures = a_letter(), QuerySet.update, []

    def fail_once(rows: QuerySet, **fields: object) -> int:
        if "sent_at" in fields and not failures:
            failures.append(fields)
            raise OperationalError
        return update(rows, **fields)

    monkeypatch.setattr(QuerySet, "update", fail_once)
    monkeypatch.setattr(delivery.time, "sleep", lambda seconds: None)
    assert services.send_due() == (1, 0)
    assert len(failures) == 1
    assert Letter.objects.get(pk=letter.pk).sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_letter_once(post):
    for _each in range(8):
        a_letter()
    counts = []

    def work() -> None:
        try:
            counts.append(services.send_due())
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _each in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(sent for sent, _failed in counts) == 8
    assert len({message["Message-ID"] for message in post.got}) == len(post.got) == 8


def test_command_sends_once_and_tells_numbers_only(post, capsys):
    a_letter()
    call_command("send_letters", "--once")
    assert capsys.readouterr().out == "1 sent, 0 not sent.\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_ends_cleanly_on_a_signal(tmp_path, number):
    database = f"sqlite:///{tmp_path / 'letters.sqlite3'}"
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "send_letters", "--interval", "600"],
        env={**os.environ, "DATABASE_URL": database},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        # Without tables every look fails: the line it writes shows that it is in its loop.
        assert "The database is away" in worker.stderr.readline()
        worker.send_signal(number)
        assert worker.wait(timeout=60) == 0
    finally:
        with suppress(ProcessLookupError):
            worker.kill()
        worker.stderr.close()
        worker.wait()
