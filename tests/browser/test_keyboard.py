"""What somebody meets who uses the keyboard, a screen reader, a finger or paper."""

import io
import re

import pypdf
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from certificates import services as certificates
from courses.models import College, TutorAssignment
from enrolment import services
from tests import factories
from tests.browser.test_tutors import teach
from tests.certificates.test_attendance import make_begun_run
from tests.certificates.test_services import be_there, make_held_run

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("held_on_fixed_days"),
]

# Everything that can be pressed, and is smaller than `least` pixels either way. A link within a
# sentence may be as high as its line (WCAG 2.5.8); an input may have its label's size.
SMALL = """least => [...document.querySelectorAll('a[href], button, select, summary, input, label')]
    .filter(one => {
        const box = one.getBoundingClientRect();
        const isTick = one.matches('input[type=checkbox], input[type=radio]');
        const ticks = '[type=checkbox], [type=radio]';
        const isLabelOfText = one.matches('label') && !one.control?.matches(ticks);
        const isInline = getComputedStyle(one).display === 'inline';
        const isInWords = isInline && one.closest('p, dd, li, td, th, .breadcrumbs');
        const isHidden = one.matches('.skip-link, .skip-to-content-link, [type=hidden]');
        return one.checkVisibility() && box.width && !isHidden && !isLabelOfText && !isInWords
            && !(isTick && one.labels.length) && Math.min(box.width, box.height) < least - 0.5;
    }).map(one => one.getBoundingClientRect().height + ' ' + one.outerHTML.slice(0, 150))"""


def send_and_see_the_errors(page: Page, button: str) -> None:
    """Send twice: each time the summary has the focus, and each of its links leads to a field."""
    for _each in range(2):
        with page.expect_navigation():
            page.get_by_role("button", name=button, exact=True).click()
        summary = page.locator(".error-summary")
        expect(summary).to_be_focused()
        assert page.title().startswith("Feil: ")
        assert summary.get_attribute("role") == "alert"
        assert "#" not in page.url
        links = summary.get_by_role("link")
        assert links.count() > 0
        for link in links.all():
            target = str(link.get_attribute("href")).partition("#")[2]
            link.click()
            expect(page.locator(f"[id='{target}']")).to_be_focused()


def test_errors_at_sign_up_have_the_focus_each_time(page):
    run = factories.make_published_run()
    College.objects.update(legal_basis="consent")
    page.goto(reverse("sign_up", args=[run.course.slug, run.pk]))
    send_and_see_the_errors(page, "Gå videre og se om alt stemmer")
    page.get_by_label("Hva vil du bli kalt?").fill("Ada")
    page.get_by_label("E-post").fill("ada@example.org")
    page.get_by_role("button", name="Gå videre og se om alt stemmer").click()
    assert "#" not in page.url
    send_and_see_the_errors(page, "Meld meg på")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Meld meg på").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du har plass")
    assert "#" not in page.url


@pytest.mark.parametrize(
    ("name", "button"), [("my_link", "Send meg lenken min"), ("verify", "Sjekk"), ("claim", None)]
)
def test_errors_on_public_forms_have_the_focus_each_time(page, transactional_db, name, button):
    factories.make_college()
    page.goto(reverse(name))
    send_and_see_the_errors(page, button or "Gå videre og se om alt stemmer")


def test_errors_of_staffs_sign_in_have_the_focus_each_time(page, sign_in, transactional_db):
    factories.make_college()
    page.goto(reverse("sign_in"))
    send_and_see_the_errors(page, "Logg inn")
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("password"))
    send_and_see_the_errors(page, "Endre passord")


def test_errors_on_tutors_pages_have_the_focus_each_time(page, sign_in, transactional_db):
    run = make_begun_run(people=1, sessions=2)
    sign_in(page, teach(run).user)
    page.goto(reverse("tutor_register", args=[run.pk]))
    page.get_by_label("Navn", exact=True).fill("Kari 01010750160")
    page.get_by_label("Hvor mange var her?").fill("-1")
    send_and_see_the_errors(page, "Lagre")
    page.goto(reverse("tutor_names", args=[run.pk]))
    send_and_see_the_errors(page, "Se over navnene")
    held = make_held_run()
    be_there(held)
    TutorAssignment.objects.create(run=held, tutor=run.tutors.get(user__isnull=False), role="peer")
    (certificate,) = certificates.issue(run=held, by=None)
    page.goto(reverse("tutor_certificate_correct", args=[held.pk, certificate.pk]))
    page.locator("#id_name").fill("")
    send_and_see_the_errors(page, "Lag et nytt kursbevis")


