"""What people thought of a run, so kept that nobody can tell who answered, or in which order."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from certificates.models.certificates import NUMBER_ALPHABET
from courses.models import CourseRun

KEY_LENGTH = 10
QUESTIONS = 5
# Five questions, and after them the one that is answered in one's own words.
WORDINGS = QUESTIONS + 1
WORDING_LENGTH = 160
# From the least to the most: the steps are counted from 1.
STEPS = (
    pgettext_lazy("feedback", "No"),
    pgettext_lazy("feedback", "A little"),
    pgettext_lazy("feedback", "Yes, mostly"),
    pgettext_lazy("feedback", "Yes, absolutely"),
)


def new_feedback_key() -> str:
    """Few enough signs to copy from a wall, and more than anybody can guess."""
    return "".join(secrets.choice(NUMBER_ALPHABET) for _each in range(KEY_LENGTH)).lower()


def no_counts() -> list[list[int]]:
    return [[0] * len(STEPS) for _each in range(QUESTIONS)]


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def not_closed(self) -> "FeedbackQuerySet":
        """Those that may be answered, now or later."""
        return self.filter(closed_at__isnull=True)

    def shown(self) -> "FeedbackQuerySet":
        """Those whose results are shown: closed for good, and answered by enough people."""
        return self.filter(
            closed_at__isnull=False, answered__gte=settings.FEEDBACK_SHOWN_FROM
        ).select_related("run__course", "run__semester")


class Feedback(models.Model):
    """The answers of one run: how many chose what, and what was written, in no order.

    There is no row for an answer, and so no key, no moment and no place in a table that could tell
    whose it is or which came first. Each answer is added to the sums, and all that was written is
    written anew in random order. What one person chose and what they wrote do not stand together.
    """

    run = models.OneToOneField(
        CourseRun, on_delete=models.CASCADE, related_name="feedback", verbose_name=_("run")
    )
    # In the address, which is the same for everybody on the run.
    key = models.CharField(max_length=KEY_LENGTH, unique=True, default=new_feedback_key)
    # The questions as they are asked here, by language: those of other runs may be others.
    wordings: Any = models.JSONField(_("questions"))
    answered = models.PositiveIntegerField(_("answers"), default=0)
    # By question, and by step: how many chose it.
    counts: Any = models.JSONField(default=no_counts)
    words: Any = models.JSONField(_("words"), default=list, blank=True)
    # From then on nothing is added any more, and what there is to show is shown.
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        default_permissions = ("change", "view")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(answered=0) | Q(answered__gte=5),
                name="feedback_shown_from_five",
                violation_error_message=_("Answers by too few people are deleted."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def opens_at(self) -> datetime | None:
        """The start of the last session: whoever is there may answer before they leave."""
        return max((each.starts_at for each in self.run.session_list), default=None)

    @property
    def closes_at(self) -> datetime | None:
        """`FEEDBACK_DAYS` after the run."""
        ends_at = self.run.ends_at
        return ends_at and ends_at + timedelta(days=settings.FEEDBACK_DAYS)

    @property
    def typed_until(self) -> datetime | None:
        """Until when answers on paper are typed in: `FEEDBACK_PAPER_DAYS` longer.

        The results are shown afterwards, all at once: seen before and after somebody's answer, they
        would tell it.
        """
        return self.closes_at and self.closes_at + timedelta(days=settings.FEEDBACK_PAPER_DAYS)

    def is_open(self, now: datetime | None = None) -> bool:
        """Whether the address takes answers."""
        return self._is_between(self.opens_at, self.closes_at, now)

    def takes_paper(self, now: datetime | None = None) -> bool:
        """Whether staff may type in what was answered on paper."""
        return self._is_between(self.opens_at, self.typed_until, now)

    def has_ended(self, now: datetime | None = None) -> bool:
        """Whether the address took answers, and takes none any more."""
        closes_at = self.closes_at
        is_past = closes_at is not None and closes_at <= (now or timezone.now())
        return self.closed_at is not None or is_past

    def _is_between(
        self, start: datetime | None, end: datetime | None, now: datetime | None
    ) -> bool:
        now = now or timezone.now()
        is_asked = self.closed_at is None and self.run.is_published
        return bool(is_asked and start and end and start <= now < end)

    def wordings_in(self, language: str) -> list[str]:
        """The questions in that language, else in the college's own."""
        found: list[str] = self.wordings.get(language) or self.wordings[settings.LANGUAGE_CODE]
        return found


class FeedbackWording(models.Model):
    """A question in the college's own words, where they are others than those it began with."""

    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.CharField(_("question"), max_length=WORDING_LENGTH)

    class Meta:
        verbose_name = _("question of the feedback")
        verbose_name_plural = _("questions of the feedback")
        default_permissions = ()
        ordering = ["language", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "number"], name="feedback_wording_once_per_language"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=WORDINGS) & ~Q(text=""),
                name="feedback_wording_of_a_question",
                violation_error_message=_("Write the words of one of the questions."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
