"""Pages that are the same for everybody: drawn once, and kept by browsers for a short while."""

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
from django.utils.cache import patch_cache_control
from django.utils.crypto import get_random_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page

View = Callable[..., HttpResponse]
Drawn = TypeVar("Drawn")

KEPT_FOR = 60  # seconds
DRAWN_FOR = 3600  # seconds in which a page that nobody opens is let go of


def public_page(view: View) -> View:
    """A page that shows nothing of who reads it. It has an ETag, and may be kept for a minute.

    Not where the browser has a cookie or is given one: what staff were just told may stand on the
    page, and it is nobody else's. There is one address for each language, so none is mistaken.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.COOKIES or response.cookies:
            patch_cache_control(response, private=True, no_cache=True)
        elif response.status_code == 200:
            patch_cache_control(response, public=True, max_age=KEPT_FOR)
        return response

    return conditional_page(wrapped)


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
