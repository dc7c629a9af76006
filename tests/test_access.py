"""Every address of the portal, opened by everybody: who is let in stands in `tests/access.py`."""

import html
import io
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pypdf
import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from certificates import services as certificate_services
from certificates.models import DeveloperOffer
from certificates.services import Cell, Mark
from certificates.views import claim
from courses.models import (
    AnnualReport,
    CourseRun,
    Idea,
    Opportunity,
    Partner,
    Picture,
    SchoolHoliday,
    Substitution,
    Topic,
    Tutor,
)
from enrolment import links, services
from enrolment.links import Purpose
from enrolment.models import Adjustment, Interest, Letter, Question
from enrolment.views.sign_up import to_receipt
from tests import access, factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

# Where the e-mail address and the phone number of a tutor stand.
HAVE_TUTORS_CONTACT = {
    "admin:tutor_data",
    "admin:tutor_data_file",
    "admin:courses_tutor_change",
    "admin:courses_tutor_changelist",
    "admin:courses_tutor_row",
    "admin:tutor_let_in_again",
}

# A tutor's own.
HAVE_OWN_CONTACT = {"tutor_data", "tutor_data_file"}
SEE_CONTACT = {
    "coordinator": HAVE_TUTORS_CONTACT,
    "tutor": HAVE_OWN_CONTACT,
    "other_tutor": HAVE_OWN_CONTACT,
}

ANSWERS = {200: access.OPEN, 403: access.FORBIDDEN, 404: access.NOT_FOUND, 405: access.WRONG_METHOD}


def addresses() -> dict[str, URLPattern]:
    """Every address by its name, with the part that is unlike from row to row."""
    return dict(_addresses(get_resolver(), route="", namespace=""))


def _addresses(
    resolver: URLResolver, *, route: str, namespace: str
) -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        whole = route + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _addresses(each, route=whole, namespace=inner)
        elif each.name:
            yield namespace + each.name, each
        elif row := re.fullmatch(r"admin/(\w+)/(\w+)/<path:object_id>/", whole):
            yield f"admin:{row[1]}_{row[2]}_row", each
        elif whole == "admin/(?P<url>.*)$":
            yield "admin:unknown", each
        else:
            yield whole, each


def make_tutor_of(run: CourseRun) -> Tutor:
    tutor = run.assignments.order_by("pk").first().tutor
    tutor.user = factories.make_user()
    tutor.photo = "portrett.png"
    tutor.save()
    return tutor


