"""Writing to people on a run, as a coordinator meets it."""

import html

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import CourseRun
from enrolment import services
from enrolment.models import Enrolment, Letter, Message
from tests import factories
from tests.test_people_fields import VALID

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return factories.make_coordinator()


@pytest.fixture
def staff(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def run() -> CourseRun:
    return factories.make_published_run(capacity=2)


@pytest.fixture
def people(run) -> list[Enrolment]:
    """By e-mail and by phone with a place, and one who waits and reads English."""
    return [
        factories.enrol(run, person=factories.make_person(name="Kari Nordmann")),
        factories.enrol(
            run, person=factories.make_person(email="", phone="+4790123456", channel="phone")
        ),
        factories.enrol(run, person=factories.make_person(name="Joan Smith", language="en")),
    ]


def address(run: CourseRun) -> str:
    return reverse("admin:message_to_run", args=[run.pk])


def words(response: HttpResponse) -> str:
    return html.unescape(response.content.decode())


def answers(page: HttpResponse, **changes: str) -> dict[str, str]:
    """What the browser sends from this page, with what somebody changed in it."""
    fields = {each.html_name: str(each.value() or "") for each in page.context["form"]}
    return fields | {"text": "Ta med innesko."} | changes


def written(staff: Client, run: CourseRun, **changes: str) -> HttpResponse:
    url = address(run)
    return staff.post(url, answers(staff.get(url), **changes), follow=True)


def test_from_the_run_to_what_they_read_to_sent(staff, coordinator, run, people) -> None:
    run_page = reverse("admin:run_messages", args=[run.pk])
    assert address(run) in words(staff.get(run_page))
    form = words(staff.get(address(run)))
    assert "De som har plass: 2 personer (1 på e-post, 1 på telefon)" in form
    assert "De som står på ventelista: 1 person (1 på e-post)" in form
    assert "Alle, både med plass og på ventelista: 3 personer" in form

    page = written(staff, run, audience="both")

    assert "Ingenting er sendt ennå" in words(page)
    assert "2 personer får e-post." in words(page)
    assert "1 person må ringes" in words(page)
    assert [each.heading for each in page.context["previews"]] == [
        "Slik leser Kari Nordmann det (bokmål)",
        "Slik leser Joan Smith det (engelsk)",
    ]
    for read in ("Hei, Kari Nordmann!", "Hello Joan Smith,", "Beskjed fra Skolen"):
        assert read in words(page)
    assert '<p lang="nb">Ta med innesko.</p>' in words(page)
    assert "min-side/" not in words(page)
    assert not Letter.objects.filter(kind="message").exists()

    message = Message.objects.get()
    page = staff.post(
        reverse("admin:message", args=[message.pk]), {"seen": page.context["seen"]}, follow=True
    )

    message.refresh_from_db()
    assert (message.sent_to, message.written_by) == (3, coordinator)
    assert "Meldingen er sendt." in words(page)
    assert "1 person må ringes" in words(page)
    assert "til 3 personer" in words(page)
    shown = words(staff.get(reverse("admin:message", args=[message.pk])))
    assert "Ta med innesko." in shown
    assert "til 3 personer." in shown


def test_preview_says_what_is_sent(staff, run, people) -> None:
    written(staff, run, audience="place", text="Først:\n– en\nKart: https://example.org/a")
    message = Message.objects.get()
    preview = staff.get(reverse("admin:message", args=[message.pk])).context["previews"][0]
    services.send_message(message=message, by=None)
    letter = factories.written(message.letters.get(enrolment=people[0]))
    assert "\n".join(line for block in preview.blocks for line in block.lines) == "\n".join(
        line
        for piece in letter.text.split("\n\n")
        for line in piece.split("\n")
        if "[[page]]" not in line
    )


def test_draft_is_kept_found_and_deleted(staff, run, people) -> None:
    page = written(staff, run, _keep="1")
    assert "Utkastet er lagret." in words(page)
    assert "Ta med innesko." in words(page)
    message = Message.objects.get()
    change = staff.get(reverse("admin:message_change", args=[message.pk]))
    assert change.context["form"]["text"].value() == "Ta med innesko."
    url = reverse("admin:message_delete", args=[message.pk])
    staff.get(url)
    assert Message.objects.exists()
    assert "Utkastet er slettet." in words(staff.post(url, follow=True))
    assert not Message.objects.exists()


def test_going_back_and_pressing_once_more_is_one_draft(staff, run, people) -> None:
    sent = answers(staff.get(address(run)))
    staff.post(address(run), sent)
    staff.post(address(run), sent)
    staff.post(address(run), sent | {"text": "Noe annet"})
    assert Message.objects.get().text == "Noe annet"


def test_colleagues_words_are_shown_before_they_are_overwritten(staff, run, people) -> None:
    colleague = factories.make_coordinator()
    message = factories.make_message(run, by=colleague)
    url = reverse("admin:message_change", args=[message.pk])
    opened = answers(staff.get(url), text="Fra meg")
    factories.make_message(run, submission=message.submission, text="Fra kollegaen", by=colleague)

    page = staff.post(url, opened)

    assert "en kollega har endret denne meldingen" in words(page)
    assert "Fra kollegaen" in words(page)
    assert page.context["form"]["text"].value() == "Fra meg"
    message.refresh_from_db()
    assert message.text == "Fra kollegaen"
    staff.post(url, answers(page, text="Fra meg"))
    message.refresh_from_db()
    assert message.text == "Fra meg"


def test_draft_that_a_colleague_changed_is_shown_again_before_it_is_sent(
    staff, run, people
) -> None:
    page = written(staff, run)
    message = Message.objects.get()
    factories.make_message(run, submission=message.submission, text="Ny", seen=message.changed_at)
    url = reverse("admin:message", args=[message.pk])
    page = staff.post(url, {"seen": page.context["seen"]}, follow=True)
    assert "Ikke sendt: en kollega har endret meldingen." in words(page)
    assert not message.letters.exists()


def test_what_is_typed_into_a_sent_message_becomes_a_new_one(staff, run, people) -> None:
    first = factories.make_message(run)
    url = reverse("admin:message_change", args=[first.pk])
    opened = answers(staff.get(url), text="Mer å si")
    services.send_message(message=first, by=None)

    page = staff.post(url, opened)

    assert "Denne meldingen er sendt allerede." in words(page)
    staff.post(url, answers(page, text="Mer å si"))
    assert set(Message.objects.values_list("text", flat=True)) == {"Ta med innesko.", "Mer å si"}
    assert staff.get(url).url == reverse("admin:message", args=[first.pk])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"Nummeret er {VALID}", "ser ut som et fødselsnummer"),
        (" \n", "Skriv det du vil si."),
        ("a" * 3001, "3000"),
    ],
)
def test_text_that_cannot_be_kept_is_told_at_the_field(staff, run, people, text, said) -> None:
    page = written(staff, run, text=text)
    assert said in " ".join(page.context["form"].errors["text"])
    assert not Message.objects.exists()


