"""What people thought of a run, from the wall to the coordinator; and who wants to make courses."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from certificates import services
from certificates.models import DeveloperOffer, Feedback
from courses.models import CourseRun
from tests import factories

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("held_on_fixed_days"),
]

WORDS = "Godt å være på et sted der ingen spør hvorfor du er der."


@pytest.fixture
def run(transactional_db) -> CourseRun:
    """Its last session ended two hours ago."""
    course = factories.make_course(title="Selvtillit og selvfølelse", discreet_title="Kurs")
    run = factories.make_published_run(course=course)
    starts_at = timezone.now().replace(microsecond=0) - timedelta(hours=4)
    run.sessions.update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    return CourseRun.objects.get(pk=run.pk)


def close(feedback: Feedback) -> None:
    assert feedback.typed_until
    services.close_feedback(now=feedback.typed_until)


def test_what_visitors_see_passes(page, check_page, run):
    feedback = services.make_feedback(run=run)
    address = reverse("feedback", args=[feedback.key])
    check_page(page, address, "feedback")
    page.get_by_role("button", name="Send svaret").click()
    expect(page).to_have_title("Feil: Hva syntes du? – Skolen ved fjorden")
    check_page(page, None, "feedback-empty")
    question = page.get_by_role("group", name="Følte du deg velkommen?")
    question.get_by_label("Ja, absolutt").check()
    page.get_by_label("Hva var bra, og hva kan bli bedre?").fill(WORDS)
    page.get_by_role("button", name="Send svaret").dblclick()
    page.wait_for_url("**/takk/")
    check_page(page, None, "feedback-thanks")
    feedback.refresh_from_db()
    assert (feedback.answered, feedback.words) == (1, [WORDS])
    page.get_by_role("link", name="Jeg vil være med å lage kurs").click()
    check_page(page, None, "developer-offer")
    page.get_by_label("Hva vil du bli kalt?").fill("Villig Medlager")
    page.get_by_label("E-postadressen eller telefonnummeret ditt").fill("villig@example.org")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Takk for at du vil være med")
    check_page(page, None, "developer-offered")
    assert DeveloperOffer.objects.get().contact == "villig@example.org"
    close(feedback)
    check_page(page, address, "feedback-closed")


def test_what_staff_see_passes(page, sign_in, check_page, run):
    sign_in(page, factories.make_coordinator())
    tutors_page = reverse("tutor_feedback", args=[run.pk])
    check_page(page, tutors_page, "tutor-feedback-none")
    page.get_by_role("button", name="Lag adressen").click()
    expect(page.get_by_role("link", name="Vis koden på skjerm")).to_be_visible()
    check_page(page, None, "tutor-feedback-open")
    page.get_by_role("link", name="Vis koden på skjerm").click()
    check_page(page, None, "tutor-feedback-poster")
    check_page(page, reverse("tutor_feedback_questions", args=[run.pk]), "tutor-feedback-sheet")
    page.goto(tutors_page)
    page.get_by_role("link", name="Skriv inn et svar").click()
    check_page(page, None, "tutor-feedback-paper")
    feedback = Feedback.objects.get()
    for steps in ([4, 3, 4, 2, 4], [3, 4, 4, 1, 4], [4, 4, None, 4, 3], [4, 2, None, 3, 4]):
        services.answer(feedback=feedback, steps=steps, words="Mer tid til å prate, takk.")
    page.get_by_role("group", name="Følte du deg velkommen?").get_by_label("Litt").check()
    page.get_by_label("Hva var bra, og hva kan bli bedre?").fill(WORDS)
    page.get_by_role("button", name="Lagre, og ta det neste").click()
    expect(page.get_by_text("Her er plass til det neste.")).to_be_visible()
    close(feedback)
    check_page(page, tutors_page, "tutor-feedback-results")
    item = page.get_by_role("listitem").filter(has_text=WORDS)
    item.get_by_text("Ta bort").click()
    check_page(page, None, "tutor-feedback-take-out")
    item.get_by_role("button", name="Ja, ta det bort").click()
    expect(page.get_by_text(WORDS)).to_have_count(0)
    check_page(page, reverse("admin:course_feedback", args=[run.course_id]), "course-feedback")
    check_page(page, reverse("admin:feedback_wordings"), "feedback-wordings")
    services.offer_to_develop(name="Villig Medlager", contact="villig@example.org", language="nb")
    check_page(page, reverse("admin:certificates_developeroffer_changelist"), "developer-offers")
    page.get_by_role("button", name="Snakket med").click()
    expect(page.get_by_role("button", name="Angre")).to_be_visible()
    assert DeveloperOffer.objects.waiting().count() == 0


def test_few_answers_are_deleted_and_the_page_says_so(page, sign_in, check_page, run):
    feedback = services.make_feedback(run=run)
    services.answer(feedback=feedback, steps=[4] * 5)
    close(feedback)
    sign_in(page, factories.make_coordinator())
    check_page(page, reverse("tutor_feedback", args=[run.pk]), "tutor-feedback-few")
