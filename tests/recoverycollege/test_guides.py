"""The guides: each name in them is on the screens in every language, and pictures are small."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from certificates import services as certificate_services
from certificates.services import Mark
from courses.models import CourseRun, Semester
from enrolment import services
from recoverycollege.help.guides import FOR_COORDINATORS, FOR_TUTORS
from tests import factories
from tests.certificates.test_attendance import UNMARKED, make_begun_run, save
from tests.certificates.test_services import be_there, make_held_run
from tests.enrolment import phone_form, run_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

LANGUAGES = [code for code, _name in settings.LANGUAGES]
PICTURES = settings.BASE_DIR / "static" / "images" / "guides"
TEMPLATES = settings.BASE_DIR / "templates"
# Where the words of a control, a field or a heading stand.
CONTROL = re.compile(r"<(a|button|summary|label|legend|h1|h2|h3)\b[^>]*>(.*?)</\1>", re.S)
SUBMIT = re.compile(r'<input type="submit" value="([^"]*)"')
HEARD_ONLY = re.compile(r'<span class="visually-hidden">.*?</span>', re.S)
COUNT = re.compile(r" \(\d+\)$")  # how many there are, after a heading
NAMED = re.compile(r'<(?:a|b)[^>]* class="named">(.*?)</(?:a|b)>')


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(factories.make_coordinator())
    return client


def plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", HEARD_ONLY.sub("", markup))).split())


def names_on(response: HttpResponse) -> set[str]:
    page = response.content.decode()
    assert response.status_code == 200, response.request["PATH_INFO"]
    found = [match[2] for match in CONTROL.finditer(page)] + SUBMIT.findall(page)
    return {COUNT.sub("", plain(each)) for each in found}


def guides() -> Iterator[str]:
    yield from (reverse("admin:guide", args=[each.name]) for each in FOR_COORDINATORS)
    yield from (reverse("tutor_guide", args=[each.name]) for each in FOR_TUTORS)


def screens(staff: Client) -> Iterator[HttpResponse]:
    """Every screen that a guide speaks of, with something in each of its parts."""
    run = factories.make_published_run(capacity=2, sessions=2, in_days=20)
    enrolment = factories.enrol(run, adjustment="Plass ved døra")
    factories.enrol(run)
    failed = factories.enrol(run).letters.get()
    failed.failed_at = timezone.now()
    failed.save()
    for name in (
        "run_people",
        "run_programme",
        "courses_courserun_change",
        "run_messages",
        "run_move",
        "run_substitute",
        "run_cancel",
    ):
        yield staff.get(reverse(f"admin:{name}", args=[run.pk]))
    person = factories.make_person(
        name="Ada Moen", email="", phone="+4799999999", channel="paper", postal_address="Gata"
    )
    on_paper = factories.enrol(run, person=person)
    yield staff.get(reverse("admin:receipt", args=[on_paper.pk]))
    yield from _changed(staff, run)
    yield from _rung(staff)
    yield from _semester(staff)
    yield from _certificates(staff)
    alike = factories.make_student(name="Ada Moen", email="ada@example.org", phone="+4799999999")
    yield staff.get(reverse("admin:enrolment_student_change", args=[alike.pk]))
    yield staff.get(reverse("admin:enrolment_student_change", args=[enrolment.student_id]))
    caller = reverse("admin:phone_sign_up", args=[factories.make_published_run().pk])
    yield staff.get(caller)
    yield staff.post(caller, phone_form.said(name="Ada Moenn"))
    for name in ("admin:index", "admin:call_list", "tutor_runs", "verify"):
        yield staff.get(reverse(name))


def _changed(staff: Client, run: CourseRun) -> Iterator[HttpResponse]:
    new_time = {
        "sessions-0-theme": "",
        "sessions-0-begins": "09:00",
        "sessions-0-finishes": "10:00",
    }
    yield staff.post(run_page.programme(run), run_page.answers(run, **new_time))


def _rung(staff: Client) -> Iterator[HttpResponse]:
    """A place is free after the waiting list has closed; whoever is first was not reached."""
    soon = factories.make_published_run(capacity=1, in_days=0.5)
    factories.enrol(soon)
    first = factories.enrol(soon)
    factories.enrol(soon)
    services.set_capacity(run=soon, capacity=2)
    called = reverse("admin:call_outcome", args=[first.pk])
    yield staff.post(called, {"outcome": "unreached"}, follow=True)


def _semester(staff: Client) -> Iterator[HttpResponse]:
    coming = factories.get_semester()
    before = Semester.objects.create(
        year=coming.year - 1,
        term=coming.term,
        starts_on=coming.starts_on - timedelta(days=365),
        ends_on=coming.ends_on - timedelta(days=365),
        enrolment_opens_at=coming.enrolment_opens_at - timedelta(days=365),
    )
    factories.make_run(semester=before)
    chosen = {"source": before.pk, "target": coming.pk, "week_of": "semester"}
    yield staff.get(reverse("admin:copy_semester"), chosen)
    ready = [factories.make_run().pk for _each in range(2)]
    factories.make_run(with_pair=False)
    publish = reverse("admin:publish_semester", args=[coming.pk])
    yield staff.get(publish)
    yield staff.post(publish, {"run": ready}, follow=True)


def _certificates(staff: Client) -> Iterator[HttpResponse]:
    run = make_begun_run(people=2)
    first = run.enrolments.first().student
    save(run, {first: (UNMARKED, Mark.PRESENT)})
    for name in ("tutor_register", "tutor_certificates", "tutor_session_code", "tutor_names"):
        yield staff.get(reverse(name, args=[run.pk]))
    held = make_held_run()
    be_there(held)
    student = be_there(held, name="Åse Vik")
    certificate = certificate_services.issue(run=held, by=None)[0]
    student.attendances.update(is_present=True)
    yield staff.get(reverse("tutor_certificates", args=[held.pk]))
    yield staff.get(reverse("tutor_certificate_correct", args=[held.pk, certificate.pk]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_guide_names_is_called_so_on_the_screens(staff: Client, language: str) -> None:
    with translation.override(language):
        on_screens = set().union(*(names_on(each) for each in screens(staff)))
        pages = {address: staff.get(address).content.decode() for address in guides()}
    missing = {
        (address, name)
        for address, page in pages.items()
        for name in map(plain, NAMED.findall(page))
        if not any(re.fullmatch(re.escape(name).replace("…", ".+"), each) for each in on_screens)
    }
    assert missing == set()
    assert all(NAMED.search(page) for page in pages.values())


def test_links_to_a_guide_lead_to_one(staff: Client) -> None:
    wanted = set()
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text()
        wanted |= {
            ("admin:guide", name) for name in re.findall(r'how_to.html" with guide="(\w+)"', text)
        }
        wanted |= {("tutor_guide", name) for name in re.findall(r"'tutor_guide' '(\w+)'", text)}
    assert len(wanted) > 4
    for route, name in wanted:
        assert staff.get(reverse(route, args=[name])).status_code == 200
    assert staff.get(reverse("admin:guide", args=["finnes-ikke"])).status_code == 404


def test_every_picture_is_small_and_shown() -> None:
    shown = {
        name
        for template in (TEMPLATES / "recoverycollege" / "guides").glob("*.html")
        for name in re.findall(r'{% picture "([\w-]+)"', template.read_text())
    }
    sizes = {path.stem: path.stat().st_size for path in Path(PICTURES).glob("*")}
    assert set(sizes) == shown
    assert max(sizes.values()) < 60_000
