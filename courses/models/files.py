"""What a course's tutors share: files and links. Nobody else is shown them."""

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.files import NAME_LENGTH
from courses.models.catalogue import Course
from courses.models.checks import known_choice
from courses.norwegian.identity_numbers import validate_no_identity_number

FILE_OR_LINK_MESSAGE = _("Choose a file, or write a link: one of the two.")


class CourseFileManager(models.Manager["CourseFile"]):
    """Leaves the content of the files in the database until somebody fetches one."""

    def get_queryset(self) -> "models.QuerySet[CourseFile]":
        return super().get_queryset().defer("content")


class CourseFile(models.Model):
    """A file, or a link to one, that the tutors of a course need. It goes with the course.

    Kept in the database, where every web server finds it.
    """

    class Kind(models.TextChoices):
        EVERYBODY_READS = "everybody_reads", _("all tutors read this")
        PREPARATION = "preparation", _("preparation")
        HANDOUT = "handout", _("handout")

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="files", verbose_name=_("course")
    )
    title = models.CharField(_("title"), max_length=120, validators=[validate_no_identity_number])
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.PREPARATION)
    file_name = models.CharField(
        _("name of the file"),
        max_length=NAME_LENGTH,
        blank=True,
        validators=[validate_no_identity_number],
    )
    content = models.BinaryField(null=True, editable=False)
    size = models.PositiveIntegerField(default=0, editable=False)  # bytes
    link = models.URLField(
        _("link"), max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("The lowest number stands first.")
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)

    objects = CourseFileManager()

    class Meta:
        verbose_name = _("file or link")
        verbose_name_plural = _("files and links for the tutors")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(file_name="") & ~Q(link="")) | (~Q(file_name="") & Q(link="")),
                name="course_file_either_file_or_link",
                violation_error_message=FILE_OR_LINK_MESSAGE,
            ),
            models.CheckConstraint(
                condition=Q(file_name="", content__isnull=True, size=0)
                | (~Q(file_name="") & Q(content__isnull=False, size__gt=0)),
                name="course_file_with_its_content",
                violation_error_message=_("A file has a name, and something in it."),
            ),
            known_choice(
                "kind", ["everybody_reads", "preparation", "handout"], name="course_file_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def hold(self, *, name: str, content: bytes) -> None:
        """Be this file, whatever it was before. Nothing is saved yet."""
        self.file_name, self.content, self.size, self.link = name, content, len(content), ""
        self.uploaded_at = timezone.now()

    def point_at(self, link: str) -> None:
        """Be this link, whatever it was before. Nothing is saved yet."""
        self.file_name, self.content, self.size, self.link = "", None, 0, link
        self.uploaded_at = timezone.now()
