"""Verbs that write certificates. Call them qualified: `services.issue(...)`."""

from certificates.services.correcting import Changed, changed_since_issue, reissue, revoke
from certificates.services.counting import forget_counts
from certificates.services.errors import (
    CertificateError,
    MoreThanCounted,
    NameForgotten,
    NotCounted,
    NotHereAnyLonger,
    NothingLeft,
    Replaced,
    SessionNotHeld,
    WallClosed,
    Withdrawn,
)
from certificates.services.issuing import attended_sessions, issue
from certificates.services.names import IssuedByName, begun_sessions, issue_by_name
from certificates.services.retention import forget_name, forget_old_names
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
    "Changed",
    "IssuedByName",
    "MoreThanCounted",
    "NameForgotten",
    "NotCounted",
    "NotHereAnyLonger",
    "NothingLeft",
    "Replaced",
    "SessionNotHeld",
    "Verdict",
    "WallClosed",
    "Withdrawn",
    "attended_sessions",
    "begun_sessions",
    "can_be_read",
    "can_have_code",
    "changed_since_issue",
    "check_left",
    "collect",
    "count_check",
    "count_wrong_code",
    "forget_counts",
    "forget_name",
    "forget_old_names",
    "given_at",
    "has_guessed_too_often",
    "issue",
    "issue_by_name",
    "make_code",
    "normalise_code",
    "normalise_number",
    "readable_until",
    "reissue",
    "revoke",
    "session_of_code",
    "verify",
    "wall_closes_at",
    "wall_is_open",
]
