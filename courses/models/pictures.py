"""The bytes of logos and portraits."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from courses.models.college import College
from courses.models.partners import Partner
from courses.models.tutors import Tutor


class PictureQuerySet(models.QuerySet["Picture"]):
    def shown(self) -> "PictureQuerySet":
        """Those that the college, a partner or a tutor has now."""
        return self.filter(
            Exists(College.objects.filter(logo=OuterRef("name")))
            | Exists(Partner.objects.filter(logo=OuterRef("name")))
            | Exists(Tutor.objects.filter(photo=OuterRef("name")))
        )


class Picture(models.Model):
    """The bytes of a logo or portrait; see `courses.pictures.PictureStorage`."""

    name = models.CharField(max_length=60, unique=True)
    content = models.BinaryField()
    # Certificates that were issued may name a logo for ever; a portrait has its tutor alone.
    is_logo = models.BooleanField(default=False)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return self.name
