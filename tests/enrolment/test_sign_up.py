import html
import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses import services as course_services
from courses.models import College, CourseRun, NoticeVersion
from enrolment import links, services
from enrolment.models import Adjustment, Enrolment, Letter, Student
from tests import factories

pytestmark = pytest.mark.django_db

IDENTITY_NUMBER = "01019010046"  # made up, with valid check digits
ANSWERS = {"name": "Kari Nordmann", "email": "kari@example.org"}

# What a college may ask beside what it needs, and an answer to it.
ASKS = {"municipalities": "Fjordvik\nNes", "offers_news": True}
TOLD = {"municipality": "Nes", "wants_news": "on"}


def url_of(run: CourseRun) -> str:
    return reverse("sign_up", args=[run.course.slug, run.pk])


def hidden_fields(page: str, step: str) -> dict[str, str]:
    """The hidden fields of the form on the page whose step this is."""
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        if found.get("step") == step:
            return {name: html.unescape(value) for name, value in found.items()}
    raise AssertionError(f"no form with step {step}")


def check(client: Client, run: CourseRun, **answers: str):
    return client.post(url_of(run), {"step": "check", **(answers or ANSWERS)})


def confirm(client: Client, run: CourseRun, **answers: str):
    page = check(client, run, **answers)
    return client.post(url_of(run), hidden_fields(page.content.decode(), "enrol"))


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def without_secrets(page: str) -> str:
    return re.sub(r'name="(csrfmiddlewaretoken|shown)" value="[^"]*"', "", page)


def test_three_steps_give_a_place_and_a_letter(client):
    run = factories.make_published_run()
    response = client.get(url_of(run))
    assert response.status_code == 200
    assert 'autocomplete="name"' in text_of(response)
    page = check(
        client, run, **ANSWERS, phone="22 86 50 00", companion="on", adjustment="Stor skrift"
    )
    assert "22 86 50 00" in text_of(page)
    assert Enrolment.objects.count() == Student.objects.count() == 0
    response = client.post(url_of(run), hidden_fields(page.content.decode(), "enrol"))
    enrolment = Enrolment.objects.get()
    assert enrolment.status == Enrolment.Status.PLACE
    assert enrolment.places == 2
    assert enrolment.notice == NoticeVersion.objects.latest()
    assert enrolment.notice_shown_at <= enrolment.enrolled_at
    assert enrolment.consented_at is None
    assert enrolment.student.phone == "+4722865000"
    assert Adjustment.objects.get().text == "Stor skrift"
    assert Letter.objects.get().kind == Letter.Kind.PLACE
    receipt = client.get(response.url)
    assert "Du har plass" in text_of(receipt)
    assert "Kari" not in text_of(receipt) + response.url
    assert "kari@" not in text_of(receipt) + response.url
    assert receipt["Cache-Control"] == "private, no-store"


def test_whole_sign_up_takes_four_requests_and_thirteen_queries(client):
    factories.make_college(**ASKS)
    run = factories.make_published_run()
    assert client.get(url_of(run))  # what a process finds out once is not the visitor's
    with CaptureQueriesContext(connection) as queries:
        client.get(url_of(run))
        client.get(confirm(client, run, **ANSWERS, **TOLD).url)
    assert Enrolment.objects.count() == 1
    # The savepoint around `enrol` is there because a test has a transaction of its own.
    statements = [
        each["sql"]
        for each in queries.captured_queries
        if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]
    assert len(statements) == 13, "\n".join(statements)


