"""Who stands behind the college, and where it meets: owners, partners and venues."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.checks import known_choice
from courses.models.in_calendars import InCalendars, InCalendarsQuerySet
from courses.pictures import PictureStorage


class Partner(models.Model):
    """A body that owns the college or works with it."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("owner")
        PARTNER = "partner", _("partner")

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OWNER)
    logo = models.ImageField(
        _("logo"), blank=True, max_length=60, storage=PictureStorage(for_logos=True)
    )
    website = models.URLField(_("website"), blank=True)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["kind", "name"]
        constraints = [known_choice("kind", ["owner", "partner"], name="partner_kind_known")]

    def __str__(self) -> str:
        return self.name


class Venue(InCalendars):
    """Where the college meets, often borrowed."""

    SHOWN_IN_CALENDARS = frozenset({"name", "street", "town", "is_public"})

    name = models.CharField(_("name"), max_length=120, unique=True)
    street = models.CharField(_("street address"), max_length=120, blank=True)
    town = models.CharField(_("town"), max_length=60)
    how_to_find = models.TextField(
        _("how to find it"),
        blank=True,
        help_text=_("Which door, which floor, which bus, where to park."),
    )
    is_step_free = models.BooleanField(_("step-free"), default=False)
    has_hearing_loop = models.BooleanField(_("hearing loop"), default=False)
    has_quiet_room = models.BooleanField(_("quiet room"), default=False)
    has_accessible_toilet = models.BooleanField(_("accessible toilet"), default=False)
    is_public = models.BooleanField(
        _("public"),
        default=True,
        help_text=_("Untick for somebody's home, such as supported housing: it is never shown."),
    )

    objects = InCalendarsQuerySet["Venue"].as_manager()

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return ", ".join(part for part in (self.street, self.town) if part)

    @property
    def access(self) -> list[str]:
        """What makes the venue easier to be in, in words."""
        words = (
            (_("step-free"), self.is_step_free),
            (_("hearing loop"), self.has_hearing_loop),
            (_("quiet room"), self.has_quiet_room),
            (_("accessible toilet"), self.has_accessible_toilet),
        )
        return [str(word) for word, is_there in words if is_there]
