"""What every template needs to know."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from courses.models import College


def college(request: HttpRequest) -> dict[str, object]:
    """The college, read when a template first asks for it. Empty before somebody filled it in."""
    return {"college": SimpleLazyObject(College.objects.current)}
