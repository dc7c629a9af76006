"""The tutor's page for a list of names, and the page that shows how it was read."""

import pytest
from django.test import Client
from django.urls import reverse

from certificates.models import Certificate
from tests import factories
from tests.certificates.test_attendance_views import teach, text_of
from tests.certificates.test_names import (
    IDENTITY_NUMBER,
    check,
    is_check_page,
    make_class,
    names_of,
    press,
    send,
    url_of,
)
from tests.certificates.test_views import names_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("held_on_fixed_days")]


def rows_on(page) -> list[str]:
    return [row.found.name for row in page.context["form"].rows()]


def test_names_are_shown_before_anything_is_issued():
    run = make_class()
    client = teach(run)
    page = check(client, run, '1. Kari Prøve\n• Ola Tenkt\nNavn\n"Prøve, Per A."\nPrÃ¸ve, Ida B.')
    assert rows_on(page) == ["Kari Prøve", "Ola Tenkt", "Per A. Prøve", "Ida B. Prøve"]
    text = text_of(page)
    assert "Skrevet som «1. Kari Prøve»" in text
    assert "Skrevet som «PrÃ¸ve, Ida B.»" in text
    assert "Linje 3: overskrift" in text
    assert not Certificate.objects.exists()
    press(client, page)
    assert names_of(run) == ["Ida B. Prøve", "Kari Prøve", "Ola Tenkt", "Per A. Prøve"]


def test_what_stood_beside_a_name_is_told_and_not_kept():
    run = make_class()
    client = teach(run)
    page = check(client, run, "Navn;E-post\nKari Prøve;kari@example.org")
    assert "Tatt bort: kari@example.org" in text_of(page)
    press(client, page)
    assert names_of(run) == ["Kari Prøve"]


def test_several_on_a_line_are_told():
    run = make_class()
    page = check(teach(run), run, "\nKari Prøve, Ola Tenkt og Eva Oppdiktet")
    assert text_of(page).count("Ett av 3 navn i linje 2") == 3


def test_what_can_be_read_both_ways_is_asked_about_and_the_button_confirms_it():
    run = make_class()
    client = teach(run)
    page = check(client, run, "Hansen, Kari\nMohd.Ali\nBo Ek 2")
    asked = [(words, [each.name for each in names]) for words, names in questions_on(page)]
    assert asked == [
        (
            "Lest som én person, med etternavnet foran kommaet. Er det to personer, så skriv én "
            "på hver linje.",
            ["Kari Hansen"],
        ),
        ("Vi har satt mellomrom etter punktumet. Er det riktig?", ["Mohd. Ali"]),
        ("Det er tall i navnet. Skal de være med?", ["Bo Ek 2"]),
    ]
    press(client, page)
    assert names_of(run) == ["Bo Ek 2", "Kari Hansen", "Mohd. Ali"]


def questions_on(page) -> list:
    return list(page.context["form"].questions())


def test_clean_list_is_asked_nothing():
    run = make_class()
    page = check(teach(run), run, "Kari Prøve\nOla Tenkt")
    assert questions_on(page) == []
    assert "Se på disse først" not in text_of(page)


def test_way_back_keeps_everything_as_it_was_written():
    run = make_class(sessions=2)
    client = teach(run)
    chosen = [str(run.sessions.last().pk)]
    pasted = "\n1. Kari Prøve\nPrÃ¸ve, Ola"
    page = check(client, run, pasted, sessions=chosen, language="en")
    form = press(client, page, "change").context["form"]
    values = [form[name].value() for name in ("names", "sessions", "language")]
    assert values == [pasted, chosen, "en"]
    assert form.errors == {}


def test_letters_that_no_form_keeps_are_put_right():
    run = make_class()
    client = teach(run)
    send(client, run, "Ã\x85se Vik")
    assert names_of(run) == ["Åse Vik"]


def test_button_pressed_twice_reload_and_back_issue_once():
    run = make_class()
    client = teach(run)
    page = check(client, run, "Kari Lie\nKari Lie\nBo Ek")
    for _each in range(3):
        press(client, page, different_people=["kari lie"])
    assert names_of(run) == ["Bo Ek", "Kari Lie", "Kari Lie"]


@pytest.mark.parametrize("shown", [{"shown": ""}, {"shown": "made up"}, {"names": "Ola Tenkt"}])
def test_names_that_were_not_shown_are_shown_first(shown):
    run = make_class()
    client = teach(run)
    page = press(client, check(client, run, "Kari Lie"), **shown)
    assert is_check_page(page)
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_check_page_costs_the_same_for_any_number_of_names(number, django_assert_num_queries):
    run = make_class()
    client = teach(run)
    names = "\n".join(f"Kari Lie {each}" for each in range(number))
    data = {"names": names, "sessions": [run.sessions.get().pk], "language": "nb"}
    with django_assert_num_queries(8):
        page = client.post(url_of(run), data)
    assert len(rows_on(page)) == number


def test_thousand_names_are_issued():
    run = make_class()
    send(teach(run), run, "\n".join(f"{each}. Lie, Kari {each}" for each in range(1000)))
    assert Certificate.objects.count() == 1000


def test_pasted_list_becomes_certificates_to_print_in_norwegian_order():
    run = make_class()
    client = teach(run)
    response = send(client, run, "  Åse\tVik \r\n\r\nBo Ek\r\n   \r\nÆrlend Li\r\n")
    assert response.redirect_chain == [(reverse("tutor_certificates", args=[run.pk]), 302)]
    assert "3 kursbevis er laget." in text_of(response)
    pdf = client.get(reverse("tutor_certificates_pdf", args=[run.pk]))
    assert names_in(pdf) == ["Bo Ek", "Ærlend Li", "Åse Vik"]


