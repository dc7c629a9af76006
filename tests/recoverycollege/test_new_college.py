"""The way from an empty database to the first published run, and what is shown before that."""

import smtplib
from datetime import date

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from courses import services
from courses.model_texts import model_texts, open_places
from courses.models import College, CourseRun, NoticeVersion, Tutor
from courses.norwegian.text_language import guessed_language
from courses.services import MendedOn
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    user = factories.make_coordinator()
    user.email = "leder@example.org"
    user.save()
    client.force_login(user)
    return client


def steps(staff) -> str:
    """Which steps are done, as a word of «x» and «-»."""
    found = staff.get(reverse("admin:index")).context["tasks"].steps
    return "".join("x" if each.is_done else "-" for each in found)


def drafts(**fields) -> College:
    return factories.make_college(texts_confirmed_at=None, **fields)


def test_steps_are_ticked_by_what_is_stored_until_a_run_has_been_published(staff) -> None:
    assert steps(staff) == "--------"
    college = drafts()
    assert steps(staff) == "x-------"
    college.texts_confirmed_at = factories.oslo(2026, 1, 1, 12)
    services.save_college(college=college)
    factories.make_venue()
    assert steps(staff) == "xxx-----"
    factories.make_semester()
    factories.make_tutor()
    assert steps(staff) == "xxxx----"
    run = factories.make_run()
    assert steps(staff) == "xxxxxxx-"
    services.publish(run=run)
    assert steps(staff) == ""
    CourseRun.objects.update(status="cancelled", cancelled_at=timezone.now())
    assert steps(staff) == ""  # it has been set up, and stays so


def test_every_step_leads_to_a_page_and_saving_leads_back(staff) -> None:
    for each in staff.get(reverse("admin:index")).context["tasks"].steps:
        assert staff.get(each.url).status_code == 200, each.url
    add = reverse("admin:courses_tutor_add") + "?back-to-index"
    first = staff.post(add, {"name": "Anne", "is_active": "on", "_addanother": "1"})
    second = staff.post(add, {"name": "Bo", "is_active": "on", "_save": "1"})
    assert (first["Location"], second["Location"]) == (add, reverse("admin:index"))
    assert Tutor.objects.count() == 2


# The texts


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_model_texts_are_in_the_language_spoken_with_what_only_the_college_knows(
    language: str,
) -> None:
    with translation.override(language):
        texts = model_texts()
    assert [guessed_language(text) for text in texts.values()] == [language] * 5
    left = {name for name, text in texts.items() if open_places(text)}
    assert left == {"privacy_controller", "privacy_text", "accessibility_text"}


def answers(staff, **changed: str) -> dict[str, str]:
    """The page of the college as it is opened, with some fields written anew."""
    form = staff.get(reverse("admin:courses_college_changelist"), follow=True).context
    fields = form["adminform"].form
    data = {}
    for bound in fields:
        if bound.name not in ("logo", "are_texts_true"):
            data[bound.html_name] = data[bound.html_initial_name] = bound.value() or ""
    return data | {"_save": "1"} | changed


OWN = {
    "privacy_controller": "Kommunen.",
    "privacy_text": "Alt vi lagrer.",
    "accessibility_text": "Alle kan være med.",
}


def test_no_second_college_is_offered(staff) -> None:
    """Its page is refused as soon as there is one: nothing leads there."""
    assert "_addanother" not in staff.get(reverse("admin:courses_college_add")).content.decode()


def test_drafts_are_kept_and_shown_to_nobody_until_they_are_confirmed(staff, client) -> None:
    named = {"name": "Skolen", "phone": "20 00 00 00", "email": "a@example.org"}
    add = reverse("admin:courses_college_add")
    staff.post(add, answers(staff, sender_name="Kursene", **named))
    college = College.objects.get()
    assert college.ground_rules == model_texts()["ground_rules"]
    assert not college.has_confirmed_texts
    assert not NoticeVersion.objects.exists()
    for page, text in (("privacy", "privacy_notice"), ("accessibility", "accessibility_text")):
        shown = getattr(college, text)[:30]
        assert shown not in client.get(reverse(page)).content.decode()
        previewed = staff.get(reverse("admin:college_preview", args=[page])).content.decode()
        assert shown in previewed
    missing = services.missing_for_publication(factories.make_run())
    assert [each.mended_on for each in missing] == [MendedOn.CONFIRMATION]

    change = reverse("admin:courses_college_change", args=[1])
    refused = staff.post(change, answers(staff, are_texts_true="on"))
    errors = refused.context["adminform"].form.errors
    assert {*errors} == {"privacy_controller", "privacy_text", "accessibility_text"}
    refused = staff.post(change, answers(staff, are_texts_true="on", **OWN | {"privacy_text": ""}))
    assert {*refused.context["adminform"].form.errors} == {"privacy_text"}

    assert staff.post(change, answers(staff, are_texts_true="on", **OWN)).status_code == 302
    college = College.objects.get()
    assert college.has_confirmed_texts
    assert NoticeVersion.objects.get().privacy_notice == college.privacy_notice
    assert college.privacy_notice in client.get(reverse("privacy")).content.decode()
    assert services.missing_for_publication(factories.make_run()) == []
    page = staff.get(change).content.decode()
    assert 'name="are_texts_true"' not in page


