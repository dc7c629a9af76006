"""The door for staff: tutors and coordinators sign in here, and choose their own password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enrolment.sent_forms import clear_caches


class SignInForm(AuthenticationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = _("Write your user name.")
        self.fields["password"].error_messages["required"] = _("Write your password.")
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"


def first_page_of(user: AbstractBaseUser | AnonymousUser) -> str:
    """Tutors land on their runs, coordinators on what needs doing."""
    is_staff = isinstance(user, User) and user.is_active and user.is_staff
    return resolve_url("admin:index" if is_staff else "tutor_runs")


class SignIn(LoginView):
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        return first_page_of(self.request.user)


class PasswordForm(PasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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


class Password(PasswordChangeView):
    """Everybody on the staff chooses a password that nobody else knows."""

    form_class = PasswordForm
    template_name = "registration/password.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = first_page_of(self.request.user)
        return super().get_context_data(**kwargs) | {"back_url": back}

    def get_success_url(self) -> str:
        return first_page_of(self.request.user)

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        messages.success(self.request, gettext("Your password is changed."))
        return super().form_valid(form)


sign_in = SignIn.as_view()
password = Password.as_view()


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Sign out, and let the browser forget the pages it keeps for going back."""
    return clear_caches(LogoutView.as_view()(request))