def test_message_tells_how_many_had_one():
    run = make_class()
    client = teach(run)
    send(client, run, "Bo Ek")
    text = text_of(send(client, run, "Bo Ek\nKari Lie"))
    assert "1 kursbevis er laget." in text
    assert "1 navn på lista hadde kursbevis fra før." in text


def test_lines_that_cannot_be_read_are_told_by_their_number_and_all_is_kept():
    run = make_class()
    pasted = f"\nBo Ek\n{'a' * 101}\nKari {IDENTITY_NUMBER}\nPr\ufffdve\nKari <Lie>"
    response = check(teach(run), run, pasted)
    errors = response.context["form"].errors["names"]
    assert [error.partition(":")[0] for error in errors] == [
        "Linje 3",
        "Linje 4",
        "Linje 5",
        "Linje 6",
    ]
    assert response.context["form"]["names"].value() == pasted
    assert "<title>Feil: " in response.content.decode()
    assert not Certificate.objects.exists()


def test_doubles_are_asked_about_and_get_one_unless_they_are_two_people():
    run, other = make_class(), make_class()
    pasted = "Kari Lie\nBo Ek\nkari  lie\nKari Lie\nBo Ek"
    client = teach(run)
    page = check(client, run, pasted)
    assert [found[0].name for found in page.context["form"].doubles.values()] == [
        "Kari Lie",
        "Bo Ek",
    ]
    assert "Kari Lie, linje 1, 3 og 4" in text_of(page)
    press(client, page)
    assert names_of(run) == ["Bo Ek", "Kari Lie"]
    client = teach(other)
    press(client, check(client, other, pasted), different_people=["kari lie", "made up"])
    assert names_of(other) == ["Bo Ek", "Kari Lie", "Kari Lie", "kari lie"]


def test_headcount_is_pointed_out_and_all_is_kept():
    run = make_class()
    run.sessions.update(headcount=1)
    response = send(teach(run), run, "Kari Lie\nBo Ek")
    assert "Du telte 1 person," in response.context["form"].errors["names"][0]
    assert response.context["form"]["names"].value() == "Kari Lie\nBo Ek"
    assert "<title>Feil: " in response.content.decode()


def test_tutor_unticks_a_session():
    run = make_class(sessions=2)
    client = teach(run)
    form = client.get(url_of(run)).context["form"]
    assert form["sessions"].value() == [str(each.pk) for each in run.sessions.all()]
    assert 'type="checkbox"' in str(form["sessions"])
    send(client, run, "Bo Ek", sessions=[run.sessions.last().pk])
    assert Certificate.objects.get().session == run.sessions.last()


def test_only_the_latest_of_a_cafes_sessions_is_ticked():
    run = make_class(sessions=3, entry="drop_in")
    form = teach(run).get(url_of(run)).context["form"]
    assert form["sessions"].value() == [str(run.sessions.last().pk)]


@pytest.mark.parametrize("text", ["?\n" * 2001, "a" * 200_001])
def test_endless_list_is_refused_at_once(text):
    run = make_class()
    response = check(teach(run), run, text)
    assert response.context["form"].errors["names"] == ["Skriv høyst 1000 navn om gangen."]


def test_no_more_faults_are_told_than_anybody_reads():
    run = make_class()
    response = check(teach(run), run, "Pr\ufffdve\n" * 50)
    assert len(response.context["form"].errors["names"]) == 20


def test_no_session_ticked_is_refused():
    run = make_class(sessions=2)
    response = check(teach(run), run, "Bo Ek", sessions=[])
    assert response.context["form"].errors["sessions"] == ["Kryss av for minst én samling."]


def test_one_session_needs_no_tick():
    run = make_class()
    html = teach(run).get(url_of(run)).content.decode()
    assert f'<input type="hidden" name="sessions" value="{run.sessions.get().pk}"' in html


@pytest.mark.parametrize("names", ["", "  \n \n", "Navn", "1.\n2.", "kari@example.org"])
def test_empty_list_is_refused(names):
    run = make_class()
    response = check(teach(run), run, names)
    assert response.context["form"].errors["names"] == ["Skriv minst ett navn."]


def test_more_than_a_thousand_lines_are_refused():
    run = make_class()
    names = "\n".join(f"Gjest {number}" for number in range(1001))
    assert check(teach(run), run, names).context["form"].errors["names"] == [
        "Skriv høyst 1000 navn om gangen."
    ]


def test_language_is_the_courses_unless_the_tutor_chooses():
    run = make_class(course=factories.make_course(language="nn"))
    client = teach(run)
    assert client.get(url_of(run)).context["form"]["language"].value() == "nn"
    send(client, run, "Bo Ek", language="en")
    assert Certificate.objects.get().language == "en"


def test_run_that_has_not_begun_takes_no_names():
    run = factories.make_published_run(entry="drop_in")
    client = teach(run)
    assert "Ingen samling har begynt ennå" in text_of(client.get(url_of(run)))
    check(client, run, "Bo Ek")
    assert not Certificate.objects.exists()


def test_strangers_find_no_list():
    run = make_class()
    other = teach(make_class())
    assert other.get(url_of(run)).status_code == 404
    assert check(other, run, "Bo Ek").status_code == 404
    assert Client().get(url_of(run)).status_code == 302
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same_for_any_number_of_sessions(number, django_assert_num_queries):
    run = make_class(sessions=number)
    client = teach(run)
    with django_assert_num_queries(8):
        client.get(url_of(run))
