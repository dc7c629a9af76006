"""Who wants to be told when a course is held again. It gives nobody a place, and no turn before
anybody: who has asked longest is told first, and that is all.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from courses.norwegian.identity_numbers import validate_no_identity_number
from enrolment.models.students import new_key


class InterestQuerySet(models.QuerySet["Interest"]):
    def waiting(self) -> "InterestQuerySet":
        """Those who have not been told, and are not about to be."""
        return self.filter(told_at__isnull=True)

    def at(self, contact: str) -> "InterestQuerySet":
        """Of whoever has this e-mail address or phone number, whatever course it is about."""
        return self.filter(email=contact) if "@" in contact else self.filter(phone=contact)


class Interest(models.Model):
    """«Tell me when it is held again»: a course, and how somebody is reached. They are told once.

    It belongs to no student: whoever asks need never have taken part.
    """

    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="interests", verbose_name=_("course")
    )
    name = models.CharField(
        _("name"), max_length=100, blank=True, validators=[validate_no_identity_number]
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="nb"
    )
    # Opens the page that ends it, for whoever holds the letter.
    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    # Since when the letter is owed. Empty again where it came to nothing before it was sent.
    told_at = models.DateTimeField(_("told"), null=True, editable=False)

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        ordering = ["asked_at", "pk"]
        default_permissions = ("change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["course", "email"],
                condition=~Q(email=""),
                name="interest_one_per_course_and_email",
                violation_error_message=_("This address is on the list already."),
            ),
            models.UniqueConstraint(
                fields=["course", "phone"],
                condition=Q(email=""),
                name="interest_one_per_course_and_phone",
                violation_error_message=_("This number is on the list already."),
            ),
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="interest_has_contact",
                violation_error_message=_("Write an e-mail address or a phone number."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
