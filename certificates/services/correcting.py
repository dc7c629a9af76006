"""A certificate with a mistake on it: a new one takes its place, or it is withdrawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from certificates.models import Certificate, make_proof, new_number
from certificates.services.errors import NameForgotten, NotHereAnyLonger, Replaced, Withdrawn
from certificates.services.facts import facts_of_language, facts_of_run, facts_of_sessions
from certificates.services.issuing import attended_sessions
from courses.models import College, CourseRun, CourseSession
from courses.norwegian.identity_numbers import validate_no_identity_number
from courses.services import lock_run
from enrolment.events import log
from enrolment.models import Student
from enrolment.services import take_back_certificate_letter

TAKEN_PART_IN = ("hours", "sessions_attended", "first_on", "last_on")


@dataclass(frozen=True)
class Changed:
    """A certificate that tells something else than the register does now."""

    certificate: Certificate
    hours: Decimal | None
    """What the register says now; None for somebody who is not marked as here any longer."""


def changed_since_issue(
    certificates: Iterable[Certificate],
    attended: Iterable[tuple[Student, Sequence[CourseSession]]],
) -> list[Changed]:
    """Which of a run's valid certificates the register has left behind. No query."""
    held_by = {student.pk: held for student, held in attended}
    changed = []
    for certificate in certificates:
        if certificate.student_id is None:
            continue
        held = held_by.get(certificate.student_id)
        if held is None:
            changed.append(Changed(certificate, None))
            continue
        facts = facts_of_sessions(held)
        if any(getattr(certificate, name) != facts[name] for name in TAKEN_PART_IN):
            changed.append(Changed(certificate, facts["hours"]))
    return changed


@transaction.atomic
def reissue(
    *,
    certificate: Certificate,
    by: Any,
    name: str | None = None,
    language: str | None = None,
    now: datetime | None = None,
) -> Certificate:
    """A new certificate in the place of this one, with the facts as they are now.

    Name and language stay unless given. The old number answers «replaced» from now on. What was
    replaced before counts as its newest; where nothing would differ, that one is returned as it
    is, so that doing it twice, or two at once, is doing it once. Raises Withdrawn, NameForgotten,
    NotHereAnyLonger, Replaced where a name or language is asked for on top of another correction,
    and ValidationError for a national identity number.
    """
    run = lock_run(certificate.run_id)
    now = now or timezone.now()
    old = _newest(certificate)
    if old.revoked_at is not None:
        raise Withdrawn
    if not old.name:
        raise NameForgotten
    name = " ".join((name or old.name).split())
    validate_no_identity_number(name)
    facts = _facts_now(old, run, language or old.language, now) | {"name": name}
    if all(getattr(old, field) == value for field, value in facts.items()):
        return old
    if old.pk != certificate.pk and (name, old.language) != (old.name, facts["language"]):
        raise Replaced
    number = new_number()
    # Two valid ones of a student are never there together, not even inside this transaction:
    # the new one belongs to nobody until the old one is replaced.
    new = Certificate.objects.create(
        number=number,
        proof=make_proof(number, name),
        session_id=old.session_id,
        issued_at=now,
        issued_by=by,
        **facts,
    )
    old.superseded_by = new
    old.save(update_fields=["superseded_by"])
    new.student_id = old.student_id
    new.save(update_fields=["student"])
    log("replaced", old, by=by, now=now)
    log("issued", new, by=by, now=now)
    return new


@transaction.atomic
def revoke(*, certificate: Certificate, by: Any, now: datetime | None = None) -> None:
    """Withdraw it: its number answers «not valid» from now on. Twice is once.

    Raises Replaced where a newer one has taken its place meanwhile.
    """
    lock_run(certificate.run_id)
    current = Certificate.objects.select_related("student", "run").get(pk=certificate.pk)
    if current.superseded_by_id is not None:
        raise Replaced
    if current.revoked_at is None:
        current.revoked_at = now = now or timezone.now()
        current.save(update_fields=["revoked_at"])
        log("revoked", current, by=by, now=now)
        if current.student is not None:
            take_back_certificate_letter(student=current.student, run=current.run, now=now)


def _newest(certificate: Certificate) -> Certificate:
    """The one at the end of the chain. A query for each link."""
    newest = Certificate.objects.get(pk=certificate.pk)
    while newest.superseded_by_id is not None:
        newest = Certificate.objects.get(pk=newest.superseded_by_id)
    return newest


def _facts_now(old: Certificate, run: CourseRun, language: str, now: datetime) -> dict[str, Any]:
    """Everything printed but name, number and day of issue."""
    college = College.objects.get()
    facts = facts_of_run(run, college) | facts_of_language(college, language)
    if old.student_id is None:
        # Given by name alone: no register knows better.
        return facts | {field: getattr(old, field) for field in (*TAKEN_PART_IN, "place")}
    held = {student.pk: held for student, held in attended_sessions(run, now)}.get(old.student_id)
    if held is None:
        raise NotHereAnyLonger
    return facts | facts_of_sessions(held)
