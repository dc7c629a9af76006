"""What the log may hold: what went wrong and where, but nothing that opens or tells of a person."""

import logging
import re
from types import TracebackType

# Whoever holds one of these addresses gets in. A mail program that adds a full stop to one, or a
# browser without cookies, makes Django log it whole.
PERSONAL = re.compile(
    r"(/(?:apne|avmelding|kalender(?:/abonnement)?|bevis|si-fra|ny-adresse)/)[^/\s\"']+",
    re.IGNORECASE,
)
# PostgreSQL says in these lines which values broke a rule.
VALUES = re.compile(r"^DETAIL: .*$", re.MULTILINE)


class DiscreetFormatter(logging.Formatter):
    """Leaves the key out of personal addresses, and people's data out of database errors."""

    def format(self, record: logging.LogRecord) -> str:
        return PERSONAL.sub(r"\1…", super().format(record))

    def formatException(  # noqa: N802  # the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        return VALUES.sub("DETAIL: …", super().formatException(ei))
