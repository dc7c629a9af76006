"""What somebody types who has read the session code."""

import uuid
from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.models import CODE_LENGTH
from certificates.services import normalise_code
from enrolment.forms.sign_up import StudentForm, clean_name


class ClaimForm(StudentForm):
    """Code and name. Each time the page is opened it gets an id, which the check page carries on.

    Id, code and name together make the submission: the same person who goes back, reloads or
    presses twice gets the same certificate, and the next one on the same phone gets their own.
    """

    form_id = forms.CharField(required=False, initial=uuid.uuid4, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Session code"),
        help_text=_("Six letters and digits."),
        required=False,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "aria-required": "true",
            }
        ),
    )
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Just as you want it on the certificate."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "aria-required": "true"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(Field("form_id"), Field("code"), Field("name"))

    def clean_form_id(self) -> uuid.UUID:
        try:
            return uuid.UUID(self.cleaned_data["form_id"])
        except ValueError:
            return uuid.uuid4()

    def clean_code(self) -> str:
        code = normalise_code(self.cleaned_data["code"])
        if not code:
            raise ValidationError(gettext("Write the code."))
        if len(code) != CODE_LENGTH:
            raise ValidationError(gettext("Write all six letters and digits of the code."))
        return code

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    @property
    def answers(self) -> dict[str, str]:
        """The cleaned answers as they go into hidden fields."""
        return {name: str(self.cleaned_data[name]) for name in ("form_id", "code", "name")}

    @property
    def submission(self) -> uuid.UUID:
        code, name = self.cleaned_data["code"], self.cleaned_data["name"]
        return uuid.uuid5(self.cleaned_data["form_id"], f"{code}\n{name}")
