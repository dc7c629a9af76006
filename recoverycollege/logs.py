"""What the log may hold: what went wrong and where, but nothing that opens or tells of a person."""

import json
import logging
import os
import re
import traceback
from datetime import UTC, datetime
from types import TracebackType

from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import DatabaseError, DataError
from django.template import TemplateDoesNotExist, TemplateSyntaxError

from courses.web.failures import known_failure_id

# Whoever holds one of these addresses gets in. A mail program that adds a full stop to one, or a
# browser without cookies, makes Django log it whole.
PERSONAL = re.compile(
    r"(/(?:apne|behold|ny-adresse|avmelding|kalender(?:/abonnement)?|bevis|si-fra|velg-passord)/)"
    r"[^/\s\"']+",
    re.IGNORECASE,
)
# What people looked for; e-mail addresses, as mail servers repeat them; phone numbers.
ASKED_FOR = re.compile(r"\?[^\s\"'<>]+")
ADDRESS = re.compile(r"[^\s<>@\"'(),:;]+@[^\s<>@\"'(),:;]+")
PHONE = re.compile(r"\+\d{8,15}\b")

# Errors whose words are about our code or the machine. Those of others repeat what they failed on,
# which may be somebody's name.
TELL_OF_CODE = (
    AttributeError,
    DatabaseError,
    FieldError,
    ImportError,
    ImproperlyConfigured,
    NameError,
    OSError,
    TemplateDoesNotExist,
    TemplateSyntaxError,
    TypeError,
)


class DiscreetFormatter(logging.Formatter):
    """Text for a developer's terminal, without keys of personal addresses and people's data."""

    def format(self, record: logging.LogRecord) -> str:
        return discreet(super().format(record))

    def formatException(  # noqa: N802  # the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        return "" if ei[1] is None else where_it_failed(ei[1])


class JsonFormatter(DiscreetFormatter):
    """One line of JSON a record: when (UTC), how grave, which part of the code, what, and where.

    `id` stands in the line of a failure whose page shows it: see `courses.web.failures`.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": discreet(record.getMessage()),
        }
        failure_id = known_failure_id(getattr(record, "request", None))
        if failure_id is not None:
            line["id"] = failure_id
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = discreet(where_it_failed(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)


def discreet(text: str) -> str:
    """The text without keys, what was looked for, e-mail addresses and phone numbers."""
    for pattern, instead in (
        (PERSONAL, r"\1…"),
        (ASKED_FOR, "?…"),
        (ADDRESS, "…@…"),
        (PHONE, "+…"),
    ):
        text = pattern.sub(instead, text)
    return text


def where_it_failed(error: BaseException) -> str:
    """The lines of code that led to the error and to those behind it, and what each was."""
    parts: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        frames = "".join(traceback.format_tb(cause.__traceback__))
        parts.insert(0, f"{frames}{type(cause).__name__}{_words_of(cause)}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\n\n".join(parts)


def _words_of(error: BaseException) -> str:
    """What the error says, where that cannot repeat what somebody wrote."""
    if isinstance(error, DataError) or not isinstance(error, TELL_OF_CODE):
        return ""
    if isinstance(error, OSError):
        # Not its own words: a mail server's reply is an OSError too, and so is a file's name.
        return f": {os.strerror(error.errno)}" if isinstance(error.errno, int) else ""
    # PostgreSQL's further lines say which values broke a rule.
    return f": {str(error).partition(chr(10))[0]}"
