"""Ideas for courses: what people wish for, from the first word to the course it became."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models.catalogue import Course
from courses.models.checks import known_choice
from courses.norwegian.identity_numbers import validate_no_identity_number


class IdeaQuerySet(models.QuerySet["Idea"]):
    def new(self) -> "IdeaQuerySet":
        """Those that staff have not taken up yet."""
        return self.filter(state=Idea.State.NEW)

    def to_talk_about(self) -> "IdeaQuerySet":
        """What a planning workshop chooses from, and anybody may read: staff have looked at it."""
        return self.filter(is_shown=True, state__in=Idea.TO_TALK_ABOUT)


class Idea(models.Model):
    """A theme that somebody proposes. It holds nothing of who that is, and no time of day.

    Anybody can write one, so nobody else reads it before staff say that it can be shown.
    """

    class State(models.TextChoices):
        NEW = "new", _("new")
        TALKED_ABOUT = "talked_about", _("talked about")
        IN_THE_MAKING = "in_the_making", _("in the making")
        BECAME_COURSE = "became_course", _("became a course")
        NOT_NOW = "not_now", _("not now")

    TO_TALK_ABOUT = (State.NEW, State.TALKED_ABOUT)

    text = models.TextField(_("idea"), max_length=500, validators=[validate_no_identity_number])
    # Not part of `text`: what anybody may read is no longer than what staff have looked at.
    other_words = models.TextField(
        _("said in other words"),
        blank=True,
        validators=[validate_no_identity_number],
        help_text=_("What other ideas said that were merged into this one. Only staff see it."),
    )
    language = models.CharField(
        _("language of the text"), max_length=5, choices=settings.LANGUAGES, default="nb"
    )
    state = models.CharField(_("state"), max_length=14, choices=State, default=State.NEW)
    is_shown = models.BooleanField(
        _("can be shown"),
        default=False,
        help_text=_(
            "On the page of the planning workshop, and on the sheet for the wall. Tick it when you "
            "have read the idea, and it names nobody."
        ),
    )
    votes = models.PositiveSmallIntegerField(
        _("votes"), default=0, help_text=_("As they were counted at the planning workshop.")
    )
    course = models.ForeignKey(
        Course,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="ideas",
        verbose_name=_("became the course"),
    )
    proposed_on = models.DateField(_("proposed"), default=timezone.localdate, editable=False)
    # From when it is counted how long it is kept.
    moved_on = models.DateField(_("moved"), default=timezone.localdate, editable=False)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ["proposed_on", "pk"]
        constraints = [
            known_choice(
                "state",
                ["new", "talked_about", "in_the_making", "became_course", "not_now"],
                name="idea_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="idea_says_something",
                violation_error_message=_("Write the idea."),
            ),
            models.CheckConstraint(
                condition=Q(course=None) | Q(state="became_course"),
                name="idea_with_a_course_became_it",
                violation_error_message=_(
                    "An idea with a course has become it: choose that state, or no course."
                ),
            ),
        ]

    def __str__(self) -> str:
        # Stands in the admin's log, which outlives the idea: without its words.
        return gettext("Idea %(number)s") % {"number": self.pk}

    def clean(self) -> None:
        super().clean()
        if self.state == self.State.BECAME_COURSE and self.course is None:
            raise ValidationError({"course": gettext("Choose the course that it became.")})

    def move(self, state: str, today: date) -> None:
        """Be in this state, with a course in the one that has one alone. Nothing is saved yet."""
        if state != self.state:
            self.state, self.moved_on = state, today
        if state != self.State.BECAME_COURSE:
            self.course = None