# What a new semester and a new run begin with


@pytest.mark.parametrize(
    ("today", "proposed"),
    [
        ((2026, 3, 1), (2026, "spring", date(2026, 3, 1))),
        ((2026, 6, 1), (2026, "autumn", date(2026, 7, 4))),
        ((2026, 11, 28), (2027, "spring", date(2026, 12, 5))),
    ],
)
def test_first_semester_is_the_one_with_enough_left(today, proposed) -> None:
    now = factories.oslo(*today, 12)
    semester = services.next_semester(now)
    opens_on = semester.enrolment_opens_at.date()
    assert (semester.year, semester.term, opens_on) == proposed


def test_next_semester_follows_the_newest() -> None:
    factories.make_semester(year=2030, term="autumn")
    semester = services.next_semester()
    assert (semester.year, semester.term) == (2031, "spring")


def test_new_run_of_a_course_begins_with_the_pair_that_made_it(staff) -> None:
    course, venue = factories.make_course(), factories.make_venue()
    semester = factories.make_semester()
    address = reverse("admin:courses_courserun_add")
    page = staff.get(address, {"course": course.pk}).context
    form = page["adminform"].form
    first = [form[name].value() for name in ("course", "semester", "venue")]
    assert first == [str(course.pk), semester.pk, venue.pk]
    rows = page["inline_admin_formsets"][0].formset.forms
    pair = {(row["tutor"].value(), row["role"].value()) for row in rows}
    assert pair == {(each.tutor_id, each.role) for each in course.coursedeveloper_set.all()}
    factories.make_venue()
    form = staff.get(address).context["adminform"].form
    assert (form["venue"].value(), form["course"].value()) == (None, None)


# What visitors and those who get letters will see


def test_preview_of_the_front_page_shows_drafts_and_the_page_itself_does_not(staff, client) -> None:
    drafts()
    run = factories.make_run()
    closed = factories.make_run(entry="closed", capacity=None)
    page = staff.get(reverse("admin:college_preview", args=["front"])).content.decode()
    assert run.course.title in page
    assert closed.course.title not in page
    assert run.course.title not in client.get("/").content.decode()
    assert staff.get(reverse("admin:college_preview", args=["noe"])).status_code == 404


def said(staff) -> list[str]:
    page = staff.post(reverse("admin:sample_letter"), follow=True)
    return [str(each) for each in page.context["messages"]]


def test_sample_letter_says_where_it_went(staff) -> None:
    drafts(sender_name="Kursene ved fjorden")
    first, second = said(staff)
    assert "leder@example.org" in first
    assert "send_letters" in second  # nobody sends the others
    [letter] = mail.outbox
    assert letter.to == ["leder@example.org"]
    assert letter.from_email.startswith("Kursene ved fjorden <")
    assert letter.reply_to == ["post@example.org"]


def test_sample_letter_that_fails_says_why(staff, monkeypatch) -> None:
    drafts()

    def refuse(*args: object) -> int:
        raise smtplib.SMTPAuthenticationError(535, b"no")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    assert said(staff) == [
        "Prøvebrevet ble ikke sendt. E-posttjeneren godtar ikke brukernavnet eller passordet vårt."
    ]


def test_sample_letter_to_somebody_without_an_address_leads_to_where_it_is_written(client) -> None:
    drafts()
    user = factories.make_coordinator()
    client.force_login(user)
    [sentence] = said(client)
    assert reverse("admin:staff_change", args=[user.pk]) in sentence
    assert mail.outbox == []
