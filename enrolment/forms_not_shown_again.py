"""On a borrowed computer: a form that was sent to the end shows nobody what was written in it.

Before the last button, going back finds the answers: the browser keeps them, we keep nothing. After
it three things end that. `Clear-Site-Data` empties the browser's cache, where the check page is. A
cookie counts how often a form was sent to the end: the browser fills a page that it opens once more
with what was typed there only as long as the page's fields have the same names, and one of them is
named after that number. And a form out of the history, whose number is an old one, is not shown
again. The cookie ends with the browser and says nothing of anybody, nor which form it was.
"""

import re
from collections.abc import Mapping
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Response = TypeVar("Response", bound=HttpResponseBase)

COOKIE = "sent"
FIELD = re.compile(r"after_([0-9]{1,4})")
COUNTED = re.compile(r"([0-9a-f]{8})-([0-9]{1,4})")
FORMS_COUNTED = 10


def hidden_field(request: HttpRequest, *, address: str) -> SafeString:
    """The hidden field, which each page of the form sent to this address carries on.

    It comes first in its form: Chromium tells forms apart by their first two fields.
    """
    sent = _sent_along(request)
    number = _counts(request).get(_form(address), 0) if sent is None else sent
    return format_html('<input type="hidden" name="after_{}" value="1">', number)


def hidden_answers(request: HttpRequest, answers: Mapping[str, str]) -> SafeString:
    """What was written, as hidden fields of a page that carries it on, after the form's own."""
    fields = format_html_join("", '<input type="hidden" name="{}" value="{}">\n', answers.items())
    return format_html("{}\n{}", hidden_field(request, address=request.path), fields)


def was_sent(request: HttpRequest) -> bool:
    """Whether this form was sent to the end in this browser since it was opened."""
    sent = _sent_along(request)
    return sent is not None and sent < _counts(request).get(_form(request.path), 0)


def mark_sent(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Count in the browser that the form of this request has been sent to the end."""
    counts = _counts(request)
    counts[_form(request.path)] = (counts.pop(_form(request.path), 0) + 1) % 10_000
    latest = list(counts.items())[-FORMS_COUNTED:]
    response.set_cookie(
        COOKIE,
        ".".join(f"{form}-{count}" for form, count in latest),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def clear_caches(response: Response) -> Response:
    """Let the browser forget the pages that it keeps for going back."""
    response["Clear-Site-Data"] = '"cache"'
    return response


def _form(address: str) -> str:
    """The form's address in a few characters that do not tell it."""
    return salted_hmac(__name__, address, algorithm="sha256").hexdigest()[:8]


def _sent_along(request: HttpRequest) -> int | None:
    """The number that came with the form; None where none did."""
    for name in request.POST:
        if match := FIELD.fullmatch(name):
            return int(match[1])
    return None


def _counts(request: HttpRequest) -> dict[str, int]:
    """How often each form was sent to the end in this browser, the latest last."""
    written = request.COOKIES.get(COOKIE, "").split(".")[-FORMS_COUNTED:]
    found = [match for each in written if (match := COUNTED.fullmatch(each))]
    return {match[1]: int(match[2]) for match in found}
