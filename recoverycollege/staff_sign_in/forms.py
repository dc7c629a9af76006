"""The forms of signing in: each counts a try before it looks at a secret or owes a letter."""

from typing import Any

from allauth.account.forms import (
    ConfirmLoginCodeForm,
    LoginForm,
    ReauthenticateForm,
    RequestLoginCodeForm,
)
from allauth.core import context
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.web import sign_in as limits
from courses.web.client_address import client_network
from courses.web.sign_in import Trial

TOO_MANY = "too_many"


def count_attempt(request: HttpRequest, *, who: str, trial: Trial = Trial.PASSWORD) -> None:
    """Count one try. Raises ValidationError for one too many: then nothing is looked at or sent."""
    network = client_network(request)
    if not limits.count_attempt(username=who, network=network, trial=trial):
        return
    sentence = gettext("There have been many tries. Wait a little and try again.")
    if trial == Trial.PASSWORD:
        sentence = gettext(
            "There have been many tries with this user name, or from your network. Wait a "
            "little and try again, or ask a coordinator to let you in."
        )
    elif trial == Trial.LETTER:
        sentence = gettext(
            "We have been asked for many letters. Look in your mailbox, wait a little and try "
            "again. With your password you can sign in at once."
        )
    raise ValidationError(sentence, code=TOO_MANY)


def has_too_many(form: forms.Form) -> bool:
    """Whether one try too many is why the form was refused."""
    return any(
        error.code == TOO_MANY for errors in form.errors.as_data().values() for error in errors
    )


def dress(form: forms.Form, **fields: tuple[Any, Any]) -> None:
    """Give fields our look, their label, and what is said where they are empty."""
    for name, (label, required) in fields.items():
        field = form.fields[name]
        field.label = label
        field.error_messages["required"] = required
        field.widget.attrs["class"] = "form-control"
        field.widget.attrs.pop("placeholder", None)
        # The summary of errors has the focus where there is one.
        field.widget.attrs.pop("autofocus", None)


def dress_code(form: forms.Form) -> None:
    dress(form, code=(_("Code"), _("Write the code.")))
    form.fields["code"].widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}


class SignInForm(LoginForm):  # type: ignore[misc]  # a library without types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(
            self,
            login=(_("User name or e-mail"), _("Write your user name or e-mail address.")),
            password=(_("Password"), _("Write your password.")),
        )
        self.fields["login"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "maxlength": 254,
        }
        if not self.is_bound:
            self.fields["login"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        login, password = (self.cleaned_data.get(name) for name in ("login", "password"))
        if login and password:
            count_attempt(self.request, who=login)
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class AskForCodeForm(RequestLoginCodeForm):  # type: ignore[misc]  # a library without types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, email=(_("E-mail"), _("Write your e-mail address.")))

    def clean_email(self) -> str:
        count_attempt(context.request, who=self.cleaned_data["email"], trial=Trial.LETTER)
        email: str = super().clean_email()
        return email


class CodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]  # a library without types
    """A code that came by e-mail: counted by the session in which it was asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_code(self)

    def clean_code(self) -> str:
        session = context.request.session.session_key
        count_attempt(context.request, who=str(session), trial=Trial.CODE)
        code: str = super().clean_code()
        return code


class AgainForm(ReauthenticateForm):  # type: ignore[misc]  # a library without types
    """The password once more, of somebody who is signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, password=(_("Password"), _("Write your password.")))

    def clean_password(self) -> str:
        count_attempt(context.request, who=self.user.get_username())
        password: str = super().clean_password()
        return password


class _SecondFactorForm(forms.Form):
    """A code of the app, or a recovery code. The same code of the app lets nobody in twice."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_code(self)
        self.fields["code"].widget.attrs["autofocus"] = not self.is_bound

    def clean_code(self) -> str:
        count_attempt(context.request, who=str(self.user.pk), trial=Trial.SECOND_FACTOR)
        code: str = super().clean_code()  # type: ignore[misc]  # the library's form
        digits = "".join(each for each in code if each.isalnum())
        if limits.was_used_before(digits, user_key=self.user.pk):
            raise ValidationError(gettext("This code was used already. Wait for the next one."))
        return code


class SecondFactorForm(_SecondFactorForm, mfa_forms.AuthenticateForm):  # type: ignore[misc]
    """While signing in."""


class SecondFactorAgainForm(_SecondFactorForm, mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    """Of somebody who is signed in."""


class SetUpSecondFactorForm(ActivateTOTPForm):  # type: ignore[misc]  # a library without types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress_code(self)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    def clean_code(self) -> str:
        count_attempt(context.request, who=str(self.user.pk), trial=Trial.SECOND_FACTOR)
        code: str = super().clean_code()
        return code


class ForgottenForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        dress(self, email=(_("E-mail"), _("Write your e-mail address.")))

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        count_attempt(self.request, who=email, trial=Trial.LETTER)
        return email


class ChoosePasswordForm(forms.Form):
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validation.password_validators_help_text_html(),
    )
    again = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        dress(
            self,
            password=(_("New password"), _("Write a new password.")),
            again=(_("The new password once more"), _("Write the new password once more.")),
        )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        first, second = (self.cleaned_data.get(name) for name in ("password", "again"))
        if first and second and first != second:
            self.add_error("again", gettext("The two passwords are not alike. Write both again."))
        return self.cleaned_data


class PasswordForm(PasswordChangeForm):
    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        dress(
            self,
            old_password=(_("Old password"), _("Write the password you have now.")),
            new_password1=(_("New password"), _("Write a new password.")),
            new_password2=(
                _("The new password once more"),
                _("Write the new password once more."),
            ),
        )

    def clean_old_password(self) -> str:
        """Guessing the password here, say in a browser left signed in, is guessing it."""
        count_attempt(self.request, who=self.user.get_username())
        return super().clean_old_password()
