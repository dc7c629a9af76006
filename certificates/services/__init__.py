"""Verbs that write certificates. Call them qualified: `services.issue(...)`."""

from certificates.services.issuing import attended_sessions, issue

__all__ = [
    "attended_sessions",
    "issue",
]
