"""What staff read for what was done: every verb that is logged has its label, and no other."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from certificates.event_labels import EVENT_LABELS as CERTIFICATE_EVENT_LABELS
from enrolment.event_labels import EVENT_LABELS
from enrolment.models import Letter
from recoverycollege.exports.event_labels import EVENT_LABELS as EXPORT_EVENT_LABELS

OWN_APPS = ["courses", "enrolment", "certificates", "recoverycollege"]
LOGS = {"log", "log_all"}


def verbs(call: ast.Call) -> Iterator[str]:
    """What a call logs: a string, one of two, or a letter's outcome."""
    verb = call.args[0]
    for each in [verb.body, verb.orelse] if isinstance(verb, ast.IfExp) else [verb]:
        if isinstance(each, ast.JoinedStr):
            assert ast.unparse(each) == "f'letter_{outcome}'"
            yield from (f"letter_{outcome}" for outcome in Letter.Outcome.values)
        else:
            assert isinstance(each, ast.Constant)
            yield each.value


def logged() -> set[str]:
    return {
        verb
        for app in OWN_APPS
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LOGS
        for verb in verbs(node)
    }


def test_every_verb_that_is_logged_has_words() -> None:
    assert {"enrolled", "claimed", "not_arranged", "letter_reached"} <= logged()
    assert logged() == {*EVENT_LABELS, *CERTIFICATE_EVENT_LABELS, *EXPORT_EVENT_LABELS}, (
        "Give a new verb its words in the event_labels.py of its app, and take out those of a verb "
        "that is logged no more."
    )
