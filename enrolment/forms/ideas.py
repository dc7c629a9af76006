"""An idea for a course: one field, and nobody's name."""

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import Idea
from courses.norwegian.identity_numbers import validate_no_identity_number
from enrolment.forms.sign_up import PlainField, StudentForm

# Characters. So many holds the column.
IDEA_LENGTH = Idea._meta.get_field("text").max_length or 0


class IdeaForm(StudentForm):
    bound_field_class = PlainField

    text = forms.CharField(
        label=_("What would you like to learn or talk about?"),
        help_text=_("A word or a few sentences. Please do not write the name of anybody."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "aria-required": "true"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("text")
        self.helper.field_template = "_includes/field.html"

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        if not text:
            raise ValidationError(gettext("Write your idea here, if only a word."), code="missing")
        validate_no_identity_number(text)
        if len(text) > IDEA_LENGTH:
            raise ValidationError(
                gettext("Write a little less here: there is room for %(number)s letters.")
                % {"number": IDEA_LENGTH},
                code="long",
            )
        return text
