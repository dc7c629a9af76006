"""News of a session that begins within a day: SMS beside the letter, and a call."""

import logging
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import CourseRun
from enrolment import services
from enrolment.models import Enrolment, Letter, Student
from enrolment.schedule_changes import programme
from tests import factories
from tests.enrolment.announcing import announce_change

pytestmark = pytest.mark.django_db

MOBILE, HOUSE = "+4790012345", "+4722112233"


@pytest.fixture
def _sms(settings) -> None:
    settings.SMS_BACKEND = "console"


def soon_run(*, hours: float = 20, **fields: object) -> CourseRun:
    return factories.make_published_run(in_days=hours / 24, **fields)


def student(run: CourseRun, *, phone: str = MOBILE, **fields: object) -> Enrolment:
    """Somebody with a place who was told of it long ago."""
    person = factories.make_person(phone=phone, **fields)
    enrolment = factories.enrol(run, person=person)
    Letter.objects.filter(enrolment=enrolment).update(sent_at=timezone.now())
    return enrolment


def move(run: CourseRun, *, by: timedelta = timedelta(hours=1)) -> int:
    before = programme(run)
    for session in run.sessions.all():
        session.starts_at += by
        session.ends_at += by
        session.save()
    return announce_change(run=run, by=factories.make_user(), before=before)


def cancel(run: CourseRun) -> int:
    return services.cancel_run(run=run, by=factories.make_user())


def owed() -> set[tuple[str, str, bool]]:
    return set(Letter.objects.unsent().values_list("kind", "channel", "is_beside"))


@pytest.mark.usefixtures("_sms")
@pytest.mark.parametrize(("happens", "kind"), [(move, "changed"), (cancel, "cancelled")])
@pytest.mark.parametrize(
    ("contact", "channels"),
    [
        ({"phone": MOBILE}, {("email", False), ("sms", True), ("phone", True)}),
        ({"phone": HOUSE}, {("email", False), ("phone", True)}),
        ({"phone": ""}, {("email", False)}),
        ({"phone": MOBILE, "email": ""}, {("phone", False), ("sms", True)}),
        ({"phone": HOUSE, "email": ""}, {("phone", False)}),
    ],
)
def test_everybody_with_a_number_is_rung_and_mobiles_get_an_sms(happens, kind, contact, channels):
    run = soon_run()
    student(run, **contact)
    assert happens(run) == 1
    assert owed() == {(kind, channel, is_beside) for channel, is_beside in channels}


@pytest.mark.usefixtures("_sms")
def test_paper_comes_too_late():
    run = soon_run()
    enrolment = student(run)
    Student.objects.filter(pk=enrolment.student_id).update(channel="paper", postal_address="Vei 1")
    cancel(run)
    assert owed() == {
        ("cancelled", "paper", False),
        ("cancelled", "sms", True),
        ("cancelled", "phone", True),
    }


@pytest.mark.parametrize("happens", [move, cancel])
def test_without_a_gateway_people_are_rung(happens):
    run = soon_run()
    student(run)
    happens(run)
    assert {channel for _kind, channel, _beside in owed()} == {"email", "phone"}


@pytest.mark.usefixtures("_sms")
@pytest.mark.parametrize("happens", [move, cancel])
def test_what_is_further_away_is_a_letter(happens):
    run = soon_run(hours=26)
    student(run)
    happens(run)
    assert {channel for _kind, channel, _beside in owed()} == {"email"}


@pytest.mark.usefixtures("_sms")
def test_session_that_is_moved_to_tomorrow_or_away_from_it_is_urgent():
    for hours, by in ((24 * 7, timedelta(days=-6.5)), (20, timedelta(days=7))):
        run = soon_run(hours=hours)
        enrolment = student(run)
        move(run, by=by)
        channels = enrolment.letters.unsent().values_list("channel", flat=True)
        assert set(channels) == {"email", "sms", "phone"}


