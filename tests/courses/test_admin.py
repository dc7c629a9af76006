"""The catalogue and the college in the admin."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from courses import checks, services
from courses.models import Course, CourseDeveloper, NoticeVersion, PairRole, Topic, Venue
from courses.norwegian.formatting import day
from courses.services import publishing
from tests import factories

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def staff(client):
    client.force_login(factories.make_coordinator())
    return client


def course_answers(course: Course, **changes: object) -> dict[str, object]:
    developers = list(course.coursedeveloper_set.order_by("pk")) if course.pk else []
    data: dict[str, object] = {
        "title": course.title,
        "discreet_title": course.discreet_title,
        "slug": course.slug,
        "language": course.language,
        "format": course.format,
        "summary": course.summary,
        "coursedeveloper_set-TOTAL_FORMS": len(developers),
        "coursedeveloper_set-INITIAL_FORMS": len(developers),
        "files-TOTAL_FORMS": 0,
        "files-INITIAL_FORMS": 0,
    }
    for number, each in enumerate(developers):
        data |= {
            f"coursedeveloper_set-{number}-id": each.pk,
            f"coursedeveloper_set-{number}-course": course.pk,
            f"coursedeveloper_set-{number}-tutor": each.tutor_id,
            f"coursedeveloper_set-{number}-role": each.role,
            f"coursedeveloper_set-{number}-since": each.since.isoformat(),
        }
    return data | changes


def address(row) -> str:
    return reverse(f"admin:courses_{row._meta.model_name}_change", args=[row.pk])


def test_deleting_a_topic_tells_of_the_topic_alone(staff) -> None:
    topic = Topic.objects.create(name="Hverdag", slug="hverdag")
    course = factories.make_published_run().course
    course.topics.add(topic)
    page = staff.get(reverse("admin:courses_topic_delete", args=[topic.pk])).content.decode()
    assert "Hverdag" in page
    assert "relationship" not in page
    staff.post(reverse("admin:courses_topic_delete", args=[topic.pk]), {"post": "yes"})
    assert list(Topic.objects.all()) == []
    assert list(course.topics.all()) == []


@pytest.mark.parametrize("row", ["course", "semester", "venue"])
def test_refused_deletion_names_what_is_in_the_way(staff, row: str) -> None:
    run = factories.make_published_run()
    in_the_way = getattr(run, row)
    url = reverse(f"admin:courses_{row}_delete", args=[in_the_way.pk])
    page = staff.get(url).content.decode()
    assert f'<a href="{address(run)}">{run}</a>' in page
    staff.post(url, {"post": "yes"})
    assert type(in_the_way).objects.filter(pk=in_the_way.pk).exists()


def test_taking_a_developer_from_a_published_course_is_refused_in_words(staff) -> None:
    course = factories.make_published_run().course
    data = course_answers(course, **{"coursedeveloper_set-0-DELETE": "on"})
    page = staff.post(address(course), data).content.decode()
    assert "The course must keep two developers, one with lived experience" in page
    assert course.coursedeveloper_set.count() == 2


def test_replacing_a_developer_in_one_save_is_fine(staff) -> None:
    course = factories.make_published_run().course
    new = factories.make_tutor()
    data = course_answers(course, **{"coursedeveloper_set-0-tutor": new.pk})
    assert staff.post(address(course), data).status_code == 302
    assert course.coursedeveloper_set.filter(tutor=new).exists()


def test_the_course_is_held_while_its_developers_change(staff, monkeypatch) -> None:
    """`publish` waits for the same lock, also with a run that is newer than the opened page."""
    held: list[int] = []
    monkeypatch.setattr(publishing, "lock_course", held.append)
    monkeypatch.setattr(services, "lock_course_with_runs", held.append)
    course = factories.make_run().course
    assert staff.post(address(course), course_answers(course)).status_code == 302
    assert held == [course.pk, course.pk]


def test_page_with_a_developer_that_a_colleague_removed_says_so(staff) -> None:
    course = factories.make_course()
    stale = course_answers(course)
    staff.post(address(course), course_answers(course, **{"coursedeveloper_set-0-DELETE": "on"}))
    page = staff.post(address(course), stale).content.decode()
    assert "A colleague has changed this meanwhile. Open the page again." in page


def test_reading_a_page_opens_no_transaction(staff) -> None:
    page = address(factories.make_course())
    with CaptureQueriesContext(connection) as queries:
        staff.get(page)
    assert [each["sql"] for each in queries if "SAVEPOINT" in each["sql"]] == []


def test_address_of_a_published_course_is_fixed(staff) -> None:
    course = factories.make_published_run().course
    slug = course.slug
    staff.post(address(course), course_answers(course, slug="ny-adresse", title="Ny tittel"))
    course.refresh_from_db()
    assert (course.slug, course.title) == (slug, "Ny tittel")


def test_address_of_an_unpublished_course_can_change(staff) -> None:
    course = factories.make_run().course
    staff.post(address(course), course_answers(course, slug="ny-adresse"))
    course.refresh_from_db()
    assert course.slug == "ny-adresse"


def test_new_course_with_its_pair_on_one_page(staff) -> None:
    data = course_answers(Course(title="Håp", discreet_title="Håp", slug="hap", summary="Om håp."))
    data |= {
        "format": "seminar",
        "coursedeveloper_set-TOTAL_FORMS": 2,
        "coursedeveloper_set-INITIAL_FORMS": 0,
    }
    for number, role in enumerate(PairRole.values):
        data[f"coursedeveloper_set-{number}-tutor"] = factories.make_tutor().pk
        data[f"coursedeveloper_set-{number}-role"] = role
        data[f"coursedeveloper_set-{number}-since"] = "2026-01-10"
    assert staff.post(reverse("admin:courses_course_add"), data).status_code == 302
    assert Course.objects.get().has_developer_pair


def open_semester_in(staff, semester, *, days: int):
    """Move the opening of the semester's sign-up on its page."""
    moment = timezone.localtime(NOW + timedelta(days=days))
    answers = {
        "year": semester.year,
        "term": semester.term,
        "starts_on": semester.starts_on.isoformat(),
        "ends_on": semester.ends_on.isoformat(),
        "enrolment_opens_at": moment.strftime("%Y-%m-%dT%H:%M"),
    }
    return staff.post(address(semester), answers, follow=True)


