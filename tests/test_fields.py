"""Every field of every form about people: from the page to the row to the screen to the purge.

A new form, and a new field of one, needs a line here: where it is stored, on which page whoever
needs it reads it, and why it is kept after the purge, if it is. A field fails that is missing on
its page, is lost between check page and row, is read by nobody, or is never deleted.
"""

import html
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.forms import BaseForm
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import certificates
import enrolment
from certificates import services as certificate_services
from certificates.models import Certificate
from courses.models import CourseRun, CourseSession
from enrolment import links, services
from enrolment.models import Enrolment, Letter, Message, Question, Student
from enrolment.models.students import OTHER_MUNICIPALITY
from tests import factories

pytestmark = pytest.mark.django_db

NAME = "Ada Sporfinner"
EMAIL = "ada.sporfinner@example.org"
PHONE = "90 12 34 56"
STORED_PHONE = "+4790123456"
ADDRESS = "Spor veien 1, 4306 Sandnes"
WISH = "Teleslynge ved vinduet"

A_FACT = "tells of nobody without a name, and past figures need it"

NAME_COLUMNS = {"enrolment.student.name", "enrolment.student.name_key"}

# Forms that hold nothing about anybody who takes part, or that others are made from.
ABOUT_NOBODY = {
    "enrolment.forms.StudentForm": "others are made from it",
    "enrolment.admin.RunForm": "a run",
    "enrolment.admin.SessionForm": "a run's session",
    "enrolment.admin.AssignmentForm": "a run's tutors",
    "enrolment.admin.CopyForm": "a run that is held again",
    "enrolment.admin.MoveForm": "a run that is moved",
    "enrolment.admin.PatternForm": "a run's sessions",
    "enrolment.admin.SemestersForm": "two semesters",
    "enrolment.admin.ShiftForm": "the days of a run that is held again",
    "enrolment.admin.VenueForm": "a place",
    "enrolment.admin.AwayForm": "the tutors of a run's sessions",
    "enrolment.admin.StandInForm": "the tutors of a run's sessions",
    "enrolment.admin.HandOverForm": "the tutors of a run's sessions",
}


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
        if name == QUESTIONS_PAGE:
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


PEOPLE_PAGE, MESSAGES_PAGE = "admin:run_people", "admin:run_messages"
STUDENT_PAGE = "admin:enrolment_student_change"
QUESTIONS_PAGE = "admin:enrolment_question_changelist"
ENROLMENT_PAGE = "admin:enrolment_enrolment_change"

WISHED = Written(
    WISH,
    columns={"enrolment.adjustment.text"},
    shown=(PEOPLE_PAGE, "tutor_register"),
)
TWO_COME = Written(
    "on",
    row=lambda scene: scene.enrolment.places == 2,
    shown=("tutor_sheet",),
    seen="+1",
    kept=A_FACT,
)
HAS_CONSENTED = Written(
    "on",
    row=lambda scene: scene.enrolment.consented_at is not None,
    shown=(ENROLMENT_PAGE,),
    seen="Samtykket",
    kept=A_FACT,
)
NAMED = Written(
    NAME,
    columns={*NAME_COLUMNS, "enrolment.letter.text"},
    shown=(PEOPLE_PAGE, STUDENT_PAGE, "tutor_register", "tutor_contacts", "tutor_sheet"),
)
MAILED = Written(
    EMAIL,
    columns={"enrolment.student.email"},
    shown=(STUDENT_PAGE, "tutor_contacts"),
)
RUNG = Written(
    PHONE,
    columns={"enrolment.student.phone"},
    shown=("tutor_contacts",),
    seen="90 12 34 56",
)
NAMED_ON_CERTIFICATE = Written(
    NAME, columns={"certificates.certificate.name"}, shown=("tutor_certificates",)
)
IN_ENGLISH = Written(
    "en",
    row=lambda scene: scene.certificate.language == "en",
    shown=("admin:certificates_certificate_change",),
    seen="English",
    kept=A_FACT,
)
COUNTED = Written(
    "7",
    row=lambda scene: CourseSession.objects.get().headcount == 7,
    shown=("tutor_session_code",),
    seen="7",
    kept=A_FACT,
)

CHANNEL = Written(
    "paper",
    row=lambda scene: Student.objects.get().channel == "paper",
    shown=(STUDENT_PAGE,),
    seen='value="paper" selected',
)
LETTER_LANGUAGE = Written(
    "nn",
    row=lambda scene: Student.objects.get().language == "nn",
    shown=(STUDENT_PAGE,),
    seen='value="nn" selected',
    kept=A_FACT,
)
LIVES_IN = Written(
    OTHER_MUNICIPALITY,
    columns={"enrolment.student.municipality"},
    shown=(STUDENT_PAGE,),
    seen=f'value="{OTHER_MUNICIPALITY}" selected',
)
WANTS_NEWS = Written(
    "on",
    row=lambda scene: Student.objects.get().wants_news,
    shown=(STUDENT_PAGE,),
    seen='id="id_wants_news" checked',
)
TOLD_BESIDE = {"municipality": LIVES_IN, "wants_news": WANTS_NEWS}
POSTED = Written(
    ADDRESS,
    columns={"enrolment.student.postal_address"},
    shown=(STUDENT_PAGE,),
)

