"""«Staff and access»: who is invited as what, and how their access ends."""

import html
import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from courses.models import Tutor
from enrolment import services as enrolment_services
from enrolment.models import Event, Letter
from recoverycollege.staff import services
from recoverycollege.staff.roles import Role, role_of
from tests import factories
from tests.enrolment.test_races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

LIST, INVITE = "/admin/medarbeidere/", "/admin/medarbeidere/inviter/"
WORDS = "tre ville ender"


@pytest.fixture
def leder() -> User:
    factories.get_college()
    return factories.make_coordinator("leder")


@pytest.fixture
def staff(leder) -> Client:
    client = Client()
    client.force_login(leder)
    return client


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def answers(role: Role, tutor: Tutor | None = None, **others: str) -> dict[str, object]:
    given = {"name": "Kari  Nordmann", "email": "Kari@Example.org", "role": role.value}
    return given | {"tutor": tutor.pk if tutor else ""} | others


def invited_link() -> str:
    enrolment_services.send_due()
    return re.search(r"http://localhost:8000(/konto/\S+)", mail.outbox[-1].body)[1]


@pytest.mark.parametrize(
    ("role", "is_staff", "lands"),
    [
        (Role.COORDINATOR, True, "/admin/"),
        (Role.TUTOR, False, "/kursholder/"),
        (Role.OWNER, False, "/tall/"),
    ],
)
def test_whoever_is_invited_chooses_a_password_and_lands_where_they_work(
    staff, leder, role, is_staff, lands
):
    tutor = factories.make_tutor(name="Kari Nordmann") if role == Role.TUTOR else None
    done = staff.post(INVITE, answers(role, tutor), follow=True)
    assert "Kari Nordmann er invitert. Brevet går til kari@example.org." in text_of(done)
    assert "Har ikke logget inn ennå." in text_of(done)
    user = User.objects.get(email="kari@example.org")
    assert (user.is_staff, user.has_usable_password()) == (is_staff, False)
    assert role_of(user) == role
    assert (Tutor.objects.filter(user=user).first()) == tutor
    event = Event.objects.get(verb="invited_staff")
    assert (event.actor, event.subject_id) == (leder, user.pk)
    client, link = Client(), invited_link()
    assert client.post(link, {"password": WORDS, "again": WORDS}).status_code == 302
    signed_in = client.post("/logg-inn/", {"login": "kari@example.org", "password": WORDS})
    assert signed_in.url == lands
    assert "Logget sist inn" in text_of(staff.get(LIST))


def test_who_is_refused_and_what_was_written_is_kept(staff):
    taken = factories.make_tutor_with_sign_in(name="Ola")
    factories.make_user("else", email="kari@example.org")
    page = text_of(staff.post(INVITE, answers(Role.TUTOR)))
    assert "Velg hvilken kursholder dette er." in page
    assert 'value="Kari  Nordmann"' in page
    assert "Noen andre logger inn med denne adressen." in text_of(
        staff.post(INVITE, answers(Role.OWNER))
    )
    with pytest.raises(services.TutorTaken):
        services.invite(name="Per", email="per@x.no", role=Role.TUTOR, tutor=taken, by=None)
    assert not User.objects.filter(email="per@x.no").exists()


def test_a_tutors_page_fills_in_whom_to_invite(staff):
    tutor = factories.make_tutor(name="Ola Moen", email="ola@example.org")
    page = text_of(staff.get(f"{INVITE}?tutor={tutor.pk}"))
    assert 'value="Ola Moen"' in page
    assert 'value="ola@example.org"' in page
    assert f'<option value="{tutor.pk}" selected>' in page
    assert staff.get(f"{INVITE}?tutor=' or 1").status_code == 200


def test_whoever_has_not_come_is_invited_again_and_nobody_else(staff, leder):
    user = services.invite(
        name="Kari", email="kari@example.org", role=Role.OWNER, tutor=None, by=leder
    )
    first = invited_link()
    staff.post(f"{LIST}{user.pk}/inviter/")
    services.choose_password(token=first.split("/")[-2], password=WORDS)
    assert Client().get(invited_link()).status_code == 404  # one password, and both are used
    refused = text_of(staff.post(f"{LIST}{user.pk}/inviter/", follow=True))
    assert "Vedkommende har alt valgt et passord." in refused
    assert Letter.objects.filter(kind="invited").count() == 2


