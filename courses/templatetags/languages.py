"""Links to the same page in the other languages, and words in another language than the page."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import get_language

from courses.models import Course

register = template.Library()

# Each language in its own words: somebody who cannot read this one must find theirs.
OWN_NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}


@dataclass(frozen=True, slots=True)
class LanguageLink:
    code: str
    name: str
    url: str
    is_current: bool


@register.filter
def own_title(course: Course) -> str:
    """The course's title within a sentence, marked where its language is not the page's."""
    if course.language == get_language():
        return course.title
    return format_html('<span lang="{}">{}</span>', course.language, course.title)


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> list[LanguageLink]:
    """One link for each language, to this very page. No cookie: the address tells the language.

    Addresses differ in their prefix only, so nothing needs to be resolved.
    """
    request: HttpRequest | None = context.get("request")
    current = get_language()
    page = request.get_full_path().removeprefix(f"/{current}/").lstrip("/") if request else ""
    return [
        LanguageLink(
            code=code,
            name=OWN_NAMES.get(code, str(name)),
            url=f"/{page}" if code == settings.LANGUAGE_CODE else f"/{code}/{page}",
            is_current=code == current,
        )
        for code, name in settings.LANGUAGES
    ]
