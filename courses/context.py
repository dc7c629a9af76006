"""What every template needs to know."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from courses.models import College

# What the college writes once for pages in every language: in bokmål or nynorsk, as it likes.
COLLEGE_LANGUAGE = "no"


def college(request: HttpRequest) -> dict[str, object]:
    """The college, read when a template first asks for it. Empty before somebody filled it in.

    `college_language` is the language of its own texts, empty where the page's own will do.
    """
    return {
        "college": SimpleLazyObject(College.objects.current),
        "college_language": "" if get_language() == settings.LANGUAGE_CODE else COLLEGE_LANGUAGE,
    }
