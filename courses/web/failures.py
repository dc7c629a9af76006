"""A failure has a number: its page shows it, and its line in the log carries it."""

import secrets

from django.http import HttpRequest

# Without letters and digits that are taken for each other when read aloud.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def failure_id(request: HttpRequest) -> str:
    """The number of what went wrong with this request, as `7F3K-2Q9P`; made on the first call."""
    known = known_failure_id(request)
    if known is not None:
        return known
    signs = [secrets.choice(SIGNS) for _each in range(8)]
    made = f"{''.join(signs[:4])}-{''.join(signs[4:])}"
    request.failure_id = made  # type: ignore[attr-defined]  # Django keeps its own there too
    return made


def known_failure_id(request: object) -> str | None:
    """The number that was given, None where nothing went wrong."""
    return getattr(request, "failure_id", None)
