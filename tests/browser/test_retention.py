"""Pages about how long something is kept, in a real browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from courses.models import TutorAssignment
from enrolment import links, services
from tests import factories
from tests.certificates.test_attendance import make_begun_run

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_student_stays_by_one_tap(page, check_page):
    factories.make_college()
    student = factories.make_student()
    services.tell_of_erasure(students=[student])
    address = reverse("keep_me", args=[links.keep_token(student)])
    check_page(page, address, "keep me")

    page.get_by_role("button", name="Behold meg").click()

    expect(page.get_by_role("heading", name="Du blir hos oss")).to_be_visible()
    check_page(page, address, "kept")


def test_my_page_and_the_admin_offer_to_stay(page, new_page, sign_in, check_page):
    factories.make_college()
    student = factories.make_student()
    services.tell_of_erasure(students=[student])
    page.goto(reverse("my_page_sign_in", args=[links.page_token(student)]))
    page.get_by_role("button", name="Åpne siden min").click()
    expect(page.get_by_role("button", name="Behold meg")).to_be_visible()
    check_page(page, reverse("my_page"), "my page, to be erased")
    staff = new_page()
    sign_in(staff, factories.make_coordinator())
    address = reverse("admin:enrolment_student_change", args=[student.pk])
    check_page(staff, address, "student page, to be erased")


def test_a_register_in_numbers_passes(page, sign_in, check_page, settings):
    settings.TUTOR_CONTACT_DAYS = settings.TUTOR_NAMES_DAYS = 0
    run = make_begun_run(people=3)
    tutor = factories.make_tutor_with_sign_in()
    TutorAssignment.objects.create(run=run, tutor=tutor, role="peer")
    sign_in(page, tutor.user)
    session = run.sessions.get()
    type(session).objects.filter(pk=session.pk).update(
        starts_at=session.starts_at - (session.ends_at - session.starts_at) * 2,
        ends_at=session.starts_at,
        headcount=3,
    )
    check_page(page, reverse("tutor_register", args=[run.pk]), "register in numbers")
    expect(page.get_by_text("så du ser tall i stedet for navn")).to_be_visible()
