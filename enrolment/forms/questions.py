"""A question, and how whoever asks is answered."""

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.norwegian.identity_numbers import validate_no_identity_number
from enrolment.forms.sign_up import ConsentForm, PlainField, StudentForm, clean_contact
from enrolment.models import Question

# Characters. So many holds the column.
QUESTION_LENGTH = Question._meta.get_field("text").max_length or 0


class QuestionForm(StudentForm):
    """The question, an e-mail address or a phone number, and consent where the college asks."""

    bound_field_class = PlainField

    text = forms.CharField(
        label=_("What do you wonder about?"),
        help_text=_("You need not say who you are, or why you ask."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "aria-required": "true"}),
    )
    contact = forms.CharField(
        label=_("Your e-mail address or phone number"),
        help_text=_("Without it, we cannot answer you."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "email", "aria-required": "true"}),
    )
    consent = ConsentForm.base_fields["consent"]

    def __init__(self, *args: Any, needs_consent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_consent:
            del self.fields["consent"]
        self.helper.layout = Layout(*self.fields)
        self.helper.field_template = "_includes/field.html"

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        if not text:
            raise ValidationError(gettext("Write what you wonder about."), code="missing")
        validate_no_identity_number(text)
        if len(text) > QUESTION_LENGTH:
            raise ValidationError(
                gettext("Write a little less here: there is room for %(number)s letters.")
                % {"number": QUESTION_LENGTH},
                code="long",
            )
        return text

    def clean_contact(self) -> str:
        contact: str = self.cleaned_data["contact"]
        if not contact.strip():
            raise ValidationError(
                gettext("Write an e-mail address or a phone number, so that we can reach you."),
                code="missing",
            )
        return clean_contact(contact)
