"""One field finds people, tutors, courses, venues, certificates; nothing of it is in an address."""

import pytest
from django.urls import reverse

from certificates import services as certificate_services
from certificates.models import Attendance
from courses.models import Tutor
from tests import factories
from tests.factories import make_student

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(factories.make_coordinator())
    return client


def found(staff, wanted: str, **more: str) -> dict[str, list[str]]:
    """The hits by kind."""
    page = staff.post(reverse("admin:search"), {"wanted": wanted, **more})
    return {kind.name: [hit.words for hit in kind.hits] for kind in page.context["kinds"]}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Åse Ødegård", "ase odegard"),
        ("Åse Ødegård", "Aase Oedegaard"),
        ("Åse Ødegård", "ØDEGÅRD å"),
        ("Aase Haakonsen", "Åse Håkonsen"),
        ("Łukasz Đorđević", "lukasz dordevic"),
        ("Ærlend Ness", "aerlend"),
        ("Renée D'Amico", "renee damico"),
        ("Anne-Marie Li", "marie anne"),
        ("José Müller", "jose muller"),
    ],
)
def test_people_are_found_however_their_name_is_written(staff, name, wanted) -> None:
    make_student(name=name)
    make_student(name="Bo Berg")
    assert found(staff, wanted) == {"students": [name]}


@pytest.mark.parametrize(
    "wanted",
    ["99990002", "99 99 00 02", "+47 999 90 002", "004799990002", "0047 99990002", "(99) 99-0002"],
)
def test_people_are_found_by_their_number_in_any_writing(staff, wanted) -> None:
    make_student(name="Bo", phone="+4799990002")
    make_student(name="Åse", phone="+4799990001")
    assert found(staff, wanted) == {"students": ["Bo"]}


def test_exact_hits_come_first_and_then_norwegian_order(staff) -> None:
    for name in ("Aasen", "Åsen", "Asen", "Asenath", "Østen Asen", "Berit Asen"):
        make_student(name=name)
    assert found(staff, "asen")["students"] == [
        "Asen",
        "Asenath",
        "Berit Asen",
        "Østen Asen",
        "Aasen",
        "Åsen",
    ]


def test_courses_tutors_venues_and_certificates_are_found(staff) -> None:
    run = factories.make_published_run(
        course=factories.make_course(title="Søvn og hvile"),
        venue=factories.make_venue(name="Søndre grendehus", town="Bø"),
        in_days=-3,
    )
    tutor = factories.make_tutor(name="Søren Kåsen", email="soren@example.org")
    student = make_student(name="Kari Li")
    Attendance.objects.create(student=student, session=run.sessions.get(), is_present=True)
    [certificate] = certificate_services.issue(run=run, by=None)
    assert found(staff, "so") == {
        "courses": ["Søvn og hvile"],
        "tutors": [tutor.name],
        "venues": ["Søndre grendehus"],
    }
    assert found(staff, "soren@example.org") == {"tutors": [tutor.name]}
    assert found(staff, certificate.printed_number.lower())["certificates"] == [
        certificate.printed_number
    ]
    page = staff.post(reverse("admin:search"), {"wanted": "søvn"}).content.decode()
    assert reverse("admin:run_people", args=[run.pk]) in page
    assert found(staff, "student@nowhere") == {}


def test_address_is_found_whole_or_in_part(staff) -> None:
    make_student(name="Bo", email="bo.berg@example.org")
    assert found(staff, "Bo.Berg@") == {"students": ["Bo"]}


def test_twenty_of_a_kind_and_more_of_one(staff) -> None:
    for number in range(45):
        make_student(name=f"Kari {number:02}")
    assert len(found(staff, "kari")["students"]) == 20
    page = staff.post(reverse("admin:search"), {"wanted": "kari"}).content.decode()
    assert 'value="students:40"' in page
    assert len(found(staff, "kari", show="students:40")["students"]) == 40
    assert len(found(staff, "kari", show="tutors:40")["students"]) == 20


@pytest.mark.parametrize("wanted", ["Ka\0ri", "", "  ", "½", "æ" * 500, "%"])
def test_nothing_to_look_for_is_no_fault(staff, wanted) -> None:
    make_student(name="Bo")
    assert found(staff, wanted) == {}


def test_queries_do_not_grow(staff, django_assert_num_queries) -> None:
    for rows in (1, 3):
        for _each in range(rows):
            run = factories.make_published_run()
            make_student(name=f"Selvtillit {factories.number()}")
        with django_assert_num_queries(12):
            assert run.course.title in str(found(staff, "selvtillit"))


def test_every_page_of_the_admin_has_the_field_for_whoever_may_use_it(client, staff) -> None:
    for page in ("index", "courses_tutor_changelist", "call_list", "courses_college_add"):
        assert 'id="search-all"' in staff.get(reverse(f"admin:{page}")).content.decode()
    client.force_login(factories.make_user(is_staff=True))
    assert 'id="search-all"' not in client.get(reverse("admin:index")).content.decode()
    assert client.post(reverse("admin:search"), {"wanted": "a"}).status_code == 403
    client.logout()
    assert client.post(reverse("admin:search"), {"wanted": "a"}).status_code == 302


def test_tutors_that_are_not_active_say_so(staff) -> None:
    Tutor.objects.create(name="Selma Vik", is_active=False)
    assert "ikke aktiv" in staff.post(reverse("admin:search"), {"wanted": "selma"}).content.decode()
