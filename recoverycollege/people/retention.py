"""What is kept for a while only, gathered from every app: the nightly purge works it off."""

from datetime import datetime
from typing import NamedTuple, Protocol

from certificates.services import purge_old_names
from courses.web.throttle import purge_old_counts
from enrolment.services import (
    purge_adjustments,
    purge_closed_links,
    purge_interests,
    purge_link_requests,
    purge_merged_keys,
    purge_messages,
    purge_new_emails,
    purge_repeated_submissions,
)


class Purge(Protocol):
    """Deletes, or empties, what is old enough at `now`; counts only with `dry_run`."""

    def __call__(self, *, now: datetime, dry_run: bool = False) -> int: ...


class Rule(NamedTuple):
    what: str
    purge: Purge


RULES = [
    Rule("adjustments of runs that are over", purge_adjustments),
    Rule("messages to people on runs that are over", purge_messages),
    Rule("names on certificates that belong to no student", purge_old_names),
    Rule("wishes to be told when a course is held again", purge_interests),
    Rule("answers to repeated sign-ups", purge_repeated_submissions),
    Rule("links that were closed and are too old now", purge_closed_links),
    Rule("keys of records that became part of another", purge_merged_keys),
    Rule("addresses that a link was asked for and nobody looked up", purge_link_requests),
    Rule("e-mail addresses that were to be confirmed, or that were told of it", purge_new_emails),
    Rule("counts of tries in earlier hours", purge_old_counts),
]
