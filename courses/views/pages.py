"""Pages that the college writes itself, and what the machinery answers."""

import mimetypes
import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

from courses.models import Picture, Tutor
from courses.web.plain_pages import DATABASE_AWAY, plain_page, try_again
from courses.web.public_pages import public_page

# What a browser draws and does not run. Anything else it may save.
SHOWN_AS_PICTURES = {"image/gif", "image/jpeg", "image/png", "image/webp"}
A_DAY = 86400  # seconds


@require_safe
@public_page
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/privacy.html")


@require_safe
@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/accessibility.html")


def healthz(request: HttpRequest) -> HttpResponse:
    """Says `ok` where the process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@conditional_page
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A logo or portrait that somebody has now: one that was removed or replaced is not found.

    A portrait may be kept by browsers and proxies, and shown only after asking here whether it is
    still there. A logo is on every page: that one they may show for a day without asking.
    """
    stored = get_object_or_404(Picture.objects.shown(), name=name)
    content_type = mimetypes.guess_type(stored.name)[0]
    if content_type not in SHOWN_AS_PICTURES:
        content_type = "application/octet-stream"
    response = HttpResponse(bytes(stored.content), content_type=content_type)
    if Tutor.objects.filter(photo=name).exists():
        patch_cache_control(response, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=A_DAY)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form was sent without its cookie. The page says how to go on, and nothing of why."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address or a form that cannot be read; or a form with more in it than we take, 413."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return plain_page(request, "413.html", status=413)
    return plain_page(request, "400.html", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own fault, 500; or a database that is away or busy, 503."""
    if isinstance(sys.exception(), DATABASE_AWAY):
        return try_again(request)
    return plain_page(request, "500.html", status=500)
