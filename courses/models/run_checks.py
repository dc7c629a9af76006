"""What the database holds every run to, with what the admin says of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.models.checks import known_choice

RUN_CHECKS: list[models.BaseConstraint] = [
    models.CheckConstraint(
        condition=Q(entry="sign_up", capacity__isnull=False, capacity__gte=1)
        | (~Q(entry="sign_up") & Q(capacity__isnull=True)),
        name="run_capacity_exactly_when_sign_up",
        violation_error_message=_(
            "Write a capacity where people sign up, and leave it empty otherwise."
        ),
    ),
    models.CheckConstraint(
        # Spelled out for NULL: a check whose answer is unknown passes.
        condition=Q(capacity__isnull=False, places_taken__lte=F("capacity"))
        | Q(capacity__isnull=True, places_taken=0),
        name="run_places_within_capacity",
        violation_error_message=_("More places are taken than the capacity allows."),
    ),
    models.CheckConstraint(
        condition=Q(places_taken__gte=0, waiting__gte=0),
        name="run_counters_not_negative",
        violation_error_message=_(
            "Neither places nor people on the waiting list can be fewer than none."
        ),
    ),
    models.CheckConstraint(
        condition=Q(entry="sign_up") | Q(waiting=0),
        name="run_queue_only_when_sign_up",
        violation_error_message=_("Only where people sign up is there a waiting list."),
    ),
    models.CheckConstraint(
        condition=~Q(status="published") | Q(published_at__isnull=False),
        name="run_published_has_moment",
        violation_error_message=_("A published run must have a time of publication."),
    ),
    models.CheckConstraint(
        condition=Q(status="cancelled", cancelled_at__isnull=False)
        | (~Q(status="cancelled") & Q(cancelled_at__isnull=True)),
        name="run_cancelled_exactly_with_moment",
        violation_error_message=_(
            "A cancelled run has a time of cancellation, and no other run has one."
        ),
    ),
    models.CheckConstraint(
        condition=Q(enrolment_opens_at__isnull=True)
        | Q(enrolment_closes_at__isnull=True)
        | Q(enrolment_opens_at__lt=F("enrolment_closes_at")),
        name="run_sign_up_opens_before_it_closes",
        violation_error_message=_("Sign-up must open before it closes."),
    ),
    known_choice("status", ["draft", "published", "cancelled"], name="run_status_known"),
    known_choice("entry", ["sign_up", "drop_in", "closed"], name="run_entry_known"),
]
