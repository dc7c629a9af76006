"""How often the public forms may be sent, and that nothing else depends on it."""

import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from courses.models import College, RateCount
from courses.services import save_college
from enrolment import services
from enrolment.models import Enrolment, Letter, LinkRequest, Student
from tests import factories
from tests.enrolment.test_races import at_once
from tests.enrolment.test_sign_up import (
    ANSWERS,
    check,
    confirm,
    hidden_fields,
    text_of,
    url_of,
    without_secrets,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(factories.oslo(2026, 11, 23, 14, 20), tick=False) as traveller:
        yield traveller


@pytest.fixture
def few(settings):
    """Two sign-ups by network, three by run."""
    settings.SIGN_UPS_PER_HOUR_BY_NETWORK = 2
    settings.SIGN_UPS_PER_HOUR_BY_RUN = 3
    settings.SIGN_UPS_PER_HOUR_BY_PLACE = 0
    return settings


def use_up(run, *, networks: int = 1, tries: int = 3) -> None:
    for network in range(networks):
        for _each in range(tries):
            services.count_sign_up(run_id=run.pk, network=f"198.51.100.{network}")


def number_of(each: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in str(each))


def test_thirty_people_in_one_library_sign_up_for_two_courses_each_and_some_twice(client):
    runs = [factories.make_published_run(capacity=20) for _each in range(2)]
    codes = []
    for each in range(30):
        person = {"name": f"Person {number_of(each)}", "email": f"person{each}@example.org"}
        for run in [*runs, runs[0]] if each < 10 else runs:
            codes.append(confirm(client, run, **person).status_code)
    assert codes == 70 * [302]
    assert Enrolment.objects.count() == 60


@pytest.mark.parametrize(("capacity", "most"), [(12, 300), (29, 300), (30, 300), (31, 310)])
def test_all_networks_together_may_send_three_hundred_or_ten_times_the_capacity(capacity, most):
    run = factories.make_published_run(capacity=capacity)
    found = [
        services.count_sign_up(run_id=run.pk, network=f"192.0.2.{each}") for each in range(most + 1)
    ]
    assert found == most * [False] + [True]


def test_trying_to_sign_up_costs_one_statement(django_assert_num_queries):
    run = factories.make_published_run()
    with django_assert_num_queries(1):
        services.count_sign_up(run_id=run.pk, network="192.0.2.7")


def test_network_that_sends_too_many_is_asked_to_wait_and_others_are_not(client, few):
    run = factories.make_published_run()
    fields = hidden_fields(check(client, run).content.decode(), "enrol")
    found = [client.post(url_of(run), fields).status_code for _each in range(3)]
    assert found == [302, 302, 429]
    assert client.post(url_of(run), fields, REMOTE_ADDR="192.0.2.9").status_code == 302


def test_network_over_its_limit_takes_nothing_from_the_run(client, few):
    run = factories.make_published_run()
    use_up(run, tries=50)
    assert confirm(client, run).status_code == 302


def test_only_the_last_button_counts(client, few):
    run = factories.make_published_run()
    for _each in range(5):
        client.get(url_of(run))
        fields = hidden_fields(check(client, run).content.decode(), "enrol")
        client.post(url_of(run), fields | {"step": "change"})
        client.post(url_of(run), fields | {"name": ""})
        client.post(url_of(run), fields | {"shown": "made up"})
    assert not RateCount.objects.exists()


@pytest.mark.parametrize("happening", ["network", "run"])
def test_answers_are_kept_and_the_same_page_can_be_sent_an_hour_later(
    client, few, clock, happening
):
    run = factories.make_published_run()
    fields = hidden_fields(
        check(client, run, **ANSWERS, phone="22 86 50 00", companion="on").content.decode(), "enrol"
    )
    if happening == "network":
        for _each in range(2):
            services.count_sign_up(run_id=run.pk, network="127.0.0.1")
    else:
        use_up(run, networks=2, tries=2)
    response = client.post(url_of(run), fields)
    assert response.status_code == 429
    page = text_of(response)
    assert "Prøv igjen om litt, eller ring oss" in page
    assert 'href="tel:+4722865000"' in page
    assert "Kari Nordmann" in page
    assert Enrolment.objects.count() == Student.objects.count() == Letter.objects.count() == 0
    again = hidden_fields(response.content.decode(), "enrol")
    token = {"csrfmiddlewaretoken": ""}
    assert again | token == fields | token | {"when_one_left": "ask"}
    clock.shift(3600)
    assert "Du har plass" in text_of(client.post(url_of(run), again, follow=True))
    assert Enrolment.objects.get().places == 2


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_page_is_there_in_each_language(client, few, language):
    run = factories.make_published_run()
    fields = hidden_fields(check(client, run).content.decode(), "enrol")
    use_up(run, networks=2, tries=2)
    prefix = "" if language == "nb" else f"/{language}"
    words = {
        "nb": "Det du har skrevet, står her.",
        "nn": "Det du har skrive, står her.",
        "en": "What you have written is here.",
    }
    assert words[language] in text_of(client.post(prefix + url_of(run), fields))


def test_consent_and_the_choice_of_two_are_kept(client, few):
    run = factories.make_published_run(capacity=1)
    college = College.objects.get()
    college.legal_basis = College.LegalBasis.CONSENT
    save_college(college=college)
    fields = hidden_fields(
        check(client, run, **ANSWERS, companion="on").content.decode(), "enrol"
    ) | {"consent": "on", "when_one_left": "wait"}
    use_up(run, networks=2, tries=2)
    again = hidden_fields(client.post(url_of(run), fields).content.decode(), "enrol")
    assert (again["consent"], again["when_one_left"]) == ("on", "wait")


@pytest.mark.parametrize("state", ["new", "there", "sent before", "withdrawn"])
def test_known_and_unknown_new_and_repeated_are_asked_alike(client, few, state):
    run = factories.make_published_run()
    newcomer = hidden_fields(
        check(client, run, name="Ny", email="ny@example.org").content.decode(), "enrol"
    )
    fields = hidden_fields(check(client, run).content.decode(), "enrol")
    if state == "there":
        factories.enrol(run, person=factories.make_person(**ANSWERS))
    elif state == "sent before":
        client.post(url_of(run), fields)
    elif state == "withdrawn":
        person = factories.make_person(**ANSWERS)
        services.withdraw(enrolment=factories.enrol(run, person=person))
    use_up(run, networks=2, tries=2)
    pages = []
    for sent, words in ((newcomer, ["Ny", "ny@example.org"]), (fields, list(ANSWERS.values()))):
        response = client.post(url_of(run), sent)
        assert response.status_code == 429
        page = without_secrets(text_of(response))
        for each in words:
            page = page.replace(f">{each}<", ">…<").replace(f'"{each}"', '"…"')
        pages.append(page)
    assert pages[0] == pages[1]


def test_staff_register_a_caller_all_the_same(few):
    run = factories.make_published_run()
    use_up(run, networks=3)
    staff = Client()
    staff.force_login(factories.make_coordinator())
    for each in range(4):
        answers = {"name": f"Person {number_of(each)}", "phone": f"+479999000{each}"}
        answers |= {"channel": "phone", "language": "nb", "submission": str(uuid.uuid4())}
        staff.post(reverse("admin:phone_sign_up", args=[run.pk]), answers)
    assert Enrolment.objects.count() == 4


def test_index_says_where_people_are_asked_to_wait_while_it_lasts(few, clock):
    run, other = factories.make_published_run(), factories.make_published_run()
    staff = Client()
    staff.force_login(factories.make_coordinator())
    sentence = "Denne timen fikk 3 forsøk beskjed om å vente litt eller ringe dere."
    assert "beskjed om å vente" not in text_of(staff.get(reverse("admin:index")))
    use_up(run, networks=2, tries=3)
    services.count_sign_up(run_id=other.pk, network="203.0.113.1")
    page = text_of(staff.get(reverse("admin:index")))
    assert page.count("beskjed om å vente") == 1
    assert f"{run}</a>: uvanlig mange melder seg på. {sentence}" in page
    clock.shift(3600)
    assert "beskjed om å vente" not in text_of(staff.get(reverse("admin:index")))


@pytest.mark.django_db(transaction=True)
def test_sixty_at_once_meet_the_limit_exactly(settings):
    settings.SIGN_UPS_PER_HOUR_BY_NETWORK = 40
    run = factories.make_published_run()

    def sign_up():
        return services.count_sign_up(run_id=run.pk, network="192.0.2.7")

    results = at_once(*[sign_up for _each in range(60)])
    assert sorted(results) == 40 * [False] + 20 * [True]
    assert [count for _run, count in services.asked_to_wait([run])] == [20]


# «Send me my link»


def ask_for_link(client, contact: str = "kari@example.org", *, prefix: str = "", **headers: str):
    url = prefix + reverse("my_link")
    return client.post(url, {"contact": contact}, **headers)


def test_network_that_asks_for_too_many_links_is_asked_to_wait(client, settings, clock):
    factories.get_college()
    settings.LINK_REQUESTS_PER_HOUR = 2
    assert [ask_for_link(client).status_code for _each in range(3)] == [302, 302, 429]
    assert ask_for_link(client, REMOTE_ADDR="192.0.2.9").status_code == 302
    clock.shift(3600)
    assert ask_for_link(client).status_code == 302


@pytest.mark.parametrize("contact", ["kari@example.org", "22 86 50 00"])
def test_known_and_unknown_are_asked_alike_and_no_letter_is_written(client, settings, contact):
    factories.get_college()
    settings.LINK_REQUESTS_PER_HOUR = 0
    before = ask_for_link(client, contact)
    factories.make_student(email="kari@example.org", phone="+4722865000")
    after = ask_for_link(client, contact)
    assert (before.status_code, after.status_code) == (429, 429)
    assert without_secrets(text_of(before)) == without_secrets(text_of(after))
    assert f'value="{contact}"' in text_of(after)
    assert "Prøv igjen om litt, eller ring oss." in text_of(after)
    assert LinkRequest.objects.count() == 0


def test_contact_that_is_none_is_not_counted(client):
    factories.get_college()
    assert ask_for_link(client, "ingen").status_code == 200
    assert not RateCount.objects.exists()
