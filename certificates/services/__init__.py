"""Verbs that write certificates. Call them qualified: `services.issue(...)`."""

from certificates.services.issuing import attended_sessions, issue
from certificates.services.verifying import (
    Answer,
    Verdict,
    count_check,
    normalise_number,
    verify,
)

__all__ = [
    "Answer",
    "Verdict",
    "attended_sessions",
    "count_check",
    "issue",
    "normalise_number",
    "verify",
]
