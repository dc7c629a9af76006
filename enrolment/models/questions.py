"""«Ask us»: what somebody wonders about, and how they are answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from courses.norwegian.identity_numbers import validate_no_identity_number


class QuestionQuerySet(models.QuerySet["Question"]):
    def waiting(self) -> "QuestionQuerySet":
        """Those that nobody has answered yet."""
        return self.filter(answered_at__isnull=True)

    def answered(self) -> "QuestionQuerySet":
        """The others, those answered last first."""
        return self.filter(answered_at__isnull=False).order_by("-answered_at", "-pk")

    def at(self, contact: str) -> "QuestionQuerySet":
        """Of whoever is answered at this e-mail address or phone number."""
        return self.filter(contact=contact)


class Question(models.Model):
    """What somebody asked from the web, for staff to answer by phone or e-mail.

    It belongs to no student, and holds no name: whoever asks need not say who they are.
    """

    text = models.TextField(
        _("question"), max_length=1000, validators=[validate_no_identity_number]
    )
    # An e-mail address, or a phone number in E.164.
    contact = models.CharField(_("e-mail or phone"), max_length=254)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="nb"
    )
    # The one whose page they came from.
    course = models.ForeignKey(
        Course,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("course"),
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("answered by"),
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["asked_at", "pk"]
        default_permissions = ("change", "view")
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(contact=""),
                name="question_can_be_answered",
                violation_error_message=_("Write a question, and how we reach you."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_by_email(self) -> bool:
        """Whether they are answered by e-mail; else by phone."""
        return "@" in self.contact
