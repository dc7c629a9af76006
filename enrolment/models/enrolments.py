"""Enrolments and what belongs to them. No admission decision is here, and none can be added."""

from datetime import date, datetime, time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import CourseRun, NoticeVersion
from courses.models.checks import known_choice
from courses.norwegian.identity_numbers import validate_no_identity_number
from enrolment.models.students import Student


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def live(self) -> "EnrolmentQuerySet":
        """Those with a place and those waiting for one."""
        return self.filter(status__in=Enrolment.LIVE)

    def with_place(self) -> "EnrolmentQuerySet":
        return self.filter(status=Enrolment.Status.PLACE)

    def waiting(self) -> "EnrolmentQuerySet":
        """The queue, in its order."""
        return self.filter(status=Enrolment.Status.WAITING).order_by("pk")

    def oldest_first(self) -> "EnrolmentQuerySet":
        """Of a student, so that the last one of a run says how things stand with them.

        That is the live one, or else the one that was withdrawn last. By their keys it may be an
        older one, where two records of a person became one.
        """
        surplus = models.When(merged_into__isnull=False, then=0)
        live = models.When(status__in=Enrolment.LIVE, then=2)
        return self.order_by(models.Case(surplus, live, default=1), "withdrawn_at", "pk")

    def signed_up_online(self, *, since: date) -> "EnrolmentQuerySet":
        """Those who signed up themselves, from that day on."""
        midnight = timezone.make_aware(datetime.combine(since, time.min))
        return self.filter(registered_by__isnull=True, enrolled_at__gte=midnight)

    def to_call(self) -> "EnrolmentQuerySet":
        """The queue as far as nobody has been called yet."""
        return self.waiting().filter(call_outcome="")


class Enrolment(models.Model):
    """A student in a run. Written only by the verbs of `enrolment.services`."""

    class Status(models.TextChoices):
        PLACE = "place", _("place")
        WAITING = "waiting", _("waiting list")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class CallOutcome(models.TextChoices):
        """What a caller heard after the waiting list stopped filling by itself."""

        YES = "yes", _("says yes")
        CANNOT = "cannot", _("cannot come")
        UNREACHED = "unreached", _("not reached")

    LIVE = (Status.PLACE, Status.WAITING)

    student = models.ForeignKey(
        Student, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("student")
    )
    run = models.ForeignKey(
        CourseRun, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("run")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status)
    places = models.PositiveSmallIntegerField(
        _("places"), default=1, help_text=_("Two where somebody comes along.")
    )
    # Of the form, or of the page that the student used last: its letters are in this language.
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    submission = models.UUIDField(unique=True, editable=False)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("registered by"),
        help_text=_("Empty where students signed up themselves."),
    )
    notice = models.ForeignKey(
        NoticeVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("notice and ground rules shown"),
    )
    notice_shown_at = models.DateTimeField(_("notice shown"), null=True)
    consented_at = models.DateTimeField(_("consented"), null=True)
    call_outcome = models.CharField(
        _("call outcome"), max_length=10, choices=CallOutcome, blank=True
    )
    called_at = models.DateTimeField(_("called"), null=True)
    enrolled_at = models.DateTimeField(_("signed up"), default=timezone.now)
    placed_at = models.DateTimeField(_("got the place"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrew"), null=True)
    # The one that stayed, where two records of a person, both live on the run, became one.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["pk"]
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["student", "run"],
                condition=Q(status__in=["place", "waiting"]),
                name="enrolment_one_live_per_run",
                violation_error_message=_("The student is signed up for this run already."),
            ),
            models.CheckConstraint(
                condition=Q(places__in=[1, 2]),
                name="enrolment_one_or_two_places",
                violation_error_message=_("A sign-up is for one place or two."),
            ),
            known_choice(
                "status", ["place", "waiting", "withdrawn"], name="enrolment_status_known"
            ),
            known_choice(
                "call_outcome",
                ["", "yes", "cannot", "unreached"],
                name="enrolment_call_outcome_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | Q(withdrawn_at__isnull=False),
                name="enrolment_withdrawn_has_moment",
                violation_error_message=_("Whoever has withdrawn has a time of withdrawal."),
            ),
            models.CheckConstraint(
                condition=~Q(status="place") | Q(placed_at__isnull=False),
                name="enrolment_place_has_moment",
                violation_error_message=_("Whoever has a place has a time of getting it."),
            ),
            models.CheckConstraint(
                condition=~Q(status="waiting") | Q(placed_at__isnull=True),
                name="enrolment_waiting_has_no_place",
                violation_error_message=_("Whoever waits has not got a place yet."),
            ),
        ]
        indexes = [models.Index(fields=["run", "status"], name="enrolment_by_run_and_status")]

    def __str__(self) -> str:
        return f"{self.student}, {self.run}"

    @property
    def is_live(self) -> bool:
        return self.status in self.LIVE

    @property
    def has_place(self) -> bool:
        return self.status == self.Status.PLACE

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.WAITING

    @property
    def changed_at(self) -> datetime:
        """When it last changed what a calendar shows of it: whether there is a place."""
        moments = (self.enrolled_at, self.placed_at, self.withdrawn_at)
        return max(each for each in moments if each)

    @property
    def has_companion(self) -> bool:
        return self.places == 2

    @property
    def had_place_at_once(self) -> bool:
        """Whether there was room at sign-up: what the student was told then."""
        return self.placed_at == self.enrolled_at

    def can_be_withdrawn(self) -> bool:
        """Live, in a run that is neither cancelled nor over."""
        return self.is_live and self.run.is_running()

    def queue_number(self) -> int:
        """Number in the queue, from 1. One query."""
        return Enrolment.objects.waiting().filter(run_id=self.run_id, pk__lt=self.pk).count() + 1


class RepeatedSubmission(models.Model):
    """A form sent by somebody who was signed up already, and what it was told.

    Sent again it is told the same, as a newcomer's is: else sending it again, after the run has
    filled, would tell who takes part. Forgotten when the check page that it came from is too old.
    """

    submission = models.UUIDField(unique=True)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="+")
    was_told_of_place = models.BooleanField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class Adjustment(models.Model):
    """Something practical to arrange. Deleted after the run."""

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.CASCADE,
        related_name="adjustments",
        verbose_name=_("enrolment"),
    )
    text = models.TextField(
        _("adjustment"), max_length=500, validators=[validate_no_identity_number]
    )
    came_later = models.BooleanField(
        _("came later"), default=False, help_text=_("Not with the sign-up, but by a repeat of it.")
    )
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    arranged_at = models.DateTimeField(_("arranged"), null=True, blank=True)

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        ordering = ["pk"]
        default_permissions = ("change", "view")

    def __str__(self) -> str:
        return str(self.pk)
