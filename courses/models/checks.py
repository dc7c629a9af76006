"""Checks in the database that several models share, with what the admin says of them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

ONLY_ONE_MESSAGE = _("There is one already, and there can only be one.")


def known_choice(field: str, choices: Any, *, name: str) -> models.CheckConstraint:
    """A column that holds one of its choices, given as an enumeration or a list of values.

    Not for languages: another one is added by settings alone.
    """
    values = [str(value) for value in getattr(choices, "values", choices)]
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": values}),
        name=name,
        violation_error_message=_("Choose one of the answers that are offered."),
    )