def test_what_is_asked_beside_is_kept_of_newcomers_and_never_changes_anybody():
    factories.make_college(**ASKS)
    run = factories.make_published_run()
    known = factories.enrol(run, person=factories.make_person(**ANSWERS)).student
    pages, told = [], []
    for answers in (ANSWERS, {"name": "Ny Person", "email": "ny@example.org"}):
        browser = Client()
        page = text_of(check(browser, run, **answers, **TOLD))
        told.append(browser.post(url_of(run), hidden_fields(page, "enrol")).url)
        for words, same in zip(answers.values(), ANSWERS.values(), strict=True):
            page = page.replace(words, same)
        pages.append(without_secrets(page))
    assert pages[0] == pages[1]
    assert told[0] == told[1]
    new = Student.objects.get(email="ny@example.org")
    assert (new.municipality, new.wants_news) == ("Nes", True)
    known.refresh_from_db()
    assert (known.municipality, known.wants_news) == ("", False)


def test_nobody_has_to_answer_what_is_asked_beside(client):
    factories.make_college(**ASKS)
    run = factories.make_published_run()
    page = text_of(client.get(url_of(run)))
    assert '<option value="" selected>Vil ikke svare</option>' in page
    assert re.findall(r'<input type="checkbox" name="wants_news"[^>]* checked', page) == []
    confirm(client, run)
    assert Student.objects.filter(municipality="", wants_news=False).count() == 1


def test_answers_beside_are_found_again_and_are_those_that_were_offered(client):
    factories.make_college(**ASKS)
    run = factories.make_published_run()
    page = text_of(check(client, run, **ANSWERS, **TOLD))
    again = client.post(url_of(run), hidden_fields(page, "change"))
    assert '<option value="Nes" selected>' in text_of(again)
    client.post(url_of(run), hidden_fields(page, "enrol") | {"municipality": "Månen"})
    assert not Enrolment.objects.exists()
    # Whatever the college asks meanwhile, an answer that was looked over counts.
    College.objects.update(municipalities="", offers_news=False)
    client.post(url_of(run), hidden_fields(page, "enrol"))
    assert Student.objects.get().municipality == "Nes"


def test_nothing_beside_is_asked_where_the_college_does_not_or_the_student_is_known(client):
    run = factories.make_published_run()
    assert "wants_news" not in text_of(client.get(url_of(run)))
    assert "wants_news" not in text_of(check(client, run, **ANSWERS, **TOLD))
    College.objects.update(**ASKS)
    student = factories.enrol(run).student
    assert "wants_news" in text_of(client.get(url_of(run)))
    client.post(reverse("my_page_sign_in", args=[links.page_token(student)]))
    assert "wants_news" not in text_of(client.get(url_of(run)))
    assert "wants_news" not in text_of(check(client, run, name="", email=""))


def test_only_cookies_that_say_nothing_of_anybody_are_set(client):
    run = factories.make_published_run()
    check(client, run)
    assert set(client.cookies) == {"csrftoken"}
    client.get(confirm(client, run).url)
    assert set(client.cookies) == {"csrftoken", "sent"}
    assert {cookie["max-age"] for cookie in client.cookies.values()} == {""}


def test_sending_the_check_page_twice_enrols_once(client):
    run = factories.make_published_run(capacity=1)
    fields = hidden_fields(check(client, run).content.decode(), "enrol")
    first = client.post(url_of(run), fields)
    second = client.post(url_of(run), fields)
    assert first.url == second.url
    assert Enrolment.objects.count() == Letter.objects.count() == 1


@pytest.mark.parametrize("capacity", [5, 2])
def test_a_repeat_is_answered_as_a_newcomer_would_be(capacity):
    run = factories.make_published_run(capacity=capacity)
    factories.enrol(run)
    confirm(Client(), run, **ANSWERS)
    again, newcomer = Client(), Client()
    check_again, check_new = (
        check(again, run),
        check(newcomer, run, name="Ny", email="ny@example.org"),
    )
    assert check_again.status_code == 200
    repeat = confirm(again, run, **ANSWERS)
    fresh = newcomer.post(url_of(run), hidden_fields(check_new.content.decode(), "enrol"))
    assert repeat.url == fresh.url
    assert without_secrets(text_of(again.get(repeat.url))) == without_secrets(
        text_of(newcomer.get(fresh.url))
    )


