import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from courses.models import College, CourseRun
from courses.norwegian import formatting
from courses.norwegian.formatting import WORD_JOINER
from enrolment import emails, letters, services
from enrolment.models import Enrolment, Letter, Student
from tests import factories
from tests.enrolment.announcing import announce_change

pytestmark = pytest.mark.django_db

TITLE = "Fra uro til ro"
# See test_tutor_letters.
TO_STAFF_ALONE = {"code", "invited", "password", "sign_in"}
TO_OTHERS_ALONE = {"assigned", "unassigned", "reminder", "interest", *TO_STAFF_ALONE}
ABOUT_NO_COURSE = {"link", "erasure"}
# Nothing of it is to come.
WITHOUT_A_DAY = ABOUT_NO_COURSE | {"certificate", "feedback"}
FORBIDDEN = r"(?i)søknad|søke|vedtak|innvilg|avslag|pasient|\bbruker\b"


def run_of_title(**fields: object) -> CourseRun:
    course = factories.make_course(title=TITLE)
    return factories.make_published_run(course=course, **fields)


def write_every_kind(language: str) -> dict[str, Letter]:
    """One letter of each kind, each written by the verb that reports it."""
    run = run_of_title(capacity=2)

    def person() -> services.Person:
        return factories.make_person(language=language)

    pair = factories.enrol(run, person=person(), places=2)
    factories.enrol(run, person=person())
    factories.enrol(run, person=person())
    services.give_up_companion(enrolment=pair)
    services.withdraw(enrolment=pair)
    Letter.objects.update(sent_at=timezone.now())
    announce_change(run=run, by=factories.make_user())
    services.send_message(message=factories.make_message(run), by=None)
    services.remind_students(now=run.starts_at - timedelta(days=1))
    services.owe_absence_letters(absent=[(pair, run.sessions.get())], now=timezone.now())
    services.owe_feedback_letters(enrolments=[pair], key="abcdefghij", now=timezone.now())
    services.cancel_run(run=run, by=factories.make_user())
    factories.ask_for_page_link(pair.student.email, language)
    services.tell_of_erasure(students=[pair.student])
    services.owe_certificate_letters(run=run, students={1: pair.student}, now=timezone.now())
    return {letter.kind: factories.written(letter) for letter in Letter.objects.order_by("-pk")}


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_kind_is_written_neutrally_and_completely(language):
    found = write_every_kind(language)
    assert set(found) == set(Letter.Kind.values) - TO_OTHERS_ALONE - set(Letter.TO_ADDRESSES)
    words = {"nb": "Beskjed fra Skolen", "nn": "Beskjed frå Skolen", "en": "Message from Skolen"}
    first = CourseRun.objects.get().starts_at
    with translation.override(language):
        day = formatting.short_day(first).replace("\xa0", " ")
    for kind, letter in found.items():
        assert letter.language == language
        about = "" if kind in WITHOUT_A_DAY else f": {day}"
        assert letter.subject == f"{words[language]}{about}"
        assert "22\xa086\xa050\xa000" in letter.text, kind
        assert WORD_JOINER not in letter.text
        assert letter.student.name in letter.text
        # Whoever passes on the address of the feedback passes on no link of their own.
        assert (letters.PAGE_LINK in letter.text) == (kind != "feedback")
        assert (TITLE in letter.text) == (kind not in ABOUT_NO_COURSE)
        assert not re.search(FORBIDDEN, letter.text), kind
        assert not re.search(r"&\w+;|{[{%]|\n\n\n| \n", letter.text), kind
        assert "http://localhost:8000/" not in letter.text.replace("/kurs/", "").replace(
            f"http://localhost:8000{'' if language == 'nb' else '/' + language}", ""
        )
    assert letters.WITHDRAW_LINK in found["waiting"].text
    assert letters.CALENDAR_LINK in found["promoted"].text


def test_names_stay_as_they_are_written():
    name = "Åse «Ås» O'Brien & Søn"
    run = factories.make_published_run()
    letter = factories.written(
        factories.enrol(run, person=factories.make_person(name=name)).letters.get()
    )
    assert name in letter.text
    body = emails.as_email(letter).alternatives[0].content
    assert "Åse «Ås» O&#x27;Brien &amp; Søn" in body


def test_letter_has_the_colours_of_the_college():
    letter = factories.written(factories.enrol(run_of_title()).letters.get())
    body = str(emails.as_email(letter).alternatives[0].content)
    assert "a { color: #0e5a61; }" in body
    assert "background: #faf5ec" in body
    College.objects.update(colour="#7a1f4b", ground_colour="#eef3fb")
    body = str(emails.as_email(letter).alternatives[0].content)
    assert "a { color: #7a1f4b; }" in body
    assert "border: 2px solid #7a1f4b" in body
    assert "background: #eef3fb" in body


@pytest.mark.parametrize(("language", "marks"), [("nb", 0), ("nn", 1), ("en", 1)])
def test_way_to_the_venue_is_marked_in_a_letter_in_another_language(language, marks):
    run = run_of_title()
    person = factories.make_person(language=language)
    letter = factories.written(factories.enrol(run, person=person).letters.get())
    body = emails.as_email(letter).alternatives[0].content
    assert body.count('<span lang="nb">Inngang fra torget, andre etasje.</span>') == marks
    assert body.count("<span lang") == marks


