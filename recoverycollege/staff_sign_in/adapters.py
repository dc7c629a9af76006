"""What django-allauth asks us: its letters go through the outbox, its words are ours."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from courses.models import College
from enrolment import services as enrolment_services
from enrolment.sealing import SealBroken, seal, unseal
from enrolment.services import SignInChange
from recoverycollege.staff.roles import is_owner
from recoverycollege.staff_sign_in.receivers import SIGNED_IN_AT

# For so long after signing in nobody is asked once more who they are.
SIGNED_IN_JUST_NOW = 10 * 60  # seconds
SEALED_FOR = "second factor"

# The letters that it would send, and what they tell. It sends no other.
CODE = "account/email/login_code"
CHANGES = {
    "mfa/email/totp_activated": SignInChange.SECOND_FACTOR,
    "mfa/email/totp_deactivated": SignInChange.NO_SECOND_FACTOR,
    "mfa/email/recovery_codes_generated": SignInChange.RECOVERY_CODES,
}


def first_page_of(user: Any) -> str:
    """Tutors land on their runs, coordinators on what needs doing, owners on the figures."""
    if user.is_active and user.is_staff:
        return resolve_url("admin:index")
    if user.is_authenticated and is_owner(user):
        return resolve_url("figures")
    return resolve_url("tutor_runs")


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # a library without types
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Look at it once more, and write it again."),
        "incorrect_password": _("This is not your password. Write it again."),
        "email_password_mismatch": _(
            "The name and the password do not belong together. Look at both, and try again."
        ),
        "username_password_mismatch": _(
            "The name and the password do not belong together. Look at both, and try again."
        ),
        "too_many_login_attempts": _("There have been too many tries. Ask for a new code."),
    }

    def is_ajax(self, request: HttpRequest) -> bool:
        """Its pages are pages: what a program asks for changes no answer."""
        return False

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return first_page_of(request.user)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Whose access was taken away between two steps of signing in begins anew, in vain."""
        return redirect("sign_in")

    def is_reauthentication_required(self, *, app: str, **arguments: Any) -> bool:
        """Nobody is asked who they are who has just said so."""
        signed_in_at = self.request.session.get(SIGNED_IN_AT, 0)
        return bool(time.time() - signed_in_at > SIGNED_IN_JUST_NOW)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Owe the letter with a sign-in code. Raises ValueError for any other."""
        if template_prefix != CODE:
            raise ValueError(f"Nobody has written the letter {template_prefix}.")
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is not None:
            enrolment_services.owe_code(
                user=user, code=context["code"], language=get_language() or "nb"
            )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        enrolment_services.owe_sign_in_change(
            user=user, what=CHANGES[template_prefix], language=get_language() or "nb"
        )


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # a library without types
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": StaffAdapter.error_messages["incorrect_code"],
    }

    def get_totp_issuer(self) -> str:
        """What the app shows beside the code."""
        return College.objects.current().name

    def encrypt(self, text: str) -> str:
        """So that a copy of the database makes no codes."""
        return seal(text, purpose=SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return unseal(encrypted_text, purpose=SEALED_FOR)
        except SealBroken:
            raise ValidationError(
                gettext(
                    "The keys of this installation were changed, and your codes do not fit any "
                    "more. A coordinator can take them away, so that you set them up anew."
                )
            ) from None
