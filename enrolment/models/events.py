"""The log of who did what to which row."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.norwegian.formatting import moment_in_full


class Event(models.Model):
    """Who did what to which row, and when. Never a value and never a name.

    So nothing about a person is left here when they are erased.
    """

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
