"""Session code: everybody who is there gets a certificate by name."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from certificates import services
from certificates.models import NUMBER_ALPHABET, Certificate, SessionCode, make_proof
from certificates.services import NotInThisRun
from courses.models import CourseRun, RateCount
from enrolment.models import Event
from tests import factories
from tests.certificates.test_views import names_in
from tests.enrolment.test_races import at_once

pytestmark = pytest.mark.django_db

URL = "/bevis/"
UNKNOWN = "Vi kjenner ikke denne koden, eller så virker den ikke nå."
STARTS_AT = factories.oslo(2026, 11, 5, 18)
ENDS_AT = factories.oslo(2026, 11, 5, 20)
IDENTITY_NUMBER = "13097248022"


@pytest.fixture
def clock():
    """The middle of the lecture; a test may move on."""
    with time_machine.travel(factories.oslo(2026, 11, 5, 19), tick=False) as traveller:
        yield traveller


def make_lecture(*, headcount: int | None = 70, **fields) -> CourseRun:
    run = factories.make_published_run(**{"entry": "drop_in"} | fields)
    run.sessions.update(starts_at=STARTS_AT, ends_at=ENDS_AT, headcount=headcount)
    return CourseRun.objects.get(pk=run.pk)


def code_of(run: CourseRun) -> str:
    return services.make_code(run=run, session=run.sessions.get(), by=None).code


def claim(run: CourseRun, **fields) -> Certificate:
    values = {
        "session": run.sessions.get(),
        "name": "Kari Lie",
        "language": "nb",
        "submission": uuid.uuid4(),
    } | fields
    return services.claim(**values)


def check(client: Client, code: str, name: str = "Kari Lie", form_id: object = "", **options):
    form_id = form_id or uuid.uuid4()
    data = {"step": "check", "code": code, "name": name, "form_id": form_id}
    return client.post(URL, data, **options)


def confirm(client: Client, page, **options):
    """Press the button on the check page."""
    data = page.context["form"].answers | {"step": "claim"}
    return client.post(URL, data, follow=True, **options)


def is_check_page(response) -> bool:
    return response.templates[0].name == "certificates/claim_check.html"


def token_of(response) -> str:
    return response.redirect_chain[-1][0].split("/")[2]


# Making a code


def test_code_is_six_signs_of_the_alphabet_and_made_once(clock):
    run = make_lecture()
    user = factories.make_user()
    first = services.make_code(run=run, session=run.sessions.get(), by=user)
    second = services.make_code(run=run, session=run.sessions.get(), by=user)
    assert first == second
    assert re.fullmatch(f"[{NUMBER_ALPHABET}]{{6}}", first.code)
    assert Event.objects.filter(verb="made_code", actor=user).count() == 1


def test_two_sessions_have_codes_of_their_own(clock):
    run = factories.make_published_run(entry="drop_in", sessions=2)
    codes = {services.make_code(run=run, session=each, by=None).code for each in run.sessions.all()}
    assert len(codes) == 2


def test_session_of_another_run_gets_no_code(clock):
    with pytest.raises(NotInThisRun):
        services.make_code(run=make_lecture(), session=make_lecture().sessions.get(), by=None)
    assert not SessionCode.objects.exists()


def test_session_that_is_over_or_never_held_gets_no_code(clock):
    run = make_lecture()
    CourseRun.objects.filter(pk=run.pk).update(
        status="cancelled", cancelled_at=STARTS_AT - timedelta(days=1)
    )
    with pytest.raises(services.SessionCodeClosed):
        code_of(run)
    over = make_lecture()
    clock.move_to(ENDS_AT + timedelta(hours=2))
    with pytest.raises(services.SessionCodeClosed):
        code_of(over)


# When it is open


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (STARTS_AT - timedelta(seconds=1), False),
        (STARTS_AT, True),
        (ENDS_AT + timedelta(hours=2, seconds=-1), True),
        (ENDS_AT + timedelta(hours=2), False),
    ],
)
def test_code_is_open_from_the_start_until_two_hours_after_the_end(clock, client, moment, is_open):
    run = make_lecture()
    code = code_of(run)
    clock.move_to(moment)
    assert (services.session_of_code(code) is not None) == is_open
    response = check(client, code)
    assert (UNKNOWN in response.content.decode()) == (not is_open)
    if is_open:
        assert claim(run).name == "Kari Lie"
    else:
        with pytest.raises(services.SessionCodeClosed):
            claim(run)


def test_session_that_began_before_the_cancelling_still_gives_certificates(clock):
    run = make_lecture()
    code = code_of(run)
    CourseRun.objects.filter(pk=run.pk).update(status="cancelled", cancelled_at=timezone.now())
    assert services.session_of_code(code) == run.sessions.get()
    assert claim(run).session == run.sessions.get()


def test_run_cancelled_before_it_began_gives_none(clock):
    run = make_lecture()
    code = code_of(run)
    CourseRun.objects.filter(pk=run.pk).update(
        status="cancelled", cancelled_at=STARTS_AT - timedelta(hours=1)
    )
    assert services.session_of_code(code) is None
    with pytest.raises(services.SessionCodeClosed):
        claim(run)


@pytest.mark.parametrize("written", ["abc def", " ABC-DEF ", "abcdef", "A B C D E F"])
def test_code_is_read_whatever_its_case_and_spaces(clock, written):
    run = make_lecture()
    SessionCode.objects.create(session=run.sessions.get(), code="ABCDEF")
    assert services.session_of_code(written) == run.sessions.get()


def test_unknown_not_begun_and_over_are_the_same_answer(clock, client):
    form_id = uuid.uuid4()

    def answer(code: str) -> str:
        page = check(client, code, form_id=form_id).content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page).replace(code, "CODE")

    over, coming = make_lecture(), make_lecture()
    codes = [code_of(over), code_of(coming), "ZZZZZ2"]
    over.sessions.update(
        starts_at=STARTS_AT - timedelta(days=1), ends_at=STARTS_AT - timedelta(hours=3)
    )
    coming.sessions.update(starts_at=timezone.now() + timedelta(minutes=1))
    answers = {answer(code) for code in codes}
    assert len(answers) == 1
    assert UNKNOWN in answers.pop()


# What somebody gets


def test_certificate_freezes_name_language_run_and_the_sessions_hours(clock):
    run = make_lecture(venue=factories.make_venue(name="Kulturhuset", town="Sandnes"))
    submission = uuid.uuid4()
    made = claim(run, name="Åse Vik", language="nn", submission=submission)
    certificate = Certificate.objects.get(pk=made.pk)
    assert (certificate.name, certificate.language) == ("Åse Vik", "nn")
    assert (certificate.student, certificate.issued_by) == (None, None)
    assert (certificate.run, certificate.session) == (run, run.sessions.get())
    assert (certificate.hours, certificate.sessions_attended) == (Decimal(2), 1)
    assert certificate.first_on == certificate.last_on == STARTS_AT.date()
    assert certificate.place == "Kulturhuset, Sandnes"
    assert certificate.title == run.course.discreet_title
    assert certificate.proof == make_proof(certificate.number, "Åse Vik")
    assert certificate.submission == submission
    assert [(each.verb, each.actor) for each in Event.objects.filter(subject_id=made.pk)] == [
        ("claimed", None)
    ]


def test_same_submission_is_one_certificate_also_when_the_code_has_closed(clock):
    run = make_lecture(headcount=1)
    submission = uuid.uuid4()
    first = claim(run, submission=submission)
    assert claim(run, submission=submission) == first
    clock.move_to(ENDS_AT + timedelta(hours=3))
    assert claim(run, submission=submission) == first
    assert Certificate.objects.count() == 1


def test_two_people_of_the_same_name_get_one_each(clock):
    run = make_lecture()
    assert claim(run).number != claim(run).number


def test_nobody_before_the_tutor_has_counted(clock):
    run = make_lecture(headcount=None)
    with pytest.raises(services.NotCounted):
        claim(run)


@pytest.mark.parametrize("headcount", [0, 2])
def test_no_more_than_the_tutor_counted(clock, headcount):
    run = make_lecture(headcount=headcount)
    for _each in range(headcount):
        claim(run)
    with pytest.raises(services.NothingLeft):
        claim(run)
    assert Certificate.objects.count() == headcount


def test_whoever_is_on_the_register_is_among_those_counted(clock):
    run = make_lecture(headcount=2)
    session = run.sessions.get()
    factories.make_student().attendances.create(session=session, is_present=True)
    factories.make_student().attendances.create(session=session, is_present=False)
    claim(run)
    with pytest.raises(services.NothingLeft):
        claim(run)


def test_withdrawn_certificate_makes_room_for_another(clock):
    run = make_lecture(headcount=1)
    Certificate.objects.filter(pk=claim(run).pk).update(revoked_at=timezone.now())
    assert claim(run)


def test_name_with_an_identity_number_is_not_stored(clock):
    with pytest.raises(ValidationError):
        claim(make_lecture(), name=f"Kari {IDENTITY_NUMBER}")
    assert not Certificate.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_race_for_the_last_one(clock):
    run = make_lecture(headcount=3)
    jobs = [lambda number=number: claim(run, name=f"Gjest {number}") for number in range(10)]
    results = at_once(*jobs)
    assert sum(isinstance(each, Certificate) for each in results) == 3
    assert sum(isinstance(each, services.NothingLeft) for each in results) == 7
    assert Certificate.objects.valid().count() == 3


@pytest.mark.django_db(transaction=True)
def test_one_submission_sent_many_times_at_once_is_one_certificate(clock):
    run = make_lecture(headcount=1)
    submission = uuid.uuid4()
    results = at_once(*[lambda: claim(run, submission=submission)] * 6)
    assert {each.pk for each in results} == {Certificate.objects.get().pk}


# The visitor's pages


def test_visitor_types_looks_over_and_has_the_pdf(clock, client):
    run = make_lecture()
    page = client.get(URL)
    assert page.status_code == 200
    page = check(client, code_of(run).lower(), " Åse   Vik ")
    assert Certificate.objects.count() == 0
    assert "Åse Vik" in page.content.decode()
    assert run.course.title not in page.content.decode()
    done = confirm(client, page)
    certificate = Certificate.objects.get()
    assert certificate.name == "Åse Vik"
    response = client.get(reverse("claimed_pdf", args=[token_of(done)]))
    assert response["Content-Type"] == "application/pdf"
    assert names_in(response) == ["Åse Vik"]


def test_address_tells_neither_name_nor_number_and_nothing_is_cached(clock, client):
    done = confirm(client, check(client, code_of(make_lecture()), "Åse Vik"))
    certificate = Certificate.objects.get()
    pdf = client.get(reverse("claimed_pdf", args=[token_of(done)]))
    for word in ("Vik", "vik", certificate.number, certificate.printed_number):
        assert word not in done.redirect_chain[-1][0]
        assert word not in pdf["Content-Disposition"]
    for response in (client.get(URL), done, pdf):
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_button_pressed_twice_reload_and_back_are_one_certificate(clock, client):
    page = check(client, code_of(make_lecture(headcount=1)))
    first, second = confirm(client, page), confirm(client, page)
    assert Certificate.objects.count() == 1
    assert first.status_code == second.status_code == 200
    assert first.context["certificate"] == second.context["certificate"]
    clock.move_to(ENDS_AT + timedelta(hours=2, minutes=10))
    assert confirm(client, page).context["certificate"] == first.context["certificate"]


def test_language_of_the_page_is_that_of_the_certificate(clock, client):
    code = code_of(make_lecture())
    with translation.override("nn"):
        url = reverse("claim")
    client.post(url, {"step": "claim", "code": code, "name": "Kari Lie"})
    assert Certificate.objects.get().language == "nn"


def test_title_is_marked_where_the_page_has_another_language(clock, client):
    run = make_lecture()
    code = code_of(run)
    title = f'<span lang="nb">{run.course.discreet_title}</span>'
    assert title not in check(client, code).content.decode()
    with translation.override("en"):
        data = {"step": "check", "code": code, "name": "Kari Lie", "form_id": uuid.uuid4()}
        assert title in client.post(reverse("claim"), data).content.decode()


def test_change_keeps_what_was_written(clock, client):
    code = code_of(make_lecture())
    response = client.post(URL, {"step": "change", "code": code, "name": "Kari Li"})
    assert response.context["form"]["code"].value() == code
    assert response.context["form"]["name"].value() == "Kari Li"


def test_code_from_the_picture_is_written_in(client):
    assert client.get(f"{URL}?kode=ABCDEF").context["form"].initial["code"] == "ABCDEF"


NOT_COUNTED = "Kursholderen har ikke skrevet hvor mange dere er"
NOTHING_LEFT = "Si fra til kursholderen at du ikke har fått ditt"


@pytest.mark.parametrize("step", ["check", "claim"])
@pytest.mark.parametrize(("headcount", "why"), [(None, NOT_COUNTED), (0, NOTHING_LEFT)])
def test_count_that_gives_nothing_is_an_error_like_any_other(clock, client, step, headcount, why):
    code = code_of(make_lecture(headcount=headcount))
    data = {"step": step, "code": code, "name": "Kari Lie", "form_id": uuid.uuid4()}
    response = client.post(URL, data)
    html, form = response.content.decode(), response.context["form"]
    assert "<title>Feil: " in html
    assert html.index('id="error-summary"') < html.index("<h1")
    (error,) = form.errors["code"]
    assert why in error
    assert f'<a href="#id_code">{error}</a>' in html
    assert html.count(error) == 2  # in the summary, and at the field
    values = [form[name].value() for name in ("code", "name", "form_id")]
    assert values == [code, "Kari Lie", str(data["form_id"])]
    assert Certificate.objects.count() == 0


def test_visitor_who_is_one_too_many_can_try_again_once_the_count_is_right(clock, client):
    run = make_lecture(headcount=1)
    page = check(client, code_of(run))
    claim(run)
    assert NOTHING_LEFT in confirm(client, page).content.decode()
    run.sessions.update(headcount=2)
    assert confirm(client, page).context["certificate"].name == "Kari Lie"


def test_identity_number_is_refused_and_stays_in_its_field(clock, client):
    response = check(client, code_of(make_lecture()), f"Kari {IDENTITY_NUMBER}")
    assert response.context["form"].has_error("name", "identity_number")
    assert response.content.decode().count(IDENTITY_NUMBER) == 1
    assert Certificate.objects.count() == 0


@pytest.mark.parametrize(("code", "name"), [("", "Kari Lie"), ("ABC", "Kari Lie"), ("", "")])
def test_what_is_missing_is_told_and_counts_as_no_guess(clock, client, code, name):
    response = check(client, code, name)
    assert response.context["form"].errors
    assert not RateCount.objects.exists()


def test_whoever_goes_back_and_looks_over_again_has_one_certificate(clock, client):
    code, form_id = code_of(make_lecture()), client.get(URL).context["form"]["form_id"].value()
    for _each in range(2):
        confirm(client, check(client, code, "Kari Lie", form_id))
    assert Certificate.objects.count() == 1


def test_next_person_on_the_same_page_has_their_own(clock, client):
    code, form_id = code_of(make_lecture()), uuid.uuid4()
    for name in ("Kari Lie", "Bo Ek"):
        done = confirm(client, check(client, code, name, form_id))
        assert done.context["certificate"].name == name
    assert Certificate.objects.count() == 2


def test_two_of_the_same_name_on_two_phones_have_their_own(clock, client):
    code = code_of(make_lecture())
    for _each in range(2):
        form_id = Client().get(URL).context["form"]["form_id"].value()
        confirm(client, check(client, code, "Kari Lie", form_id))
    assert Certificate.objects.count() == 2


@pytest.mark.parametrize("form_id", ["", "made up"])
def test_page_without_its_id_works(clock, client, form_id):
    data = {"step": "claim", "code": code_of(make_lecture()), "name": "Bo Ek", "form_id": form_id}
    client.post(URL, data)
    assert Certificate.objects.get().name == "Bo Ek"


def test_token_opens_nothing_when_the_window_has_gone(clock, client):
    done = confirm(client, check(client, code_of(make_lecture())))
    urls = [reverse(name, args=[token_of(done)]) for name in ("claimed", "claimed_pdf")]
    clock.move_to(ENDS_AT + timedelta(hours=2, minutes=29))
    assert [client.get(url).status_code for url in urls] == [200, 200]
    clock.move_to(ENDS_AT + timedelta(hours=2, minutes=30))
    assert [client.get(url).status_code for url in urls] == [404, 404]


@pytest.mark.parametrize("token", ["made-up", "MTI:abc:def"])
def test_made_up_token_opens_nothing(client, token):
    assert client.get(f"{URL}{token}/").status_code == 404
    assert client.get(f"{URL}{token}/kursbevis/").status_code == 404


def test_visitor_finds_the_corrected_one_by_the_same_address(clock, client):
    done = confirm(client, check(client, code_of(make_lecture()), "Kari Li"))
    old = Certificate.objects.get()
    new = claim(old.run, name="Kari Lie")
    Certificate.objects.filter(pk=old.pk).update(superseded_by=new)
    response = client.get(reverse("claimed_pdf", args=[token_of(done)]))
    assert names_in(response) == ["Kari Lie"]


def test_withdrawn_or_forgotten_certificate_is_not_opened(clock, client):
    done = confirm(client, check(client, code_of(make_lecture())))
    url = reverse("claimed", args=[token_of(done)])
    Certificate.objects.update(revoked_at=timezone.now())
    assert client.get(url).status_code == 404
    Certificate.objects.update(revoked_at=None, name="")
    assert client.get(url).status_code == 404


def test_no_session_remembers_the_name(clock, client):
    confirm(client, check(client, code_of(make_lecture())))
    assert not Session.objects.exists()


# Guessing


def test_many_wrong_codes_from_one_place_are_not_looked_at(clock, client, settings):
    settings.WRONG_CODES_PER_HOUR = 3
    code = code_of(make_lecture())
    for _each in range(3):
        assert check(client, "ZZZZZ2").status_code == 200
    assert check(client, code).status_code == 429
    assert check(client, code, REMOTE_ADDR="192.0.2.9").status_code == 200
    clock.shift(timedelta(hours=1))
    assert check(client, code).status_code == 200


def test_right_codes_are_not_counted(clock, client):
    confirm(client, check(client, code_of(make_lecture())))
    assert not RateCount.objects.exists()


def test_whoever_has_a_certificate_gets_it_again_though_others_guess(clock, client, settings):
    page = check(client, code_of(make_lecture()))
    confirm(client, page)
    settings.WRONG_CODES_PER_HOUR = 1
    check(client, "ZZZZZ2")
    assert confirm(client, page).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_checking_a_code_costs_the_same_for_any_number_given(
    clock, client, number, django_assert_num_queries
):
    run = make_lecture()
    code = code_of(run)
    for _each in range(number):
        claim(run)
    with django_assert_num_queries(5):
        check(client, code)
