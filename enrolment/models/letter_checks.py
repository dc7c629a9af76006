"""What the database holds every letter to, with what the admin says of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.checks import known_choice


def one_of(*names: str) -> Q:
    """That exactly one of these columns is filled."""
    condition = Q()
    for filled in names:
        condition |= Q(**{f"{name}__isnull": name != filled for name in names})
    return condition


LETTER_CHECKS: list[models.BaseConstraint] = [
    known_choice(
        "kind",
        [
            "place",
            "waiting",
            "promoted",
            "withdrawn",
            "companion",
            "changed",
            "cancelled",
            "assigned",
            "unassigned",
            "reminder",
            "link",
            "new_email",
            "contact",
            "message",
            "interest",
            "erasure",
            "coming",
            "certificate",
            "missed",
            "code",
            "invited",
            "password",
            "sign_in",
            "feedback",
        ],
        name="letter_kind_known",
    ),
    known_choice(
        "channel", ["email", "phone", "paper", "none", "sms"], name="letter_channel_known"
    ),
    known_choice("outcome", ["", "reached", "posted", "unreached"], name="letter_outcome_known"),
    known_choice(
        "overtaken_by",
        [
            "",
            "place",
            "waiting",
            "withdrawn",
            "cancelled",
            "unassigned",
            "moved",
            "nothing_left",
            "over",
            "folded",
            "kept",
            "switched_off",
        ],
        name="letter_overtaken_by_known",
    ),
    models.CheckConstraint(
        condition=Q(is_beside=False, channel__in=["email", "phone", "paper", "none"])
        | Q(is_beside=False, channel="sms", kind="coming")
        | Q(is_beside=True, channel__in=["phone", "sms"], urgent_for__isnull=False),
        name="letter_beside_another_is_urgent",
        violation_error_message=_(
            "An SMS is a reminder, or goes beside another letter, about a session that is near."
        ),
    ),
    models.CheckConstraint(
        condition=one_of("student", "tutor", "user", "interest"),
        name="letter_has_one_recipient",
        violation_error_message=_(
            "A letter is to one student, tutor, member of staff or interested person."
        ),
    ),
    models.CheckConstraint(
        condition=Q(enrolment__isnull=True) | Q(run__isnull=True),
        name="letter_is_about_one_thing",
        violation_error_message=_("A letter is about an enrolment or about a run."),
    ),
    models.CheckConstraint(
        condition=~Q(kind__in=["assigned", "unassigned", "reminder"])
        | Q(tutor__isnull=False, run__isnull=False),
        name="letter_to_tutor_is_about_a_run",
        violation_error_message=_("Only a tutor of a run gets a letter of this kind."),
    ),
    models.CheckConstraint(
        condition=Q(
            kind__in=["reminder", "coming"], session__isnull=False, urgent_for__isnull=False
        )
        | Q(kind="missed", session__isnull=False, enrolment__isnull=False)
        | (~Q(kind__in=["reminder", "coming", "missed"]) & Q(session__isnull=True)),
        name="letter_reminds_of_its_session",
        violation_error_message=_(
            "A reminder names its session, and so does what is written after an absence."
        ),
    ),
    models.CheckConstraint(
        condition=~Q(kind="certificate") | Q(student__isnull=False, run__isnull=False),
        name="letter_of_certificate_is_about_a_run",
        violation_error_message=_("A certificate is a student's, and about a run."),
    ),
    models.CheckConstraint(
        condition=(Q(kind="feedback", enrolment__isnull=False) & ~Q(feedback_key=""))
        | (~Q(kind="feedback") & Q(feedback_key="")),
        name="letter_asks_for_feedback_at_its_address",
        violation_error_message=_("Only a letter that asks for feedback holds its address."),
    ),
    models.CheckConstraint(
        condition=Q(kind="interest", interest__isnull=False, run__isnull=False)
        | (~Q(kind="interest") & Q(interest__isnull=True)),
        name="letter_to_interested_is_about_a_run",
        violation_error_message=_(
            "Whoever asked to be told when a course is held again is told of a run."
        ),
    ),
    models.CheckConstraint(
        condition=~Q(kind__in=["code", "invited", "password", "sign_in"]) | Q(user__isnull=False),
        name="letter_about_sign_in_is_to_staff",
        violation_error_message=_("Only a member of staff gets a letter about the sign-in."),
    ),
    models.CheckConstraint(
        condition=Q(kind="message", message__isnull=False)
        | (~Q(kind="message") & Q(message__isnull=True)),
        name="letter_carries_its_message",
        violation_error_message=_("A letter of the kind «message» carries a message."),
    ),
    models.CheckConstraint(
        condition=Q(address="")
        | Q(kind__in=["new_email", "contact"], student__isnull=False, channel="email"),
        name="letter_to_address_is_about_it",
        violation_error_message=_(
            "Only a letter about an e-mail address goes to another one than the student's."
        ),
    ),
    models.CheckConstraint(
        condition=Q(overtaken_at__isnull=True, overtaken_by="")
        | (Q(overtaken_at__isnull=False) & ~Q(overtaken_by="")),
        name="letter_overtaken_by_something",
        violation_error_message=_("A letter that is overtaken says by what."),
    ),
]