def test_semester_opens_before_sign_up_for_its_runs_closes(staff) -> None:
    run = factories.make_published_run(enrolment_closes_at=NOW + timedelta(days=5))
    before = run.semester.enrolment_opens_at
    page = open_semester_in(staff, run.semester, days=6).content.decode()
    assert f"Sign-up for «{run.course.title}» closes {day(run.enrolment_closes_at)}" in page
    run.semester.refresh_from_db()
    assert run.semester.enrolment_opens_at == before
    open_semester_in(staff, run.semester, days=4)
    run.semester.refresh_from_db()
    assert run.semester.enrolment_opens_at > before


def test_semester_that_opens_after_a_run_begins_says_so(staff) -> None:
    run = factories.make_published_run(in_days=3)
    page = open_semester_in(staff, run.semester, days=2).content.decode()
    assert "before sign-up opens" not in page
    page = open_semester_in(staff, run.semester, days=4).content.decode()
    assert f"«{run.course.title}» begins {day(run.starts_at)}, before sign-up opens" in page


def test_runs_of_a_semester_are_held_while_it_moves(staff, monkeypatch) -> None:
    run = factories.make_published_run()
    held: list[int] = []
    monkeypatch.setattr(services, "lock_runs_of_semester", held.append)
    staff.get(address(run.semester))
    assert held == []
    open_semester_in(staff, run.semester, days=1)
    assert held == [run.semester_id]


def college_answers(college, **changes: object) -> dict[str, object]:
    names = (
        *("name", "introduction", "phone", "email", "address", "sender_name", "ground_rules"),
        *("legal_basis", "privacy_controller", "privacy_notice", "privacy_text"),
        *("accessibility_text", "accessibility_statement_url"),
        *("grant_hours", "grant_participants", "grant_attendance_percent", "grant_months"),
    )
    wordings = {
        f"certificate_wording_{language}": college.certificate_wordings.get(language, "")
        for language in ("nb", "nn", "en")
    }
    return {name: getattr(college, name) for name in names} | wordings | changes


def test_new_words_in_the_notice_become_a_new_version(staff) -> None:
    college = factories.make_college()
    staff.post(address(college), college_answers(college, name="Nytt navn"))
    assert NoticeVersion.objects.count() == 1
    staff.post(address(college), college_answers(college, privacy_notice="Ny tekst."))
    assert NoticeVersion.objects.latest().privacy_notice == "Ny tekst."


def test_wording_on_certificates_is_kept_for_each_language(staff) -> None:
    college = factories.make_college(certificate_wordings={"nb": "Takk.", "se": "Giitu."})
    page = staff.get(address(college)).content.decode()
    assert ">\nTakk.</textarea>" in page
    changes = {"certificate_wording_en": "Thank you.", "certificate_wording_nb": ""}
    assert staff.post(address(college), college_answers(college, **changes)).status_code == 302
    college.refresh_from_db()
    assert college.certificate_wordings == {"nb": "", "en": "Thank you.", "se": "Giitu."}


def test_wording_on_certificates_is_short(staff) -> None:
    college = factories.make_college()
    staff.post(address(college), college_answers(college, certificate_wording_nn="x" * 301))
    college.refresh_from_db()
    assert college.certificate_wordings == {}


def test_privacy_texts_stay_while_courses_are_published(staff) -> None:
    factories.make_published_run()
    college = factories.get_college()
    data = college_answers(college, privacy_text="")
    page = staff.post(address(college), data).content.decode()
    assert "students must be able to read this text" in page


