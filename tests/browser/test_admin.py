"""The coordinator's pages in a real browser."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from playwright.sync_api import expect

from courses.models import Partner, Topic
from enrolment import services
from enrolment.models import Adjustment, Letter
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def semester(transactional_db):
    """A run with two places taken and one waiting, a draft that lacks much, and calls to make."""
    run = factories.make_published_run(capacity=2, sessions=2, in_days=3)
    person = factories.make_person(name="Ada Moen", email="", phone="+4799999999")
    first = factories.enrol(run, person=person, adjustment="En stol med armlener")
    factories.enrol(run)
    waiting = factories.enrol(run)
    failed = Letter.objects.filter(enrolment=waiting).get()
    failed.failed_at, failed.last_error = timezone.now(), "Adressen finnes ikke"
    failed.save()
    soon = factories.make_published_run(capacity=1, in_days=0.5)
    factories.enrol(soon)
    factories.enrol(soon)
    services.set_capacity(run=soon, capacity=2)
    sent = factories.make_message(run, text="Ta med innesko.\n\nhttps://example.org/kart")
    services.send_message(message=sent, by=None)
    services.record_absence(
        run=run,
        assignment=run.assignments.first(),
        sessions=[run.sessions.last()],
        announcement=services.Announcement.SILENT,
        by=None,
    )
    empty = factories.make_published_run()
    draft = factories.make_run(with_pair=False, sessions=0)
    Partner.objects.create(name="Kommunen")
    topic = Topic.objects.create(name="Selvtillit", slug="selvtillit")
    return {
        "run": run,
        "empty": empty,
        "draft": draft,
        "topic": topic,
        "enrolment": first,
        "letter": failed,
        "adjustment": Adjustment.objects.get(),
        "sent": sent,
        "message": factories.make_message(run, text="Come early.", language="en"),
    }


def pages(rows) -> dict[str, str]:
    run, draft = rows["run"], rows["draft"]
    lists = {
        f"list-{app}-{model}": reverse(f"admin:{app}_{model}_changelist")
        for app, model in [
            ("courses", "semester"),
            ("courses", "course"),
            ("courses", "courserun"),
            ("courses", "tutor"),
            ("courses", "venue"),
            ("courses", "partner"),
            ("courses", "topic"),
            ("courses", "schoolholiday"),
            ("enrolment", "student"),
            ("enrolment", "enrolment"),
            ("enrolment", "adjustment"),
            ("enrolment", "letter"),
            ("enrolment", "event"),
            ("certificates", "certificate"),
        ]
    }
    adds = {
        f"add-{model}": reverse(f"admin:courses_{model}_add")
        for model in ("semester", "course", "courserun", "tutor", "venue", "partner", "topic")
    }
    return {
        "index": reverse("admin:index"),
        **lists,
        **adds,
        "college": reverse("admin:courses_college_change", args=[1]),
        "run": reverse("admin:courses_courserun_change", args=[run.pk]),
        "draft": reverse("admin:courses_courserun_change", args=[draft.pk]),
        "draft-people": reverse("admin:run_people", args=[draft.pk]),
        "draft-programme": reverse("admin:run_programme", args=[draft.pk]),
        "run-delete": reverse("admin:courses_courserun_delete", args=[draft.pk]),
        "run-history": reverse("admin:courses_courserun_history", args=[run.pk]),
        "run-cancel": reverse("admin:run_cancel", args=[run.pk]),
        "run-to-draft": reverse("admin:run_to_draft", args=[rows["empty"].pk]),
        "run-copy": reverse("admin:run_copy", args=[run.pk]),
        "run-log": reverse("admin:run_history", args=[run.pk]),
        "run-move": reverse("admin:run_move", args=[run.pk]),
        "run-substitute": reverse("admin:run_substitute", args=[run.pk]),
        "run-hand-over": reverse("admin:run_hand_over", args=[run.pk]),
        "run-pattern": reverse("admin:run_pattern", args=[draft.pk]),
        "copy-semester": reverse("admin:copy_semester"),
        "message-new": reverse("admin:message_to_run", args=[run.pk]),
        "message-to-one": reverse("admin:message_to_one", args=[rows["enrolment"].pk]),
        "message": reverse("admin:message", args=[rows["message"].pk]),
        "message-change": reverse("admin:message_change", args=[rows["message"].pk]),
        "message-delete": reverse("admin:message_delete", args=[rows["message"].pk]),
        "message-sent": reverse("admin:message", args=[rows["sent"].pk]),
        "course": reverse("admin:courses_course_change", args=[run.course_id]),
        "caller": reverse("admin:phone_sign_up", args=[run.pk]),
        "receipt": reverse("admin:receipt", args=[rows["enrolment"].pk]),
        "withdrawal": reverse("admin:withdrawal", args=[rows["enrolment"].pk]),
        "calls": reverse("admin:call_list"),
        "search": reverse("admin:search"),
        "paper": reverse("admin:letter_paper", args=[rows["letter"].pk]),
        "student": reverse("admin:enrolment_student_change", args=[rows["enrolment"].student_id]),
        "enrolment": reverse("admin:enrolment_enrolment_change", args=[rows["enrolment"].pk]),
        "letter": reverse("admin:enrolment_letter_change", args=[rows["letter"].pk]),
        "adjustment": reverse("admin:enrolment_adjustment_change", args=[rows["adjustment"].pk]),
    }


@pytest.mark.parametrize("part", range(4))
def test_every_page_of_the_admin_passes(part: int, page, sign_in, check_page, semester) -> None:
    sign_in(page, factories.make_coordinator())
    for name, address in list(pages(semester).items())[part::4]:
        check_page(page, address, f"admin-{name}")


@pytest.mark.parametrize("width", [1280, 320])
def test_list_of_runs_fits_the_screen(width: int, page, sign_in, semester) -> None:
    sign_in(page, factories.make_coordinator())
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(reverse("admin:courses_courserun_changelist"))
    assert page.locator(".results").evaluate("box => box.scrollWidth - box.clientWidth") == 0
    assert page.locator(".field-first_day").first.is_visible()


def test_the_staff_sign_in_passes(page, check_page, transactional_db) -> None:
    factories.make_college()
    check_page(page, reverse("sign_in"), "sign-in")
    page.get_by_role("button", name="Logg inn").click()
    check_page(page, None, "sign-in-refused")


@pytest.mark.parametrize("make", [factories.make_coordinator, factories.make_user])
def test_the_page_for_an_own_password_passes(
    make, page, sign_in, check_page, transactional_db
) -> None:
    factories.make_college()
    sign_in(page, make())
    check_page(page, reverse("password"), "password")
    page.get_by_role("button", name="Endre passord").click()
    check_page(page, None, "password-refused")


def test_refusals_and_questions_pass(page, sign_in, check_page, semester) -> None:
    run = semester["run"]
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:phone_sign_up", args=[run.pk]))
    page.locator(".submit-row button").click()
    check_page(page, None, "admin-caller-refused")
    known = factories.make_person(name="Bo Ek", email="bo@example.org", phone="+4799990002")
    factories.enrol(run, person=known)
    page.locator("input[name=name]").fill("Bo Ek")
    page.locator("input[name=phone]").fill("99990002")
    page.locator(".submit-row button").click()
    page.get_by_label("Det er en annen").wait_for()
    check_page(page, None, "admin-caller-who")
    page.goto(reverse("admin:courses_courserun_change", args=[run.pk]))
    page.locator("input[name=capacity]").fill("1")
    page.locator("input[name=_continue]").click()
    check_page(page, None, "admin-run-refused")
    page.goto(reverse("admin:run_programme", args=[run.pk]))
    page.locator("input[name=sessions-0-begins]").fill("22:10")
    page.locator("input[name=sessions-0-finishes]").fill("00:20")
    page.locator("input[name=_continue]").click()
    check_page(page, None, "admin-run-ask")


@pytest.mark.parametrize("language", ["nn", "en"])
def test_the_admin_speaks_other_languages(
    language: str, page, sign_in, check_page: Callable[..., None], semester
) -> None:
    sign_in(page, factories.make_coordinator())
    with translation.override(language):
        check_page(page, reverse("admin:index"), f"admin-index-{language}")


@pytest.fixture
def calls(transactional_db):
    """Four people to tell on the call list: two by phone, one on paper, one by e-mail in vain."""
    run = factories.make_published_run(capacity=12, sessions=2)
    people = [
        {"name": "Ada Moen", "email": "", "phone": "+4799999001"},
        {"name": "Bo Lie", "email": "", "phone": "+4799999002"},
        {
            "name": "Cai Dahl",
            "email": "",
            "channel": "paper",
            "postal_address": "Storgata 1\nSandnes",
        },
        {"name": "Dag Ås", "email": "dag@example.org"},
    ]
    for each in people:
        factories.enrol(run, person=factories.make_person(**each))
    Letter.objects.filter(channel="email").update(failed_at=timezone.now(), attempts=5)


@pytest.mark.parametrize("has_scripts", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_click_on_the_call_list_goes_on_with_the_next_person(
    has_scripts: bool, width: int, new_page, sign_in, calls
) -> None:
    page = new_page(java_script_enabled=has_scripts, viewport={"width": width, "height": 500})
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:call_list"))
    expect(page.locator("h1")).to_have_text("Ringeliste: 4 personer")
    page.get_by_role("button", name=re.compile("^Snakket med ?: Ada Moen$")).click()
    heading = page.locator("h3", has_text="Bo Lie")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    expect(page.get_by_role("status")).to_have_text("Notert: Ada Moen. Angre")
    expect(page.get_by_role("status")).to_be_in_viewport()
    for _each in ("undo", "the name", "the number"):
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="99 99 90 02")).to_be_focused()
    expect(page.locator("h1")).to_have_text("Ringeliste: 3 personer")


def test_letters_are_printed_in_a_tab_of_their_own_and_marked(page, sign_in, calls) -> None:
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:call_list"))
    printed = reverse("admin:letters_on_paper")
    with page.context.expect_event(
        "response", lambda response: response.url.endswith(printed)
    ) as answered:
        page.get_by_role("button", name="Skriv ut alle (PDF)").click()
    assert answered.value.headers["content-type"] == "application/pdf"
    page.get_by_role("button", name="Marker alle som postlagt").click()
    expect(page.get_by_role("status")).to_have_text("1 brev er merket som postlagt. Angre")
    expect(page.locator("h3", has_text="Cai Dahl")).to_have_count(0)


def test_the_call_list_passes_after_a_click_and_with_the_button_for_all(
    page, sign_in, check_page, calls
) -> None:
    sign_in(page, factories.make_coordinator())
    check_page(page, reverse("admin:call_list"), "admin-calls-many")
    page.get_by_role("button", name=re.compile("^Ikke fått tak i ?: Bo Lie$")).click()
    check_page(page, None, "admin-calls-after")
    factories.enrol(factories.make_published_run())
    Letter.objects.filter(failed_at=None, channel="email").update(
        owed_since=timezone.now() - timedelta(hours=2), last_error="SMTPAuthenticationError 535"
    )
    factories.make_worker()
    check_page(page, reverse("admin:index"), "admin-index-waiting")
    page.get_by_role("button", name="Send alle på nytt").click()
    expect(page.get_by_role("status")).to_have_text("1 brev blir sendt på nytt nå.")
