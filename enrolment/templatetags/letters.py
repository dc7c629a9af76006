"""What a letter is laid out with as HTML."""

import itertools
import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from courses.norwegian.phone_numbers import find_phone_numbers

register = template.Library()

# Not the full stop or bracket that follows it in the sentence.
WEB_ADDRESS = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,:;!?()»”'])")


@register.filter
def phone_links(text: str) -> SafeString:
    """The text with each phone number as a link that rings it, on one line."""
    pieces, begins = [], 0
    for start, end, number in find_phone_numbers(text):
        link = format_html(
            '<a href="tel:{}" style="white-space: nowrap">{}</a>', number, text[start:end]
        )
        pieces += [(text[begins:start],), (link,)]
        begins = end
    return format_html_join("", "{}", [*pieces, (text[begins:],)])


@register.filter
def in_its_language(line: str, foreign: dict[str, str]) -> SafeString:
    """As `phone_links`, marked where `foreign` tells that the line is in another language."""
    words, language = phone_links(line), foreign.get(line)
    return format_html('<span lang="{}">{}</span>', language, words) if language else words


@register.filter
def all_links(line: str) -> SafeString:
    """As `phone_links`, with each web address as a link, too."""
    pieces = WEB_ADDRESS.split(line)  # in turn words and addresses
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<a href="{0}">{0}</a>', piece) if is_address else phone_links(piece),)
            for is_address, piece in zip(itertools.cycle([False, True]), pieces, strict=False)
        ),
    )