def test_venue_of_open_runs_stays_public(staff) -> None:
    venue = factories.make_published_run().venue
    data = {"name": venue.name, "town": venue.town}
    assert "Open runs meet here" in staff.post(address(venue), data).content.decode()
    unused = factories.make_venue()
    staff.post(address(unused), {"name": unused.name, "town": unused.town})
    assert Venue.objects.filter(is_public=False).get() == unused


def test_tutors_page_leads_to_the_invitation_and_asks_for_no_password(staff) -> None:
    tutor = factories.make_tutor(name="Kari")
    page = staff.get(address(tutor)).content.decode()
    assert f'href="{reverse("admin:staff_invite")}?tutor={tutor.pk}"' in page
    assert "password" not in page.replace(reverse("password"), "")
    tutor.user = factories.make_user("kari")
    tutor.save()
    page = staff.get(address(tutor)).content.decode()
    assert f'kari · <a href="{reverse("admin:staff")}#staff-{tutor.user.pk}"' in page


def test_how_a_tutor_is_reached_is_kept_as_it_is_read(staff) -> None:
    tutor = factories.make_tutor(name="Kari")
    data = {"name": " Kari  Nordmann ", "email": "kari@example.org", "phone": "90 12 34 56"}
    staff.post(address(tutor), data | {"is_active": "on"})
    tutor.refresh_from_db()
    reached = (tutor.name, tutor.email, tutor.phone, tutor.is_active)
    assert reached == ("Kari Nordmann", "kari@example.org", "+4790123456", True)
    page = staff.get(reverse("admin:courses_tutor_changelist")).content.decode()
    assert "90\xa012\xa034\xa056" in page or "90 12 34 56" in page


@pytest.mark.parametrize("name", ["name", "presentation", "email", "phone"])
def test_nothing_about_a_tutor_holds_an_identity_number(staff, name: str) -> None:
    tutor = factories.make_tutor(name="Kari")
    number = "13097248022"
    written = f"a{number}@example.org" if name == "email" else number
    page = staff.post(address(tutor), {"name": "Kari", name: written}).content.decode()
    assert "looks like a national identity number" in page
    tutor.refresh_from_db()
    assert getattr(tutor, name) == ("Kari" if name == "name" else "")


def offered(page: str, select: str) -> set[str]:
    [found] = re.findall(rf'<select name="{select}".*?</select>', page, re.DOTALL)
    return set(re.findall(r"<option[^>]*>([^<]+)</option>", found)) - {"---------"}


def test_whoever_teaches_no_more_is_offered_only_where_they_stand(staff) -> None:
    course = factories.make_course(with_pair=False)
    gone = factories.make_tutor(name="Gone", is_active=False)
    here = factories.make_tutor(name="Here")
    for tutor, role in ((gone, "peer"), (here, "professional")):
        CourseDeveloper.objects.create(course=course, tutor=tutor, role=role)
    page = staff.get(address(course)).content.decode()
    by_place = [offered(page, f"coursedeveloper_set-{place}-tutor") for place in (0, 1)]
    assert sorted(by_place, key=len) == [{"Here"}, {"Here", "Gone"}]
    answer = staff.post(address(course), course_answers(course, summary="Om ro."))
    assert answer.status_code == 302
    assert course.coursedeveloper_set.filter(tutor=gone).exists()
    new = staff.get(reverse("admin:courses_courserun_add")).content.decode()
    assert offered(new, "assignments-0-tutor") == {"Here"}


def test_deploy_check_warns_until_the_statement_has_an_address() -> None:
    assert [each.id for each in checks.accessibility_statement(None)] == ["courses.W001"]
    factories.make_college(accessibility_statement_url="https://uustatus.no/nb/1")
    assert checks.accessibility_statement(None) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", "Endret gateadresse og trinnfritt."), ("nn", "Endra gateadresse og trinnfritt.")],
)
def test_history_is_in_the_language_of_the_page(staff, language: str, words: str) -> None:
    venue = factories.make_venue(is_public=True)
    staff.post(
        address(venue),
        {"name": venue.name, "town": venue.town, "street": "Storgata 2", "is_step_free": "on"}
        | {"is_public": "on", "how_to_find": venue.how_to_find},
    )
    with translation.override(language):
        history = reverse("admin:courses_venue_history", args=[venue.pk])
        assert words in staff.get(history).content.decode()


def test_lists_say_in_words_what_a_screen_reader_would_hear_of_icons_in_english(staff) -> None:
    factories.make_venue(name="Huset", is_step_free=True, has_hearing_loop=True)
    with translation.override("nb"):
        page = staff.get("/admin/courses/venue/").content.decode()
    assert "trinnfritt, teleslynge" in page
    assert '<label for="searchbar">Søk</label>' in page
    assert "alt=" not in page
