"""The admin as a whole: who gets in, what is there, and how many queries it takes."""

from datetime import date

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import URLPattern, reverse
from django.utils import timezone, translation

from certificates.models import DeveloperOffer
from courses import services
from courses.models import Idea, Partner, Semester, Topic
from enrolment.models import Enrolment, Question, Student
from recoverycollege.admin_site import CollegeAdminSite
from recoverycollege.groups import PERMISSIONS, apply_groups
from tests import factories

pytestmark = pytest.mark.django_db

FORBIDDEN = ("pending", "approve", "reject", "priorit", "assess", "decision", "decide", "admit")


def patterns(found=None, prefix: str = "") -> list[tuple[str, str]]:
    """Every address of the admin: its name and its route."""
    result = []
    for each in admin.site.get_urls() if found is None else found:
        if isinstance(each, URLPattern):
            result.append((each.name or "", prefix + str(each.pattern)))
        else:
            result += patterns(each.url_patterns, prefix + str(each.pattern))
    return result


@pytest.fixture
def rows():
    run = factories.make_published_run()
    enrolment = factories.enrol(run, adjustment="En stol")
    return {"run": run, "enrolment": enrolment, "empty": factories.make_published_run()}


def addresses(rows) -> list[str]:
    models = admin.site._registry
    pages = [reverse("admin:index"), reverse("admin:call_list")]
    for model in models:
        label = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if model._meta.app_label == "auth":
            continue
        if model._meta.model_name != "college":
            pages.append(reverse(f"{label}_changelist"))
        if row := model._default_manager.first():
            pages.append(reverse(f"{label}_change", args=[row.pk]))
    run, enrolment = rows["run"], rows["enrolment"]
    pages.append(reverse("admin:run_to_draft", args=[rows["empty"].pk]))
    for name in ("run_cancel", "run_copy", "phone_sign_up"):
        pages.append(reverse(f"admin:{name}", args=[run.pk]))
    for name in ("receipt", "withdrawal"):
        pages.append(reverse(f"admin:{name}", args=[enrolment.pk]))
    pages.append(reverse("admin:letter_paper", args=[enrolment.letters.get().pk]))
    return pages


def test_site_is_the_colleges_own() -> None:
    assert isinstance(admin.site, CollegeAdminSite)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_coordinator_opens_every_page(client, rows, language: str) -> None:
    client.force_login(factories.make_coordinator())
    with translation.override(language):
        for address in addresses(rows):
            assert client.get(address).status_code == 200, address


def test_tutor_finds_no_desk(client, rows) -> None:
    tutor = factories.make_tutor_with_sign_in()
    client.force_login(tutor.user)
    for address in addresses(rows):
        assert client.get(address, follow=True).status_code == 404, address


def test_stranger_is_shown_the_one_sign_in_page(client, rows) -> None:
    sign_in_page = reverse("sign_in")
    for address in addresses(rows):
        response = client.get(address, follow=True)
        assert response.redirect_chain[-1][0].startswith(sign_in_page), address


@pytest.mark.parametrize(("is_staff", "target"), [(True, "admin:index"), (False, "tutor_runs")])
def test_sign_in_leads_to_ones_own_work(client, is_staff: bool, target: str) -> None:
    factories.make_college()
    user = factories.make_user("kari", is_staff=is_staff)
    response = client.post(
        reverse("sign_in"), {"login": user.username, "password": "et langt passord"}
    )
    assert response.url == reverse(target)


def test_college_list_goes_straight_to_the_college(client) -> None:
    factories.make_college()
    client.force_login(factories.make_coordinator())
    response = client.get(reverse("admin:courses_college_changelist"))
    assert response.url == reverse("admin:courses_college_change", args=[1])
    assert client.get(reverse("admin:courses_college_add")).status_code == 403


def test_nothing_in_the_admin_decides_on_admission() -> None:
    words = [f"{name} {route}" for name, route in patterns()]
    words += Permission.objects.values_list("codename", flat=True)
    for model, page in admin.site._registry.items():
        words += [str(each) for each in page.actions or []]
        words += [field.name for field in model._meta.get_fields()]
        for field in model._meta.get_fields():
            words += [str(value) for value, _label in getattr(field, "choices", None) or []]
    assert len(words) > 200
    assert [each for each in words if any(bad in each.lower() for bad in FORBIDDEN)] == []


def test_no_bulk_action_is_offered_but_erasing_which_asks_first(rf) -> None:
    request = rf.get("/")
    request.user = factories.make_user(is_staff=True, is_superuser=True)
    offered = {
        model: set(page.get_actions(request)) for model, page in admin.site._registry.items()
    }
    assert {model: names for model, names in offered.items() if names} == {Student: {"erase"}}


def test_groups_have_exactly_what_the_table_says() -> None:
    for name, models in PERMISSIONS.items():
        held = {
            (f"{each.content_type.app_label}.{each.content_type.model}", each.codename)
            for each in factories.get_group(name).permissions.select_related("content_type")
        }
        assert held == {
            (label, f"{verb}_{label.rpartition('.')[2]}")
            for label, verbs in models.items()
            for verb in verbs
        }


