"""Sign-up by phone, and its receipt, as a coordinator meets them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from courses import services as course_services
from enrolment import services
from enrolment.models import Enrolment, Student
from tests import factories
from tests.enrolment.phone_form import NUMBERS, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_caller_without_email_gets_a_place(staff, coordinator) -> None:
    run = factories.make_published_run(capacity=1)
    page = staff.post(reverse("admin:phone_sign_up", args=[run.pk]), said(), follow=True)
    enrolment = Enrolment.objects.get()
    assert (enrolment.status, enrolment.registered_by) == ("place", coordinator)
    assert enrolment.student.phone == "+4799999999"
    assert "Ada Moen has a place." in page.content.decode()


def test_caller_with_a_name_that_grows_when_compared_is_refused_in_words(staff) -> None:
    run = factories.make_published_run()
    page = staff.post(reverse("admin:phone_sign_up", args=[run.pk]), said() | {"name": "ﷺ" * 100})
    assert "Write a shorter name" in page.content.decode()


@pytest.mark.parametrize("name", ["\u200b", "\u2060 \u200b", "12"])
def test_name_without_a_letter_is_refused(staff, name) -> None:
    run = factories.make_published_run()
    page = staff.post(reverse("admin:phone_sign_up", args=[run.pk]), said(name=name))
    assert list(page.context["form"].errors) == ["name"]
    assert not Student.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [("علی\u200cرضا", "علی\u200cرضا"), ("Ada\u200b \u202eMoen", "Ada Moen")],
)
def test_only_signs_that_nobody_sees_are_taken_out_of_a_name(staff, name, kept) -> None:
    run = factories.make_published_run()
    staff.post(reverse("admin:phone_sign_up", args=[run.pk]), said(name=name))
    student = Student.objects.get()
    assert student.name == kept
    data = {"name": f"\u202e{name} B", "phone": "20000000", "channel": "phone", "language": "nb"}
    data["reminders"] = "email"
    staff.post(reverse("admin:enrolment_student_change", args=[student.pk]), data)
    student.refresh_from_db()
    assert student.name == f"{kept} B"


def test_notice_that_was_read_aloud_is_the_one_that_is_kept(staff) -> None:
    run = factories.make_published_run()
    url = reverse("admin:phone_sign_up", args=[run.pk])
    notice = staff.get(url).context["form"]["notice"].value()
    college = factories.get_college()
    old, college.privacy_notice = college.privacy_notice, "Vi lagrer mer."
    course_services.save_college(college=college)
    again = staff.post(url, said(notice=notice, name="")).content.decode()
    assert old in again
    assert "Vi lagrer mer." not in again
    staff.post(url, said(notice=notice))
    assert Enrolment.objects.get().notice_id == notice


def known_caller(run, **fields: object) -> Enrolment:
    values = {"name": "Ada Moen", "email": "", "phone": "+4799999999", "channel": "phone"}
    return factories.enrol(run, person=factories.make_person(**values), **fields)


@pytest.mark.parametrize(
    "changes", [{"channel": "paper", "postal_address": "Storgata 1"}, {"language": "nn"}]
)
def test_receipt_says_what_was_not_changed_about_somebody_known(staff, changes) -> None:
    student = known_caller(factories.make_published_run()).student
    run = factories.make_published_run()
    page = staff.post(reverse("admin:phone_sign_up", args=[run.pk]), said(**changes), follow=True)
    [message] = [str(each) for each in page.context["messages"]]
    url = reverse("admin:enrolment_student_change", args=[student.pk])
    assert f'That is not changed: see <a href="{url}">the student&#x27;s page</a>.' in message
    assert "Ada" not in message


def test_what_a_caller_answers_beside_is_kept_of_newcomers_and_else_told(staff) -> None:
    factories.make_college(municipalities="Nes", offers_news=True)
    told = {"municipality": "Nes", "wants_news": "on"}
    for _each in range(2):
        url = reverse("admin:phone_sign_up", args=[factories.make_published_run().pk])
        page = staff.post(url, said(**told), follow=True)
        assert list(page.context["messages"]) == []
        student = Student.objects.get()
        assert (student.municipality, student.wants_news) == ("Nes", True)
    Student.objects.update(municipality="")
    url = reverse("admin:phone_sign_up", args=[factories.make_published_run().pk])
    [message] = staff.post(url, said(**told), follow=True).context["messages"]
    assert "about municipality and news is not written down" in str(message)
    assert Student.objects.get().municipality == ""
    form = staff.get(url, {"student": student.pk}).context["form"]
    assert {"municipality", "wants_news"} & form.fields.keys() == set()


def test_receipt_says_nothing_more_about_somebody_known_who_says_the_same(staff) -> None:
    known_caller(factories.make_published_run())
    run = factories.make_published_run()
    page = staff.post(reverse("admin:phone_sign_up", args=[run.pk]), said(), follow=True)
    assert list(page.context["messages"]) == []


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({}, ["Nothing new was registered."]),
        ({"adjustment": "En stol"}, ["Nothing new was registered."]),
        ({"adjustment": "Stor skrift"}, ["The practical adjustment is added."]),
        ({"companion": "on"}, ["Nothing new was registered.", "whoever comes along is not"]),
    ],
)
def test_receipt_says_what_signing_up_again_has_done(staff, changes, sentences) -> None:
    run = factories.make_published_run()
    known_caller(run, adjustment="En stol")
    page = staff.post(reverse("admin:phone_sign_up", args=[run.pk]), said(**changes), follow=True)
    first, *others = [str(each) for each in page.context["messages"]]
    assert first == "This person was signed up already."
    assert len(others) == len(sentences)
    assert all(sentence in other for sentence, other in zip(sentences, others, strict=True))


@pytest.mark.parametrize("is_here", [True, False])
def test_whoever_may_be_known_already_is_asked_for_and_nobody_is_taken_by_itself(
    staff, is_here
) -> None:
    run, other = factories.make_published_run(), factories.make_published_run()
    person = factories.make_person(name="Ada Moen", email="a@example.org", phone="+4799999999")
    student = factories.enrol(run if is_here else other, person=person).student
    url, answers = reverse("admin:phone_sign_up", args=[run.pk]), said(name="Aada Moen")
    page = staff.post(url, answers)
    assert "We may know the caller already." in page.content.decode()
    labels = [label for _value, label in page.context["form"].fields["who"].widget.choices]
    here = ", is signed up here" if is_here else ""
    assert labels == [
        f"It is this one: Ada Moen · 99 99 99 99 · a@example.org{here}",
        "It is somebody else",
    ]
    assert Student.objects.count() == 1
    page = staff.post(url, answers | {"who": str(student.pk)}, follow=True)
    [enrolment] = Enrolment.objects.filter(run=run)
    assert enrolment.student == student
    assert Student.objects.count() == 1
    assert ("signed up already" in page.content.decode()) is is_here
    staff.post(url, said(name="Aada Moen", who="new"))
    assert Student.objects.count() == 2


def test_whoever_was_chosen_and_is_not_there_any_more_is_asked_for_again(staff) -> None:
    run = factories.make_published_run()
    person = factories.make_person(name="Ada Moen", email="a@example.org", phone="+4799999999")
    factories.enrol(run, person=person)
    url = reverse("admin:phone_sign_up", args=[run.pk])
    page = staff.post(url, said(who="999999"))
    assert "We may know the caller already." in page.content.decode()
    assert Student.objects.count() == 1


def test_somebody_known_is_signed_up_in_two_clicks_from_their_page(staff) -> None:
    run = factories.make_published_run()
    student = factories.make_student(name="Ada Moen", phone="+4799999999")
    own_page = staff.get(reverse("admin:enrolment_student_change", args=[student.pk]))
    url = f"{reverse('admin:phone_sign_up', args=[run.pk])}?student={student.pk}"
    assert url in own_page.content.decode()
    form = staff.get(url).context["form"]
    sent = {
        each.html_name: each.value()
        for each in form
        if not each.field.disabled and each.value() is not None
    }
    # What a browser does not send cannot be changed by whoever sends it all the same.
    staff.post(url, sent | {"name": "Bo Berg"})
    enrolment = Enrolment.objects.get()
    assert (enrolment.student, Student.objects.count()) == (student, 1)


def test_caller_is_told_the_number_in_the_queue(staff) -> None:
    run = factories.make_published_run(capacity=1)
    factories.enrol(run)
    factories.enrol(run)
    page = staff.post(reverse("admin:phone_sign_up", args=[run.pk]), said(), follow=True)
    assert "Ada Moen is number 2 on the waiting list." in page.content.decode()


def test_queue_beside_free_places_is_not_said_to_be_full(staff) -> None:
    run = factories.make_published_run(capacity=2)
    factories.enrol(run)
    factories.enrol(run, places=2, when_one_left=services.WhenOneLeft.WAIT)
    page = staff.get(reverse("admin:phone_sign_up", args=[run.pk])).content.decode()
    assert "1 person is waiting. The caller goes at the end of the list." in page
    assert "The run is full" not in page


def change_run(run, **fields: object) -> None:
    for name, value in fields.items():
        setattr(run, name, value)
    run.save(update_fields=list(fields))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (
            {"enrolment_opens_at": factories.oslo(2090, 3, 1, 9)},
            "Sign-up opens Wednesday 1\xa0March 2090, 09:00.",
        ),
        ({"enrolment_closes_at": factories.oslo(2020, 3, 1)}, "Nobody can sign up for this run"),
        (
            {"status": "cancelled", "cancelled_at": factories.oslo(2026, 1, 1)},
            "The run is cancelled.",
        ),
        ({"status": "draft"}, "Nobody can sign up for this run now."),
        ({"entry": "drop_in", "capacity": None}, "people just turn up."),
    ],
)
def test_nobody_is_invited_where_nobody_can_sign_up(staff, fields, reason) -> None:
    run = factories.make_published_run()
    enrolment = factories.enrol(run)
    url = reverse("admin:phone_sign_up", args=[run.pk])
    pages = [
        reverse("admin:index"),
        reverse("admin:run_people", args=[run.pk]),
        reverse("admin:receipt", args=[enrolment.pk]),
    ]
    assert [url in staff.get(page).content.decode() for page in pages] == [True, True, True]
    services.withdraw(enrolment=enrolment)
    change_run(run, **fields)
    assert [url in staff.get(page).content.decode() for page in pages] == [False, False, False]
    answer = staff.get(url, follow=True)
    run.refresh_from_db()
    begins = "courses_courserun_change" if run.is_draft else "run_people"
    assert answer.redirect_chain == [(reverse(f"admin:{begins}", args=[run.pk]), 302)]
    assert reason in answer.content.decode()


def test_what_was_typed_stays_where_sign_up_closed_meanwhile(staff) -> None:
    run = factories.make_published_run()
    change_run(run, enrolment_closes_at=timezone.now())
    page = staff.post(reverse("admin:phone_sign_up", args=[run.pk]), said()).content.decode()
    assert "Nobody can sign up for this run now." in page
    assert "Ada Moen" in page


def test_registering_twice_is_registering_once(staff) -> None:
    run = factories.make_published_run()
    answers = said()
    for _each in range(2):
        staff.post(reverse("admin:phone_sign_up", args=[run.pk]), answers)
    assert Enrolment.objects.count() == 1


def test_two_who_meet_one_place_are_asked(staff) -> None:
    run = factories.make_published_run(capacity=1)
    url = reverse("admin:phone_sign_up", args=[run.pk])
    answers = said(companion="on")
    page = staff.post(url, answers).content.decode()
    assert "One place is free. Ask which they prefer." in page
    assert 'type="radio" name="when_one_left"' in page
    assert not Enrolment.objects.exists()
    staff.post(url, answers | {"when_one_left": "wait"})
    assert (Enrolment.objects.get().status, Enrolment.objects.get().places) == ("waiting", 2)


@pytest.mark.parametrize("field", NUMBERS)
def test_identity_number_is_refused_and_not_stored(staff, field: str) -> None:
    run = factories.make_published_run()
    url = reverse("admin:phone_sign_up", args=[run.pk])
    response = staff.post(url, said(**{field: NUMBERS[field]}))
    form = response.context["form"]
    assert form.has_error(field, "identity_number")
    assert form[field].value() == NUMBERS[field]
    assert response.content.decode().count(NUMBERS[field]) == 1
    assert not Student.objects.exists()


@pytest.mark.parametrize("phone", ["0412 345 678", "22 86 50 11 (mamma)", "22865011 / 90000000"])
def test_phone_of_a_caller_is_refused_and_nothing_is_left_out(staff, phone: str) -> None:
    run = factories.make_published_run()
    response = staff.post(reverse("admin:phone_sign_up", args=[run.pk]), said(phone=phone))
    assert response.context["form"].has_error("phone", "phone")
    assert not Student.objects.exists()


@pytest.mark.parametrize(
    ("channel", "sentence"),
    [
        ("phone", "Write the number we can ring."),
        ("email", "Write the e-mail address."),
        ("paper", "Write where the letter goes."),
    ],
)
def test_channel_needs_its_address(staff, channel: str, sentence: str) -> None:
    run = factories.make_published_run()
    url = reverse("admin:phone_sign_up", args=[run.pk])
    assert sentence in staff.post(url, said(channel=channel, phone="")).content.decode()


def test_consent_is_asked_only_where_it_is_the_basis(staff) -> None:
    run = factories.make_published_run()
    url = reverse("admin:phone_sign_up", args=[run.pk])
    assert "has_consented" not in staff.get(url).content.decode()
    college = factories.get_college()
    college.legal_basis = "consent"
    college.save()
    assert "tick when the caller agrees" in staff.post(url, said()).content.decode()
    staff.post(url, said(has_consented="on"))
    assert Enrolment.objects.get().consented_at is not None


def test_receipt_shows_no_personal_link(staff) -> None:
    enrolment = factories.enrol(factories.make_published_run())
    page = staff.get(reverse("admin:receipt", args=[enrolment.pk])).content.decode()
    assert "[[" not in page
    assert "/avmelding/" not in page
    assert enrolment.student.name in page
