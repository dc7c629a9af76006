"""Certificates for names on a list: for people who were there and are on no register."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from certificates.models import Certificate, CertificateQuerySet, make_proof, new_number
from certificates.services.errors import MoreThanCounted, SessionNotHeld
from certificates.services.facts import facts_of_language, facts_of_run, facts_of_sessions
from courses.models import College, CourseRun, CourseSession
from courses.norwegian.identity_numbers import validate_no_identity_number
from courses.norwegian.names import normalise_name
from courses.services import lock_run
from enrolment.events import log_all


@dataclass(frozen=True)
class IssuedByName:
    """The new certificates, and how many names on the list had theirs already."""

    certificates: list[Certificate]
    had_one: int


def begun_sessions(run: CourseRun, now: datetime | None = None) -> list[CourseSession]:
    """The sessions that a list of names can be about, in their order."""
    now = now or timezone.now()
    return [each for each in run.session_list if each.has_started(now) and each.takes_place]


@transaction.atomic
def issue_by_name(
    *,
    run: CourseRun,
    sessions: Sequence[CourseSession],
    names: Sequence[str],
    language: str,
    by: Any,
    now: datetime | None = None,
) -> IssuedByName:
    """Give a certificate for these sessions to every name on the list.

    The same list again gives nothing new. A name that stands twice is two people: as many get one
    as there are lines, those from before counted in. Raises SessionNotHeld, ValidationError for a
    national identity number, and MoreThanCounted where one headcount of these sessions at least is
    written and the list goes beyond the highest.
    """
    locked = lock_run(run.pk)
    now = now or timezone.now()
    wanted = {session.pk for session in sessions}
    held = [each for each in begun_sessions(locked, now) if each.pk in wanted]
    if not held or len(held) != len(wanted):
        raise SessionNotHeld
    for each in held:
        each.run = locked
    facts = facts_of_sessions(held)
    had = Counter(
        normalise_name(name) for name in _for_the_same(held, facts).values_list("name", flat=True)
    )
    new: list[str] = []
    for name in names:
        validate_no_identity_number(name)
        key = normalise_name(name)
        if had[key]:
            had[key] -= 1
        else:
            new.append(name)
    if not new:
        return IssuedByName([], len(names))
    _check_headcount(held, facts, len(new))
    college = College.objects.get()
    shared = facts_of_run(locked, college) | facts_of_language(college, language) | facts
    shared |= {"issued_by": by, "issued_at": now}
    if len(held) == 1:
        shared["session"] = held[0]
    certificates = Certificate.objects.bulk_create(_certificate(name, shared) for name in new)
    log_all("issued", certificates, by=by, now=now)
    return IssuedByName(certificates, len(names) - len(new))


def _for_the_same(held: Sequence[CourseSession], facts: dict[str, Any]) -> CertificateQuerySet:
    """Valid ones of the run, with a name, for the very same sessions; the register's included."""
    days_and_hours = ("hours", "sessions_attended", "first_on", "last_on")
    session = held[0] if len(held) == 1 else None
    return (
        Certificate.objects.valid()
        .exclude(name="")
        .filter(
            Q(student=None, session=session) | Q(student__isnull=False),
            run=held[0].run,
            **{name: facts[name] for name in days_and_hours},
        )
    )


def _check_headcount(held: Sequence[CourseSession], facts: dict[str, Any], new: int) -> None:
    counted = [each.headcount for each in held if each.headcount is not None]
    if counted and _for_the_same(held, facts).filter(student=None).count() + new > max(counted):
        raise MoreThanCounted(max(counted))


def _certificate(name: str, shared: dict[str, Any]) -> Certificate:
    number = new_number()
    return Certificate(name=name, number=number, proof=make_proof(number, name), **shared)
