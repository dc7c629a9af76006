"""The button in a message that undoes what it tells of."""

from typing import Any
from urllib.parse import parse_qsl

from django import template
from django.contrib.messages.storage.base import Message

from enrolment.admin.undo import MARK

register = template.Library()


@register.inclusion_tag("admin/_undo.html", takes_context=True)
def undo(context: template.Context, message: Message) -> dict[str, Any]:
    """The form, for a message of `enrolment.admin.undo`; nothing for any other."""
    marked = message.extra_tags or ""
    if not marked.startswith(MARK):
        return {}
    address, _mark, fields = marked.removeprefix(MARK).partition("?")
    return {
        "address": address,
        "fields": parse_qsl(fields),
        "csrf_token": context["csrf_token"],
    }