@pytest.mark.usefixtures("_sms")
def test_change_of_a_session_that_is_further_away_is_not_urgent():
    run = soon_run(sessions=2)
    student(run)
    before = programme(run)
    last = run.sessions.last()
    assert last
    last.starts_at += timedelta(hours=1)
    last.ends_at += timedelta(hours=1)
    last.save()
    announce_change(run=run, by=factories.make_user(), before=before)
    assert owed() == {("changed", "email", False)}


@pytest.mark.usefixtures("_sms")
def test_place_that_comes_free_late_is_urgent():
    run = soon_run(capacity=1, waiting_list_closes_at=timezone.now() + timedelta(hours=19))
    first = student(run)
    waits = factories.enrol(run, person=factories.make_person(phone="+4790011223"))
    Letter.objects.update(sent_at=timezone.now())
    services.withdraw(enrolment=first)
    found = waits.letters.unsent()
    assert set(found.values_list("kind", "channel")) == {
        ("promoted", "email"),
        ("promoted", "sms"),
        ("promoted", "phone"),
    }


@pytest.mark.usefixtures("_sms")
def test_place_that_somebody_took_on_the_telephone_is_told():
    run = soon_run(capacity=1)
    first = student(run)
    waits = factories.enrol(run, person=factories.make_person(phone="+4790011223"))
    Letter.objects.update(sent_at=timezone.now())
    services.withdraw(enrolment=first)
    services.record_call(enrolment=waits, outcome="yes", by=factories.make_user())
    assert set(waits.letters.unsent().values_list("kind", "channel")) == {("promoted", "email")}


@pytest.mark.usefixtures("_sms")
@pytest.mark.parametrize("happens", [move, cancel])
def test_no_more_statements_for_many(happens):
    counts = []
    for people in (1, 5):
        run = soon_run()
        for _each in range(people):
            student(run)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            happens(run)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_sms_goes_with_the_e_mail_and_tells_of_the_time_people_know(gateway, post):
    with time_machine.travel(factories.oslo(2099, 3, 11, 20)):
        run = soon_run()
        run.sessions.update(
            starts_at=factories.oslo(2099, 3, 12, 18), ends_at=factories.oslo(2099, 3, 12, 20)
        )
        student(run)
        move(run, by=timedelta(hours=-2))
        assert services.send_due() == (2, 0)
        assert [body for _path, _headers, body in gateway.got] == [
            {
                "to": MOBILE,
                "from": "Skolen",
                "text": (
                    "Beskjed fra Skolen: Det er nytt om torsdag 12. mars kl. 18.00. "
                    "Ring 22 86 50 00, eller se e-posten."
                ),
            }
        ]
        assert len(post.got) == 1
        letter = Letter.objects.get(channel="sms")
        assert letter.sent_at
        assert letter.text == gateway.got[0][2]["text"]
        assert services.send_due() == (0, 0)


def test_cancelled_and_new_place_tell_of_the_next_session(gateway, post):
    with time_machine.travel(factories.oslo(2099, 3, 11, 20)):
        run = soon_run(contact_phone="51 23 45 67", contact_name="Åse")
        run.sessions.update(
            starts_at=factories.oslo(2099, 3, 12, 18), ends_at=factories.oslo(2099, 3, 12, 20)
        )
        student(run, email="", language="nn")
        cancel(run)
        services.send_due()
    assert [body["text"] for _path, _headers, body in gateway.got] == [
        "Beskjed frå Skolen: Det er nytt om torsdag 12. mars kl. 18.00. Ring 51 23 45 67."
    ]


