"""The programs that empty the outbox."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A worker that has not been seen for so long has died: another one may take what it holds.
WORKER_IS_DEAD_AFTER = timedelta(seconds=45)


class LettersWorker(models.Model):
    """A program that sends letters. It says every few seconds that it lives."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seen_at = models.DateTimeField(_("seen"), default=timezone.now)

    class Meta:
        verbose_name = _("letters worker")
        verbose_name_plural = _("letters workers")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.key)

    @staticmethod
    def alive(now: datetime) -> models.QuerySet["LettersWorker"]:
        return LettersWorker.objects.filter(seen_at__gt=now - WORKER_IS_DEAD_AFTER)
