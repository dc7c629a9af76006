"""Who makes and leads the courses, and the two sides of the pair."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.pictures import PictureStorage


class Tutor(models.Model):
    """Somebody who develops and teaches courses.

    No field says what kind of experience somebody has: that would be special-category data. The
    role on each course is enough.
    """

    name = models.CharField(_("name"), max_length=120)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tutor",
        verbose_name=_("sign-in"),
        help_text=_("Needed only to open the tutors' pages."),
    )
    photo = models.ImageField(
        _("photo"), blank=True, max_length=60, storage=PictureStorage(for_logos=False)
    )
    presentation = models.TextField(
        _("presentation"),
        blank=True,
        help_text=_("Public, in the tutor's own words. Nothing else is said about them."),
    )
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("For letters about their courses. Only staff see it.")
    )
    phone = models.CharField(
        _("phone"), max_length=20, blank=True, help_text=_("Only staff see it.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Untick for somebody who teaches no more.")
    )
    # Not known of whoever was here before it was written down.
    created_at = models.DateTimeField(null=True, default=timezone.now, editable=False)
    # When name, portrait and contact were erased on request; what they did stays.
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    class Meta:
        verbose_name = _("tutor")
        verbose_name_plural = _("tutors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """What they are called on every page: nobody is named who is erased."""
        return self.name or gettext("Former tutor")


class PairRole(models.TextChoices):
    """The two sides of co-production. Every course is developed, and every run led, by both."""

    PEER = "peer", _("peer")
    PROFESSIONAL = "professional", _("professional")
