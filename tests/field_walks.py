"""How each form about people is filled in and sent, on the pages where that is done."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import enrolment
from certificates import services as certificate_services
from certificates.models import Certificate
from courses.models import CourseRun, CourseSession
from enrolment import links, services
from enrolment.models import Enrolment, Letter, Message, Student
from tests import factories

NAME = "Ada Sporfinner"
EMAIL = "ada.sporfinner@example.org"
PHONE = "90 12 34 56"
STORED_PHONE = "+4790123456"
ADDRESS = "Spor veien 1, 4306 Sandnes"
WISH = "Teleslynge ved vinduet"
QUESTIONS_PAGE = "admin:enrolment_question_changelist"
IDEAS_PAGE = "admin:courses_idea_changelist"
OFFERS_PAGE = "admin:certificates_developeroffer_changelist"


@dataclass(frozen=True)
class Written:
    """What is written in a field, and what becomes of it."""

    value: object = None  # what is sent; None for what the page itself holds
    columns: frozenset[str] | set[str] = frozenset()  # where these words are stored
    row: Callable[["Scene"], bool] | None = None  # for what is no text: whether it is stored
    shown: tuple[str, ...] = ()  # the pages on which it is read
    seen: str = ""  # how it is written there, if otherwise
    kept: str = ""  # why the purge leaves it; empty: it deletes it
    only_here: str = ""  # why it is stored nowhere, and is read by nobody

    @property
    def words(self) -> str:
        return STORED_PHONE if self.value == PHONE else str(self.value or "")


class Scene:
    """A published run at a college that asks for consent, and a coordinator's browser."""

    def __init__(self) -> None:
        factories.make_college(legal_basis="consent", municipalities="Fjordvik", offers_news=True)
        self.run: CourseRun = factories.make_published_run()
        self.session: CourseSession = self.run.sessions.get()
        self.client = Client()
        self.client.force_login(factories.make_coordinator())

    @property
    def enrolment(self) -> Enrolment:
        return Enrolment.objects.get()

    @property
    def certificate(self) -> Certificate:
        return Certificate.objects.order_by("-pk")[0]

    def begin(self) -> None:
        self.session.starts_at = timezone.now() - timedelta(hours=1)
        self.session.ends_at = timezone.now() + timedelta(hours=1)
        self.session.headcount = 9
        self.session.save()

    def page(self, name: str) -> str:
        """The page of this name about the run, its student, enrolment or certificate; or a list."""
        if name in (QUESTIONS_PAGE, IDEAS_PAGE, OFFERS_PAGE):
            return text_of(self.client.get(reverse(name)))
        about = {
            "admin:enrolment_student_change": lambda: Student.objects.get().pk,
            "admin:message": lambda: Message.objects.get().pk,
            "admin:enrolment_enrolment_change": lambda: self.enrolment.pk,
            "admin:certificates_certificate_change": lambda: self.certificate.pk,
        }.get(name, lambda: self.run.pk)
        return text_of(self.client.get(reverse(name, args=[about()])))


def text_of(response: HttpResponse) -> str:
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def names_on(response: HttpResponse) -> set[str]:
    return set(re.findall(r'<(?:input|textarea|select)[^>]* name="([^"]+)"', text_of(response)))


def hidden_on(response: HttpResponse, step: str) -> dict[str, str]:
    """The hidden fields of the form on a check page that goes on with this step."""
    for form in re.findall(r"<form.*?</form>", response.content.decode(), re.DOTALL):
        found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        if found.get("step") == step:
            return {name: html.unescape(value) for name, value in found.items()}
    raise AssertionError(f"no form with step {step}")


def columns_with(words: str) -> set[str]:
    """Every column of text in the database that holds these words."""
    return {
        f"{model._meta.label_lower}.{column.attname}"
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField | models.JSONField)
        for value in model._default_manager.values_list(column.attname, flat=True)
        if words.casefold() in str(value).casefold()
    }


def everybody_is_told() -> None:
    """Every letter is sent or posted, and what it says is stored."""
    services.send_due()
    said = factories.said(*Letter.objects.for_staff())
    services.record_letter_outcomes(said=said, outcome="posted", by=None)


# Each walk opens the page, yields it, sends what is written there, and goes on to the end.
Walk = Callable[[Scene, dict[str, object]], Iterator[HttpResponse]]