class Portal:
    """One run under way, with a student who has a certificate and somebody who fetched one."""

    def __init__(self) -> None:
        self.other_tutor = make_tutor_of(factories.make_published_run())
        self.run = run = factories.make_published_run(sessions=2)
        self.tutor = make_tutor_of(run)
        self.coordinator = by = factories.make_coordinator()
        self.enrolment = factories.enrol(run, places=2, adjustment="Plass ved døra")
        student = self.enrolment.student
        self.session = session = run.sessions.order_by("pk").first()
        now = timezone.now()
        session.starts_at, session.ends_at = now - timedelta(hours=1), now + timedelta(hours=1)
        session.headcount = 9
        session.save()
        cells = {student.pk: Cell(Mark.UNMARKED, Mark.PRESENT)}
        certificate_services.save_register(run=run, session=session, cells=cells, by=by)
        [self.certificate] = certificate_services.issue(run=run, by=by)
        certificate_services.make_code(run=run, session=session, by=by)
        self.fetched = certificate_services.claim(
            session=session, name="Kari", language="nb", submission=uuid.uuid4()
        )
        Picture.objects.create(name="portrett.png", content=b"")
        self.message = factories.make_message(run)
        Topic.objects.create(name="Søvn")
        SchoolHoliday.objects.create(name="Høstferie", starts_on="2026-10-05", ends_on="2026-10-09")
        self.substitution = Substitution.objects.create(
            session=run.sessions.order_by("pk").last(),
            assignment=run.assignments.order_by("pk").last(),
            tutor=factories.make_tutor(),
        )
        Partner.objects.create(name="Ås kommune")
        self.idea = Idea.objects.create(text="Å sove godt")
        self.opportunity = Opportunity.objects.create(
            name="Koret", kind="music", about="Vi synger.", website="https://example.org"
        )
        self.story = factories.make_story()
        self.page_file = factories.make_page_file(factories.make_page())
        AnnualReport.objects.create(year=2025)
        held = factories.make_published_run(in_days=-3)
        self.year = held.semester.year
        self.file = factories.make_course_file(run.course)
        self.interest = Interest.objects.create(course=run.course, email="ola@example.org")
        self.feedback = certificate_services.make_feedback(run=run, by=by)
        self.offer = DeveloperOffer.objects.create(name="Kari", contact="ola@example.org")
        self.question = Question.objects.create(text="Når?", contact="ola@example.org")

    def client(self, visitor: str) -> Client:
        """A browser of its own for each visit."""
        client = Client()
        if visitor == "student":
            page = reverse("my_page_sign_in", args=[links.page_token(self.enrolment.student)])
            client.post(page)
        elif visitor != "anonymous":
            client.force_login(self._user(visitor))
        return client

    def _user(self, visitor: str) -> User:
        if visitor == "staff_owner":
            return factories.make_owner(is_staff=True)
        if visitor == "owner":
            return factories.make_owner()
        users = {
            "other_tutor": self.other_tutor.user,
            "tutor": self.tutor.user,
            "coordinator": self.coordinator,
        }
        return users[visitor]

    def address(self, name: str, pattern: URLPattern) -> str:
        if name == "sign_up_receipt":
            return to_receipt(self.run.course.slug, self.run.pk, services.Outcome.PLACE).url
        if name == "admin:unknown":
            return reverse("admin:index") + "finnes-ikke/"
        if row := re.fullmatch(r"(admin:\w+)_row", name):
            return reverse(f"{row[1]}_changelist") + f"{self._newest(name)}/"
        route = pattern.pattern
        parts = route.converters or route.regex.groupindex
        return reverse(name, kwargs={part: self._value(part, name) for part in parts})

    def _value(self, part: str, name: str) -> object:
        values = {
            "name": lambda: "kursbevis" if "guide" in name else self.tutor.photo,
            "slug": lambda: self.story.slug if name == "page" else self.run.course.slug,
            "which": lambda: "privacy",
            "colour": lambda: "7a1f4b",
            "ground": lambda: "eef3fb",
            "run_id": lambda: self.run.pk,
            "session_id": lambda: self.session.pk,
            "certificate_id": lambda: self.certificate.pk,
            "submission": lambda: self.enrolment.submission,
            "enrolment_id": lambda: self.enrolment.pk,
            "student_id": lambda: self.enrolment.student_id,
            "other_id": lambda: factories.make_student().pk,
            "semester_slug": lambda: self.run.semester.slug,
            "semester_id": lambda: self.run.semester_id,
            "year": lambda: self.year,
            "file_id": lambda: (self.page_file if "page" in name else self.file).pk,
            "page_id": lambda: self.story.pk,
            "tutor_id": lambda: self.tutor.pk,
            "substitution_id": lambda: self.substitution.pk,
            "letter_id": lambda: Letter.objects.earliest("pk").pk,
            "message_id": lambda: self.message.pk,
            "offer_id": lambda: self.offer.pk,
            "course_id": lambda: self.run.course_id,
            "question_id": lambda: self.question.pk,
            "idea_id": lambda: self.idea.pk,
            "opportunity_id": lambda: self.opportunity.pk,
            "adjustment_id": lambda: Adjustment.objects.get().pk,
            "id": lambda: self.tutor.user.pk,
            "user_id": lambda: self.tutor.user.pk,
            "app_label": lambda: "courses",
            "content_type_id": lambda: 1,
            "object_id": lambda: self._newest(name),
            "key": lambda: {
                "interest": self.interest.key,
                "feedback": self.feedback.key,
                "feedback_thanks": self.feedback.key,
            }.get(name, self.enrolment.student.calendar_key),
            "token": lambda: self._token(name),
        }
        return values[part]()

    def _newest(self, name: str) -> int:
        """The newest row of the model that a page of the admin is about."""
        if name == "admin:run_programme":
            return self.run.pk
        model = re.match(r"admin:([a-z]+)_([a-z]+)_", name)
        if name == "admin:view_on_site" or model is None:
            return 1
        return apps.get_model(model[1], model[2]).objects.order_by("-pk").first().pk

    def _token(self, name: str) -> str:
        tokens = {
            "my_page_sign_in": lambda: links.page_token(self.enrolment.student),
            "choose_password": lambda: links.password_token(self.coordinator, Purpose.PASSWORD),
            "keep_me": lambda: links.keep_token(self.enrolment.student),
            "my_new_email": lambda: links.new_email_token(
                services.ask_for_new_email(student=self.enrolment.student, email="ny@example.org")
            ),
            "withdraw": lambda: links.enrolment_token(Purpose.WITHDRAW, self.enrolment),
            "calendar": lambda: links.enrolment_token(Purpose.CALENDAR, self.enrolment),
            "claimed": lambda: signing.dumps(self.fetched.pk, salt=claim.SALT),
            "claimed_pdf": lambda: signing.dumps(self.fetched.pk, salt=claim.SALT),
        }
        return tokens[name]()