def fill(run: CourseRun) -> None:
    services.set_capacity(run=run, capacity=CourseRun.objects.get(pk=run.pk).places_taken)


def leave_one_place(run: CourseRun) -> None:
    services.set_capacity(run=run, capacity=CourseRun.objects.get(pk=run.pk).places_taken + 1)


def close(run: CourseRun) -> None:
    CourseRun.objects.filter(pk=run.pk).update(enrolment_closes_at=timezone.now())


@pytest.mark.parametrize("happening", [fill, leave_one_place, close])
@pytest.mark.parametrize("is_there", [True, False])
def test_what_was_told_is_told_again_to_a_newcomer_and_to_a_repeat(client, is_there, happening):
    """Else sending a page again, when the run has filled or closed, would tell who takes part."""
    run = factories.make_published_run()
    if is_there:
        factories.enrol(run, person=factories.make_person(name="Kari", email="k@example.org"))
    answers = {"name": "Kari", "email": "k@example.org", "companion": "on"}
    fields = hidden_fields(check(client, run, **answers).content.decode(), "enrol")
    assert "Du har plass" in text_of(client.post(url_of(run), fields, follow=True))
    happening(run)
    before = (Enrolment.objects.count(), Letter.objects.count())
    assert "Du har plass" in text_of(client.post(url_of(run), fields, follow=True))
    assert (Enrolment.objects.count(), Letter.objects.count()) == before


@pytest.mark.parametrize("is_there", [True, False])
def test_check_page_sent_for_somebody_else_is_a_sign_up_of_its_own(client, is_there):
    run = factories.make_published_run()
    if is_there:
        factories.enrol(run, person=factories.make_person(name="Kari", email="k@example.org"))
    page = check(client, run, name="Kari", email="k@example.org").content.decode()
    fields = hidden_fields(page, "enrol")
    client.post(url_of(run), fields)
    client.post(url_of(run), fields | {"name": "Ola", "email": "o@example.org"})
    assert [each.student.name for each in Enrolment.objects.all()] == ["Kari", "Ola"]
    assert Letter.objects.filter(student__name="Ola").count() == 1


def test_change_goes_back_with_the_answers(client):
    run = factories.make_published_run()
    page = check(client, run, **ANSWERS, adjustment="Plass ved døra", companion="on")
    back = text_of(client.post(url_of(run), hidden_fields(page.content.decode(), "change")))
    assert 'value="Kari Nordmann"' in back
    assert 'value="kari@example.org"' in back
    assert "Plass ved døra" in back
    assert "checked" in back
    assert "error-summary" not in back


def test_errors_stand_on_top_and_at_the_field(client):
    run = factories.make_published_run()
    page = text_of(check(client, run, name="", email="", phone=""))
    assert re.search(r"<title>Feil: ", page)
    assert page.count("Skriv navnet du vil bli kalt.") == 2
    assert '<a href="#id_name">' in page
    assert '<a href="#id_email">' in page
    assert re.search(r'class="error-summary"[^>]* tabindex="-1" autofocus', page)
    assert "påkrevd" not in page


@pytest.mark.parametrize("field", ["name", "email", "phone", "adjustment"])
@pytest.mark.parametrize("step", ["check", "change", "enrol"])
def test_identity_number_stays_in_its_field_and_goes_nowhere_else(client, caplog, field, step):
    run = factories.make_published_run()
    answers = {**ANSWERS, "adjustment": "Stor skrift", "phone": "22865000"}
    values = {"email": f"{IDENTITY_NUMBER}@example.org", "name": f"Kari {IDENTITY_NUMBER}"}
    answers[field] = values.get(field, IDENTITY_NUMBER)
    response = client.post(url_of(run), {"step": step, **answers})
    page = text_of(response)
    assert response.status_code == 200
    assert response.context["form"][field].value() == answers[field]
    assert page.count(IDENTITY_NUMBER) == 1
    assert re.findall(rf'type="hidden"[^>]*{IDENTITY_NUMBER}', page) == []
    assert page.count("Det som begynner med 010190, ser ut som et fødselsnummer.") == 2
    kept = {"name": "Kari Nordmann", "email": "kari@example.org", "adjustment": "Stor skrift"}
    assert all(value in page for name, value in kept.items() if name != field)
    assert Student.objects.count() == 0
    assert Session.objects.count() == 0
    assert "no-cache" in response["Cache-Control"]
    assert caplog.text == ""


