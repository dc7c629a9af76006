"""Certificates of attendance: what somebody took part in, frozen as printed."""

import hashlib
import hmac
import secrets
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from courses.models import CourseRun, CourseSession
from courses.models.checks import known_choice
from courses.norwegian import formatting
from courses.norwegian.names import normalise_name
from enrolment.models import Student

# No 0, O, 1, I or L: a number is read aloud and copied by hand. 31 ** 10 is about 8e14.
NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
NUMBER_LENGTH = 10


def new_number() -> str:
    """Ten random characters: no year and no sequence, so that a number tells nothing."""
    return "".join(secrets.choice(NUMBER_ALPHABET) for _each in range(NUMBER_LENGTH))


def make_proof(number: str, name: str) -> str:
    """Keyed proof that the number was issued to this name; keeps working when the name is gone."""
    message = f"{number}\n{normalise_name(name)}".encode()
    return hmac.new(settings.CERTIFICATE_KEY.encode(), message, hashlib.sha256).hexdigest()


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def valid(self) -> "CertificateQuerySet":
        """Neither replaced nor withdrawn."""
        return self.filter(superseded_by__isnull=True, revoked_at__isnull=True)

    def printable(self) -> "CertificateQuerySet":
        """Valid ones that still carry a name: where it is forgotten, nothing is left to print."""
        return self.valid().exclude(name="")

    def for_student(self, student: Student) -> "CertificateQuerySet":
        return self.valid().filter(student=student)


class RevokedBecause(models.TextChoices):
    """Why it was withdrawn, where it was not by hand."""

    MERGED = (
        "merged",
        pgettext_lazy("certificate", "the same person had another one for the same course run"),
    )


class Certificate(models.Model):
    """Facts as they were printed. A later change of title, tutor or name never alters them."""

    run = models.ForeignKey(
        CourseRun, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("run")
    )
    student = models.ForeignKey(
        Student,
        on_delete=models.PROTECT,
        null=True,
        related_name="certificates",
        verbose_name=_("student"),
    )
    session = models.ForeignKey(
        CourseSession,
        on_delete=models.PROTECT,
        null=True,
        related_name="certificates",
        verbose_name=_("session"),
        help_text=_("The one session it is about, where it was given by name alone."),
    )
    submission = models.UUIDField(null=True, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=10, unique=True, default=new_number)
    proof = models.CharField(max_length=64, editable=False)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    name = models.CharField(_("name"), max_length=100, blank=True)
    title = models.CharField(_("title"), max_length=120)
    title_language = models.CharField(
        _("language of the title"), max_length=5, choices=settings.LANGUAGES, default="nb"
    )
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=2)
    sessions_attended = models.PositiveSmallIntegerField(_("sessions attended"))
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    place = models.CharField(pgettext_lazy("where it was", "place"), max_length=200)
    tutors: Any = models.JSONField(_("tutors"))
    college_name = models.CharField(_("college"), max_length=120)
    college_logo = models.CharField(max_length=60, blank=True)
    college_colour = models.CharField(max_length=7, blank=True)  # empty: the portal's own
    owners: Any = models.JSONField(_("owners"))
    wording = models.TextField(_("wording"), blank=True)
    wording_language = models.CharField(
        _("language of the wording"), max_length=5, choices=settings.LANGUAGES, default="nb"
    )
    site_url = models.CharField(max_length=120, blank=True, editable=False)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("issued by"),
    )
    superseded_by = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="supersedes",
        verbose_name=_("replaced by"),
    )
    revoked_at = models.DateTimeField(pgettext_lazy("certificate", "withdrawn"), null=True)
    revoked_because = models.CharField(
        pgettext_lazy("certificate", "why it was withdrawn"),
        max_length=10,
        choices=RevokedBecause,
        blank=True,
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate of attendance")
        verbose_name_plural = _("certificates of attendance")
        ordering = ["name", "pk"]
        default_permissions = ("add", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["student", "run"],
                condition=Q(superseded_by__isnull=True, revoked_at__isnull=True),
                name="certificate_one_valid_per_student_and_run",
                violation_error_message=_(
                    "The student has a valid certificate from this run already."
                ),
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=Decimal(0)),
                name="certificate_hours_positive",
                violation_error_message=_("A certificate is about more than no hours."),
            ),
            known_choice(
                "revoked_because", ["", "merged"], name="certificate_revoked_because_known"
            ),
            models.CheckConstraint(
                condition=Q(revoked_because="") | Q(revoked_at__isnull=False),
                name="certificate_reason_of_a_revoked_one",
                violation_error_message=_("Only a certificate that is withdrawn says why."),
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True) | Q(revoked_at__isnull=True),
                name="certificate_not_replaced_and_revoked",
                violation_error_message=_(
                    "A certificate is either replaced or withdrawn, never both."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_valid(self) -> bool:
        """Neither replaced nor withdrawn; mirrors `CertificateQuerySet.valid`."""
        return self.superseded_by_id is None and self.revoked_at is None

    @property
    def is_printable(self) -> bool:
        """Valid, with its name still kept; mirrors `CertificateQuerySet.printable`."""
        return self.is_valid and self.name != ""

    @property
    def printed_number(self) -> str:
        """The number in groups that are easy to read aloud: `ABC-DEFG-HJK`."""
        return f"{self.number[:3]}-{self.number[3:7]}-{self.number[7:]}"

    @property
    def verify_address(self) -> str:
        """Where anybody can check it, in its own language; empty where none was printed.

        The site is the one of the day of issue. The path is on paper and never changes.
        """
        if not self.site_url:
            return ""
        with translation.override(self.language):
            return self.site_url + reverse("verify")

    @property
    def days(self) -> str:
        """From the first day taken part in to the last, in words."""
        return formatting.days(self.first_on, self.last_on)

    @property
    def hours_in_words(self) -> str:
        """«1 time», «2,5 timer»: one is one, and every other number is several."""
        number = 1 if self.hours == 1 else 2
        return ngettext("%(hours)s hour", "%(hours)s hours", number) % {
            "hours": formatting.hours(float(self.hours))
        }
