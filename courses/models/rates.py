"""How often something was tried: numbers that are worth nothing when their time is over."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RateCount(models.Model):
    """How often one thing was tried by one party within one period.

    Written by `courses.web.throttle` alone. `key` is a keyed hash of what, who and when: no name,
    no address, and no two periods that could be compared.
    """

    key = models.CharField(max_length=64, primary_key=True)
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("rate count")
        verbose_name_plural = _("rate counts")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.ends_at:%d.%m.%Y %H:%M} {self.count}"