NOT_REMINDED = Written(
    "none",
    row=lambda scene: Student.objects.get().reminders == "none",
    shown=(STUDENT_PAGE,),
    seen="ingen påminnelser",
    kept=A_FACT,
)

FORMS: dict[str, tuple[Walk, dict[str, Written]]] = {
    "enrolment.forms.SignUpForm": (
        signs_up,
        {
            "name": NAMED,
            "email": MAILED,
            "phone": RUNG,
            "adjustment": WISHED,
            "companion": TWO_COME,
            **TOLD_BESIDE,
        },
    ),
    "enrolment.forms.ConsentForm": (consents, {"consent": HAS_CONSENTED}),
    "enrolment.forms.MyLinkForm": (
        asks_for_link,
        # Deleted when a worker has looked it up, or after a day.
        {"contact": Written(EMAIL, columns={"enrolment.linkrequest.contact"})},
    ),
    "enrolment.forms.MyDetailsForm": (
        corrects_themselves,
        {
            "name": Written(NAME, columns=NAME_COLUMNS, shown=(STUDENT_PAGE,)),
            # Not the student's own before it is confirmed.
            "email": Written(EMAIL, columns={"enrolment.letter.address"}),
            "phone": RUNG,
            "channel": Written(
                "phone",
                row=lambda scene: Student.objects.get().channel == "phone",
                shown=(STUDENT_PAGE,),
                seen='value="phone" selected',
            ),
            "language": LETTER_LANGUAGE,
            "reminders": NOT_REMINDED,
            **TOLD_BESIDE,
        },
    ),
    "enrolment.forms.InterestForm": (
        asks_to_be_told,
        {
            "email": Written(EMAIL, columns={"enrolment.interest.email"}),
            "phone": Written(PHONE, columns={"enrolment.interest.phone"}),
            "name": Written(NAME, columns={"enrolment.interest.name", "enrolment.letter.text"}),
            "consent": Written(
                "on", row=lambda scene: Letter.objects.filter(kind="interest").exists()
            ),
        },
    ),
    "enrolment.forms.QuestionForm": (
        asks,
        {
            "text": Written(
                "Kan jeg ta med hunden?",
                columns={"enrolment.question.text"},
                shown=(QUESTIONS_PAGE,),
            ),
            "contact": Written(
                EMAIL, columns={"enrolment.question.contact"}, shown=(QUESTIONS_PAGE,)
            ),
            "consent": Written("on", row=lambda scene: Question.objects.exists()),
        },
    ),
    "enrolment.admin.EndInterestsForm": (
        rings_not_to_be_told,
        {"contact": Written(EMAIL, only_here="compared, never written down")},
    ),
    "enrolment.admin.PhoneSignUpForm": (
        rings,
        {
            "name": NAMED,
            "phone": RUNG,
            "email": MAILED,
            "channel": CHANNEL,
            "postal_address": POSTED,
            "language": LETTER_LANGUAGE,
            "adjustment": WISHED,
            "companion": TWO_COME,
            **TOLD_BESIDE,
            "has_consented": HAS_CONSENTED,
            "when_one_left": Written(only_here="asked where two meet one free place"),
            "who": Written(only_here="asked where somebody has nearly the same name"),
            "submission": Written(row=lambda scene: bool(scene.enrolment.submission), kept=A_FACT),
            "notice": Written(row=lambda scene: scene.enrolment.notice is not None, kept=A_FACT),
        },
    ),
    "enrolment.admin.StudentForm": (
        is_corrected,
        {
            "name": Written(NAME, columns=NAME_COLUMNS, shown=(STUDENT_PAGE,)),
            "email": Written(
                EMAIL,
                columns={"enrolment.student.email"},
                shown=(STUDENT_PAGE,),
            ),
            "phone": Written(
                PHONE,
                columns={"enrolment.student.phone"},
                shown=(STUDENT_PAGE,),
                seen=STORED_PHONE,
            ),
            "channel": CHANNEL,
            "postal_address": POSTED,
            "language": LETTER_LANGUAGE,
            "reminders": NOT_REMINDED,
            **TOLD_BESIDE,
        },
    ),
    "enrolment.admin.MessageForm": (
        is_written_to,
        {
            "audience": Written(
                "place",
                row=lambda scene: Message.objects.get().audience == "place",
                shown=(MESSAGES_PAGE,),
                seen="de som har plass",
                kept=A_FACT,
            ),
            "text": Written(
                "Ta med innesko",
                columns={"enrolment.message.text", "enrolment.letter.text"},
                shown=(MESSAGES_PAGE, "admin:message"),
            ),
            "language": Written(
                "nn",
                row=lambda scene: Message.objects.get().language == "nn",
                shown=(MESSAGES_PAGE,),
                seen='lang="nn">Ta med innesko',
                kept=A_FACT,
            ),
            "submission": Written(
                row=lambda scene: bool(Message.objects.get().submission), kept=A_FACT
            ),
            "seen": Written(only_here="which draft the page showed"),
        },
    ),
    "certificates.forms.RegisterForm": (
        is_registered,
        {
            "name": Written(
                NAME,
                columns=NAME_COLUMNS,
                shown=("tutor_register", "tutor_sheet", "tutor_certificates"),
            ),
            "headcount": COUNTED,
            "shown_headcount": Written(only_here="what the tutor saw"),
            "mark-": Written(
                row=lambda scene: scene.session.attendances.filter(
                    student__enrolments__isnull=False, is_present=False
                ).exists(),
                shown=("tutor_register",),
                seen="<strong>1</strong> ikke til stede",
                kept=A_FACT,
            ),
            "shown-": Written(only_here="what the tutor saw"),
        },
    ),
    "certificates.forms.HeadcountForm": (is_counted, {"headcount": COUNTED}),
    "certificates.forms.ClaimForm": (
        fetches_certificate,
        {
            "form_id": Written(
                row=lambda scene: scene.certificate.submission is not None, kept=A_FACT
            ),
            "code": Written(
                row=lambda scene: scene.certificate.session == scene.session, kept=A_FACT
            ),
            "name": NAMED_ON_CERTIFICATE,
        },
    ),
    "certificates.forms.NamesForm": (
        is_on_a_list,
        {
            "names": NAMED_ON_CERTIFICATE,
            "sessions": Written(
                row=lambda scene: scene.certificate.session == scene.session, kept=A_FACT
            ),
            "language": IN_ENGLISH,
        },
    ),
    "certificates.forms.CorrectForm": (
        gets_another_name,
        {"name": NAMED_ON_CERTIFICATE, "language": IN_ENGLISH},
    ),
    "certificates.forms.VerifyForm": (
        is_checked,
        {
            "number": Written("23456789AB", only_here="compared, never written down"),
            "name": Written(NAME, only_here="compared, never written down"),
        },
    ),
}


