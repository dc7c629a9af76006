"""Which key proves the certificates of this installation."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.checks import ONLY_ONE_MESSAGE


class KeyFingerprint(models.Model):
    """Which key proves the certificates here. Written by `services.key` alone; one row at most."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("fingerprint of the key")
        verbose_name_plural = _("fingerprints of the key")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="key_fingerprint_single_row",
                violation_error_message=ONLY_ONE_MESSAGE,
            ),
        ]

    def __str__(self) -> str:
        return self.fingerprint[:8]
