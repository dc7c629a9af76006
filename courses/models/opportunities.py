"""Opportunities: places outside the college, and when somebody last looked whether it is so."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.checks import known_choice
from courses.norwegian.phone_numbers import normalise_phone


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    def to_check(self, today: date) -> "OpportunityQuerySet":
        """Those that nobody has looked at for `OPPORTUNITY_CHECKED_DAYS`, or somebody doubts."""
        old = today - timedelta(days=settings.OPPORTUNITY_CHECKED_DAYS)
        return self.filter(Q(reported_on__isnull=False) | Q(checked_on__lt=old))

    def reported(self) -> "OpportunityQuerySet":
        """Those of which a visitor said that they are not right any more."""
        return self.filter(reported_on__isnull=False)


class Opportunity(models.Model):
    """A place or an offer that is not the college's own."""

    class Kind(models.TextChoices):
        ACTIVITY = "activity", _("Activity and meeting places")
        WORK = "work", _("Work and education")
        PEERS = "peers", _("Peer support")
        RELATIVES = "relatives", _("For relatives")
        MUSIC = "music", _("Song and music")
        SELF_HELP = "self_help", _("Self-help and coping")

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    municipality = models.CharField(
        _("municipality"), max_length=60, blank=True, help_text=_("Empty: everywhere here.")
    )
    about = models.TextField(
        _("what it is"), max_length=400, help_text=_("One or two sentences, to a newcomer.")
    )
    needs_referral = models.BooleanField(
        _("one needs a referral"), default=False, help_text=_("From a doctor or the municipality.")
    )
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(
        _("website"), blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    checked_on = models.DateField(_("checked"), default=timezone.localdate, editable=False)
    reported_on = models.DateField(_("doubted"), null=True, editable=False)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity outside the college")
        verbose_name_plural = _("opportunities outside the college")
        ordering = ["name", "pk"]
        constraints = [
            known_choice(
                "kind",
                ["activity", "work", "peers", "relatives", "music", "self_help"],
                name="opportunity_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(email="") | ~Q(website=""),
                name="opportunity_can_be_reached",
                violation_error_message=_(
                    "Write a phone number, an e-mail address or a website: one of them is enough."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.phone:
            try:
                self.phone = normalise_phone(self.phone)
            except ValidationError as error:
                raise ValidationError({"phone": error}) from error

    @property
    def place(self) -> str:
        """Where it is; empty for everywhere."""
        return self.municipality.strip()
