"""A student's page: contact, withdrawals and adjustments, as a coordinator meets them."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from enrolment.admin.call_list import people_to_tell
from enrolment.models import Adjustment, Event, Letter, Student
from tests import factories
from tests.enrolment.phone_form import NUMBERS, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.mark.parametrize("key", ["²", str(2**63), "x"])
@pytest.mark.parametrize(
    "page", ["enrolment_student_change", "courses_courserun_change", "run_programme"]
)
def test_address_with_a_key_that_is_none_leads_to_the_index(staff, page, key) -> None:
    for ask in (staff.get, staff.post):
        answer = ask(reverse(f"admin:{page}", args=[key]))
        assert (answer.status_code, answer.url) == (302, reverse("admin:index"))


def test_those_who_want_news_are_listed_where_the_college_asks(staff) -> None:
    college = factories.make_college()
    wants = factories.make_student(name="Ada Moen", wants_news=True)
    factories.make_student(name="Bo Ek")
    url = reverse("admin:enrolment_student_changelist")
    assert "wants news" not in staff.get(url).content.decode()
    college.offers_news = True
    college.save()
    assert "By wants news about courses" in staff.get(url).content.decode()
    listed = staff.get(url, {"wants_news__exact": "1"})
    assert [*listed.context["cl"].queryset] == [wants]
    assert wants.email in listed.content.decode()


@pytest.mark.parametrize("field", ["name", "email", "phone", "postal_address"])
def test_identity_number_is_refused_where_a_student_is_corrected(staff, field: str) -> None:
    student = factories.make_student()
    url = reverse("admin:enrolment_student_change", args=[student.pk])
    response = staff.post(url, said(**{field: NUMBERS[field]}))
    form = response.context["adminform"].form
    assert form.has_error(field, "identity_number")
    assert form[field].value() == NUMBERS[field]
    assert getattr(Student.objects.get(), field) == getattr(student, field)


def test_withdrawal_by_phone(staff, coordinator) -> None:
    run = factories.make_published_run(capacity=1)
    first, second = factories.enrol(run), factories.enrol(run)
    url = reverse("admin:withdrawal", args=[first.pk])
    assert "first on the waiting list" in staff.get(url).content.decode()
    first.refresh_from_db()
    assert first.has_place
    page = staff.post(url, follow=True).content.decode()
    assert f"{second.student.name} got a place from the waiting list." in page
    second.refresh_from_db()
    assert second.has_place
    assert Event.objects.get(verb="withdrew").actor == coordinator


def test_withdrawal_of_somebody_without_email_leads_to_what_to_say_now(staff) -> None:
    run = factories.make_published_run()
    person = factories.make_person(name="Ada Moen", email="", phone="+4799999999")
    enrolment = factories.enrol(run, person=person)
    enrolment.letters.update(sent_at=timezone.now())
    url = reverse("admin:withdrawal", args=[enrolment.pk])
    response = staff.post(url)
    receipt = reverse("admin:receipt", args=[enrolment.pk])
    assert response.headers["Location"] == receipt
    letter = enrolment.letters.get(kind="withdrawn")
    outcome, shown = reverse("admin:letter_outcomes"), factories.shown(letter)
    page = staff.get(receipt).content.decode()
    assert outcome in page
    assert f'name="letters" value="{shown}"' in page
    staff.post(outcome, {"outcome": "reached", "from_receipt": "1", "letters": shown})
    assert not Letter.objects.for_staff().exists()


def test_failed_email_is_corrected_and_sent_again(staff) -> None:
    enrolment = factories.enrol(factories.make_published_run())
    letter, student = enrolment.letters.get(), enrolment.student
    Letter.objects.filter(pk=letter.pk).update(failed_at=timezone.now(), attempts=5)
    key = student.key
    saved = staff.post(
        reverse("admin:enrolment_student_change", args=[student.pk]),
        {
            "name": student.name,
            "email": "Ny@Example.org",
            "channel": "email",
            "language": "nb",
            "reminders": "email",
        },
    )
    [person] = people_to_tell()
    address = reverse("admin:call_list")
    assert saved["Location"] == f"{address}?at={person.anchor}#{person.anchor}"
    staff.post(
        reverse("admin:letter_outcomes"), {"outcome": "again", "letters": factories.shown(letter)}
    )
    student.refresh_from_db()
    assert student.email == "ny@example.org"
    assert student.key != key
    assert list(Letter.objects.to_send()) == [letter]


def test_student_without_a_failed_letter_is_saved_back_to_their_page(staff) -> None:
    student = factories.enrol(factories.make_published_run()).student
    saved = staff.post(
        reverse("admin:enrolment_student_change", args=[student.pk]),
        {
            "name": "Nytt Navn",
            "email": student.email,
            "channel": "email",
            "language": "nb",
            "reminders": "email",
        },
    )
    assert saved["Location"] == reverse("admin:enrolment_student_change", args=[student.pk])


def test_name_alone_keeps_the_key(staff) -> None:
    student = factories.make_student(name="Ada")
    staff.post(
        reverse("admin:enrolment_student_change", args=[student.pk]),
        {
            "name": "Åda  Moen",
            "email": student.email,
            "channel": "email",
            "language": "nb",
            "reminders": "email",
        },
    )
    changed = Student.objects.get()
    assert (changed.name, changed.name_key, changed.key) == ("Åda Moen", "åda moen", student.key)


@pytest.mark.parametrize("phone_first", [True, False])
def test_two_pages_of_a_student_keep_what_each_changed(staff, phone_first) -> None:
    student = factories.make_student(name="Ada", email="ada@example.org", channel="email")
    shown = {
        "name": "Ada",
        "email": student.email,
        "channel": "email",
        "language": "nb",
        "reminders": "email",
    }
    shown |= {"phone": "", "postal_address": ""}
    shown |= {f"initial-{name}": value for name, value in shown.items()}
    address = reverse("admin:enrolment_student_change", args=[student.pk])
    phone, name = shown | {"phone": "99 99 99 99", "channel": "phone"}, shown | {"name": "Åda"}
    for page in (phone, name) if phone_first else (name, phone):
        assert staff.post(address, page).status_code == 302
    student.refresh_from_db()
    assert (student.name, student.phone, student.channel) == ("Åda", "+4799999999", "phone")


def test_contact_of_another_person_is_refused_in_words(staff) -> None:
    factories.make_student(name="Ada", email="ada@example.org")
    student = factories.make_student(name="Ada", email="annen@example.org")
    page = staff.post(
        reverse("admin:enrolment_student_change", args=[student.pk]),
        {
            "name": "Ada",
            "email": "ada@example.org",
            "channel": "email",
            "language": "nb",
            "reminders": "email",
        },
    ).content.decode()
    assert "it is the same person" in page
    student.refresh_from_db()
    assert student.email == "annen@example.org"


def test_newest_enrolment_is_listed_first(staff) -> None:
    run = factories.make_published_run()
    first, second = factories.enrol(run), factories.enrol(run)
    rows = staff.get(reverse("admin:enrolment_enrolment_changelist")).context["cl"].result_list
    assert list(rows) == [second, first]


def test_adjustment_is_arranged_and_not_after_all(staff) -> None:
    run = factories.make_published_run()
    factories.enrol(run, adjustment="En stol med armlener")
    adjustment = Adjustment.objects.get()
    url = reverse("admin:arranged", args=[adjustment.pk])
    for answer, is_arranged in (("yes", True), ("no", False)):
        staff.post(url, {"arranged": answer})
        adjustment.refresh_from_db()
        assert bool(adjustment.arranged_at) is is_arranged


def test_djangos_own_log_stays_empty_about_people(staff) -> None:
    student = factories.make_student(name="Ada")
    run = factories.make_published_run()
    staff.post(reverse("admin:phone_sign_up", args=[run.pk]), said())
    staff.post(
        reverse("admin:enrolment_student_change", args=[student.pk]),
        {
            "name": "Eva",
            "email": student.email,
            "channel": "email",
            "language": "nb",
            "reminders": "email",
        },
    )
    assert Student.objects.filter(name="Eva").exists()
    assert not LogEntry.objects.exists()


def test_students_cannot_be_added_or_deleted(staff) -> None:
    student = factories.make_student()
    for name, arguments in (("add", []), ("delete", [student.pk])):
        url = reverse(f"admin:enrolment_student_{name}", args=arguments)
        assert staff.post(url, {"post": "yes"}).status_code == 403
    assert Student.objects.count() == 1


def test_companion_alone_stays_away(staff) -> None:
    enrolment = factories.enrol(factories.make_published_run(), places=2)
    url = reverse("admin:withdrawal", args=[enrolment.pk])
    assert "Only the companion is not coming" in staff.get(url).content.decode()
    staff.post(url, {"_companion": "1"})
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.places) == ("place", 1)
