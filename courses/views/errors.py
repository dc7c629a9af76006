"""What is answered when something went wrong, and whether all is well."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own fault, 500; or a database that is away or busy, 503."""
    if isinstance(sys.exception(), DATABASE_AWAY):
        return try_again(request)
    return plain_page(request, "500.html", status=500)
