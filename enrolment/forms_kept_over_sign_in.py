"""A form that staff sent after their session had ended.

It is kept in the browser's session on the server for `KEPT_FORM_MINUTES`, and shown again to the
same user after sign-in, to be pressed once more. Nothing is saved by itself.

What may be kept carries its user and its page, signed, in a hidden field: only a page that was made
for that user has it. So nobody can plant a form in another one's browser, and nobody fills the
table of sessions. It stands in for the CSRF token here too: after signing in again in another tab
the token of an open page is an old one, and the form is kept and shown rather than lost. Without
the field, or with another user's, nothing is kept.
"""

import time
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY as STAFF_KEY
from django.contrib.auth import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, Signer
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from courses.norwegian.identity_numbers import contains_identity_number
from courses.views import csrf_failure as form_without_cookie

KEPT = "kept_form"
# When a staff session was last used, written at most once in so many seconds: reading a page is
# seldom a write.
USED_AT = "used_at"
USE_IS_WRITTEN_EVERY = 5 * 60  # seconds
SIGNED_USER = "signed_user"
NOT_KEPT = {SIGNED_USER, "csrfmiddlewaretoken"}

View = Callable[..., HttpResponse]


def signed_user(request: HttpRequest) -> str:
    """The signed-in user and the page, for the hidden field of a form that is sent to it."""
    return _signer().sign(f"{request.user.pk}:{request.path}")


def keeps_form(view: View) -> View:
    """A page for staff whose form is kept where its user is signed out when it comes.

    The view asks `sent` for what to show in its form, and saves on POST alone.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST":
            if request.user.is_authenticated:
                forget(request)  # pressed once more, or another form since
            else:
                _keep(request)
        elif _fields(request) is not None:
            messages.info(
                request,
                _(
                    "You were signed out before this was saved. Here it is again: look it over, "
                    "and press the button once more."
                ),
            )
        return view(request, *args, **kwargs)

    return wrapped


def sent(request: HttpRequest) -> QueryDict | None:
    """What the page's form is to show: what was just sent, or kept from before; else None.

    A view saves nothing of it unless the request is a POST.
    """
    return request.POST if request.method == "POST" else _fields(request)


def forget(request: HttpRequest) -> None:
    """Let go of a form that was kept in this browser."""
    if KEPT in request.session:
        del request.session[KEPT]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the token that belongs to the browser. One with a signed user is kept."""
    if not _keep(request):
        return form_without_cookie(request, reason)
    if request.user.is_authenticated:
        return redirect(request.get_full_path())
    return redirect_to_login(request.get_full_path())


def staff_sessions(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a staff session slides with use, and holds no form of anybody else or too old.

    Sessions of students do not slide, and without a session none is made.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # Signing in or out may have changed who the request's user is: so afterwards.
        session = request.session
        if not session.accessed or session.session_key is None or STAFF_KEY not in session:
            return response
        kept = session.get(KEPT)
        if kept and (kept["user"] != session[STAFF_KEY] or _is_too_old(kept)):
            forget(request)
        if time.time() - session.get(USED_AT, 0) > USE_IS_WRITTEN_EVERY:
            session[USED_AT] = int(time.time())
        return response

    return middleware


@receiver(user_logged_in)
def begin_staff_session(*, request: HttpRequest, **kwargs: object) -> None:
    """From signing in on a session is in use; the first page read is no write."""
    request.session[USED_AT] = int(time.time())


def _keep(request: HttpRequest) -> bool:
    """Keep what was sent, where it carries its user and nobody else is signed in."""
    if request.method != "POST":
        return False
    try:
        user, _colon, path = _signer().unsign(request.POST.get(SIGNED_USER, "")).partition(":")
    except BadSignature:
        return False
    if path != request.path:
        return False
    if request.user.is_authenticated and str(request.user.pk) != user:
        return False
    request.session[KEPT] = {
        "user": user,
        "address": request.get_full_path(),
        "at": int(time.time()),
        "fields": [
            (name, ["" if contains_identity_number(value) else value for value in values])
            for name, values in request.POST.lists()
            if name not in NOT_KEPT
        ],
    }
    return True


def _fields(request: HttpRequest) -> QueryDict | None:
    """What is kept for this user and this page; None where nothing is."""
    if not request.user.is_authenticated:
        return None
    kept = request.session.get(KEPT)
    if (
        not kept
        or _is_too_old(kept)
        or (kept["user"], kept["address"]) != (str(request.user.pk), request.get_full_path())
    ):
        return None
    fields = QueryDict(mutable=True)
    for name, values in kept["fields"]:
        fields.setlist(name, values)
    return fields


def _is_too_old(kept: dict[str, int]) -> bool:
    return time.time() - kept["at"] > 60 * settings.KEPT_FORM_MINUTES


def _signer() -> Signer:
    return Signer(salt=__name__)
