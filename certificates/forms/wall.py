"""What somebody types who has read the code on the wall."""

import uuid
from typing import Any

from crispy_forms.layout import Field, Layout
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.models import CODE_LENGTH
from certificates.services import normalise_code
from courses.models import CourseSession
from enrolment.forms.sign_up import StudentForm, clean_name

SALT = "certificates.collect"


class CollectForm(StudentForm):
    code = forms.CharField(
        label=_("The code on the wall"),
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
        self.helper.layout = Layout(Field("code"), Field("name"))

    def clean_code(self) -> str:
        code = normalise_code(self.cleaned_data["code"])
        if not code:
            raise ValidationError(gettext("Write the code that stands on the wall."))
        if len(code) != CODE_LENGTH:
            raise ValidationError(gettext("Write all six letters and digits of the code."))
        return code

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    @property
    def answers(self) -> dict[str, str]:
        """The cleaned answers as they go into hidden fields."""
        return {name: str(self.cleaned_data[name]) for name in ("code", "name")}


def seal_submission(session: CourseSession) -> str:
    """One check page: the session it was made for, and the id of what it sends."""
    return signing.dumps([session.pk, str(uuid.uuid4())], salt=SALT)


def read_submission(sealed: str) -> tuple[int, uuid.UUID] | None:
    """Session and submission; None where the seal is broken."""
    try:
        session_id, submission = signing.loads(sealed, salt=SALT)
    except signing.BadSignature:
        return None
    return session_id, uuid.UUID(submission)
