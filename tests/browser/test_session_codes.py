"""A session code, a list of names and the print form in a real browser."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from certificates import services
from certificates.models import Certificate, SessionCode
from courses.models import CourseRun, TutorAssignment
from tests import factories
from tests.certificates.test_names import issue, make_class

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("held_on_fixed_days"),
]

PHONE = {"width": 360, "height": 740}
WIDEST_CODE = "WMWMWW"  # a code is made at random: what holds it must hold this one


@pytest.fixture
def lecture(transactional_db) -> CourseRun:
    """An open lecture that began half an hour ago, with 70 in the room."""
    course = factories.make_course(title="Kveld om skam", discreet_title="Kveldsforedrag")
    run = factories.make_published_run(entry="drop_in", course=course)
    starts_at = timezone.now() - timedelta(minutes=30)
    run.sessions.update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), headcount=70)
    return CourseRun.objects.get(pk=run.pk)


def code_of(run: CourseRun) -> str:
    return services.make_code(run=run, session=run.sessions.get(), by=None).code


def teach(run: CourseRun):
    tutor = factories.make_tutor_with_sign_in()
    TutorAssignment.objects.create(run=run, tutor=tutor, role="peer")
    return tutor.user


@pytest.mark.parametrize("javascript", [True, False])
def test_visitor_has_a_certificate_before_leaving(new_page, lecture, javascript):
    page = new_page(viewport=PHONE, java_script_enabled=javascript)
    page.goto(f"/bevis/?kode={code_of(lecture)}")
    page.get_by_label("Navnet ditt").fill("Åse Vik")
    page.get_by_role("button", name="Gå videre").click()
    page.get_by_role("button", name="Endre navnet").click()
    page.get_by_label("Navnet ditt").fill("Åse Viken")
    page.get_by_role("button", name="Gå videre").click()
    page.get_by_role("button", name="Ja, lag kursbeviset mitt").dblclick()
    page.wait_for_url("**/bevis/*/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kursbeviset ditt er klart")
    assert Certificate.objects.get().name == "Åse Viken"
    page.reload()
    assert Certificate.objects.count() == 1


def test_visitors_pages_pass(page, check_page, lecture, settings):
    code = code_of(lecture)
    check_page(page, f"{reverse('claim')}?kode={code}", "claim")
    page.get_by_role("button", name="Gå videre").click()
    check_page(page, None, "claim-refused")
    page.get_by_label("Koden").fill("ZZZZZ2")
    page.get_by_label("Navnet ditt").fill("Åse Vik")
    page.get_by_role("button", name="Gå videre").click()
    check_page(page, None, "claim-unknown")
    page.get_by_label("Koden").fill(code)
    page.get_by_role("button", name="Gå videre").click()
    check_page(page, None, "claim-check")
    page.get_by_role("button", name="Ja, lag kursbeviset mitt").click()
    check_page(page, None, "claimed")
    lecture.sessions.update(headcount=None)
    page.goto(f"{reverse('claim')}?kode={code}")
    page.get_by_label("Navnet ditt").fill("Bo Ek")
    page.get_by_role("button", name="Gå videre").click()
    check_page(page, None, "claim-not-counted")
    assert page.title().startswith("Feil: ")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert page.get_by_label("Navnet ditt").input_value() == "Bo Ek"
    settings.WRONG_CODES_PER_HOUR = 1
    page.get_by_role("button", name="Gå videre").click()
    check_page(page, None, "claim-later")


def test_code_page_passes_before_and_after_the_code_is_made(page, sign_in, check_page, lecture):
    lecture.sessions.update(headcount=None)
    sign_in(page, teach(lecture))
    check_page(page, reverse("tutor_session_code", args=[lecture.pk]), "session-code-without-code")
    page.get_by_role("button", name="Lag en kode").click()
    page.get_by_label("Hvor mange er her?").wait_for()
    SessionCode.objects.update(code=WIDEST_CODE)
    check_page(page, reverse("tutor_session_code", args=[lecture.pk]), "session-code-with-code")
    page.get_by_label("Hvor mange er her?").fill("-5")
    page.get_by_role("button", name="Lagre").click()
    check_page(page, None, "session-code-refused")
    page.get_by_label("Hvor mange er her?").fill("70")
    page.get_by_role("button", name="Lagre").click()
    check_page(page, None, "session-code-counted")
    page.get_by_role("link", name="Vis koden på en skjerm").click()
    check_page(page, None, "session-code-poster")
    ends_at = timezone.now() - timedelta(hours=3)
    lecture.sessions.update(starts_at=ends_at - timedelta(hours=2), ends_at=ends_at)
    check_page(page, reverse("tutor_session_code", args=[lecture.pk]), "session-code-over")


def test_poster_fills_a_projector(page, sign_in, lecture):
    session = lecture.sessions.get()
    code = SessionCode.objects.create(session=session, code=WIDEST_CODE)
    sign_in(page, teach(lecture))
    page.goto(reverse("tutor_session_code_poster", args=[lecture.pk, session.pk]))
    for width, height in [(1920, 1080), (1280, 720), (1024, 768)]:
        page.set_viewport_size({"width": width, "height": height})
        signs = page.get_by_text(code.printed_code).bounding_box()
        picture = page.get_by_role("img", name="QR-kode").bounding_box()
        # What is a tenth as high as the picture can be read from the back of the room.
        assert signs["height"] >= height / 10
        assert picture["width"] >= height / 3
        assert signs["x"] + signs["width"] <= picture["x"]
        for box in (signs, picture):
            assert box["y"] + box["height"] <= height


PASTED = """Navn
1. Kari Prøve
• Ola Tenkt
"Oppdiktet, Eva A."
KÃ¥re PrÃ¸ve kare@example.org
Hansen, Kari
Mohd.Ali
Kari Prøve, Ida Ås og Nguyễn Thị Prøve
SIOBHÁN O’BRIEN-PRØVE-TESTESEN-VAN-DER-OPPDIKTET
"""


@pytest.mark.parametrize("javascript", [True, False])
def test_pasted_list_is_shown_before_it_is_issued_on_a_phone(
    new_page, sign_in, transactional_db, javascript
):
    run = make_class()
    page = new_page(viewport={"width": 320, "height": 640}, java_script_enabled=javascript)
    sign_in(page, teach(run))
    page.goto(reverse("tutor_names", args=[run.pk]))
    page.get_by_label("Navn, ett på hver linje").fill(PASTED)
    page.get_by_role("button", name="Se over navnene").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stemmer navnene?")
    assert not Certificate.objects.exists()
    page.get_by_role("button", name="Endre").click()
    kept = page.get_by_label("Navn, ett på hver linje").input_value()
    assert kept == PASTED
    page.get_by_label("Navn, ett på hver linje").fill(kept + "Kari Prøve\n")
    page.get_by_role("button", name="Se over navnene").click()
    page.get_by_role("button", name="Navnene stemmer, lag kursbevisene").dblclick()
    page.wait_for_url("**/kursbevis/")
    assert sorted(Certificate.objects.values_list("name", flat=True)) == [
        "Eva A. Oppdiktet",
        "Ida Ås",
        "Kari Hansen",
        "Kari Prøve",
        "Kåre Prøve",
        "Mohd. Ali",
        "Nguyễn Thị Prøve",
        "Ola Tenkt",
        "SIOBHÁN O’BRIEN-PRØVE-TESTESEN-VAN-DER-OPPDIKTET",
    ]


def test_lists_of_names_pass(page, sign_in, check_page, transactional_db):
    run = make_class(sessions=2)
    run.sessions.update(headcount=9)
    sign_in(page, teach(run))
    check_page(page, reverse("tutor_names", args=[run.pk]), "names")
    page.get_by_label("Navn, ett på hver linje").fill("Kari Lie\nPr\ufffdve")
    page.get_by_role("button", name="Se over navnene").click()
    check_page(page, None, "names-refused")
    page.get_by_label("Navn, ett på hver linje").fill(PASTED)
    page.get_by_role("button", name="Se over navnene").click()
    check_page(page, None, "names-check")
    page.get_by_label("Kari Prøve, linje 2 og 8").check()
    page.get_by_role("button", name="Navnene stemmer, lag kursbevisene").click()
    check_page(page, None, "names-too-many")
    run.sessions.update(headcount=10)
    page.get_by_role("button", name="Se over navnene").click()
    page.get_by_label("Kari Prøve, linje 2 og 8").check()
    page.get_by_role("button", name="Navnene stemmer, lag kursbevisene").click()
    check_page(page, None, "names-made")
    assert Certificate.objects.count() == 10


def test_list_before_the_first_session_passes(page, sign_in, check_page, transactional_db):
    run = factories.make_published_run(entry="drop_in")
    sign_in(page, teach(run))
    check_page(page, reverse("tutor_names", args=[run.pk]), "names-not-begun")
    check_page(page, reverse("tutor_session_code", args=[run.pk]), "session-code-not-begun")


def test_tutor_ticks_some_and_prints_them_without_lines(page, sign_in, transactional_db):
    run = make_class()
    issue(run, "Bo Ek", "Kari Lie", "Øyvind Li")
    sign_in(page, teach(run))
    page.goto(reverse("tutor_certificates", args=[run.pk]))
    page.get_by_label("Kari Lie", exact=True).check()
    page.get_by_label("Uten linjer").check()
    with page.expect_request(lambda request: "hvilke=valgte" in request.url) as asked:
        page.get_by_role("button", name="Skriv ut dem jeg krysser av").click()
    kari = Certificate.objects.get(name="Kari Lie")
    sent = sorted(asked.value.url.partition("?")[2].split("&"))
    assert sent == ["hvilke=valgte", "linjer=uten", f"nr={kari.pk}"]
