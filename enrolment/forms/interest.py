"""How somebody is reached who wants to be told when a course is held again."""

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from enrolment.forms.sign_up import (
    ConsentForm,
    PlainField,
    StudentForm,
    ask_for_contact,
    clean_email,
    clean_name,
    clean_phone,
)


class InterestForm(StudentForm):
    """E-mail or phone, a name for who wants to write one, and consent where the college asks."""

    bound_field_class = PlainField

    email = forms.CharField(
        label=_("E-mail"),
        help_text=_("E-mail or phone is enough."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("Without an e-mail address, we ring you."),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    name = forms.CharField(
        label=_("What do you want to be called? (optional)"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    consent = ConsentForm.base_fields["consent"]

    def __init__(self, *args: Any, needs_consent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_consent:
            del self.fields["consent"]
        self.helper.layout = Layout(*self.fields)
        self.helper.field_template = "_includes/field.html"

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        return clean_name(name) if name.strip() else ""

    def clean_email(self) -> str:
        return clean_email(self.cleaned_data["email"])

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        ask_for_contact(self)
        return self.cleaned_data