def test_line_breaks_of_a_browser_count_once(staff, run, people) -> None:
    written(staff, run, text="a\r\n" * 1499 + "aa")
    assert len(Message.objects.get().text) == 3000


def test_one_person_is_written_to_from_their_line(staff, run, people) -> None:
    url = reverse("admin:message_to_one", args=[people[1].pk])
    assert url in words(staff.get(reverse("admin:run_people", args=[run.pk])))
    page = staff.get(url)
    assert "1 person må ringes" in words(page)
    staff.post(url, answers(page))
    message = Message.objects.get()
    assert (message.audience, list(message.people())) == ("one", [people[1]])
    page = staff.get(reverse("admin:message", args=[message.pk]))
    assert f"Til: {people[1].student.name}." in words(page)
    assert "Send til 1 person" in words(page)


def test_nobody_on_the_waiting_list_is_no_choice(staff) -> None:
    run = factories.make_published_run()
    factories.enrol(run)
    page = staff.get(address(run))
    assert [value for value, _label in page.context["form"].fields["audience"].choices] == ["place"]


def test_nobody_to_write_to_is_said_at_once(staff, run) -> None:
    page = staff.get(address(run), follow=True)
    assert "Det er ingen å skrive til nå." in words(page)
    assert f'href="{address(run)}"' not in words(page)


def test_cancelled_run_is_written_to_no_more(staff, run, people) -> None:
    message = factories.make_message(run)
    services.cancel_run(run=run, by=None)
    assert "Kurset er avlyst." in words(staff.get(address(run), follow=True))
    url = reverse("admin:message", args=[message.pk])
    page = staff.get(url)
    assert "Kurset er avlyst." in words(page)
    assert page.context["button"] == ""
    assert "Kurset er avlyst." in words(staff.post(url, follow=True))
    assert not message.letters.exists()


def test_text_that_is_deleted_leaves_when_and_to_how_many(staff, run, people) -> None:
    message = services.send_message(message=factories.make_message(run), by=None)
    Message.objects.update(text="")
    for url in (
        reverse("admin:message", args=[message.pk]),
        reverse("admin:run_messages", args=[run.pk]),
    ):
        page = words(staff.get(url))
        assert "Teksten er slettet" in page
        assert "til 3 personer" in page


def test_receipt_is_no_message(staff, run, people) -> None:
    services.send_message(message=factories.make_message(run), by=None)
    page = words(staff.get(reverse("admin:receipt", args=[people[0].pk])))
    assert "Du har plass på" in page
    assert "Ta med innesko." not in page


def test_form_is_kept_over_signing_in_again(staff, coordinator, run, people) -> None:
    page = staff.get(address(run))
    sent = answers(page)
    token = page.content.decode().partition('name="signed_user" value="')[2].partition('"')[0]
    browser = Client()
    response = browser.post(address(run), sent | {"signed_user": token})
    assert "/admin/login/" in response.url
    browser.force_login(coordinator)
    page = browser.get(address(run))
    assert page.context["form"]["text"].value() == "Ta med innesko."
    assert not Message.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_preview_do_not_grow(staff, django_assert_num_queries, count) -> None:
    run = factories.make_published_run(capacity=10, sessions=count)
    for _each in range(count):
        factories.enrol(run)
    message = factories.make_message(run)
    url = reverse("admin:message", args=[message.pk])
    staff.get(url)
    with django_assert_num_queries(16):
        staff.get(url)


def test_call_list_reads_the_words_aloud(staff, run, people) -> None:
    Letter.objects.update(sent_at=timezone.now())
    services.send_message(
        message=factories.make_message(run, text="Only <this>", language="en"), by=None
    )
    page = staff.get(reverse("admin:call_list")).content.decode()
    assert '<p lang="en">Only &lt;this&gt;</p>' in page
