"""The hidden field by which a form that was sent too late is known as its user's own."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from enrolment.forms_kept_over_sign_in import SIGNED_USER, signed_user

register = template.Library()


@register.simple_tag(takes_context=True)
def signed_user_field(context: template.Context) -> SafeString | str:
    """The field, where somebody is signed in."""
    request: Any = context["request"]
    if not request.user.is_authenticated:
        return ""
    return format_html(
        '<input type="hidden" name="{}" value="{}">', SIGNED_USER, signed_user(request)
    )
