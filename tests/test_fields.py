"""Every field of every form about people: from the page to the row to the screen to the purge.

A new form, and a new field of one, needs a line here: where it is stored, on which page whoever
needs it reads it, and why it is kept after the purge, if it is. A field fails that is missing on
its page, is lost between check page and row, is read by nobody, or is never deleted.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.forms import BaseForm
from django.utils import timezone

import certificates
import enrolment
from certificates.models import DeveloperOffer, Feedback
from courses.models import CourseSession
from enrolment.models import Letter, Message, Question, Student
from enrolment.models.students import OTHER_MUNICIPALITY
from tests.field_walks import (
    ADDRESS,
    EMAIL,
    IDEAS_PAGE,
    NAME,
    OFFERS_PAGE,
    PHONE,
    QUESTIONS_PAGE,
    STORED_PHONE,
    WISH,
    Scene,
    Walk,
    Written,
    answers_feedback,
    asks,
    asks_for_link,
    asks_to_be_told,
    columns_with,
    confirms_an_address,
    consents,
    corrects_themselves,
    fetches_certificate,
    gets_another_name,
    is_checked,
    is_corrected,
    is_counted,
    is_on_a_list,
    is_registered,
    is_written_to,
    names_on,
    offers_to_develop,
    proposes,
    rings,
    rings_not_to_be_told,
    signs_up,
)

pytestmark = pytest.mark.django_db

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
    "certificates.admin.FeedbackWordingsForm": "what everybody is asked after a course",
    "enrolment.admin.HandOverForm": "the tutors of a run's sessions",
}


PEOPLE_PAGE, MESSAGES_PAGE = "admin:run_people", "admin:run_messages"
STUDENT_PAGE = "admin:enrolment_student_change"
ENROLMENT_PAGE = "admin:enrolment_enrolment_change"

WISHED = Written(
    WISH,
    columns={"enrolment.adjustment.text"},
    shown=(PEOPLE_PAGE, "tutor_register"),
)
TWO_COME = Written(
    "on",
    row=lambda scene: scene.enrolment.places == 2,
    shown=("tutor_register",),
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
    shown=(PEOPLE_PAGE, STUDENT_PAGE, "tutor_register", "tutor_contacts"),
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
    "enrolment.forms.NewEmailForm": (
        confirms_an_address,
        {"name": Written(NAME, only_here="compared, never written down")},
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
    "enrolment.forms.IdeaForm": (
        proposes,
        {"text": Written("Mot til å synge", columns={"courses.idea.text"}, shown=(IDEAS_PAGE,))},
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
                shown=("tutor_register", "tutor_certificates"),
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
    "certificates.forms.FeedbackForm": (
        answers_feedback,
        {
            "form_id": Written(only_here="counted as a keyed hash until the night"),
            "answer-": Written(
                row=lambda scene: Feedback.objects.get().answered == 5,
                shown=("tutor_feedback",),
                seen="5 svarte.",
                kept=A_FACT,
            ),
            "words": Written(
                "Mer tid til å prate",
                columns={"certificates.feedback.words"},
                shown=("tutor_feedback",),
            ),
        },
    ),
    "certificates.forms.DeveloperOfferForm": (
        offers_to_develop,
        {
            "name": Written(
                NAME, columns={"certificates.developeroffer.name"}, shown=(OFFERS_PAGE,)
            ),
            "contact": Written(
                EMAIL, columns={"certificates.developeroffer.contact"}, shown=(OFFERS_PAGE,)
            ),
            "consent": Written("on", row=lambda scene: DeveloperOffer.objects.exists()),
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
