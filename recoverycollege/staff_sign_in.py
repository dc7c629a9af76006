"""Sign-in for staff: tutors and coordinators sign in here, and choose their own password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.web import sign_in as sign_in_limits
from courses.web.client_address import client_network
from enrolment.forms_not_shown_again import clear_caches

TOO_MANY = "too_many"


def count_attempt(*, username: str, network: str) -> None:
    """Count one try before a password is hashed. Raises ValidationError for one too many."""
    if sign_in_limits.count_attempt(username=username, network=network):
        raise ValidationError(
            gettext(
                "There have been many tries with this user name, or from your network. Wait a "
                "little and try again, or ask a coordinator to let you in."
            ),
            code=TOO_MANY,
        )


class SignInForm(AuthenticationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].error_messages["required"] = _("Write your user name.")
        self.fields["password"].error_messages["required"] = _("Write your password.")
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
        if self.is_bound:
            # The summary of errors has the focus where there is one.
            self.fields["username"].widget.attrs.pop("autofocus", None)

    def clean(self) -> dict[str, Any]:
        username, password = (self.cleaned_data.get(name) for name in ("username", "password"))
        if self.request is not None and username and password:
            count_attempt(username=username, network=client_network(self.request))
        return super().clean()


def first_page_of(user: AbstractBaseUser | AnonymousUser) -> str:
    """Tutors land on their runs, coordinators on what needs doing."""
    is_staff = isinstance(user, User) and user.is_active and user.is_staff
    return resolve_url("admin:index" if is_staff else "tutor_runs")


class SignIn(LoginView):
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        return first_page_of(self.request.user)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, TOO_MANY):
            response.status_code = 429
        return response


class PasswordForm(PasswordChangeForm):
    def __init__(self, *args: Any, network: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.network = network
        words = {
            "old_password": _("Write the password you have now."),
            "new_password1": _("Write a new password."),
            "new_password2": _("Write the new password once more."),
        }
        for name, sentence in words.items():
            self.fields[name].error_messages["required"] = sentence
            self.fields[name].widget.attrs["class"] = "form-control"
        # The summary of errors has the focus where there is one.
        self.fields["old_password"].widget.attrs.pop("autofocus", None)

    def clean_old_password(self) -> str:
        """Guessing the password here, say in a browser left signed in, is guessing it."""
        count_attempt(username=self.user.get_username(), network=self.network)
        return super().clean_old_password()


class Password(PasswordChangeView):
    """Everybody on the staff chooses a password that nobody else knows."""

    form_class = PasswordForm
    template_name = "registration/password.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"network": client_network(self.request)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = first_page_of(self.request.user)
        return super().get_context_data(**kwargs) | {"back_url": back}

    def get_success_url(self) -> str:
        return first_page_of(self.request.user)

    def form_invalid(self, form: PasswordForm) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error("old_password", TOO_MANY):
            response.status_code = 429
        return response

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        messages.success(self.request, gettext("Your password is changed."))
        return super().form_valid(form)


sign_in = SignIn.as_view()
password = Password.as_view()


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Sign out, and let the browser forget the pages it keeps for going back."""
    return clear_caches(LogoutView.as_view()(request))
