"""Verbs that write certificates. Call them qualified: `services.issue(...)`."""

from certificates.services.errors import (
    CertificateError,
    MoreThanCounted,
    NotCounted,
    NothingLeft,
    SessionNotHeld,
    WallClosed,
)
from certificates.services.issuing import attended_sessions, issue
from certificates.services.names import IssuedByName, begun_sessions, issue_by_name
from certificates.services.retention import forget_old_names
from certificates.services.verifying import (
    Answer,
    Verdict,
    count_check,
    normalise_number,
    verify,
)
from certificates.services.wall import (
    can_be_read,
    can_have_code,
    check_left,
    collect,
    count_wrong_code,
    given_at,
    has_guessed_too_often,
    make_code,
    normalise_code,
    readable_until,
    session_of_code,
    wall_closes_at,
    wall_is_open,
)

__all__ = [
    "Answer",
    "CertificateError",
    "IssuedByName",
    "MoreThanCounted",
    "NotCounted",
    "NothingLeft",
    "SessionNotHeld",
    "Verdict",
    "WallClosed",
    "attended_sessions",
    "begun_sessions",
    "can_be_read",
    "can_have_code",
    "check_left",
    "collect",
    "count_check",
    "count_wrong_code",
    "forget_old_names",
    "given_at",
    "has_guessed_too_often",
    "issue",
    "issue_by_name",
    "make_code",
    "normalise_code",
    "normalise_number",
    "readable_until",
    "session_of_code",
    "verify",
    "wall_closes_at",
    "wall_is_open",
]