def test_nobody_may_delete_what_tells_of_people() -> None:
    people = {
        "student",
        "enrolment",
        "adjustment",
        "letter",
        "interest",
        "question",
        "developeroffer",
        "feedback",
        "event",
        "attendance",
        "certificate",
    }
    for models in PERMISSIONS.values():
        for label, verbs in models.items():
            assert label.rpartition(".")[2] not in people or "delete" not in verbs, label


def test_group_is_brought_back_to_the_table_by_a_migrate() -> None:
    group = factories.get_group("tutors")
    before = set(group.permissions.all())
    group.permissions.set(Permission.objects.filter(codename="delete_venue"))
    apply_groups()
    assert set(group.permissions.all()) == before


LISTS = {
    "admin:courses_courserun_changelist": 9,
    "admin:courses_course_changelist": 10,
    "admin:courses_tutor_changelist": 9,
    "admin:courses_venue_changelist": 9,
    "admin:courses_semester_changelist": 8,
    "admin:courses_topic_changelist": 9,
    "admin:courses_schoolholiday_changelist": 8,
    "admin:courses_partner_changelist": 9,
    "admin:courses_idea_changelist": 7,
    "admin:courses_opportunity_changelist": 10,
    "admin:courses_page_changelist": 9,
    "admin:enrolment_student_changelist": 10,  # what the college asks, to filter by
    "admin:enrolment_enrolment_changelist": 9,
    "admin:enrolment_adjustment_changelist": 8,
    "admin:enrolment_letter_changelist": 8,
    "admin:enrolment_event_changelist": 8,
    "admin:enrolment_question_changelist": 8,
    "admin:certificates_developeroffer_changelist": 8,
    "admin:call_list": 13,
    "admin:index": 22,
}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", list(LISTS))
def test_queries_do_not_grow_with_the_rows(
    client, django_assert_num_queries, name: str, count: int
) -> None:
    factories.make_college()
    for each in range(count):
        run = factories.make_run(capacity=1)
        services.publish(run=run)
        person = factories.make_person(email="", phone=f"+47999900{each:02}")
        factories.enrol(run, person=person, adjustment="En stol")
        factories.enrol(run)
        factories.make_run()
        Semester.objects.create(
            year=2030 + each,
            term="spring",
            starts_on=date(2030 + each, 1, 1),
            ends_on=date(2030 + each, 6, 30),
            enrolment_opens_at=timezone.now(),
        )
        Question.objects.create(text="Når?", contact="ola@example.org", course=run.course)
        Question.objects.create(
            text="Hvor?",
            contact="ola@example.org",
            course=run.course,
            answered_at=timezone.now(),
            answered_by=factories.make_user(),
        )
        for done_on in (None, date(2026, 1, 1)):
            DeveloperOffer.objects.create(name="Kari", contact="kari@example.org", done_on=done_on)
        Topic.objects.create(name=f"Tema {each}", slug=f"tema-{each}")
        Partner.objects.create(name=f"Eier {each}")
        Idea.objects.create(text=f"Tema {each}")
        Idea.objects.create(text=f"Kurs {each}", state="became_course", course=run.course)
        factories.make_opportunity()
        factories.make_page_file(factories.make_page())
    assert Enrolment.objects.count() == 2 * count
    client.force_login(factories.make_coordinator())
    client.get(reverse(name))
    with django_assert_num_queries(LISTS[name]):
        client.get(reverse(name))


@pytest.mark.parametrize(("is_staff", "target"), [(True, "admin:index"), (False, "tutor_runs")])
def test_staff_choose_their_own_password(client, is_staff: bool, target: str) -> None:
    user = factories.make_user(is_staff=is_staff)
    client.force_login(user)
    answers = {"old_password": "et langt passord", "new_password1": "tre ville ender"}
    wrong = client.post(reverse("password"), answers)
    assert "Skriv det nye passordet en gang til." in wrong.content.decode()
    response = client.post(reverse("password"), answers | {"new_password2": "tre ville ender"})
    assert response.headers["Location"] == reverse(target)
    user.refresh_from_db()
    assert user.check_password("tre ville ender")


def test_own_password_is_behind_the_staff_sign_in(client) -> None:
    response = client.get(reverse("password"))
    assert response.headers["Location"] == f"{reverse('sign_in')}?next={reverse('password')}"


def test_the_admins_page_for_passwords_is_the_same_one(client) -> None:
    client.force_login(factories.make_coordinator())
    response = client.get(reverse("admin:password_change"))
    assert response.headers["Location"] == reverse("password")


@pytest.mark.parametrize("app", ["courses", "enrolment", "certificates"])
def test_an_app_leads_to_the_one_desk(client, app: str) -> None:
    client.force_login(factories.make_coordinator())
    response = client.get(reverse("admin:app_list", args=[app]))
    assert (response.status_code, response.headers["Location"]) == (302, reverse("admin:index"))


def test_staff_without_the_permission_are_shown_no_task(client) -> None:
    run = factories.make_published_run()
    client.force_login(factories.make_user(is_staff=True))
    page = client.get(reverse("admin:index")).content.decode()
    assert run.course.title not in page
    assert reverse("admin:search") not in page
    assert "Du har ikke tilgang til noe her." in page
