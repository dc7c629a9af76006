"""The hidden fields of a form that shows nobody what was written, once it is sent to the end."""

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString

from enrolment import forms_not_shown_again

register = template.Library()


@register.simple_tag(takes_context=True)
def sent_form_field(context: template.Context, address: str = "") -> SafeString:
    """For the form that is filled in.

    `address` is where the form is sent, if not to the page that it stands on.
    """
    request = context["request"]
    return forms_not_shown_again.hidden_field(request, address=address or request.path)


@register.simple_tag(takes_context=True)
def hidden_answers(context: template.Context, answers: Mapping[str, str]) -> SafeString:
    """What was written, with the form's own field before it."""
    return forms_not_shown_again.hidden_answers(context["request"], answers)