def test_errors_in_the_admin_have_the_focus_each_time(page, sign_in, transactional_db):
    run = factories.make_published_run(sessions=2)
    student = factories.enrol(run).student
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:phone_sign_up", args=[run.pk]))
    send_and_see_the_errors(page, "Meld på")
    page.goto(reverse("admin:run_programme", args=[run.pk]))
    page.locator("#id_sessions-1-finishes").fill("")
    send_and_see_the_errors(page, "Lagre")
    page.goto(reverse("admin:courses_courserun_change", args=[run.pk]))
    page.locator("#id_capacity").fill("")
    page.locator("#id_contact_phone").evaluate("one => { one.value = 'ring meg 12' }")
    send_and_see_the_errors(page, "Lagre")
    assert page.locator(".errornote").is_hidden()
    page.goto(reverse("admin:courses_venue_add"))
    send_and_see_the_errors(page, "Lagre")
    page.goto(reverse("admin:enrolment_student_change", args=[student.pk]))
    page.locator("#id_name").fill("")
    send_and_see_the_errors(page, "Lagre")


def test_every_button_of_the_call_list_says_whom_it_is_about(page, sign_in, transactional_db):
    for name in ("Ada Moen", "Bo Ek"):
        run = factories.make_published_run(capacity=1, in_days=0.5)
        factories.enrol(
            run, person=factories.make_person(name=f"{name} 1", email="", phone="+4799999991")
        )
        factories.enrol(
            run, person=factories.make_person(name=f"{name} 2", email="", phone="+4799999992")
        )
        services.set_capacity(run=run, capacity=2)
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:call_list"))
    names = page.locator("main").evaluate(
        "main => [...main.querySelectorAll('button, summary')].map(one => one.innerText.trim())"
    )
    assert len(names) > 12
    assert sorted(set(names)) == sorted(names)
    button = page.get_by_role("button", name=re.compile("^Snakket med ?: Bo Ek 1"))
    assert button.count() == 1


def test_parts_of_a_run_are_groups_with_names_a_few_steps_away(page, sign_in, transactional_db):
    run = factories.make_published_run(sessions=2, capacity=30)
    for _each in range(20):
        factories.enrol(run)
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:courses_courserun_change", args=[run.pk]))
    tutor = run.assignments.first()
    group = page.get_by_role("group", name=str(tutor))
    assert group.get_by_label("Rolle").count() == 1
    assert group.get_by_role("checkbox", name=re.compile("^Slett ?: .+")).count() == 1
    page.goto(reverse("admin:run_programme", args=[run.pk]))
    first = page.get_by_role("group", name=f"Samling: {run.sessions.first()}", exact=True)
    assert first.get_by_label("Fra").count() == 1
    assert first.get_by_role("checkbox", name="Avlyst").count() == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips to the content
    steps = 0
    while page.evaluate("document.activeElement.id") != "id_sessions-0-begins":
        page.keyboard.press("Tab")
        steps += 1
        assert steps < 12


def test_new_row_of_a_run_has_a_name_of_its_own(page, sign_in, transactional_db):
    run = factories.make_published_run(sessions=1)
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:run_programme", args=[run.pk]))
    groups = page.locator("#sessions-group fieldset.inline-related:not(.empty-form) > legend")
    before = groups.count()
    page.locator("#sessions-group .add-row a").click()
    assert groups.count() == before + 1
    names = [each.inner_text() for each in groups.all()]
    assert len(set(names)) == len(names)


def test_messages_of_the_admin_are_a_status(page, sign_in, transactional_db):
    run = factories.make_published_run(capacity=5)
    sign_in(page, factories.make_coordinator())
    page.goto(reverse("admin:courses_courserun_change", args=[run.pk]))
    page.get_by_role("button", name="Lagre", exact=True).click()
    expect(page.get_by_role("status")).not_to_be_empty()