def answer(response: HttpResponse, client: Client) -> str:
    """What the response is called in the table. The admin's own way to the sign-in is followed."""
    if response.status_code not in (301, 302):
        return ANSWERS.get(response.status_code, str(response.status_code))
    path = response.url.partition("?")[0]
    if path == reverse("admin:login"):
        return answer(client.get(response.url), client)
    if path == reverse("sign_in"):
        return access.STAFF_SIGN_IN
    return access.STUDENT_SIGN_IN if response.url == reverse("my_page") else access.ONWARD


def expected(table: dict[str, access.Answers], visitor: str) -> dict[str, str]:
    return {name: row[access.VISITORS.index(visitor)] for name, row in table.items()}


def test_every_address_has_a_row() -> None:
    assert set(addresses()) == set(access.ACCESS), (
        "Say in tests/access.py who may open the new address, and take out what is gone."
    )


@pytest.mark.parametrize("visitor", access.VISITORS)
def test_pages_open_for_whom_they_are_for(visitor: str) -> None:
    portal = Portal()
    client = portal.client(visitor)

    seen, may_be_kept = {}, set()
    for name, pattern in addresses().items():
        response = client.get(portal.address(name, pattern))
        seen[name] = answer(response, client)
        if not {"private", "no-store"} <= set(response["Cache-Control"].split(", ")):
            may_be_kept.add(name)

    assert seen == expected(access.ACCESS, visitor)
    # Whoever is on their own page finds the form filled in.
    personal = {"sign_up"} if visitor == "student" else set()
    assert may_be_kept == access.MAY_BE_KEPT - personal


def test_owners_see_figures_and_else_what_any_member_of_staff_sees() -> None:
    """As coordinators invite them: no staff of the admin, and tutors of nothing."""
    portal = Portal()
    client = portal.client("owner")
    seen = {
        name: answer(client.get(portal.address(name, pattern)), client)
        for name, pattern in addresses().items()
    }
    figures = {name for name, row in access.ACCESS.items() if row is access.FIGURES}
    assert {name for name in figures if seen[name] == access.OPEN} == figures
    others = expected(access.ACCESS, "other_tutor")
    # A tutor's own pages are about the tutor.
    about_tutors = {"tutor_data", "tutor_data_file"}
    assert {
        name: was
        for name, was in seen.items()
        if name not in figures | about_tutors and was != others[name]
    } == {}
    assert {seen[name] for name in about_tutors} <= {access.NOT_FOUND, access.ONWARD}


@pytest.mark.parametrize("visitor", access.VISITORS)
def test_whoever_may_not_open_a_page_may_send_nothing_to_it(visitor: str) -> None:
    """Answered as reading is, or that nothing can be sent there."""
    portal = Portal()
    client = portal.client(visitor)
    refused = {
        name: shown
        for name, shown in expected(access.ACCESS, visitor).items()
        if shown in access.REFUSED and name != "admin:login"
    }
    assert refused

    seen = {
        name: answer(client.post(portal.address(name, addresses()[name])), client)
        for name in refused
    }

    assert {
        name: was for name, was in seen.items() if was not in (refused[name], access.WRONG_METHOD)
    } == {}


@pytest.mark.parametrize("visitor", access.VISITORS)
def test_buttons_without_a_page_work_for_whom_they_are_for(visitor: str) -> None:
    portal = Portal()
    seen = {}
    for name in access.BUTTONS:
        client = portal.client(visitor)
        seen[name] = answer(client.post(portal.address(name, addresses()[name])), client)

    assert seen == expected(access.BUTTONS, visitor)


def words_of(response: HttpResponse) -> str:
    """All that a page or a file says, without the spaces in which a number may be written."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Type") == "application/pdf":
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        said = "".join(page.extract_text() for page in pages)
    else:
        said = html.unescape(content.decode("utf-8", errors="replace"))
    return re.sub(r"\s", "", said)


@pytest.mark.parametrize("visitor", access.VISITORS)
def test_how_tutors_are_reached_is_seen_by_coordinators_and_themselves(visitor: str) -> None:
    portal = Portal()
    Tutor.objects.update(email="kursholder.privat@example.org", phone="+4790129876")
    client = portal.client(visitor)
    seen = set()
    for name, pattern in addresses().items():
        said = words_of(client.get(portal.address(name, pattern), follow=True))
        if "kursholder.privat" in said or "90129876" in said:
            seen.add(name)
    assert seen == SEE_CONTACT.get(visitor, set())
