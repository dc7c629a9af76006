"""Every message to a student: the outbox, whatever the channel. And the log of who did what."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.dates import moment_in_full
from courses.models import CourseSession
from enrolment.models.enrolments import Enrolment
from enrolment.models.people import Student

CLAIM_EXPIRES = timedelta(minutes=10)


class LetterQuerySet(models.QuerySet["Letter"]):
    def unsent(self) -> "LetterQuerySet":
        return self.filter(sent_at__isnull=True)

    def to_send(self, now: datetime | None = None) -> "LetterQuerySet":
        """E-mail that is due and in nobody's hands, oldest first."""
        now = now or timezone.now()
        return (
            self.unsent()
            .filter(channel=Student.Channel.EMAIL, failed_at__isnull=True, due_at__lte=now)
            .filter(Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - CLAIM_EXPIRES))
            .order_by("due_at", "pk")
        )

    def for_staff(self) -> "LetterQuerySet":
        """What a person must say or post: phone and paper, and e-mail that did not arrive.

        Only what still holds: not that somebody waits, where a newer letter tells of their place;
        nothing of a run that is over; and a link to the student's page once.
        """
        newer = Letter.objects.filter(
            Q(kind__in=Letter.TELLS_ALL) | Q(kind=models.OuterRef("kind")),
            enrolment__run=models.OuterRef("enrolment__run"),
            student=models.OuterRef("student"),
            pk__gt=models.OuterRef("pk"),
        )
        newer_link = Letter.objects.filter(
            kind=Letter.Kind.LINK, student=models.OuterRef("student"), pk__gt=models.OuterRef("pk")
        )
        to_come = CourseSession.objects.filter(
            run=models.OuterRef("enrolment__run"), ends_at__gt=timezone.now()
        )
        return (
            self.unsent()
            .exclude(Q(channel=Student.Channel.EMAIL, failed_at__isnull=True))
            .filter(~models.Exists(newer))
            .exclude(Q(kind=Letter.Kind.LINK), models.Exists(newer_link))
            .filter(Q(enrolment=None) | models.Exists(to_come))
            .order_by("due_at", "pk")
        )


class Letter(models.Model):
    """A message to a student, written in the same transaction as the fact it reports.

    `text` holds placeholders where personal links go (see `enrolment.letters`): links are signed
    when the letter is sent or printed, so that no stored text and no staff screen shows one.
    """

    class Kind(models.TextChoices):
        PLACE = "place", _("place")
        WAITING = "waiting", _("waiting list")
        PROMOTED = "promoted", _("place from the waiting list")
        WITHDRAWN = "withdrawn", _("withdrawal")
        COMPANION = "companion", _("companion's seat given up")
        CHANGED = "changed", _("changed time or venue")
        CANCELLED = "cancelled", _("cancelled")
        LINK = "link", _("my page")

    # Whoever is told this need not be told what an older letter about the same enrolment says.
    TELLS_ALL = (Kind.PLACE, Kind.WAITING, Kind.PROMOTED, Kind.WITHDRAWN, Kind.CANCELLED)

    class Outcome(models.TextChoices):
        """How staff dealt with a letter by phone or on paper."""

        REACHED = "reached", _("told")
        POSTED = "posted", _("posted")
        UNREACHED = "unreached", _("not reached")

    student = models.ForeignKey(
        Student, on_delete=models.PROTECT, related_name="letters", verbose_name=_("student")
    )
    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("enrolment"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    channel = models.CharField(_("channel"), max_length=5, choices=Student.Channel)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=120)
    text = models.TextField(_("text"))
    dedupe_key = models.CharField(max_length=120, unique=True, editable=False)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    claimed_at = models.DateTimeField(_("claimed"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True)
    failed_at = models.DateTimeField(_("given up"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-pk"]
        default_permissions = ("change", "view")
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True),
                name="letter_unsent_by_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Event(models.Model):
    """Who did what to which row, and when. Never a value: see design, people's data."""

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
        help_text=_("Empty: the student, or the system."),
    )
    verb = models.CharField(_("what"), max_length=40)
    subject = models.CharField(_("kind of row"), max_length=40)
    subject_id = models.BigIntegerField(_("row"))
    happened_at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["subject", "subject_id"], name="event_by_subject")]

    def __str__(self) -> str:
        return moment_in_full(self.happened_at)
