"""The pages of signing in. Those of django-allauth are opened here, with our limits before them."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LogoutView, PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from courses.web.throttle import takes_at_least
from enrolment import services as enrolment_services
from enrolment.forms_not_shown_again import clear_caches
from enrolment.links import who_chooses_password
from enrolment.services import SignInChange
from recoverycollege.staff import second_factor
from recoverycollege.staff import services as staff_services
from recoverycollege.staff.queries import who_has_email
from recoverycollege.staff_sign_in.adapters import first_page_of
from recoverycollege.staff_sign_in.forms import (
    ChoosePasswordForm,
    ForgottenForm,
    PasswordForm,
    has_too_many,
)

View = Callable[..., HttpResponseBase]

# Seconds that it takes to be told that a letter is on its way, whether we know the address or not.
ANSWER_TAKES = 0.3


def limited(view: View) -> View:
    """Answer 429 where the form on the page was refused for one try too many."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if form is not None and form.is_bound and has_too_many(form):
            response.status_code = 429
        return response

    return wrapped


def asks_for_letter(view: View) -> View:
    """Let every answer to somebody who asks for a letter take as long."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with takes_at_least(ANSWER_TAKES if request.method == "POST" else 0):
            return view(request, *args, **kwargs)

    return wrapped


def onward(request: HttpRequest) -> str:
    """Where somebody wanted to go, within the portal; else their first page."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else first_page_of(request.user)


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """By password. Whoever must set up a second factor first is led there, and then onward."""
    if second_factor.is_owed_by(request.user):
        query = urlencode({"next": onward(request)})
        return redirect(f"{reverse('mfa_activate_totp')}?{query}")
    return limited(account.login)(request)


class SetUpSecondFactor(totp.ActivateTOTPView):  # type: ignore[misc]  # a library without types
    """With the codes for the day when the telephone is gone, and then onward."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        secret = found["form"].secret
        return found | {
            "is_required": second_factor.is_required_of(self.request.user),
            "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        }

    def get_success_url(self) -> str:
        query = urlencode({"next": onward(self.request)})
        return f"{reverse('mfa_view_recovery_codes')}?{query}"


class RecoveryCodes(recovery_codes.ViewRecoveryCodesView):  # type: ignore[misc]  # the same
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return found | {"onward": onward(self.request)}


class SecondFactor(mfa.IndexView):  # type: ignore[misc]  # a library without types
    """What somebody has, and where they change it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return found | {
            "is_required": second_factor.is_required_of(self.request.user),
            "back_url": first_page_of(self.request.user),
        }


class Trust(mfa.TrustView):  # type: ignore[misc]  # a library without types
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return found | {"days": settings.TRUSTED_DEVICE_DAYS}


class Password(PasswordChangeView):
    """Everybody on the staff chooses a password that nobody else knows."""

    form_class = PasswordForm
    template_name = "account/password.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        back = first_page_of(self.request.user)
        return super().get_context_data(**kwargs) | {"back_url": back}

    def get_success_url(self) -> str:
        return first_page_of(self.request.user)

    def form_valid(self, form: Any) -> HttpResponse:
        enrolment_services.owe_sign_in_change(
            user=form.user, what=SignInChange.PASSWORD, language=get_language() or "nb"
        )
        messages.success(self.request, gettext("Your password is changed."))
        return super().form_valid(form)


password = limited(Password.as_view())
set_up_second_factor = limited(SetUpSecondFactor.as_view())
second_factor_page = SecondFactor.as_view()
recovery_code_page = RecoveryCodes.as_view()
trust = Trust.as_view()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@asks_for_letter
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the link by which another password is chosen. The same answer to everybody."""
    form = ForgottenForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_bound and form.is_valid():
        user = who_has_email(form.cleaned_data["email"])
        if user is not None:
            enrolment_services.owe_password_link(user=user, language=get_language() or "nb")
        return redirect("forgotten_sent")
    status = 429 if form.is_bound and has_too_many(form) else 200
    return render(request, "account/forgotten.html", {"form": form}, status=status)


@never_cache
def forgotten_sent(request: HttpRequest) -> HttpResponse:
    hours = settings.PASSWORD_LINK_HOURS
    return render(request, "account/forgotten_sent.html", {"hours": hours})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in a letter opens. Looking changes nothing, and uses nothing up."""
    user = who_chooses_password(token)
    if user is None:
        return render(request, "account/choose_password_gone.html", status=404)
    form = ChoosePasswordForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_bound and form.is_valid():
        try:
            staff_services.choose_password(token=token, password=form.cleaned_data["password"])
        except staff_services.LinkUsed:
            return render(request, "account/choose_password_gone.html", status=404)
        except ValidationError as weak:
            form.add_error("password", weak)
        else:
            messages.success(request, gettext("Your password is chosen. Sign in with it now."))
            return redirect("sign_in")
    return render(request, "account/choose_password.html", {"form": form, "staff": user})


def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Sign out, and let the browser forget the pages it keeps for going back."""
    return clear_caches(LogoutView.as_view()(request))
