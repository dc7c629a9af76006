"""Personal links that their student has closed."""

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClosedLink(models.Model):
    """A link to a student's page that opens nothing any more, known by the hash of its token alone.

    Kept until the link would have expired anyway.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    closed_at = models.DateTimeField(_("closed"), auto_now_add=True)

    class Meta:
        verbose_name = _("closed link")
        verbose_name_plural = _("closed links")
        default_permissions = ()

    def __str__(self) -> str:
        return self.token_hash

    @staticmethod
    def hash_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()
