"""Pages that are the same for everybody: browsers and proxies may keep them for a short while."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page

View = Callable[..., HttpResponse]

KEPT_FOR = 60  # seconds


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
