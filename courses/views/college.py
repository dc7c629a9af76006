"""What the college itself shows: its accessibility page, logos and portraits."""

import mimetypes

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

from courses.colours import stylesheet
from courses.models import Picture, Tutor
from courses.web.public_pages import public_page

# What a browser draws and does not run. Anything else it may save.
SHOWN_AS_PICTURES = {"image/gif", "image/jpeg", "image/png", "image/webp"}
A_DAY, A_YEAR = 86400, 31536000  # seconds


@require_safe
@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/accessibility.html")


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


@require_safe
def colours(request: HttpRequest, colour: str, ground: str) -> HttpResponse:
    """The stylesheet of a college's own colours; not found for those that cannot be read. No query:
    its address says all.

    It stays the same, so that it is fetched once, and a page that a browser kept for its minute
    keeps the colours it was drawn with.
    """
    try:
        rules = stylesheet(f"#{colour}", f"#{ground}")
    except ValueError:
        raise Http404 from None
    response = HttpResponse(rules, content_type="text/css")
    patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return response
