"""Texts that a coordinator typed: paragraphs, line breaks, and headings where they are meant."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

LONGEST_HEADING = 60  # characters


@register.filter
def prose(text: str) -> SafeString:
    """The text as HTML. A short line without a full stop, with text right under it, is a heading.

    Headings are of level three: the page's own section stands over them.
    """
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return format_html_join(
        "\n", "{}", ((_block(each.strip()),) for each in blocks if each.strip())
    )


def _block(block: str) -> SafeString:
    first, *rest = block.split("\n")
    if rest and len(first) <= LONGEST_HEADING and first[-1] not in ".,:;!?":
        return format_html("<h3>{}</h3>\n{}", first, _paragraph(rest))
    return _paragraph([first, *rest])


def _paragraph(lines: list[str]) -> SafeString:
    return format_html(
        "<p>{}</p>", format_html_join(SafeString("<br>"), "{}", ((each,) for each in lines))
    )
