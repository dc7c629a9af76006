"""The hidden field of a form that shows nobody what was written, once it is sent to the end."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from enrolment import forms_not_shown_again

register = template.Library()


@register.simple_tag(takes_context=True)
def sent_form_field(context: template.Context, address: str = "") -> SafeString:
    """For the form that is filled in, and for each page that carries its answers on.

    It comes first in its form: Chromium tells forms apart by their first two fields.
    `address` is where the form is sent, if not to the page that it stands on.
    """
    request = context["request"]
    name = forms_not_shown_again.field_name(request, address=address or request.path)
    return format_html('<input type="hidden" name="{}" value="1">', name)
