"""«Angre» beside the message that says what happened: for what was written down and told nobody."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest

# Before the address in a message's tag, by which `templatetags.undo` knows it.
MARK = "undo:"


def success(request: HttpRequest, words: str, *, undo: str, **fields: str) -> None:
    """Say what happened, with a button that sends these fields to the address `undo`.

    Whether it can still be undone is judged there, when the button is pressed.
    """
    messages.success(request, words, extra_tags=f"{MARK}{undo}?{urlencode(fields)}")
