"""The call list: one block for each person, one click for all that was said to them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from courses.models import CourseSession
from enrolment import services
from enrolment.admin.call_list import people_to_tell
from enrolment.models import Event, Letter, Student
from enrolment.schedule_changes import programme
from tests import factories
from tests.enrolment.announcing import announce_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(factories.make_coordinator())
    return client


def by_phone(name: str, number: int = 1):
    return factories.make_person(name=name, email="", phone=f"+4799999{number:03}")


def on_paper(name: str):
    return factories.make_person(
        name=name,
        email="",
        phone=f"+4799998{sum(map(ord, name)) % 1000:03}",
        channel="paper",
        postal_address="Storgata 1\n4306 Sandnes",
    )


def told(*people: services.Person, **fields: object) -> list[Letter]:
    """Everybody signs up for the same run; their letters."""
    run = factories.make_published_run(**fields)
    return [factories.enrol(run, person=person).letters.get() for person in people]


def move(run, **delta: float) -> None:
    before = programme(run)
    for session in CourseSession.objects.filter(run=run):
        session.starts_at += timedelta(**delta)
        session.ends_at += timedelta(**delta)
        session.save()
    announce_change(run=run, by=factories.make_user(), before=before)


def lists() -> list[str]:
    return [each.recipient.name for each in people_to_tell()]


def answer(staff, person, outcome: str):
    return staff.post(
        reverse("admin:letter_outcomes"), {"outcome": outcome, "letters": person.shown}
    )


def goes_on_with(response) -> str:
    """The name in whose block the list goes on."""
    address, anchor = response["Location"].split("#")
    assert address == f"{reverse('admin:call_list')}?at={anchor}" or address.endswith("&new=1")
    return next((each.recipient.name for each in people_to_tell() if each.anchor == anchor), anchor)


def call_list(staff) -> str:
    return staff.get(reverse("admin:call_list")).content.decode()


# One click for each person


@pytest.mark.parametrize("outcome", ["reached", "posted"])
def test_one_click_answers_for_all_that_was_shown_of_the_person(staff, outcome):
    told(on_paper("Ada Moen"))
    told(on_paper("Ada Moen"), on_paper("Bo Lie"))
    ada, _bo = people_to_tell()
    assert len(ada.letters) == 2
    answer(staff, ada, outcome)
    done = Letter.objects.filter(student=ada.student)
    assert set(done.values_list("outcome", flat=True)) == {outcome}
    assert not done.filter(sent_at=None).exists()
    assert all("Ada Moen" in text for text in done.values_list("text", flat=True))
    assert Event.objects.filter(verb=f"letter_{outcome}").count() == 2
    assert lists() == ["Bo Lie"]


def test_who_was_not_reached_stays_where_they_were(staff):
    told(by_phone("Ada Moen"), by_phone("Bo Lie", 2))
    response = answer(staff, people_to_tell()[0], "unreached")
    assert lists() == ["Ada Moen", "Bo Lie"]
    assert goes_on_with(response) == "Bo Lie"
    assert Letter.objects.get(student__name="Ada Moen").attempts == 1
    assert "ikke fått tak i" in call_list(staff).lower()


@pytest.mark.parametrize(("whom", "next_one"), [(0, "Bo Lie"), (1, "Cai Dahl"), (2, "Bo Lie")])
def test_the_list_goes_on_with_the_next_person(staff, whom, next_one):
    told(
        *(by_phone(name, number) for number, name in enumerate(["Ada Moen", "Bo Lie", "Cai Dahl"]))
    )
    assert goes_on_with(answer(staff, people_to_tell()[whom], "reached")) == next_one


def test_after_the_last_one_the_message_stands_where_the_list_was(staff):
    told(by_phone("Ada Moen"))
    response = answer(staff, people_to_tell()[0], "reached")
    assert goes_on_with(response) == "letters"
    page = staff.get(response["Location"].partition("#")[0]).content.decode()
    assert page.index('id="letters"') < page.index("Notert: Ada Moen.")


def test_the_message_stands_with_the_person_the_list_goes_on_with(staff):
    told(by_phone("Ada Moen"), by_phone("Bo Lie", 2))
    ada, bo = people_to_tell()
    response = answer(staff, ada, "reached")
    page = staff.get(response["Location"].partition("#")[0]).content.decode()
    assert page.count("Notert: Ada Moen.") == 1
    assert page.index(f'id="{bo.anchor}"') < page.index("Notert: Ada Moen.")
    assert f'<h3 id="{bo.anchor}" tabindex="-1">' in page


def test_an_anchor_that_is_not_there_leaves_the_message_on_top(staff):
    told(by_phone("Ada Moen"))
    answer(staff, people_to_tell()[0], "unreached")
    page = staff.get(f"{reverse('admin:call_list')}?at=person-finnes-ikke").content.decode()
    assert page.index("Notert: Ada Moen.") < page.index('id="letters"')


def test_anchors_tell_nothing_of_people(staff):
    [letter] = told(by_phone("Ada Moen"))
    [person] = people_to_tell()
    assert re.fullmatch(r"person-[0-9a-f]{16}", person.anchor)
    assert str(letter.student_id) not in re.findall(r"[0-9]+", person.anchor)


def test_a_free_place_is_gone_on_with_too(staff):
    run = factories.make_published_run(capacity=1)
    first = factories.enrol(run)
    waiting = [factories.enrol(run), factories.enrol(run)]
    run.waiting_list_closes_at = timezone.now() - timedelta(hours=1)
    run.save(update_fields=["waiting_list_closes_at"])
    services.withdraw(enrolment=first)
    response = staff.post(
        reverse("admin:call_outcome", args=[waiting[0].pk]), {"outcome": "unreached"}
    )
    anchor = f"place-{run.pk}"
    assert response["Location"] == f"{reverse('admin:call_list')}?at={anchor}#{anchor}"
    page = staff.get(response["Location"].partition("#")[0]).content.decode()
    message = f"Notert: {waiting[0].student.name}."
    assert page.index(f'id="{anchor}"') < page.index(message) < page.index('id="letters"')


# What has changed while the page was open


def test_what_changed_is_left_and_shown_and_the_rest_written_down(staff):
    [first], [second] = told(by_phone("Ada Moen")), told(by_phone("Ada Moen"))
    told(by_phone("Bo Lie", 2))
    ada = people_to_tell()[0]
    move(second.enrolment.run, days=1)
    response = answer(staff, ada, "reached")
    assert goes_on_with(response) == "Ada Moen"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.outcome, second.outcome, second.sent_at) == ("reached", "", None)
    page = staff.get(response["Location"].partition("#")[0]).content.decode()
    assert "noe er endret mens du hadde siden oppe" in page
    assert page.count("<details open>") == 1
    answer(staff, people_to_tell()[0], "reached")
    assert lists() == ["Bo Lie"]


def test_what_came_meanwhile_keeps_the_person_and_says_so(staff):
    told(by_phone("Ada Moen"))
    [ada] = people_to_tell()
    [newer] = told(by_phone("Ada Moen"))
    response = answer(staff, ada, "reached")
    assert goes_on_with(response) == "Ada Moen"
    page = staff.get(response["Location"].partition("#")[0]).content.decode()
    assert "Det har kommet noe nytt i mellomtiden." in page
    newer.refresh_from_db()
    assert newer.sent_at is None


@pytest.mark.parametrize("said", ["", "0" * 32])
def test_nobody_counts_as_told_without_what_the_page_showed(said):
    [letter] = told(by_phone("Ada Moen"))
    left = services.record_letter_outcomes(
        said={letter.pk: said}, outcome="reached", by=factories.make_user()
    )
    letter.refresh_from_db()
    assert (left, letter.sent_at, letter.outcome) == ([letter], None, "")


def test_what_is_dealt_with_already_is_neither_changed_nor_left():
    [letter] = told(by_phone("Ada Moen"))
    said, by = factories.said(letter), factories.make_user()
    for outcome in ("reached", "posted", "unreached"):
        assert services.record_letter_outcomes(said=said, outcome=outcome, by=by) == []
    letter.refresh_from_db()
    assert letter.outcome == "reached"
    assert Event.objects.filter(subject="letter").count() == 1


def test_what_holds_no_more_is_left():
    [letter] = told(by_phone("Ada Moen"))
    said = factories.said(letter)
    services.withdraw(enrolment=letter.enrolment)
    by = factories.make_user()
    assert services.record_letter_outcomes(said=said, outcome="reached", by=by) == [letter]
    assert services.record_letter_outcomes(said=said, outcome="unreached", by=by) == []
    letter.refresh_from_db()
    assert (letter.overtaken_by, letter.outcome) == ("withdrawn", "")


def test_a_change_that_comes_between_writing_and_locking_is_not_told(monkeypatch):
    [letter] = told(by_phone("Ada Moen"))
    run, said = letter.enrolment.run, factories.said(letter)
    Letter.objects.update(sent_at=timezone.now() - timedelta(days=1))
    move(run, days=1)
    changed = Letter.objects.get(kind="changed")
    said = factories.said(changed)
    write = services.letter_outcomes.letters.as_of_now

    def then_moved(found):
        written = list(write(found))
        move(run, days=1)
        return written

    monkeypatch.setattr(services.letter_outcomes.letters, "as_of_now", then_moved)
    by = factories.make_user()
    assert services.record_letter_outcomes(said=said, outcome="reached", by=by) == [changed]


@pytest.mark.parametrize("number", [1, 3])
def test_statements_of_a_click_do_not_grow_with_the_letters(django_assert_num_queries, number):
    letters = [
        told(by_phone("Ada Moen"), by_phone("Bo Lie", 2), capacity=1)[each % 2]
        for each in range(number)
    ]
    said, by = factories.said(*letters), factories.make_user()
    with django_assert_num_queries(16):
        services.record_letter_outcomes(said=said, outcome="reached", by=by)
    assert Letter.objects.filter(outcome="reached").count() == number


# The pile


def test_the_pile_marks_what_was_printed_and_names_what_changed(staff):
    told(on_paper("Ada Moen"))
    [moved] = told(on_paper("Bo Lie"))
    told(by_phone("Cai Dahl"))
    page = call_list(staff)
    [shown] = set(
        re.findall(r'name="letters" value="([^"]+)">\n<input type="hidden" name="is_pile"', page)
    )
    assert shown.count(":") == 2
    move(moved.enrolment.run, days=1)
    told(on_paper("Dag Ås"))
    pile = {"outcome": "posted", "letters": shown, "is_pile": "1"}
    response = staff.post(reverse("admin:letter_outcomes"), pile, follow=True)
    messages = [str(each) for each in response.context["messages"]]
    assert messages[0] == "1 brev er merket som postlagt."
    assert messages[1].startswith("Ikke merket, fordi noe er endret siden du åpnet siden: Bo Lie.")
    assert lists() == ["Bo Lie", "Cai Dahl", "Dag Ås"]
    assert Letter.objects.get(student__name="Ada Moen").outcome == "posted"


def test_without_letters_on_paper_there_is_no_pile(staff):
    told(by_phone("Ada Moen"))
    assert "is_pile" not in call_list(staff)


def test_posted_is_offered_where_all_is_on_paper(staff):
    told(on_paper("Ada Moen"))
    assert 'value="posted">Postlagt<' in call_list(staff)
    Student.objects.update(phone="+4799999001", channel="phone")
    told(on_paper("Ada Moen"))
    Letter.objects.filter(pk=Letter.objects.latest("pk").pk).update(
        student=Letter.objects.earliest("pk").student, channel="phone"
    )
    page = call_list(staff)
    assert 'value="posted">Postlagt<' not in page
    assert 'value="reached">Snakket med<' in page


# How many people


def title(page: str) -> tuple[str, str]:
    return re.findall(r"<title>(.*?) – ", page)[0], re.findall(r"<h1>(.*?)</h1>", page)[0]


def assert_counts(staff, number: int) -> None:
    with translation.override("nb"):
        index = staff.get(reverse("admin:index"))
        page = staff.get(reverse("admin:call_list"))
    text = page.content.decode()
    people = "person" if number == 1 else "personer"
    wanted = f"Ringeliste: {number} {people}" if number else "Ringeliste"
    assert title(text) == (wanted, wanted)
    assert index.context["tasks"].calls.people == number
    if number:
        assert f"{number} {people} som skal ha beskjed" in index.content.decode()


def test_people_are_counted_alike_everywhere_and_once(staff):
    assert_counts(staff, 0)
    told(by_phone("Ada Moen"))
    told(by_phone("Ada Moen"))
    assert_counts(staff, 1)
    # Bo waits for a free place as well as for a letter.
    run = factories.make_published_run(capacity=1)
    first = factories.enrol(run)
    factories.enrol(run, person=by_phone("Bo Lie", 2))
    run.waiting_list_closes_at = timezone.now() - timedelta(hours=1)
    run.save(update_fields=["waiting_list_closes_at"])
    services.withdraw(enrolment=first)
    assert_counts(staff, 2)
    Letter.objects.filter(student__name="Bo Lie").update(sent_at=timezone.now())
    assert_counts(staff, 2)
    [failed] = told(factories.make_person(name="Cai Dahl"))
    Letter.objects.filter(pk=failed.pk).update(failed_at=timezone.now())
    assert_counts(staff, 3)


def test_a_change_that_came_to_nothing_counts_nobody(staff):
    [letter] = told(by_phone("Ada Moen"), sessions=2, in_days=2)
    Letter.objects.update(sent_at=timezone.now())
    run, before = letter.enrolment.run, programme(letter.enrolment.run)
    session = run.sessions.order_by("starts_at").first()
    session.ends_at += timedelta(hours=1)
    session.save()
    announce_change(run=run, by=factories.make_user(), before=before)
    assert_counts(staff, 1)
    # The session is over before anybody was told: there is nothing left to tell.
    CourseSession.objects.filter(pk=session.pk).update(
        starts_at=timezone.now() - timedelta(hours=4), ends_at=timezone.now() - timedelta(hours=1)
    )
    changed = Letter.objects.get(kind="changed")
    changed.before["meetings"][str(session.pk)][1] = (
        timezone.now() - timedelta(hours=2)
    ).isoformat()
    changed.save()
    assert_counts(staff, 0)


# Tutors and members of staff


def to_staff(**whom: object) -> Letter:
    return Letter.objects.create(
        kind="link",
        channel="email",
        failed_at=timezone.now(),
        last_error="SMTPRecipientsRefused 550",
        dedupe_key=f"test:{factories.number()}",
        **whom,
    )


def test_what_did_not_reach_tutors_is_listed_by_their_names(staff):
    factories.make_college()
    tutors = [factories.make_tutor_with_sign_in(name=name) for name in ("Tor Lærer", "Eva Leder")]
    letters = [to_staff(tutor=each) for each in tutors]
    page = call_list(staff)
    assert lists() == ["Tor Lærer", "Eva Leder"]
    assert reverse("admin:courses_tutor_change", args=[tutors[0].pk]) in page
    assert "/enrolment/student/" not in page.partition('id="content-main"')[2]
    assert_counts(staff, 2)
    response = answer(staff, people_to_tell()[0], "reached")
    assert goes_on_with(response) == "Eva Leder"
    answer(staff, people_to_tell()[0], "again")
    letters[1].refresh_from_db()
    assert letters[1].failed_at is None
    assert staff.get(reverse("admin:letter_paper", args=[letters[0].pk])).status_code == 200


def test_letters_about_signing_in_are_nobodys_to_tell(staff):
    """Whoever has not come stands on the page of staff; a code is not read aloud."""
    user = factories.make_user("bestyrer", first_name="Eva", last_name="Leder", email="eva@x.no")
    for kind in ("code", "invited", "password", "sign_in"):
        letter = to_staff(user=user)
        Letter.objects.filter(pk=letter.pk).update(kind=kind)
    assert "Eva" not in call_list(staff)
    assert_counts(staff, 0)


# Queries


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_people_on_the_same_runs(staff, django_assert_num_queries, count):
    runs = [factories.make_published_run(capacity=2, sessions=2) for _each in range(count)]
    for run in runs:
        for number in range(2 * count + 1):
            factories.enrol(run, person=by_phone(f"Ada {number}", number))
    call_list(staff)
    with django_assert_num_queries(13):
        call_list(staff)