def test_slip_in_a_mail_domain_is_asked_about_and_changed_by_a_button_only(client):
    run = factories.make_published_run()
    asked = text_of(check(client, run, **ANSWERS | {"email": "ola@gmial.com"}))
    assert "Mente du ola@gmail.com?" in asked
    changed = client.post(url_of(run), hidden_fields(asked, "check"))
    assert "Mente du" not in text_of(changed)
    assert hidden_fields(text_of(changed), "enrol")["email"] == "ola@gmail.com"
    confirm(client, run, **ANSWERS | {"email": "ola@gmial.com"})
    assert Student.objects.get().email == "ola@gmial.com"


@pytest.mark.parametrize("email", ["kari@example.org", "kari@hotmail.no", ""])
def test_nothing_is_asked_about_other_addresses(client, email):
    run = factories.make_published_run()
    assert "Mente du" not in text_of(check(client, run, **ANSWERS | {"email": email}))


def test_page_for_the_waiting_list_is_called_so(client):
    run = factories.make_published_run(capacity=1)
    factories.enrol(run)
    page = text_of(client.get(url_of(run)))
    assert f"<title>Sett deg på ventelista: {run.course.title}" in page


def test_one_place_left_lets_two_choose(client):
    run = factories.make_published_run(capacity=2)
    factories.enrol(run)
    page = confirm(client, run, **ANSWERS, companion="on")
    assert Enrolment.objects.count() == 1
    fields = hidden_fields(page.content.decode(), "enrol")
    alone = client.post(url_of(run), {**fields, "when_one_left": "alone"})
    assert "Du har plass" in text_of(client.get(alone.url))
    assert Enrolment.objects.latest("pk").places == 1


def test_two_may_wait_together(client):
    run = factories.make_published_run(capacity=2)
    factories.enrol(run)
    fields = hidden_fields(
        confirm(client, run, **ANSWERS, companion="on").content.decode(), "enrol"
    )
    client.post(url_of(run), {**fields, "when_one_left": "wait"})
    enrolment = Enrolment.objects.latest("pk")
    assert (enrolment.status, enrolment.places) == (Enrolment.Status.WAITING, 2)


def test_consent_box_appears_only_where_consent_is_the_basis(client):
    run = factories.make_published_run()
    assert "consent" not in text_of(check(client, run))
    college = College.objects.get()
    college.legal_basis = College.LegalBasis.CONSENT
    course_services.save_college(college=college)
    fields = hidden_fields(check(client, run).content.decode(), "enrol")
    refused = text_of(client.post(url_of(run), fields))
    assert re.search(r"<title>Feil: ", refused)
    assert "Kari Nordmann" in refused
    assert Enrolment.objects.count() == 0
    client.post(url_of(run), {**fields, "consent": "on"})
    assert Enrolment.objects.get().consented_at is not None


def cancelled(run: CourseRun) -> None:
    services.cancel_run(run=run, by=factories.make_user())


def started(run: CourseRun) -> None:
    run.sessions.update(starts_at=timezone.now() - timezone.timedelta(hours=1))


def held(run: CourseRun) -> None:
    moment = timezone.now() - timezone.timedelta(hours=3)
    run.sessions.update(starts_at=moment, ends_at=moment + timezone.timedelta(hours=1))


def closed(run: CourseRun) -> None:
    CourseRun.objects.filter(pk=run.pk).update(enrolment_closes_at=timezone.now())


