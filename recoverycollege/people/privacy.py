"""The privacy page: the college's own texts, and how long everything is kept."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.web.public_pages import public_page
from recoverycollege.people.retention import TOLD


def what_is_told() -> dict[str, object]:
    """What the page tells beside the college's own texts."""
    return {"kept": TOLD, "trusted_device_days": settings.TRUSTED_DEVICE_DAYS}


@require_safe
@public_page
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "recoverycollege/privacy.html", what_is_told())
