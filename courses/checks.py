"""What an installation should not go live without."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from courses.models import College


@register(Tags.security, deploy=True)
def accessibility_statement(
    app_configs: Sequence[Any] | None, **arguments: Any
) -> list[CheckMessage]:
    """Warn while the statement that the law asks for has no address."""
    try:
        college = College.objects.first()
    except DatabaseError:  # before the first migration
        return []
    if college is not None and college.accessibility_statement_url:
        return []
    return [
        Warning(
            "The college has no accessibility statement.",
            hint="Write its address under «College» in the admin.",
            id="courses.W001",
        )
    ]
