"""Callers, the call list, withdrawals and contacts, as a coordinator meets them."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone, translation

from courses import services as course_services
from enrolment import services
from enrolment.models import Adjustment, Enrolment, Event, Letter, Student
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def coordinator():
    return factories.make_coordinator()


@pytest.fixture
def staff(client, coordinator):
    client.force_login(coordinator)
    return client


def said(**changes: object) -> dict[str, object]:
    return {
        "name": "Ada Moen",
        "phone": "99 99 99 99",
        "email": "",
        "channel": "phone",
        "postal_address": "",
        "language": "nb",
        "adjustment": "",
        "submission": str(uuid.uuid4()),
    } | changes


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


def test_who_signed_up_on_the_web_and_rings_is_asked_for(staff) -> None:
    run = factories.make_published_run()
    person = factories.make_person(name="Ada Moen", email="a@example.org", phone="+4799999999")
    student = factories.enrol(run, person=person).student
    url, answers = reverse("admin:phone_sign_up", args=[run.pk]), said()
    page = staff.post(url, answers).content.decode()
    page_of_student = reverse("admin:enrolment_student_change", args=[student.pk])
    assert f'Is it this person? <a href="{page_of_student}">Ada Moen</a> is signed up' in page
    assert 'type="checkbox" name="somebody_else"' in page
    assert Enrolment.objects.count() == 1
    staff.post(url, answers | {"somebody_else": "on"})
    assert Student.objects.count() == 2


def test_who_is_in_another_run_is_not_asked_for(staff) -> None:
    person = factories.make_person(name="Ada Moen", email="a@example.org", phone="+4799999999")
    factories.enrol(factories.make_published_run(), person=person)
    run = factories.make_published_run()
    staff.post(reverse("admin:phone_sign_up", args=[run.pk]), said())
    assert Enrolment.objects.filter(run=run).count() == 1


@pytest.mark.parametrize("key", ["²", str(2**63), "x"])
@pytest.mark.parametrize("page", ["enrolment_student_change", "courses_courserun_change"])
def test_address_with_a_key_that_is_none_leads_to_the_index(staff, page, key) -> None:
    for ask in (staff.get, staff.post):
        answer = ask(reverse(f"admin:{page}", args=[key]))
        assert (answer.status_code, answer.url) == (302, reverse("admin:index"))


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
        reverse("admin:courses_courserun_change", args=[run.pk]),
        reverse("admin:receipt", args=[enrolment.pk]),
    ]
    assert [url in staff.get(page).content.decode() for page in pages] == [True, True, True]
    services.withdraw(enrolment=enrolment)
    change_run(run, **fields)
    assert [url in staff.get(page).content.decode() for page in pages] == [False, False, False]
    answer = staff.get(url, follow=True)
    assert answer.redirect_chain == [(pages[1], 302)]
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


NUMBERS = {
    "name": "Ada 01010750160",
    "email": "01010750160@example.org",
    "phone": "+47 010107 50160",
    "adjustment": "Ada 01010750160",
    "postal_address": "Ada 01010750160",
}


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


@pytest.mark.parametrize("field", ["name", "email", "phone", "postal_address"])
def test_identity_number_is_refused_where_a_student_is_corrected(staff, field: str) -> None:
    student = factories.make_student()
    url = reverse("admin:enrolment_student_change", args=[student.pk])
    response = staff.post(url, said(**{field: NUMBERS[field]}))
    form = response.context["adminform"].form
    assert form.has_error(field, "identity_number")
    assert form[field].value() == NUMBERS[field]
    assert getattr(Student.objects.get(), field) == getattr(student, field)


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
    outcome = reverse("admin:letter_outcome", args=[letter.pk])
    assert outcome in staff.get(receipt).content.decode()
    staff.post(outcome, {"outcome": "reached", "from_receipt": "1"})
    assert not Letter.objects.for_staff().exists()


def test_letters_for_people_without_email_are_on_the_call_list(staff) -> None:
    run = factories.make_published_run()
    person = factories.make_person(name="Ada Moen", email="", phone="+4799999999")
    letter = factories.enrol(run, person=person).letters.get()
    factories.enrol(run)
    response = staff.get(reverse("admin:call_list"))
    [person] = response.context["people"]
    assert [each.pk for each, _paper in person.letters] == [letter.pk]
    staff.post(reverse("admin:letter_outcome", args=[letter.pk]), {"outcome": "unreached"})
    letter.refresh_from_db()
    assert (letter.sent_at, letter.outcome) == (None, "unreached")
    staff.post(reverse("admin:letter_outcome", args=[letter.pk]), {"outcome": "reached"})
    assert not staff.get(reverse("admin:call_list")).context["people"]


def test_failed_email_is_corrected_and_sent_again(staff) -> None:
    enrolment = factories.enrol(factories.make_published_run())
    letter, student = enrolment.letters.get(), enrolment.student
    Letter.objects.filter(pk=letter.pk).update(failed_at=timezone.now(), attempts=5)
    key = student.key
    saved = staff.post(
        reverse("admin:enrolment_student_change", args=[student.pk]),
        {"name": student.name, "email": "Ny@Example.org", "channel": "email", "language": "nb"},
    )
    assert saved["Location"] == reverse("admin:call_list")
    staff.post(reverse("admin:letter_outcome", args=[letter.pk]), {"outcome": "again"})
    student.refresh_from_db()
    assert student.email == "ny@example.org"
    assert student.key != key
    assert list(Letter.objects.to_send()) == [letter]


def test_student_without_a_failed_letter_is_saved_back_to_the_list(staff) -> None:
    student = factories.enrol(factories.make_published_run()).student
    saved = staff.post(
        reverse("admin:enrolment_student_change", args=[student.pk]),
        {"name": "Nytt Navn", "email": student.email, "channel": "email", "language": "nb"},
    )
    assert saved["Location"] == reverse("admin:enrolment_student_changelist")


def test_name_alone_keeps_the_key(staff) -> None:
    student = factories.make_student(name="Ada")
    staff.post(
        reverse("admin:enrolment_student_change", args=[student.pk]),
        {"name": "Åda  Moen", "email": student.email, "channel": "email", "language": "nb"},
    )
    changed = Student.objects.get()
    assert (changed.name, changed.name_key, changed.key) == ("Åda Moen", "åda moen", student.key)


@pytest.mark.parametrize("phone_first", [True, False])
def test_two_pages_of_a_student_keep_what_each_changed(staff, phone_first) -> None:
    student = factories.make_student(name="Ada", email="ada@example.org", channel="email")
    shown = {"name": "Ada", "email": student.email, "channel": "email", "language": "nb"}
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
        {"name": "Ada", "email": "ada@example.org", "channel": "email", "language": "nb"},
    ).content.decode()
    assert "it is the same person" in page
    student.refresh_from_db()
    assert student.email == "annen@example.org"


def test_students_are_found_by_any_case_of_their_letters(staff) -> None:
    factories.make_student(name="Åse Ødegård")
    factories.make_student(name="Bo")
    response = staff.post(reverse("admin:find_student"), {"wanted": "ØDEGÅRD å"})
    assert [each.name for each in response.context["students"]] == ["Åse Ødegård"]


def test_students_are_found_by_a_number_as_people_write_it(staff) -> None:
    factories.make_student(name="Åse", phone="+4799990001")
    factories.make_student(name="Bo", phone="+4799990002")
    response = staff.post(reverse("admin:find_student"), {"wanted": "99 99 00 02"})
    assert [each.name for each in response.context["students"]] == ["Bo"]


def test_newest_enrolment_is_listed_first(staff) -> None:
    run = factories.make_published_run()
    first, second = factories.enrol(run), factories.enrol(run)
    rows = staff.get(reverse("admin:enrolment_enrolment_changelist")).context["cl"].result_list
    assert list(rows) == [second, first]


def late_run():
    """After the waiting list closed: one place came free, two wait."""
    run = factories.make_published_run(capacity=1)
    first = factories.enrol(run)
    waiting = [factories.enrol(run), factories.enrol(run)]
    run.waiting_list_closes_at = timezone.now() - timedelta(hours=1)
    run.save(update_fields=["waiting_list_closes_at"])
    services.withdraw(enrolment=first)
    return run, waiting


def test_free_place_is_offered_from_the_top_of_the_queue(staff) -> None:
    _run, (first, second) = late_run()
    [offer] = staff.get(reverse("admin:call_list")).context["free_places"]
    assert offer.first == first
    staff.post(reverse("admin:call_outcome", args=[first.pk]), {"outcome": "cannot"})
    [offer] = staff.get(reverse("admin:call_list")).context["free_places"]
    assert (offer.first, offer.called) == (second, [first])
    Student.objects.update(channel="phone", phone="+4799999999")
    answer = staff.post(reverse("admin:call_outcome", args=[second.pk]), {"outcome": "yes"})
    assert answer["Location"] == reverse("admin:receipt", args=[second.pk])
    second.refresh_from_db()
    assert second.has_place
    assert staff.get(reverse("admin:call_list")).context["free_places"] == []


def test_two_who_meet_one_free_place_can_come_alone_or_stay_next(staff) -> None:
    _run, (first, _second) = late_run()
    Enrolment.objects.filter(pk=first.pk).update(places=2)
    page = staff.get(reverse("admin:call_list")).content.decode()
    assert "One place is free, and they are two." in page
    assert reverse("admin:withdrawal", args=[first.pk]) in page
    assert 'value="yes"' not in page
    staff.post(reverse("admin:withdrawal", args=[first.pk]), {"_companion": "1"})
    assert 'value="yes"' in staff.get(reverse("admin:call_list")).content.decode()


def test_nobody_is_passed_over(staff) -> None:
    _run, (_first, second) = late_run()
    page = staff.post(
        reverse("admin:call_outcome", args=[second.pk]), {"outcome": "yes"}, follow=True
    )
    second.refresh_from_db()
    assert second.is_waiting
    assert "Somebody else is next in the queue." in page.content.decode()


def test_somebody_who_rang_back_is_next_again(staff) -> None:
    _run, (first, _second) = late_run()
    url = reverse("admin:call_outcome", args=[first.pk])
    staff.post(url, {"outcome": "unreached"})
    staff.post(url, {"outcome": "reopen"})
    [offer] = staff.get(reverse("admin:call_list")).context["free_places"]
    assert offer.first == first


def test_adjustment_is_arranged_and_not_after_all(staff) -> None:
    run = factories.make_published_run()
    factories.enrol(run, adjustment="En stol med armlener")
    adjustment = Adjustment.objects.get()
    url = reverse("admin:arranged", args=[adjustment.pk])
    for answer, is_arranged in (("yes", True), ("no", False)):
        staff.post(url, {"arranged": answer})
        adjustment.refresh_from_db()
        assert bool(adjustment.arranged_at) is is_arranged


def test_button_pressed_signed_out_leads_back_and_says_so(staff, client, coordinator) -> None:
    run = factories.make_published_run()
    enrolment = factories.enrol(run, adjustment="En stol")
    calls = reverse("admin:call_list")
    run_page = reverse("admin:courses_courserun_change", args=[run.pk])
    for name, row, back in (
        ("letter_outcome", enrolment.letters.get(), calls),
        ("call_outcome", enrolment, calls),
        ("arranged", Adjustment.objects.get(), f"{run_page}#adjustments"),
    ):
        url = reverse(f"admin:{name}", args=[row.pk])
        client.logout()
        assert url in client.post(url)["Location"]
        client.force_login(coordinator)
        answer = client.get(url, follow=True)
        assert answer.redirect_chain == [(back, 302)]
        assert "Not written down. Please try again." in answer.content.decode()
    assert not Event.objects.exclude(verb="enrolled").exists()


def test_djangos_own_log_stays_empty_about_people(staff) -> None:
    student = factories.make_student(name="Ada")
    run = factories.make_published_run()
    staff.post(reverse("admin:phone_sign_up", args=[run.pk]), said())
    staff.post(
        reverse("admin:enrolment_student_change", args=[student.pk]),
        {"name": "Eva", "email": student.email, "channel": "email", "language": "nb"},
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


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_run_do_not_grow_with_its_people(
    staff, django_assert_num_queries, count: int
) -> None:
    run = factories.make_published_run(capacity=count)
    for _each in range(2 * count):
        factories.enrol(run, adjustment="En stol")
    url = reverse("admin:courses_courserun_change", args=[run.pk])
    staff.get(url)
    with django_assert_num_queries(23):
        staff.get(url)


def test_what_the_caller_was_told_at_once_is_no_line_on_the_call_list(staff) -> None:
    run = factories.make_published_run()
    enrolment = factories.enrol(
        run, person=factories.make_person(email="", phone="+4799999999", channel="phone")
    )
    receipt = reverse("admin:receipt", args=[enrolment.pk])
    told = "Told on the phone now"
    assert told in staff.get(receipt).content.decode()
    letter = enrolment.letters.get()
    response = staff.post(
        reverse("admin:letter_outcome", args=[letter.pk]),
        {"outcome": "reached", "from_receipt": "1"},
    )
    assert response.headers["Location"] == reverse("admin:courses_courserun_change", args=[run.pk])
    assert Letter.objects.for_staff().count() == 0
    assert told not in staff.get(receipt).content.decode()


def test_a_name_that_no_database_can_look_for_finds_nobody(staff) -> None:
    found = staff.post(reverse("admin:find_student"), {"wanted": "Ka\0ri"})
    assert list(found.context["students"]) == []
