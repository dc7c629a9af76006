"""The questions of the feedback: those to begin with, and the college's own."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from certificates.models import FeedbackWording


def shipped_wordings(language: str) -> list[str]:
    """Five questions and the one for one's own words, in that language. Never about health."""
    with translation.override(language):
        return [
            gettext("Did you feel welcome?"),
            gettext("Was it safe to be yourself?"),
            gettext("Did you learn from what others have been through?"),
            gettext("Were the tutors equals who worked well together?"),
            gettext("Did you get something that you can use?"),
            gettext("What was good, and what could be better?"),
        ]


def current_wordings() -> dict[str, list[str]]:
    """By language, as they are asked from now on. One query."""
    wordings = {code: shipped_wordings(code) for code, _name in settings.LANGUAGES}
    for own in FeedbackWording.objects.all():
        if own.language in wordings:
            wordings[own.language][own.number - 1] = own.text
    return wordings


@transaction.atomic
def save_wordings(*, wordings: Mapping[str, Sequence[str]]) -> None:
    """Ask these questions from now on; an empty one is the one to begin with.

    Runs that have their address ask what they asked before. Raises ValidationError.
    """
    own = []
    for language, texts in wordings.items():
        shipped = shipped_wordings(language)
        for number, (text, to_begin_with) in enumerate(zip(texts, shipped, strict=True), start=1):
            if text and text != to_begin_with:
                own.append(FeedbackWording(language=language, number=number, text=text))
    FeedbackWording.objects.filter(language__in=wordings).delete()
    for each in own:
        each.full_clean()
    FeedbackWording.objects.bulk_create(own)