def test_place_letter_says_when_where_how_to_find_and_who():
    run = run_of_title()
    text = factories.written(factories.enrol(run).letters.get()).text
    for words in (
        f"{run.venue.name}, Storgata 1, Sandnes",
        "Inngang fra torget, andre etasje.",
        *(tutor.name for tutor in run.tutors.all()),
        "Meld meg av: [[withdraw]]",
    ):
        assert words in text


def test_waiting_letter_tells_the_number_in_the_queue():
    run = run_of_title(capacity=1)
    numbers = [factories.written(factories.enrol(run).letters.get()).text for _each in range(3)][1:]
    assert "Du er nummer 1 i køen." in numbers[0]
    assert "Du er nummer 2 i køen." in numbers[1]


def test_waiting_letter_after_the_close_says_that_we_ring():
    run = run_of_title(capacity=1, waiting_list_closes_at=timezone.now() - timedelta(hours=1))
    factories.enrol(run)
    letter = factories.written(factories.enrol(run).letters.get())
    assert "ringer vi dem som venter" in letter.text


def test_changed_letter_leaves_out_what_has_been_held():
    run = factories.make_published_run(sessions=2)
    factories.enrol(run)
    Letter.objects.update(sent_at=timezone.now())
    first, last = run.sessions.all()
    first.starts_at = timezone.now() - timedelta(days=3)
    first.ends_at = first.starts_at + timedelta(hours=1)
    first.save()
    announce_change(run=run, by=factories.make_user())
    text = factories.written(Letter.objects.get(kind="changed")).text
    assert text.count("– ") == 1
    del last


def test_somebody_who_cannot_be_reached_gets_no_letter():
    run = factories.make_published_run()
    enrolment = factories.enrol(run)
    contact = {"email": "", "channel": Student.Channel.NONE}
    Student.objects.filter(pk=enrolment.student_id).update(**contact)
    enrolment.refresh_from_db()
    services.withdraw(enrolment=enrolment)
    assert set(Letter.objects.values_list("kind", flat=True)) == {"place"}


def test_a_repeat_on_another_day_gets_the_current_letter_once():
    run = factories.make_published_run()
    person = factories.make_person()
    enrolment = factories.enrol(run, person=person)
    Enrolment.objects.update(enrolled_at=timezone.now() - timedelta(days=2))
    for _each in range(3):
        services.enrol(run=run, submission=uuid.uuid4(), person=person)
    assert enrolment.letters.count() == 1  # the first still waits to be told
    Letter.objects.update(sent_at=timezone.now())
    for _each in range(3):
        services.enrol(run=run, submission=uuid.uuid4(), person=person)
    assert enrolment.letters.count() == 2


def test_paper_holds_no_personal_link_but_where_to_ask():
    factories.get_college()
    for letter in write_every_kind("nb").values():
        text = letters.on_paper(letter)
        assert "[[" not in text
        assert not re.search(r"apne|avmelding/|kalender/", text)
        has_page = letter.kind != "feedback"  # see above
        assert ("localhost:8000/min-side/ og skriv" in text) == has_page
        assert "22\xa086\xa050\xa000" in text


def test_blocks_hold_heading_items_lines_and_links():
    found = letters.blocks(
        "Hei, Kari!\n\nNår:\n– i dag\n– i morgen\n\nLinje\nMeld meg av: https://example.org/a:b/"
    )
    assert found == [
        letters.Block(lines=["Hei, Kari!"]),
        letters.Block(heading="Når", items=["i dag", "i morgen"]),
        letters.Block(lines=["Linje"], links=[("Meld meg av", "https://example.org/a:b/")]),
    ]


def test_subject_names_the_first_session_to_come():
    run = run_of_title(sessions=2)
    factories.enrol(run)
    first, last = run.sessions.all()
    first.starts_at = timezone.now() - timedelta(days=3)
    first.ends_at = first.starts_at + timedelta(hours=1)
    first.save()
    last.starts_at = factories.oslo(2099, 3, 12, 18)
    last.ends_at = factories.oslo(2099, 3, 12, 20)
    last.save()
    letter = factories.written(Letter.objects.get())
    assert letter.subject == "Beskjed fra Skolen: torsdag 12. mars"
    last.delete()
    letter = Letter.objects.get()
    assert factories.written(letter).subject == "Beskjed fra Skolen"


def test_phone_numbers_are_links_that_hold_together():
    practical = "Spør Åse på 900 12 345 <etter> kl. 18.00–20.30.\nStorgata 12, 0155 Oslo, kr 250."
    run = run_of_title(practical=practical, contact_phone="+4751234567", contact_name="Åse")
    letter = factories.written(factories.enrol(run).letters.get())
    assert "Spør Åse på 900\xa012\xa0345 <etter> kl. 18.00–20.30." in letter.text
    body = str(emails.as_email(letter).alternatives[0].content)
    link = '<a href="tel:{}" style="white-space: nowrap">{}</a>'
    for number, words in (
        ("+4790012345", "900\xa012\xa0345"),
        ("+4751234567", "51\xa023\xa045\xa067"),
        ("+4722865000", "22\xa086\xa050\xa000"),
    ):
        assert link.format(number, words) in body
    assert body.count("tel:") == 3
    assert "&lt;etter&gt;" in body


def test_phone_number_within_words_of_another_language_is_a_link_too():
    practical = "Spør Åse på 900 12 345 hvis du ikke vet hvor det er."
    run = run_of_title(practical=practical)
    person = factories.make_person(language="en")
    letter = factories.written(factories.enrol(run, person=person).letters.get())
    body = str(emails.as_email(letter).alternatives[0].content)
    assert '<span lang="nb">Spør Åse på <a href="tel:+4790012345"' in body
