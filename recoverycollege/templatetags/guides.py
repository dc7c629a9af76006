"""What a guide is written with: the names of things on the screens, and pictures of these."""

from functools import cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, pgettext
from PIL import Image

register = template.Library()

MANY = 9  # where a message has a plural, it is meant


@register.simple_tag
def named(
    msgid: str, *, to: str = "", context: str = "", plural: str = "", **values: str | int
) -> SafeString:
    """What the screens call a button, a link or a field, by the message they call it with.

    `to` is the name of an address that it leads to; `values` fill the message in, with «…» for
    what is another each time. Messages are not collected from here: one that no screen has is
    shown in English, and a test finds it.
    """
    if plural:
        words = ngettext(msgid, plural, MANY)
    else:
        words = pgettext(context, msgid) if context else gettext(msgid)
    words = capfirst(words % values if values else words)
    if to:
        return format_html('<a href="{}" class="named">{}</a>', reverse(to), words)
    return format_html('<b class="named">{}</b>', words)


@register.simple_tag
def picture(name: str, alt: str) -> SafeString:
    """A picture that `script/pictures` drew. It takes its room before it is loaded."""
    path = f"images/guides/{name}.webp"
    width, height = _size(path)
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
        static(path),
        alt,
        width,
        height,
    )


@cache
def _size(path: str) -> tuple[int, int]:
    with Image.open(settings.BASE_DIR / "static" / path) as image:
        return image.size
