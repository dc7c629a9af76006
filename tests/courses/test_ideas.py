"""Ideas for courses: anybody proposes one, staff look at it first, and some become courses."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses import services
from courses.models import Idea
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "Å være far når man selv har det tungt"
LIST = "admin:courses_idea_changelist"
State = Idea.State


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(factories.make_coordinator())
    return client


def make_idea(text: str = TEXT, **fields: object) -> Idea:
    return Idea.objects.create(text=text, **fields)


def words(client: Client, url: str) -> str:
    return client.get(url).content.decode()


# From the web


def test_idea_is_kept_with_its_language_and_nothing_of_who_wrote_it(client) -> None:
    factories.make_college()
    response = client.post("/nn/forslag/", {"text": f" {TEXT} "})
    assert response.headers["Location"] == "/nn/forslag/takk/"
    assert set(response.cookies) == {"sent"}
    idea = Idea.objects.get()
    assert (idea.text, idea.language, idea.state) == (TEXT, "nn", State.NEW)
    assert not idea.is_shown
    assert "Takk for framlegget" in words(client, "/nn/forslag/takk/")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nummeret mitt er 01017030015", "ser ut som et fødselsnummer"),
        (" ", "Skriv forslaget ditt her"),
        ("a" * 501, "plass til 500 "),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_is_kept(client, text, said) -> None:
    factories.make_college()
    response = client.post("/forslag/", {"text": text})
    page = response.content.decode()
    assert "<title>Feil: Foreslå et tema" in page
    assert said in page
    assert text in page
    assert not Idea.objects.exists()


def test_form_asks_to_wait_and_keeps_what_was_written(client, settings) -> None:
    factories.make_college()
    settings.IDEAS_PER_HOUR = 0
    response = client.post("/forslag/", {"text": TEXT})
    assert response.status_code == 429
    assert TEXT in response.content.decode()
    assert not Idea.objects.exists()


def test_sent_twice_is_kept_once_as_long_as_it_is_new() -> None:
    for _twice in range(2):
        services.propose_idea(text=TEXT, language="nb")
    assert Idea.objects.count() == 1
    Idea.objects.update(state=State.NOT_NOW)
    services.propose_idea(text=TEXT, language="nb")
    assert Idea.objects.count() == 2


# What anybody reads


def test_workshop_lists_what_staff_have_looked_at_and_is_to_be_talked_about(client) -> None:
    factories.make_college()
    course = factories.make_course(slug="verksted", lists_ideas=True)
    factories.make_published_run(course=course)
    other = factories.make_published_run().course
    for state in State.values:
        make_idea(f"{state} kan vises", state=state, is_shown=True)
        make_idea(f"{state} er ulest", state=state)
    page = words(client, "/kurs/verksted/")
    shown = {state for state in State.values if f"{state} kan vises" in page}
    assert shown == {State.NEW, State.TALKED_ABOUT}
    assert "er ulest" not in page
    assert "kan vises" not in words(client, f"/kurs/{other.slug}/")


def test_page_follows_an_idea_at_once(client) -> None:
    factories.make_college()
    course = factories.make_course(slug="verksted", lists_ideas=True)
    factories.make_published_run(course=course)
    idea = make_idea()
    assert "Forslag vi skal snakke om" not in words(client, "/kurs/verksted/")
    services.show_ideas(ids=[idea.pk], is_shown=True)
    assert TEXT in words(client, "/kurs/verksted/")
    services.link_idea(idea_id=idea.pk, course=course)
    page = words(client, "/kurs/verksted/")
    assert TEXT not in page
    assert "Dette kurset begynte som et forslag." in page
    services.move_idea(idea_id=idea.pk, state=State.NOT_NOW)
    assert "begynte som et forslag" not in words(client, "/kurs/verksted/")


def test_sheet_for_the_wall_holds_the_same(staff) -> None:
    factories.make_college()
    make_idea("Vises", is_shown=True)
    make_idea("Ulest")
    page = words(staff, reverse("admin:idea_sheet"))
    assert "Vises" in page
    assert "Ulest" not in page
    assert page.count("<span></span>") >= 10


# The list


@pytest.mark.parametrize("state", [State.TALKED_ABOUT, State.IN_THE_MAKING, State.NOT_NOW])
def test_one_click_moves_an_idea_and_loses_no_votes(staff, state) -> None:
    idea = make_idea()
    staff.post(
        reverse(LIST),
        {"move": f"{idea.pk} {state}", f"votes-{idea.pk}": "7", f"shown-{idea.pk}": "0"},
    )
    idea.refresh_from_db()
    assert (idea.state, idea.votes) == (state, 7)


def test_an_older_page_undoes_no_colleagues_votes(staff) -> None:
    idea = make_idea(votes=9)
    staff.post(reverse(LIST), {"save": "", f"votes-{idea.pk}": "4", f"shown-{idea.pk}": "4"})
    assert Idea.objects.get().votes == 9
    staff.post(reverse(LIST), {"save": "", f"votes-{idea.pk}": "mange", f"shown-{idea.pk}": "9"})
    assert Idea.objects.get().votes == 9


def test_idea_that_became_a_course_names_it(staff) -> None:
    idea, course = make_idea(), factories.make_course()
    response = staff.post(reverse(LIST), {"move": f"{idea.pk} became_course"})
    assert Idea.objects.get().state == State.NEW  # the course is asked for
    staff.post(response.headers["Location"], {"course": course.pk})
    idea.refresh_from_db()
    assert (idea.state, idea.course) == (State.BECAME_COURSE, course)
    with pytest.raises(ValidationError):
        services.move_idea(idea_id=make_idea().pk, state=State.BECAME_COURSE)
    course.delete()
    assert Idea.objects.filter(course=None, state=State.BECAME_COURSE).exists()


def test_several_are_shown_and_hidden_with_one_click(staff) -> None:
    ideas = [make_idea(f"Tema {number}") for number in range(3)]
    chosen = [each.pk for each in ideas[:2]]
    staff.post(reverse(LIST), {"show": "", "chosen": chosen})
    assert set(Idea.objects.filter(is_shown=True)) == set(ideas[:2])
    staff.post(reverse(LIST), {"hide": "", "chosen": chosen[:1]})
    assert list(Idea.objects.filter(is_shown=True)) == [ideas[1]]


def test_merged_idea_keeps_all_the_words_and_adds_the_votes(staff) -> None:
    kept = make_idea("Søvn", votes=3, is_shown=True)
    others = [make_idea("Å sove", votes=2, other_words="Natt"), make_idea("Drømmer", votes=1)]
    response = staff.post(
        reverse(LIST), {"merge": "", "chosen": [each.pk for each in (kept, *others)]}
    )
    staff.post(response.headers["Location"], {"kept": kept.pk})
    idea = Idea.objects.get()
    assert (idea.text, idea.votes, idea.is_shown) == ("Søvn", 6, True)
    assert idea.other_words == "Å sove\n\nNatt\n\nDrømmer"


def test_idea_with_a_course_is_the_one_that_stays() -> None:
    course = factories.make_course()
    linked, new = make_idea(state=State.BECAME_COURSE, course=course), make_idea("Ny")
    with pytest.raises(ValidationError):
        services.merge_ideas(kept_id=new.pk, ids=[linked.pk])
    with pytest.raises(ValidationError):
        services.merge_ideas(kept_id=new.pk, ids=[new.pk])
    assert services.merge_ideas(kept_id=linked.pk, ids=[new.pk]).course == course


def test_ideas_from_paper_come_one_from_each_line(staff) -> None:
    url = reverse("admin:courses_idea_add")
    answers = {"texts": "Sorg\n\n Penger \nNummeret er 01017030015", "language": "nb"}
    assert "ser ut som et fødselsnummer" in staff.post(url, answers).content.decode()
    assert not Idea.objects.exists()
    staff.post(url, {"texts": "Sorg\n\n Penger ", "language": "nn", "is_shown": "on"})
    found = Idea.objects.values_list("text", "language", "is_shown")
    assert set(found) == {("Sorg", "nn", True), ("Penger", "nn", True)}


def test_log_of_the_admin_holds_no_words_of_an_idea(staff) -> None:
    idea = make_idea("Kari Nordmann har det vondt")
    staff.post(reverse("admin:courses_idea_delete", args=[idea.pk]), {"post": "yes"})
    assert not Idea.objects.exists()
    assert LogEntry.objects.get().object_repr == f"Forslag {idea.pk}"


def test_what_became_no_course_is_deleted_in_time() -> None:
    today = timezone.localdate()
    long_ago, a_year_ago = today - timedelta(days=1200), today - timedelta(days=400)
    course = factories.make_course()
    make_idea("Kurs", state=State.BECAME_COURSE, course=course, moved_on=long_ago)
    make_idea("Ny", moved_on=a_year_ago)
    make_idea("Gammel", state=State.TALKED_ABOUT, moved_on=long_ago)
    make_idea("Ikke nå", state=State.NOT_NOW, moved_on=a_year_ago)
    now = timezone.now()
    assert services.purge_ideas(now=now, dry_run=True) == services.purge_ideas(now=now) == 2
    assert set(Idea.objects.values_list("text", flat=True)) == {"Kurs", "Ny"}