def test_access_that_is_taken_away_ends_at_once_and_can_be_given_again(staff):
    tutor = factories.make_tutor_with_sign_in()
    User.objects.filter(pk=tutor.user.pk).update(email="kari@example.org")
    signed_in = Client()
    signed_in.force_login(tutor.user)
    assert signed_in.get("/kursholder/").status_code == 200
    url = f"{LIST}{tutor.user.pk}/avslutt/"
    assert "logget ut med en gang" in text_of(staff.get(url))
    done = text_of(staff.post(url, follow=True))
    assert "kan ikke logge inn lenger, og er logget ut overalt." in done
    assert signed_in.get("/kursholder/").status_code == 302
    name = tutor.user.username
    assert (
        Client().post("/logg-inn/", {"login": name, "password": "et langt passord"}).status_code
        == 200
    )
    staff.post(f"{LIST}{tutor.user.pk}/inviter/")
    Client().post(invited_link(), {"password": WORDS, "again": WORDS})
    assert signed_in.get("/kursholder/").status_code == 302  # the session of before stays ended
    assert Client().post("/logg-inn/", {"login": name, "password": WORDS}).url == "/kursholder/"


def test_roles_change_and_the_last_coordinator_stays(staff, leder):
    new = services.invite(
        name="Kari", email="kari@example.org", role=Role.COORDINATOR, tutor=None, by=leder
    )
    mine = {"name": "Leder", "email": "leder@example.org", "role": Role.OWNER.value, "tutor": ""}
    for path in (f"{LIST}{leder.pk}/", f"{LIST}{leder.pk}/avslutt/"):
        page = text_of(staff.post(path, mine, follow=True))
        assert "Dette er den siste koordinatoren som kan logge inn." in page
    services.choose_password(token=invited_link().split("/")[-2], password=WORDS)
    assert staff.post(f"{LIST}{leder.pk}/", mine).status_code == 302
    leder.refresh_from_db()
    assert (leder.is_staff, role_of(leder), leder.email) == (False, Role.OWNER, "leder@example.org")
    assert staff.get(LIST, follow=True).status_code == 404
    with pytest.raises(services.LastCoordinator):
        services.take_access_away(user=new, by=new)


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_who_take_each_other_away_at_once_one_stays(leder):
    other = factories.make_coordinator("nestleder")

    def take(user: User, by: User) -> str:
        try:
            services.take_access_away(user=user, by=by)
        except services.LastCoordinator:
            return "stays"
        return "gone"

    found = at_once(lambda: take(other, leder), lambda: take(leder, other))
    assert sorted(found) == ["gone", "stays"]
    assert User.objects.filter(is_active=True).count() == 1


def test_tutors_owners_and_strangers_have_no_such_pages(leder):
    user = factories.make_tutor_with_sign_in().user
    owner = factories.make_user("eier")
    owner.groups.add(factories.get_group("owners"))
    for who in (user, owner):
        client = Client()
        client.force_login(who)
        for path in (LIST, INVITE, f"{LIST}{leder.pk}/", f"{LIST}{leder.pk}/avslutt/"):
            assert client.get(path, follow=True).status_code == 404
            assert client.post(path, follow=True).status_code == 404
    assert User.objects.get(pk=leder.pk).is_active


def test_a_superuser_is_changed_by_superusers_alone(staff, leder):
    """With another address, and without the second factor, the sign-in would be a coordinator's."""
    owner = factories.make_user("drift", is_staff=True, is_superuser=True, email="drift@x.no")
    pages = [f"{LIST}{owner.pk}/{page}" for page in ("", "inviter/", "avslutt/", "app/")]
    assert f'href="{pages[0]}"' not in text_of(staff.get(LIST))
    for path in pages:
        assert staff.post(path, answers(Role.COORDINATOR, None)).status_code == 403
    owner.refresh_from_db()
    assert (owner.email, owner.is_active) == ("drift@x.no", True)
    client = Client()
    client.force_login(owner)
    assert f'href="{pages[0]}"' in text_of(client.get(LIST))
    assert client.get(pages[0]).status_code == 200


def test_list_takes_the_same_queries_for_one_and_for_three(staff, django_assert_num_queries):
    for number in (1, 3):
        while User.objects.count() < number:
            factories.make_tutor_with_sign_in()
        with django_assert_num_queries(7):
            staff.get(LIST)
