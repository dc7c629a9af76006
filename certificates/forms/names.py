"""Names that a tutor types or pastes, one a line."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses import dates
from courses.models import CourseRun, CourseSession
from enrolment.forms.sign_up import StudentForm, clean_name
from enrolment.models.people import normalise_name

LINES_AT_MOST = 1000
LINES_TOLD = 20  # of those with something wrong; nobody reads more at once


class NamesForm(StudentForm):
    """A list of names, and what it is about. Refused, everything is kept as it was written."""

    names = forms.CharField(
        label=_("Names, one on each line"),
        help_text=_("As they should appear on the certificate. You can paste a list."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off", "spellcheck": "false"}),
    )
    same_names = forms.BooleanField(
        label=_("These are different people who have the same name."), required=False
    )
    sessions = forms.MultipleChoiceField(
        label=_("Which sessions did they take part in?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one session."),
            "invalid_choice": _("Tick sessions that have begun."),
        },
    )
    language = forms.ChoiceField(
        label=_("Language of the certificates"),
        choices=settings.LANGUAGES,
        widget=forms.Select,
    )

    def __init__(self, *args: Any, sessions: Sequence[CourseSession], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubles: list[str] = []
        choices = [(str(each.pk), dates.day(each.starts_at)) for each in sessions]
        self.fields["sessions"].choices = choices  # type: ignore[attr-defined]
        # A class is the same people every time; a café's guests of this Tuesday are not.
        is_drop_in = sessions and sessions[0].run.entry == CourseRun.Entry.DROP_IN
        likely = sessions[-1:] if is_drop_in else sessions
        self.initial.setdefault("sessions", [str(each.pk) for each in likely])
        if len(sessions) == 1:
            self.fields["sessions"].widget = forms.MultipleHiddenInput()
        self.helper.layout = Layout(Field("names"), Field("sessions"), Field("language"))

    def clean_names(self) -> list[str]:
        """The names in their order, with single spaces; empty lines are nothing."""
        names: list[str] = []
        wrong: list[ValidationError] = []
        lines: dict[str, list[int]] = defaultdict(list)
        if len(self.cleaned_data["names"].split("\n")) > LINES_AT_MOST * 2:
            raise self._too_many()
        for number, line in enumerate(self.cleaned_data["names"].splitlines(), start=1):
            if not line.strip():
                continue
            try:
                names.append(clean_name(line, missing=gettext("Write the name with letters.")))
            except ValidationError as error:
                wrong.append(self._in_line(number, error))
            else:
                lines[normalise_name(names[-1])].append(number)
        if wrong:
            raise ValidationError(wrong[:LINES_TOLD])
        if not names:
            raise ValidationError(gettext("Write at least one name."), code="missing")
        if len(names) > LINES_AT_MOST:
            raise self._too_many()
        self.doubles = [
            gettext("The name in line %(first)s is in line %(others)s too.")
            % {"first": numbers[0], "others": ", ".join(str(each) for each in numbers[1:])}
            for numbers in lines.values()
            if len(numbers) > 1
        ]
        return names

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if self.doubles:
            self.helper.layout = Layout(
                Field("names"), Field("same_names"), Field("sessions"), Field("language")
            )
            if not answers.get("same_names"):
                for words in self.doubles:
                    self.add_error("names", ValidationError(words, code="double"))
                self.add_error(
                    "same_names",
                    ValidationError(
                        ngettext(
                            "Take out the extra line, or tick that they are two people.",
                            "Take out the extra lines, or tick that they are different people.",
                            len(self.doubles),
                        ),
                        code="double",
                    ),
                )
        return answers

    def _too_many(self) -> ValidationError:
        return ValidationError(
            gettext("Write at most %(number)s names at a time.") % {"number": LINES_AT_MOST},
            code="many",
        )

    def _in_line(self, number: int, error: ValidationError) -> ValidationError:
        """What is wrong, with the number of its line."""
        return ValidationError(
            gettext("Line %(number)s: %(what)s") % {"number": number, "what": error.messages[0]},
            code="line",
        )
