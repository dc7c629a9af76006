"""What every template needs to know."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from courses.models import College


def college(request: HttpRequest) -> dict[str, object]:
    """The college, read when a template first asks for it, and where the site is on the web.

    The college is empty before somebody filled it in.
    """
    return {
        "college": SimpleLazyObject(College.objects.current),
        "site_url": settings.SITE_URL,
    }