@pytest.mark.parametrize(
    "name", ["call_list", "courses_courserun_change", "run_people", "run_programme"]
)
def test_paper_has_no_buttons_and_no_empty_page(page, sign_in, transactional_db, name):
    run = factories.make_published_run(sessions=3, capacity=30)
    for number in range(20):
        person = factories.make_person(email="", phone=f"+47999990{number:02}")
        factories.enrol(run, person=person)
    sign_in(page, factories.make_coordinator())
    page.goto(reverse(f"admin:{name}", args=[run.pk] if "run" in name else []))
    page.emulate_media(media="print")
    pressed = page.locator("main").locator("button, input[type=submit], a.do")
    assert [each.inner_text() for each in pressed.all() if each.is_visible()] == []
    pages = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    assert [number for number, each in enumerate(pages) if not each.extract_text().strip()] == []


def test_name_in_the_register_stands_with_its_own_buttons(page, sign_in, transactional_db):
    run = make_begun_run(people=3)
    sign_in(page, teach(run).user)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(reverse("tutor_register", args=[run.pk]))
        for row in page.locator(".mark-row").all():
            name, buttons = row.locator("legend"), row.locator(".mark-choices")
            top, of_name, of_buttons = (each.bounding_box() for each in (row, name, buttons))
            to_line = of_name["y"] - top["y"]
            to_buttons = of_buttons["y"] - (of_name["y"] + of_name["height"])
            assert to_buttons < to_line


def test_tick_is_not_read_with_the_mark(page, sign_in, transactional_db):
    run = make_begun_run(people=1)
    sign_in(page, teach(run).user)
    page.goto(reverse("tutor_register", args=[run.pk]))
    page.get_by_role("radio", name="Til stede", exact=True).check()
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    names = [each["name"]["value"] for each in tree if each["role"]["value"] == "radio"]
    assert names == ["Til stede", "Ikke til stede", "Ikke ført"]


def test_tutor_ticks_before_the_button_that_prints_what_is_ticked(page, sign_in, transactional_db):
    run = make_held_run()
    be_there(run, name="Ada Moen")
    be_there(run, name="Bo Ek")
    certificates.issue(run=run, by=None)
    sign_in(page, teach(run).user)
    page.goto(reverse("tutor_certificates", args=[run.pk]))
    page.get_by_label("Bo Ek").focus()
    order = page.evaluate(
        """() => [...document.querySelectorAll('[name=nr], [value=valgte]')].map(one => one.name)"""
    )
    assert order == ["nr", "nr", "hvilke"]


def test_students_targets_are_as_large_as_a_finger(page, transactional_db):
    run = factories.make_published_run(capacity=5)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(reverse("sign_up", args=[run.course.slug, run.pk]))
    assert page.evaluate(SMALL, 44) == []
    page.get_by_label("Hva vil du bli kalt?").fill("Ada")
    page.get_by_label("E-post").fill("ada@gmial.com")
    page.get_by_role("button", name="Gå videre og se om alt stemmer").click()
    expect(page.get_by_text("Mente du ada@gmail.com?")).to_be_visible()
    assert page.evaluate(SMALL, 44) == []
    page.goto(reverse("my_page"))
    assert page.evaluate(SMALL, 44) == []


def test_targets_of_the_admin_are_large_enough(page, sign_in, transactional_db):
    run = factories.make_published_run(sessions=2)
    factories.enrol(run)
    sign_in(page, factories.make_coordinator())
    for address in (
        reverse("admin:index"),
        reverse("admin:call_list"),
        reverse("admin:courses_courserun_change", args=[run.pk]),
        reverse("admin:run_people", args=[run.pk]),
        reverse("admin:run_programme", args=[run.pk]),
        reverse("admin:phone_sign_up", args=[run.pk]),
        f"{reverse('admin:courses_courserun_changelist')}?o=1",
        reverse("admin:courses_course_change", args=[run.course_id]),
    ):
        page.goto(address)
        small = page.evaluate(SMALL, 24)
        assert small == [], "\n".join([address, *small])
