"""What a tutor corrects on one certificate. The student's own name stays as it is."""

from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enrolment.forms.sign_up import StudentForm, clean_name


class CorrectForm(StudentForm):
    name = forms.CharField(
        label=_("Name on the certificate"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "aria-required": "true"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the certificate"),
        choices=settings.LANGUAGES,
        error_messages={
            "required": _("Choose a language."),
            "invalid_choice": _("Choose one of these languages."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(Field("name"), Field("language"))

    def clean_name(self) -> str:
        return clean_name(
            self.cleaned_data["name"], missing=gettext("Write the name with letters.")
        )