def forms_of(package) -> Iterator[type[BaseForm]]:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if ".migrations" in module.name or ".management" in module.name:
            continue
        for each in vars(importlib.import_module(module.name)).values():
            is_form = isinstance(each, type) and issubclass(each, BaseForm)
            if is_form and each.__module__ == module.name:
                yield each


def test_every_form_has_a_line() -> None:
    found = {
        ".".join([*each.__module__.split(".")[:2], each.__name__])
        for package in (enrolment, certificates)
        for each in forms_of(package)
    }
    assert found == FORMS.keys() | ABOUT_NOBODY.keys(), (
        "Say in FORMS what becomes of every field of the new form, or in ABOUT_NOBODY why it is "
        "about nobody."
    )


@pytest.mark.parametrize("form", FORMS)
def test_every_field_goes_from_page_to_row_to_screen_to_purge(form: str) -> None:
    walk, fields = FORMS[form]
    scene = Scene()
    written = {name: field.value for name, field in fields.items() if field.value is not None}
    steps = walk(scene, written)

    page = next(steps)
    context = page.context.get("adminform") or page.context.get("form")
    shown_form = getattr(context, "form", context)
    if shown_form is None:
        shown_form = page.context["empty_form"]()
    names = {re.sub(r"-\d+$", "-", name) for name in shown_form.fields}
    assert names == fields.keys(), "Say in FORMS what becomes of the new field."
    assert shown_form.fields.keys() <= names_on(page)

    assert next(steps, None) is None
    for name, field in fields.items():
        if field.words and field.row is None:
            assert columns_with(field.words) == field.columns, name
        if field.row is not None:
            assert field.row(scene), name
        for screen in field.shown:
            assert (field.seen or field.words) in scene.page(screen), (name, screen)
        assert field.only_here or field.columns or field.row, name

    # Students are told that they are erased, and then they are.
    for days in (4000, 4200):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            call_command("purge_expired", verbosity=0)
    for name, field in fields.items():
        if field.words and field.row is None:
            left = field.columns if field.kept else set()
            assert columns_with(field.words) == left, name
