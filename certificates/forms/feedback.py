"""What somebody thought of a run; and that they would like to help make courses."""

import uuid
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.models import QUESTIONS, STEPS
from courses.norwegian.identity_numbers import validate_no_identity_number
from enrolment.forms.sign_up import ConsentForm, PlainField, StudentForm, clean_contact, clean_name

# Characters. What one person writes.
WORDS_LENGTH = 2000
CHOICES = [(str(number), words) for number, words in enumerate(STEPS, start=1)]


class FeedbackForm(StudentForm):
    """Five questions, answered by words from the least to the most, and one's own words.

    Nothing must be answered. Each time the page is opened it gets an id, so that pressing twice is
    answering once. Browsers are asked to keep nothing of what is typed.
    """

    form_id = forms.CharField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)
    words = forms.CharField(
        help_text=_("Please name nobody else, and nothing about anybody's health."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, wordings: list[str], **kwargs: Any) -> None:
        """`wordings` are the five questions, and the one for one's own words."""
        super().__init__(*args, **kwargs)
        words = self.fields.pop("words")
        for number, question in enumerate(wordings[:QUESTIONS], start=1):
            self.fields[f"answer-{number}"] = forms.ChoiceField(
                label=question,
                choices=CHOICES,
                required=False,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )
        words.label = wordings[QUESTIONS]
        words.widget.attrs["class"] = "form-control"
        self.fields["words"] = words

    def clean_form_id(self) -> str:
        try:
            return str(uuid.UUID(self.cleaned_data["form_id"]))
        except ValueError:
            return str(uuid.uuid4())

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"].replace("\r\n", "\n").strip()
        validate_no_identity_number(words)
        if len(words) > WORDS_LENGTH:
            raise ValidationError(
                gettext("Write a little less here: there is room for %(number)s letters.")
                % {"number": WORDS_LENGTH},
                code="long",
            )
        return words

    def clean(self) -> dict[str, Any]:
        """Sent as it was opened, it is no answer."""
        if not self.errors and not self.cleaned_data.get("words") and not any(self.steps):
            nothing = gettext("Choose an answer to one of the questions, or write something.")
            self.add_error("answer-1", ValidationError(nothing, code="missing"))
        return self.cleaned_data

    @property
    def steps(self) -> list[int | None]:
        """By question, the step that was chosen."""
        chosen = [self.cleaned_data.get(f"answer-{each + 1}") for each in range(QUESTIONS)]
        return [int(each) if each else None for each in chosen]

    @property
    def scales(self) -> list[forms.BoundField]:
        return [self[f"answer-{each + 1}"] for each in range(QUESTIONS)]


class DeveloperOfferForm(StudentForm):
    """A name, an e-mail address or a phone number, and consent where the college asks for it."""

    bound_field_class = PlainField

    name = forms.CharField(
        label=_("What do you want to be called?"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "aria-required": "true"}),
    )
    contact = forms.CharField(
        label=_("Your e-mail address or phone number"),
        help_text=_("So that we can ring or write to you."),
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

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_contact(self) -> str:
        contact: str = self.cleaned_data["contact"]
        if not contact.strip():
            raise ValidationError(
                gettext("Write an e-mail address or a phone number, so that we can reach you."),
                code="missing",
            )
        return clean_contact(contact)
