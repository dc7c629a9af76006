"""Links to the same page in the other languages, and words in another language than the page."""

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from courses.models import Course
from courses.norwegian import formatting
from courses.norwegian.text_language import guessed_language

register = template.Library()

# Each language in its own words: somebody who cannot read this one must find theirs.
OWN_NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}


@register.filter
def own_title(course: Course) -> str:
    """The course's title by itself, marked where its language is not the page's."""
    if course.language == get_language():
        return course.title
    return format_html('<span lang="{}">{}</span>', course.language, course.title)


@register.filter
def quoted_title(course: Course) -> str:
    """The title within a sentence: in the page's quotation marks, and marked as `own_title`."""
    words = formatting.quoted(course.title)
    if course.language == get_language():
        return words
    return format_html(
        '{}<span lang="{}">{}</span>{}', words[0], course.language, words[1:-1], words[-1]
    )


@register.simple_tag
def lang_of(text: str) -> SafeString:
    """The attribute ` lang="nn"` for a text in another language than the page; else nothing."""
    return lang_attribute(guessed_language(text))


@register.simple_tag
def lang_attribute(language: str) -> SafeString:
    """The attribute ` lang="nn"` where this is not the page's language; else nothing."""
    if language == get_language():
        return SafeString("")
    return format_html(' lang="{}"', language)


@register.simple_tag
def locale_of(language: str) -> str:
    """The language with its country, as those who show a shared link want it: `nb_NO`."""
    return "en_GB" if language == "en" else f"{language}_NO"


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> SafeString:
    """A list item for each language, with a link to this very page. No cookie: the address tells.

    Addresses differ in their prefix only, so nothing needs to be resolved.
    """
    request: HttpRequest | None = context.get("request")
    current = get_language()
    page = request.get_full_path().removeprefix(f"/{current}/").lstrip("/") if request else ""
    return format_html_join(
        "\n",
        '<li><a href="/{}{}" lang="{}" hreflang="{}"{}>{}</a></li>',
        (
            (
                "" if code == settings.LANGUAGE_CODE else f"{code}/",
                page,
                code,
                code,
                SafeString(' aria-current="true"') if code == current else "",
                OWN_NAMES.get(code, name),
            )
            for code, name in settings.LANGUAGES
        ),
    )
