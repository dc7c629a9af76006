"""What the tables of this app hold about somebody; see `courses.export`."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from courses.export import NUMBER, TECHNICAL, WAY_IN, WHOSE, Held
from enrolment.models import (
    Adjustment,
    Enrolment,
    Interest,
    Letter,
    LinkRequest,
    MergedKey,
    MergedRecord,
    Message,
    Question,
    RepeatedSubmission,
    Student,
)
from enrolment.services import interests_of, questions_of

COLLEAGUE = "names a member of staff; what was done stands in the log"
LETTER = (
    *("kind", "sent_at", "channel", "address", "language", "subject", "text", "owed_since"),
    *("overtaken_at", "overtaken_by", "failed_at", "outcome"),
)
LETTER_LEFT_OUT = {
    "id": NUMBER,
    "student": WHOSE,
    "tutor": WHOSE,
    "user": WHOSE,
    "interest": WHOSE,
    "session": "its text says it",
    "message": "its text says it",
    "written_at": TECHNICAL,
    "sealed": "empty once the letter is sent",
    "dedupe_key": TECHNICAL,
    "not_before": TECHNICAL,
    "is_from_public_form": TECHNICAL,
    "urgent_for": TECHNICAL,
    "is_beside": TECHNICAL,
    "before": "the programme as it was, about nobody",
    "feedback_key": "the same for everybody on the run",
    "claimed_by": TECHNICAL,
    "claimed_at": TECHNICAL,
    "attempts": TECHNICAL,
    "unclear_ends": TECHNICAL,
    "last_error": TECHNICAL,
    "refused_at": TECHNICAL,
}
LETTER_LABELS = {"channel": _("how it reaches you")}
MESSAGE_LEFT_OUT = {
    "id": NUMBER,
    "submission": TECHNICAL,
    "changed_at": TECHNICAL,
    "sent_to": "how many others",
}


def _letters_to_tutor(tutor: Any) -> "QuerySet[Any]":
    own = Q(tutor=tutor) | (Q(user=tutor.user_id) if tutor.user_id else Q())
    return Letter.objects.filter(own).select_related("run__course", "run__semester")


STUDENT = [
    Held(
        Student,
        _("What we know about you"),
        lambda student: Student.objects.filter(pk=student.pk),
        (
            *("name", "email", "phone", "postal_address", "channel", "language"),
            *("reminders", "municipality", "wants_news", "created_at", "merged_at", "kept_at"),
        ),
        {
            "id": NUMBER,
            "name_key": "the name once more, to be found by",
            "key": WAY_IN,
            "calendar_key": WAY_IN,
            "erased_at": "empty till then",
        },
        {
            "channel": _("how we reach you"),
            "merged_at": _("became one with another record of you"),
            "kept_at": _("you said that you want to stay"),
        },
    ),
    Held(
        Enrolment,
        _("Sign-ups"),
        lambda student: student.enrolments.select_related("run__course", "run__semester"),
        (
            *("run", "status", "places", "language", "enrolled_at", "placed_at", "withdrawn_at"),
            *("call_outcome", "called_at", "notice_shown_at", "consented_at"),
        ),
        {
            "id": NUMBER,
            "student": WHOSE,
            "submission": TECHNICAL,
            "registered_by": COLLEAGUE,
            "notice": "the text that everybody was shown",
            "merged_into": "leads to another one that is shown",
        },
    ),
    Held(
        RepeatedSubmission,
        _("Sign-ups you sent twice"),
        lambda student: RepeatedSubmission.objects.filter(enrolment__student=student),
        ("sent_at", "was_told_of_place"),
        {"id": NUMBER, "submission": TECHNICAL, "enrolment": WHOSE},
        {"sent_at": _("sent"), "was_told_of_place": _("the answer was a place")},
    ),
    Held(
        Adjustment,
        _("What you want arranged"),
        lambda student: Adjustment.objects.filter(enrolment__student=student).select_related(
            "enrolment__run__course", "enrolment__run__semester"
        ),
        ("text", "created_at", "arranged_at", "came_later"),
        {"id": NUMBER, "enrolment": WHOSE},
    ),
    Held(
        Letter,
        _("Letters to you"),
        lambda student: Letter.objects.filter(student=student),
        LETTER,
        LETTER_LEFT_OUT | {"enrolment": "its text says it", "run": "its text says it"},
        LETTER_LABELS,
    ),
    Held(
        Message,
        _("Messages to you alone"),
        lambda student: Message.objects.filter(enrolment__student=student).select_related(
            "run__course", "run__semester"
        ),
        ("run", "text", "language", "created_at", "sent_at"),
        MESSAGE_LEFT_OUT | {"enrolment": WHOSE, "audience": WHOSE, "written_by": COLLEAGUE},
    ),
    Held(
        Interest,
        _("Courses you want to be told of"),
        lambda student: interests_of(student).select_related("course"),
        ("course", "name", "email", "phone", "language", "asked_at", "told_at"),
        {"id": NUMBER, "key": WAY_IN},
    ),
    Held(
        Question,
        _("Questions you have asked"),
        lambda student: questions_of(student).select_related("course"),
        ("text", "contact", "language", "course", "asked_at", "answered_at"),
        {"id": NUMBER, "answered_by": COLLEAGUE},
    ),
    Held(
        LinkRequest,
        _("Links you have asked for, and not got yet"),
        lambda student: LinkRequest.objects.filter(contact=student.proved_contact),
        ("contact", "language", "asked_at"),
        {"id": NUMBER},
    ),
    Held(
        MergedKey,
        _("Other records of you that became one with this"),
        lambda student: student.merged_keys.all(),
        ("merged_at",),
        {"id": NUMBER, "student": WHOSE, "key": WAY_IN, "is_calendar": TECHNICAL},
        {"merged_at": _("became one")},
    ),
    Held(
        MergedRecord,
        _("When those records were made"),
        lambda student: student.merged_records.all(),
        ("made_at",),
        {"id": NUMBER, "student": WHOSE, "number": NUMBER},
        {"made_at": _("created")},
    ),
]

TUTOR = [
    Held(
        Letter,
        _("Letters to you"),
        _letters_to_tutor,
        ("run", *LETTER),
        LETTER_LEFT_OUT | {"enrolment": "tutors have none"},
        LETTER_LABELS,
    ),
    Held(
        Message,
        _("Messages you wrote"),
        lambda tutor: Message.objects.filter(
            written_by__isnull=False, written_by=tutor.user_id
        ).select_related("run__course", "run__semester"),
        ("run", "text", "language", "created_at", "sent_at"),
        MESSAGE_LEFT_OUT
        | {"written_by": WHOSE, "audience": TECHNICAL}
        | {"enrolment": "names somebody else"},
    ),
]
