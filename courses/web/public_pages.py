"""What browsers may keep: pages that are the same for everybody, and of all others nothing."""

import gzip
import re
from collections.abc import Callable, Mapping
from functools import wraps
from hashlib import sha256
from typing import TypeVar

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.crypto import get_random_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page

View = Callable[..., HttpResponse]
Drawn = TypeVar("Drawn")

KEPT_FOR = 60  # seconds
WORTH_COMPRESSING = 500  # bytes; less goes in one packet as it is
DRAWN_FOR = 3600  # seconds in which a page that nobody opens is let go of


def kept_by_nobody(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: no cache keeps an answer of which its view does not say that it may be kept.

    A refusal too may tell of somebody, and the page behind it may be there tomorrow.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def public_page(view: View, *, drawn_for: int = DRAWN_FOR) -> View:
    """A page that shows nothing of who reads it. It has an ETag, may be kept for a minute, and goes
    compressed to a browser that takes it so.

    Not where the browser has a cookie or is given one: what staff were just told may stand on the
    page, and it is nobody else's. There is one address for each language, so none is mistaken.
    `drawn_for` is how many seconds the compressed page is kept here.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.COOKIES or response.cookies:
            patch_cache_control(response, private=True, no_cache=True)
        elif response.status_code == 200:
            patch_cache_control(response, public=True, max_age=KEPT_FOR)
            _compress(request, response, drawn_for)
        return response

    return conditional_page(wrapped)


def _compress(request: HttpRequest, response: HttpResponse, drawn_for: int) -> None:
    """Compress the answer, where its browser takes it so.

    For pages without cookies alone. How small a page becomes tells what repeats in it: where a
    secret, as a form's token, stands beside what somebody else can put into the address, it could
    be guessed sign by sign (BREACH). Personal pages, and pages with a form to send, go as they are.
    """
    patch_vary_headers(response, ["Accept-Encoding"])
    whole = response.content
    takes_it = re.search(r"\bgzip\b", request.headers.get("Accept-Encoding", ""))
    if not takes_it or len(whole) < WORTH_COMPRESSING:
        return
    # What somebody searched for is kept nowhere.
    may_be_kept = not request.GET
    key = f"gzip.{sha256(whole).hexdigest()}"
    small: bytes | None = cache.get(key) if may_be_kept else None
    if small is None:
        small = gzip.compress(whole, mtime=0)
        if may_be_kept:
            cache.set(key, small, drawn_for)
    response.content = small
    response["Content-Encoding"] = "gzip"


def drawn_once(
    request: HttpRequest,
    template: str,
    *,
    contents: object,
    context: Callable[[], dict[str, object]],
    own: Mapping[str, SafeString] | None = None,
) -> HttpResponse:
    """The page, drawn anew only when something in it has changed.

    `contents` are values that hold all that it is made of, beside its language and its address: it
    is kept under them, so that it is never out of date. While somebody is told something on it, it
    is drawn for them alone, and where templates are being worked on it is not kept.

    `own` is what the page shows this reader alone, by the names that the template has for it. It is
    kept nowhere: what is kept is the page around the places where it stands.
    """
    own = own or {}
    if settings.DEBUG or len(get_messages(request)):
        return HttpResponse(render_to_string(template, context() | {**own}, request))

    def parts() -> list[tuple[str, str]]:
        # Nothing else on the page can be the same as such a string.
        names = {get_random_string(32): name for name in own}
        places = {name: place for place, name in names.items()}
        drawn = render_to_string(template, context() | places, request)
        around = re.split(f"({'|'.join(names)})", drawn) if names else [drawn]
        return [(part, names.get(part, "")) for part in around]

    page = kept(request, (template, contents), parts)
    return HttpResponse("".join(own[name] if name else part for part, name in page))


def kept(request: HttpRequest, contents: object, draw: Callable[[], Drawn]) -> Drawn:
    """What `draw` makes of the contents, made anew only when they, language or address change."""
    shown = repr((get_language(), request.get_full_path(), contents))
    key = f"page.{sha256(shown.encode()).hexdigest()}"
    page: Drawn | None = cache.get(key)
    if page is None:
        page = draw()
        cache.set(key, page, DRAWN_FOR)
    return page