def test_sms_goes_while_the_mail_server_is_down(gateway, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    run = soon_run()
    for _each in range(3):
        student(run)
    cancel(run)
    assert services.send_due() == (3, 1)
    assert len(gateway.got) == 3


@pytest.mark.parametrize("answer", [None, b"", b"garbage\r\n", b"HTTP/1.1 500 No\r\n\r\n"])
def test_sms_that_may_have_been_sent_is_not_sent_again(gateway, post, answer):
    gateway.answer = answer
    run = soon_run()
    student(run)
    cancel(run)
    services.send_due()
    assert (len(gateway.got), len(post.got)) == (1, 1)
    letter = Letter.objects.get(channel="sms")
    assert letter.failed_at
    assert letter.unclear_ends == 1
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        services.send_due()
    assert len(gateway.got) == 1
    # Whoever it was to stands on the call list anyway, once.
    assert list(Letter.objects.for_staff().values_list("channel", flat=True)) == ["phone"]


def test_sms_of_a_worker_that_died_is_not_sent_again(gateway, post):
    run = soon_run()
    student(run)
    cancel(run)
    died = Letter.objects.filter(channel="sms")
    died.update(claimed_by=uuid.uuid4(), written_at=timezone.now(), text="Beskjed")
    services.send_due()
    assert (len(gateway.got), len(post.got)) == (0, 1)
    assert died.get().failed_at


@pytest.mark.parametrize("code", [429, 503, 401])
def test_busy_gateway_is_asked_again_and_keeps_no_e_mail_back(gateway, post, code):
    fine, gateway.answer = gateway.answer, f"HTTP/1.1 {code} No\r\n\r\n".encode()
    run = soon_run()
    for _each in range(3):
        student(run)
    cancel(run)
    services.send_due()
    assert (len(gateway.got), len(post.got)) == (1, 3)
    gateway.answer = fine
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert services.send_due() == (3, 0)
    assert len(gateway.got) == 4


def test_refused_sms_is_given_up_in_silence(gateway, post, caplog, client):
    gateway.answer = b"HTTP/1.1 422 No\r\n\r\n"
    run = soon_run()
    student(run)
    cancel(run)
    with caplog.at_level(logging.DEBUG):
        services.send_due()
    # The test's own mail server logs all it gets.
    logged = [each.getMessage() for each in caplog.records if each.name != "mail.log"]
    letter = Letter.objects.get(channel="sms")
    assert f"Letter {letter.pk} was not sent: SmsRefused 422" in logged
    assert not [line for line in logged if MOBILE[3:] in line or "Beskjed" in line]
    client.force_login(factories.make_coordinator())
    waits = client.get(reverse("admin:index")).context["waits"]
    assert not [each for each in waits if "kom fram" in each.sentence]


@pytest.mark.usefixtures("_sms")
def test_sms_that_is_no_longer_true_is_overtaken():
    run = soon_run()
    enrolment = student(run)
    move(run)
    move(run, by=timedelta(hours=-1))
    assert owed() == set()
    move(run)
    services.withdraw(enrolment=enrolment)
    assert owed() == {("withdrawn", "email", False)}


@pytest.mark.usefixtures("_sms")
def test_several_changes_are_one_sms_and_one_call():
    run = soon_run()
    student(run)
    move(run)
    Letter.objects.filter(channel="email").update(sent_at=timezone.now())
    move(run)
    assert sorted(Letter.objects.unsent().values_list("channel", flat=True)) == [
        "email",
        "phone",
        "sms",
    ]
    text = factories.written(Letter.objects.unsent().get(channel="phone")).text
    assert text.count("Nå:") == 1


@pytest.mark.usefixtures("_sms")
def test_change_before_the_place_is_told_is_urgent_too():
    run = soon_run(sessions=2)
    factories.enrol(run, person=factories.make_person(phone=MOBILE))
    move(run)
    assert owed() == {
        ("place", "email", False),
        ("changed", "sms", True),
        ("changed", "phone", True),
    }


@pytest.mark.usefixtures("_sms")
def test_sms_and_call_end_when_the_session_begins():
    run = soon_run(sessions=2)
    student(run)
    move(run)
    begins = run.sessions.first().starts_at
    with time_machine.travel(begins + timedelta(minutes=1)):
        assert set(Letter.objects.unsent().still_true().values_list("channel", flat=True)) == {
            "email"
        }
        assert not Letter.objects.for_staff().exists()
        services.overtake_untrue()
    gone = Letter.objects.filter(is_beside=True)
    assert set(gone.values_list("overtaken_by", flat=True)) == {"over"}


@pytest.mark.usefixtures("_sms")
def test_new_contact_leaves_the_sms_an_sms():
    run = soon_run()
    enrolment = student(run)
    cancel(run)
    services.change_contact(
        student=enrolment.student, by=factories.make_user(), phone="+4790099887", channel="phone"
    )
    assert owed() == {
        ("cancelled", "phone", False),
        ("cancelled", "sms", True),
        ("cancelled", "phone", True),
    }


def test_call_list_has_the_soonest_session_first_and_says_when(client):
    with time_machine.travel(factories.oslo(2099, 3, 11, 20)):
        later = factories.make_published_run(in_days=30)
        student(later, email="", name="Seinere")
        cancel(later)
        for hour, name in ((18, "Sist"), (10, "Først")):
            run = soon_run()
            start = factories.oslo(2099, 3, 12, hour)
            run.sessions.update(starts_at=start, ends_at=start + timedelta(hours=2))
            student(run, name=name)
            cancel(run)
        Letter.objects.filter(channel="email").update(sent_at=timezone.now())
        client.force_login(factories.make_coordinator())
        page = client.get(reverse("admin:call_list")).content.decode().replace("\xa0", " ")
        assert page.index("Først") < page.index("Sist") < page.index("Seinere")
        assert "<strong>I morgen kl. 10.00:</strong> Avlyst:" in page
        assert page.count("De får e-post også, men leser den kanskje for sent.") == 2
        index = client.get(reverse("admin:index")).content.decode()
        assert "3 personer" in index
        assert "Det haster for 2 av dem" in index


@pytest.mark.usefixtures("_sms")
def test_whoever_was_told_on_the_telephone_needs_no_sms(client):
    run = soon_run()
    student(run)
    move(run)
    client.force_login(factories.make_coordinator())
    [line] = Letter.objects.for_staff()
    answer = {"outcome": "reached", "letters": factories.shown(line)}
    client.post(reverse("admin:letter_outcomes"), answer)
    assert owed() == set()
    assert set(Letter.objects.exclude(overtaken_by="").values_list("channel", flat=True)) == {
        "email",
        "sms",
    }
    # And the change back is news again.
    move(run, by=timedelta(hours=-1))
    assert {channel for _kind, channel, _beside in owed()} == {"email", "sms", "phone"}


def test_check_page_tells_of_the_sms_only_where_one_may_come(client, settings):
    run = factories.make_published_run()
    address = f"/kurs/{run.course.slug}/{run.pk}/pamelding/"
    words = "sender en SMS. Den nevner verken deg eller kurset."

    def check(phone: str) -> str:
        answers = {"step": "check", "name": "Ada", "email": "ada@example.org", "phone": phone}
        return client.post(address, answers).content.decode()

    assert words not in check("900 12 345")
    settings.SMS_BACKEND = "console"
    assert f"under {settings.URGENT_HOURS} timer" in check("900 12 345")
    assert words in check("900 12 345")
    assert words not in check("22 86 50 00")
    assert words not in check("")


def test_caller_is_told_of_the_sms(client, settings):
    run = factories.make_published_run()
    client.force_login(factories.make_coordinator())
    address = reverse("admin:phone_sign_up", args=[run.pk])
    words = "sender en SMS. Den nevner verken deg eller kurset."
    assert words not in client.get(address).content.decode()
    settings.SMS_BACKEND = "console"
    assert words in client.get(address).content.decode()


def test_whoever_cancels_hears_that_people_should_be_rung_now(client):
    client.force_login(factories.make_coordinator())
    for hours, is_told in ((20, True), (200, False)):
        run = soon_run(hours=hours)
        student(run)
        student(run, phone="")
        answer = client.post(reverse("admin:run_cancel", args=[run.pk]), follow=True)
        words = "En samling begynner snart: 1 person bør ringes nå. Se ringelista."
        assert (words in answer.content.decode()) == is_told


@pytest.mark.usefixtures("_sms")
def test_sms_never_goes_alone():
    run = soon_run()
    student(run)
    cancel(run)
    for changes in ({"is_beside": False}, {"urgent_for": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Letter.objects.filter(channel="sms").update(**changes)
