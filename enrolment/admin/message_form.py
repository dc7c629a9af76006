"""What is written to people on a run, to whom of them, and how each is told."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.models import CourseRun
from courses.norwegian.identity_numbers import validate_no_identity_number
from enrolment import letters, services
from enrolment.forms.sign_up import CONTROL_CHARACTERS
from enrolment.models import Enrolment, Message

Audience = Message.Audience


class WordsField(forms.CharField):
    """What somebody writes in several lines, as it is going to be read and counted."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return letters.tidy(str(super().to_python(value)).translate(CONTROL_CHARACTERS))


class MessageForm(forms.Form):
    """What is written, and to whom."""

    audience = forms.ChoiceField(label=_("to"), widget=forms.RadioSelect)
    text = WordsField(
        label=_("text"),
        max_length=Message._meta.get_field("text").max_length,
        validators=[validate_no_identity_number],
        widget=forms.Textarea({"rows": 10}),
        help_text=_(
            "An empty line begins a new paragraph. «Hello» with the name, which course it is "
            "about, and the way to their page stand in the letter already."
        ),
        error_messages={"required": _("Write what you want to say.")},
    )
    language = forms.ChoiceField(
        label=_("written in"),
        choices=settings.LANGUAGES,
        help_text=_("It is not translated. What stands around it is in each one's own language."),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, told: dict[str, services.Telling], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = [  # type: ignore[attr-defined]  # a choice
            (value, audience_words(value, each)) for value, each in told.items()
        ]
        if Audience.ONE in told:
            self.fields["audience"].widget = forms.HiddenInput()

    def clean_seen(self) -> datetime | None:
        try:
            return parse_datetime(self.cleaned_data["seen"])
        except ValueError:
            return None


def audience_words(audience: str, told: services.Telling) -> str:
    """«Those who have a place: 12 people (9 by e-mail, 3 by phone)»."""
    ways = [
        words % {"count": count}
        for count, words in (
            (told.email, gettext("%(count)s by e-mail")),
            (told.phone, gettext("%(count)s by phone")),
            (told.paper, gettext("%(count)s on paper")),
        )
        if count
    ]
    people = ngettext("%(count)s person", "%(count)s people", told.total) % {"count": told.total}
    in_brackets = f" ({', '.join(ways)})" if ways else ""
    return f"{capfirst(Audience(audience).label)}: {people}{in_brackets}"


def tellings(
    run: CourseRun, enrolment: Enrolment | None, chosen: str
) -> dict[str, services.Telling]:
    """Who can be written to, and how they are told. Two queries, or one.

    Nobody is offered where there is nobody, unless the draft is to them.
    """
    live = Enrolment.objects.live().filter(run=run)
    if enrolment is not None:
        return {Audience.ONE: services.telling_of(live.filter(pk=enrolment.pk))}
    place, waiting = services.telling_of(live.with_place()), services.telling_of(live.waiting())
    told: dict[str, services.Telling] = {
        Audience.PLACE: place,
        Audience.WAITING: waiting,
        Audience.BOTH: place + waiting,
    }
    if not (place.total and waiting.total):
        told = {
            audience: each
            for audience, each in told.items()
            if audience == chosen or (each.total and audience != Audience.BOTH)
        }
    return told
