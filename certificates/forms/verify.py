"""What somebody copies from a certificate to have it checked."""

from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from enrolment.forms.sign_up import StudentForm


class VerifyForm(StudentForm):
    number = forms.CharField(
        label=_("The number"),
        help_text=_("Ten letters and digits, at the foot of the certificate."),
        max_length=40,
        error_messages={
            "required": _("Write the number from the foot of the certificate."),
            "max_length": _("Write only the number: ten letters and digits."),
        },
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
        label=_("The name"),
        help_text=_("Just as it is printed."),
        max_length=200,
        error_messages={
            "required": _("Write the name from the certificate."),
            "max_length": _("Write only the name, as it is printed."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "aria-required": "true"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(Field("number"), Field("name"))
