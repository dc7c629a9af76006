"""Messages that staff write to people on a run, in their own words."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import CourseRun
from courses.models.checks import known_choice
from courses.norwegian.identity_numbers import validate_no_identity_number
from enrolment.models.enrolments import Enrolment, EnrolmentQuerySet

# Characters: two pages on paper, three minutes on the phone.
LENGTH = 3000


class Message(models.Model):
    """What staff write to everybody on a run, in its queue, or to one person.

    A draft until it is sent; then nobody changes it any more. Each of them gets it as a letter of
    their own. Written only by the verbs of `enrolment.services`.
    """

    class Audience(models.TextChoices):
        PLACE = "place", _("those who have a place")
        WAITING = "waiting", _("those on the waiting list")
        BOTH = "both", _("everybody, with a place or on the waiting list")
        ONE = "one", _("one person")

    run = models.ForeignKey(
        CourseRun, on_delete=models.PROTECT, related_name="messages", verbose_name=_("run")
    )
    audience = models.CharField(_("to"), max_length=7, choices=Audience)
    # Only where it is to one person.
    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("enrolment"),
    )
    # Emptied some time after the run: see `purge_messages`.
    text = models.TextField(
        _("text"),
        max_length=LENGTH,
        validators=[MaxLengthValidator(LENGTH), validate_no_identity_number],
    )
    # Of the text. What stands around it is in each one's own language.
    language = models.CharField(_("written in"), max_length=5, choices=settings.LANGUAGES)
    # Made with the form: sent twice, it is one draft.
    submission = models.UUIDField(unique=True, editable=False)
    # Whoever changed it last.
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("written by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_to = models.PositiveIntegerField(_("sent to"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-pk"]
        default_permissions = ("change", "view")
        constraints = [
            known_choice(
                "audience", ["place", "waiting", "both", "one"], name="message_audience_known"
            ),
            models.CheckConstraint(
                condition=Q(audience="one", enrolment__isnull=False)
                | (~Q(audience="one") & Q(enrolment__isnull=True)),
                name="message_to_one_says_to_whom",
                violation_error_message=_("A message to one person says to whom; no other does."),
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, sent_to__isnull=True)
                | Q(sent_at__isnull=False, sent_to__isnull=False, sent_to__gt=0),
                name="message_sent_to_somebody",
                violation_error_message=_("A message that is sent is sent to somebody."),
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False) | ~Q(text=""),
                name="message_draft_says_something",
                violation_error_message=_("Write what you want to say."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None

    def people(self) -> EnrolmentQuerySet:
        """Those whom it is to as things are now, in the order in which they signed up."""
        live = Enrolment.objects.live().filter(run=self.run_id).order_by("pk")
        if self.audience == self.Audience.PLACE:
            return live.with_place()
        if self.audience == self.Audience.WAITING:
            return live.waiting()
        return live.filter(pk=self.enrolment_id) if self.enrolment_id else live
