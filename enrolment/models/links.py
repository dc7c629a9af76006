"""Personal links: asked for on a public page, and closed by their student."""

import hashlib

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enrolment.models.students import Student


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


class MergedKey(models.Model):
    """A key of a record that became part of another: links signed over it lead to that one.

    They expire as before. It goes when the student's own key is renewed.
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="merged_keys")
    key = models.CharField(max_length=40, unique=True, editable=False)
    # Of the address of the calendar; else of the student's page.
    is_calendar = models.BooleanField()
    merged_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class MergedRecord(models.Model):
    """Which record became part of another: its number and when it was made, about nobody.

    Should the student be erased, it must be erased too where an old backup brings it back.
    """

    student = models.ForeignKey(Student, on_delete=models.CASCADE, related_name="merged_records")
    number = models.PositiveBigIntegerField(editable=False)
    made_at = models.DateTimeField(editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)


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