def not_open(run: CourseRun) -> None:
    opens = timezone.now() + timezone.timedelta(days=2)
    CourseRun.objects.filter(pk=run.pk).update(enrolment_opens_at=opens)


@pytest.mark.parametrize(
    ("happening", "words"),
    [
        (cancelled, "er avlyst"),
        (started, "er i gang"),
        (held, "er ferdig"),
        (closed, "Påmeldingen er stengt"),
        (not_open, "Påmeldingen åpner"),
    ],
)
def test_what_happens_meanwhile_is_told_and_answers_are_kept(client, happening, words):
    run = factories.make_published_run()
    other = factories.make_published_run(course=run.course, in_days=30)
    fields = hidden_fields(check(client, run, **ANSWERS).content.decode(), "enrol")
    happening(run)
    response = client.post(url_of(run), fields)
    assert response.status_code == 409
    page = text_of(response)
    assert words in page
    assert "Kari Nordmann" in page
    assert url_of(other) in page
    assert "22 86 50 00" in page
    assert Student.objects.count() == 0
    moved = client.post(url_of(other), hidden_fields(response.content.decode(), "change"))
    assert 'value="Kari Nordmann"' in text_of(moved)
    assert words in text_of(client.get(url_of(run)))


def test_run_that_got_full_meanwhile_writes_up(client):
    run = factories.make_published_run(capacity=1)
    fields = hidden_fields(check(client, run).content.decode(), "enrol")
    factories.enrol(run)
    page = text_of(client.get(client.post(url_of(run), fields).url))
    assert "Vi har skrevet deg opp" in page
    assert "nummer 1" not in page


def test_drop_in_needs_no_sign_up(client):
    run = factories.make_published_run(entry="drop_in", capacity=None)
    assert "Bare møt opp" in text_of(client.get(url_of(run)))


def test_drafts_closed_groups_and_wrong_addresses_are_not_found(client):
    factories.get_college()
    draft = factories.make_run()
    group = factories.make_published_run(entry="closed", capacity=None)
    run = factories.make_published_run()
    wrong = reverse("sign_up", args=["annet", run.pk])
    for url in (url_of(draft), url_of(group), wrong, reverse("sign_up", args=["annet", 999999])):
        assert client.get(url).status_code == 404
        assert client.post(url, {"step": "check", **ANSWERS}).status_code == 404
    fields = hidden_fields(check(client, run).content.decode(), "enrol")
    assert client.post(wrong, fields).status_code == 404
    assert client.post(url_of(draft), fields).status_code == 404
    assert Student.objects.count() == 0


@pytest.mark.parametrize(
    "hostile",
    [
        {"name": "Kari\x00Nordmann"},
        {"name": "K" * 100_000},
        {"name": "\ufdfa" * 99},
        {"name": "\u200b"},
        {"email": "a" * 300 + "@example.org"},
        {"email": "kari@example.org\nBcc: alle@example.org"},
        {"phone": "9" * 50_000},
        {"phone": "\x00"},
        {"adjustment": "x\x00y" * 10},
        {"adjustment": "æ" * 600},
        {"shown": "noe annet"},
        {"shown": "\x00"},
        {"shown": ""},
        {"when_one_left": "alle"},
        {"step": "\x00"},
        {"companion": "17"},
    ],
)
@pytest.mark.parametrize("step", ["check", "change", "enrol"])
def test_hostile_input_gets_a_kind_page(client, hostile, step):
    run = factories.make_published_run()
    fields = hidden_fields(check(client, run).content.decode(), "enrol")
    response = client.post(url_of(run), {**fields, "step": step, **hostile})
    assert response.status_code in (200, 302)
    if "shown" in hostile:
        assert Student.objects.count() == 0


def test_sealed_check_page_of_another_run_is_shown_anew(client):
    run, other = factories.make_published_run(), factories.make_published_run()
    fields = hidden_fields(check(client, run).content.decode(), "enrol")
    response = client.post(url_of(other), fields)
    assert hidden_fields(response.content.decode(), "enrol")["shown"] != fields["shown"]
    assert Enrolment.objects.count() == 0


