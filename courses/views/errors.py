"""What is answered when something went wrong, and whether all is well."""

import re
import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override
from django.views.defaults import page_not_found

from courses.web.failures import failure_id
from courses.web.plain_pages import DATABASE_AWAY, plain_page, try_again


def healthz(request: HttpRequest) -> HttpResponse:
    """Says `ok` where the process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form was sent without its cookie. The page says how to go on, and nothing of why."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address or a form that cannot be read; or a form with more in it than we take, 413."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return plain_page(request, "413.html", status=413)
    return plain_page(request, "400.html", status=400)


# Parts of an address that people read and write. In others, as keys, the case of letters counts.
READ_BY_PEOPLE = re.compile(r"<(slug|row):\w+>")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No page is there. Where one is at the address in small letters, the way to that: `/Kurs/`."""
    path = _in_small_letters(request.path_info)
    if path is None or request.method not in {"GET", "HEAD"}:
        return page_not_found(request, exception)
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)


def _in_small_letters(path: str) -> str | None:
    """Where the path leads in small letters, with its last stroke; None where to no other page."""
    small = path.lower()
    if small == path:
        return None
    with override(get_language_from_path(small) or settings.LANGUAGE_CODE):
        for each in (small, f"{small}/"):
            try:
                route = resolve(each).route
            except Resolver404:
                continue
            return None if "<" in READ_BY_PEOPLE.sub("", route) else each
    return None


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own fault, 500; or a database that is away or busy, 503."""
    if isinstance(sys.exception(), DATABASE_AWAY):
        return try_again(request)
    number = failure_id(request)
    return plain_page(request, "500.html", status=500, context={"failure_id": number})
