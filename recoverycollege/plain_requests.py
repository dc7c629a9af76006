"""What no form of ours sends is taken out of a request before anything reads it.

A charset that is no text encoding, or a NUL that PostgreSQL cannot store, would otherwise end as an
error of ours, wherever a view happens to read it.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict, UnreadablePostError

NUL = "\0"
BOUNDARY = re.compile(r""";\s*boundary=("?)([^";]+)\1\s*(?:;|$)""", re.IGNORECASE)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def plain_content_type(content_type: str) -> str:
    """The media type, with the boundary that a multipart form needs and no other parameter.

    Our pages are UTF-8 and so are their forms: no browser says so, and no other is read.
    """
    media_type = content_type.partition(";")[0].strip()
    boundary = BOUNDARY.search(content_type)
    return f'{media_type}; boundary="{boundary[2]}"' if boundary else media_type


def with_plain_content_type(application: Application) -> Application:
    """The WSGI application behind a guard: Django reads this header before any middleware runs."""

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if "CONTENT_TYPE" in environ:
            environ["CONTENT_TYPE"] = plain_content_type(environ["CONTENT_TYPE"])
        return application(environ, start_response)

    return guarded


def plain_requests(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: reads every request as UTF-8, and without NUL or cookies that are not ours."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if NUL in request.path_info:
            raise Http404
        request.encoding = None  # type: ignore[assignment]  # the default; the stubs know no None
        for name in [name for name, value in request.COOKIES.items() if not _is_plain(value)]:
            del request.COOKIES[name]
        request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            # Where the browser went away, the form counts as sent empty.
            with suppress(UnreadablePostError):
                request.POST = _without_nul(request.POST)  # type: ignore[assignment]
        return get_response(request)

    return middleware


def _is_plain(cookie: str) -> bool:
    return cookie.isascii() and cookie.isprintable()


def _without_nul(sent: QueryDict) -> QueryDict:
    lists = list(sent.lists())
    if not any(NUL in name or NUL in "".join(values) for name, values in lists):
        return sent
    clean = QueryDict(mutable=True)
    for name, values in lists:
        clean.setlist(name.replace(NUL, ""), [value.replace(NUL, "") for value in values])
    clean._mutable = False
    return clean