@pytest.mark.parametrize(
    "name",
    [
        "Se www.eksempel.no",
        "http://eksempel.no",
        "a@b.no",
        "Du har vunnet på eksempel.no",
        "Ring 820 00 000 i dag",
    ],
)
def test_name_cannot_carry_an_address_into_a_letter(client, name):
    run = factories.make_published_run()
    assert "Feil:" in text_of(check(client, run, name=name, email="kari@example.org"))


@pytest.mark.parametrize("name", ["J.R.R. Testesen", "St. Olav Testdal", "Ada 2", "O'Neill-Ås Jr."])
def test_names_may_have_points_and_digits(client, name):
    run = factories.make_published_run()
    assert confirm(client, run, name=name, email="kari@example.org").status_code == 302


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("O.Hansen", "O. Hansen"),
        ("J.R.R. Testesen", "J.R.R. Testesen"),
        ("\u202eKari\u202c Li\u00ade", "Kari Lie"),
        (
            "\u06a9\u0627\u0645\u06cc\u200c\u0627\u0631",
            "\u06a9\u0627\u0645\u06cc\u200c\u0627\u0631",
        ),
    ],
)
def test_a_name_is_kept_as_it_is_read(client, name, kept):
    confirm(client, factories.make_published_run(), name=name, email="kari@example.org")
    assert Student.objects.get().name == kept


@pytest.mark.parametrize("is_there", [True, False])
def test_check_page_sent_again_much_later_is_shown_once_more(client, is_there):
    """To a run that is full by then, a replay would tell a newcomer's answer from a repeat's."""
    run = factories.make_published_run()
    if is_there:
        confirm(Client(), run, **ANSWERS)
    fields = hidden_fields(check(client, run, **ANSWERS).content.decode(), "enrol")
    assert client.post(url_of(run), fields).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        page = client.post(url_of(run), fields)
        assert page.status_code == 200
        assert hidden_fields(page.content.decode(), "enrol")["name"] == ANSWERS["name"]
        closed(run)
        assert client.post(url_of(run), fields).status_code == 409


@pytest.mark.parametrize("path", ["nn", "en"])
def test_the_student_gets_letters_in_the_language_of_the_page(client, path):
    run = factories.make_published_run()
    url = f"/{path}{url_of(run)}"
    page = client.post(url, {"step": "check", **ANSWERS})
    client.post(url, hidden_fields(page.content.decode(), "enrol"))
    assert Student.objects.get().language == path


def test_receipt_tells_what_is_good_to_know(client):
    run = factories.make_published_run()
    run.practical = "Vi møtes ved skranken.\nTa med sko."
    run.save(update_fields=["practical"])
    page = client.get(confirm(client, run).url).content.decode()
    assert "<dd>Vi møtes ved skranken.<br>Ta med sko.</dd>" in page


def test_receipt_cannot_be_made_up(client):
    run = factories.make_published_run()
    answer = confirm(client, run).url.rstrip("/").rpartition("/")[2]
    other = factories.make_published_run()
    for made_up in ("place", "place:abc", answer.replace("place", "withdrawn")):
        url = reverse("sign_up_receipt", args=[run.course.slug, run.pk, made_up])
        assert client.get(url).status_code == 404
    url = reverse("sign_up_receipt", args=[other.course.slug, other.pk, answer])
    assert client.get(url).status_code == 404


def test_submission_that_was_withdrawn_says_so(client):
    run = factories.make_published_run()
    fields = hidden_fields(check(client, run).content.decode(), "enrol")
    client.post(url_of(run), fields)
    services.withdraw(enrolment=Enrolment.objects.get())
    page = text_of(client.get(client.post(url_of(run), fields).url))
    assert "Du er avmeldt" in page
