"""Who would like to help make courses: one of those from whom developers come."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.norwegian.identity_numbers import validate_no_identity_number


class DeveloperOfferQuerySet(models.QuerySet["DeveloperOffer"]):
    def waiting(self) -> "DeveloperOfferQuerySet":
        """Whom nobody has spoken with yet."""
        return self.filter(done_on__isnull=True)

    def done(self) -> "DeveloperOfferQuerySet":
        return self.filter(done_on__isnull=False).order_by("-done_on", "-pk")


class DeveloperOffer(models.Model):
    """Somebody would like to help make courses, and how they are reached.

    It belongs to no student and to no run, and bears a day alone, so that it leads to no answer.
    """

    name = models.CharField(_("name"), max_length=100, validators=[validate_no_identity_number])
    # An e-mail address, or a phone number in E.164.
    contact = models.CharField(_("e-mail or phone"), max_length=254)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="nb"
    )
    offered_on = models.DateField(_("offered"), default=timezone.localdate, editable=False)
    done_on = models.DateField(_("spoken with"), null=True, editable=False)

    objects = DeveloperOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("person who wants to make courses")
        verbose_name_plural = _("people who want to make courses")
        ordering = ["offered_on", "pk"]
        default_permissions = ("change", "view")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(contact=""),
                name="developer_offer_can_be_taken_up",
                violation_error_message=_("Write a name, and how we reach you."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_by_email(self) -> bool:
        """Whether they are reached by e-mail; else by phone."""
        return "@" in self.contact