def signs_up(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    url = reverse("sign_up", args=[scene.run.course.slug, scene.run.pk])
    browser = Client()
    yield browser.get(url)
    check = browser.post(url, written | {"step": "check"})
    browser.post(url, hidden_on(check, "enrol") | {"consent": "on"})
    everybody_is_told()


def consents(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    url = reverse("sign_up", args=[scene.run.course.slug, scene.run.pk])
    browser = Client()
    check = browser.post(url, {"step": "check", "name": "Bo Ek", "email": "bo@example.org"})
    yield check
    browser.post(url, hidden_on(check, "enrol") | written)


def rings(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    url = reverse("admin:phone_sign_up", args=[scene.run.pk])
    page = scene.client.get(url)
    yield page
    held = {name: page.context["form"][name].value() for name in ("submission", "notice")}
    scene.client.post(url, written | held)
    everybody_is_told()


def is_corrected(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    student = factories.make_student()
    url = reverse("admin:enrolment_student_change", args=[student.pk])
    page = scene.client.get(url)
    yield page
    shown = {
        f"initial-{name}": value for name, value in page.context["adminform"].form.initial.items()
    }
    scene.client.post(url, written | shown)


def is_written_to(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    factories.enrol(scene.run)
    page = scene.client.get(reverse("admin:message_to_run", args=[scene.run.pk]))
    yield page
    held = {"submission": page.context["form"]["submission"].value()}
    sees = scene.client.post(
        reverse("admin:message_to_run", args=[scene.run.pk]), written | held, follow=True
    )
    message = Message.objects.get()
    scene.client.post(reverse("admin:message", args=[message.pk]), {"seen": sees.context["seen"]})
    enrolment.services.send_due()


def asks_for_link(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    browser = Client()
    yield browser.get(reverse("my_link"))
    browser.post(reverse("my_link"), written)


def asks_to_be_told(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    """And is told, by a letter that holds the name."""
    url, browser = reverse("interest_ask", args=[scene.run.course.slug]), Client()
    yield browser.get(url)
    browser.post(url, written)
    services.publish_run(run=factories.make_run(course=scene.run.course))
    everybody_is_told()


def asks(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    """And is answered by staff, who read it on their page."""
    url, browser = reverse("course_question", args=[scene.run.course.slug]), Client()
    yield browser.get(url)
    browser.post(url, written)


def proposes(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    browser = Client()
    yield browser.get(reverse("propose_idea"))
    browser.post(reverse("propose_idea"), written)


def answers_feedback(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    """As four others do, so that what is answered is shown when the run is closed."""
    scene.begin()
    feedback = certificate_services.make_feedback(run=scene.run)
    for _each in range(4):
        certificate_services.answer(feedback=feedback, steps=[1] * 5)
    url, browser = reverse("feedback", args=[feedback.key]), Client()
    yield browser.get(url)
    browser.post(url, written)
    certificate_services.close_feedback(now=timezone.now() + timedelta(days=30))


def offers_to_develop(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    browser = Client()
    yield browser.get(reverse("developer_offer"))
    browser.post(reverse("developer_offer"), written)


def rings_not_to_be_told(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    url = reverse("admin:end_interests")
    yield scene.client.get(url)
    scene.client.post(url, written)


def corrects_themselves(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    person = factories.make_person(name="Ad Spor", email="ad@example.org", phone="+4799999987")
    student = factories.enrol(scene.run, person=person).student
    browser = Client()
    browser.post(reverse("my_page_sign_in", args=[links.page_token(student)]))
    yield browser.get(reverse("my_details"))
    browser.post(reverse("my_details"), written)


def confirms_an_address(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    student = factories.make_student(name="Ad Spor")
    letter = services.ask_for_new_email(student=student, email="ny@example.org")
    url = reverse("my_new_email", args=[links.new_email_token(letter)])
    yield Client().get(url)
    Client().post(url, written)


def is_registered(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    student = factories.enrol(scene.run).student
    scene.begin()
    url = reverse("tutor_register", args=[scene.run.pk])
    yield scene.client.get(url)
    scene.client.post(
        url,
        written
        | {"shown_headcount": "9", f"mark-{student.pk}": "absent", f"shown-{student.pk}": ""},
    )


def is_counted(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    scene.begin()
    certificate_services.make_code(run=scene.run, session=scene.session, by=None)
    url = reverse("tutor_session_code", args=[scene.run.pk])
    yield scene.client.get(url)
    scene.client.post(url, written)


def fetches_certificate(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    scene.begin()
    code = certificate_services.make_code(run=scene.run, session=scene.session, by=None).code
    browser = Client()
    page = browser.get(reverse("claim"))
    yield page
    held = {"code": code, "form_id": page.context["form"]["form_id"].value()}
    check = browser.post(reverse("claim"), written | held | {"step": "check"})
    browser.post(reverse("claim"), hidden_on(check, "claim"))


def is_on_a_list(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    scene.begin()
    url = reverse("tutor_names", args=[scene.run.pk])
    yield scene.client.get(url)
    check = scene.client.post(url, written | {"sessions": scene.session.pk, "step": "check"})
    scene.client.post(url, hidden_on(check, "issue"))


def gets_another_name(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    scene.begin()
    certificate_services.issue_by_name(
        run=scene.run, sessions=[scene.session], names=["Ad Spor"], language="nb", by=None
    )
    url = reverse("tutor_certificate_correct", args=[scene.run.pk, scene.certificate.pk])
    yield scene.client.get(url)
    scene.client.post(url, written)


def is_checked(scene: Scene, written: dict[str, object]) -> Iterator[HttpResponse]:
    browser = Client()
    yield browser.get(reverse("verify"))
    assert "number" in written
    browser.post(reverse("verify"), written)
