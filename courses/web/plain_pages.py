"""Pages that need nothing but themselves: the database may be what failed."""

import logging
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils import translation
from django.utils.translation import get_language_from_path

from courses.models import College

logger = logging.getLogger(__name__)

# What a database says that is away, or that somebody else has locked for too long.
DATABASE_AWAY = (OperationalError, InterfaceError)

View = Callable[..., HttpResponse]


def plain_page(
    request: HttpRequest, template: str, *, status: int, context: dict[str, object] | None = None
) -> HttpResponse:
    """The page in the language of its address; with the college's phone where it can be read."""
    try:
        phone = College.objects.values_list("phone", flat=True).first()
    except Error:
        phone = None
    # What failed may have failed before the language was chosen.
    language = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    with translation.override(language):
        content = loader.render_to_string(template, {"phone": phone, **(context or {})})
    return HttpResponse(content, status=status)


def try_again(request: HttpRequest, *, keeps_answers: bool = False) -> HttpResponse:
    """The database is away or busy, 503: what to do, and when it is worth trying again.

    With `keeps_answers`, what was sent stands in the page, and its button sends it once more.
    """
    context: dict[str, object] = {
        "was_sent": request.method == "POST",
        "seconds": settings.TRY_AGAIN_SECONDS,
    }
    if keeps_answers:
        context["csrf_token"] = get_token(request)
        context["answers"] = [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name != "csrfmiddlewaretoken"
        ]
    response = plain_page(request, "503.html", status=503, context=context)
    response["Retry-After"] = str(settings.TRY_AGAIN_SECONDS)
    response["Cache-Control"] = "private, no-store"
    return response


def keeps_answers(view: View) -> View:
    """Answers what was sent to the view with itself, where the database is away or busy.

    For views that can be sent the same thing twice, and whose forms hold no password.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DATABASE_AWAY as error:
            if request.method != "POST":
                raise
            logger.warning("The database is away or busy (%s).", type(error).__name__)
            return try_again(request, keeps_answers=True)

    return wrapped
