"""Middleware: whoever must set up a second factor reaches nothing else until it is done."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from recoverycollege.staff.second_factor import is_owed_by

# Where they are led, and what is needed there; and the way out.
OPEN = {
    "sign_in",
    "sign_out",
    "mfa_activate_totp",
    "account_reauthenticate",
}


def second_factor_first(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """To every other page they are a stranger: no page has to think of it.

    Who the request's user is, is found out when somebody asks: pages that ask nobody read nothing.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        signed_in = request.user

        def user() -> object:
            match = request.resolver_match
            is_open = match is not None and match.view_name in OPEN
            return AnonymousUser() if not is_open and is_owed_by(signed_in) else signed_in

        request.user = SimpleLazyObject(user)  # type: ignore[assignment]  # as Django's own is
        return get_response(request)

    return middleware
