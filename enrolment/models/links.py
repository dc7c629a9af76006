"""Personal links: asked for on a public page, and closed by their student."""

import hashlib

from django.conf import settings
from django.db import models
from django.utils import timezone
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


class LinkRequest(models.Model):
    """«Send me my link», as it was typed: one row, whether or not anybody is known there.

    A worker looks the address up, owes a letter to whoever is there, and deletes the row.
    """

    contact = models.CharField(_("e-mail or phone"), max_length=254)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        verbose_name = _("link request")
        verbose_name_plural = _("link requests")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)
