"""Words of the admin's rows within a page, such as the sessions of a run."""

import json

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def add_text(formset_data: str, verbose_name: str) -> str:
    """What Django's script is given, with the words of its button: «Legg til kursholder».

    Django begins the name with a capital, also in the middle of the words.
    """
    data = json.loads(formset_data)
    data["options"]["addText"] = gettext("Add another %(verbose_name)s") % {
        "verbose_name": verbose_name
    }
    return json.dumps(data)
