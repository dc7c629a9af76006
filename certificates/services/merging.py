"""Two records of one person become one: what they attended, and their certificates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from certificates.models import Attendance, Certificate, RevokedBecause
from enrolment.events import log
from enrolment.models import Event, Student


@dataclass(frozen=True)
class CertifiedTwice:
    """Both records of a person have a valid certificate for one run: which one stays.

    The one that tells of more sessions, and of two alike the one that was issued first.
    """

    stays: Certificate
    goes: Certificate


def certified_twice(valid: Iterable[Certificate]) -> list[CertifiedTwice]:
    """Of valid certificates of two records, the pairs for one run, by the run's key. No query."""
    by_run: dict[int, list[Certificate]] = {}
    for each in valid:
        by_run.setdefault(each.run_id, []).append(each)
    pairs = []
    for _run, found in sorted(by_run.items()):
        if len(found) == 2:
            stays, goes = sorted(
                found, key=lambda each: (-each.sessions_attended, -each.hours, each.pk)
            )
            pairs.append(CertifiedTwice(stays, goes))
    return pairs


def marked_twice(marks: Iterable[Attendance]) -> list[tuple[Attendance, Attendance]]:
    """Of the marks of two records, those of one session: which stays, which goes. No query.

    Present beats absent.
    """
    by_session: dict[int, list[Attendance]] = {}
    for each in marks:
        by_session.setdefault(each.session_id, []).append(each)
    pairs = []
    for found in by_session.values():
        if len(found) == 2:
            stays, goes = sorted(found, key=lambda each: (not each.is_present, each.pk))
            pairs.append((stays, goes))
    return pairs


@transaction.atomic
def merge_taken_part(
    *, kept: Student, gone: Student, by: Any, now: datetime | None = None
) -> list[Certificate]:
    """Let attendance and certificates of one record be the other's; which ones were withdrawn.

    Where both are marked in a session, present beats absent. Of two valid certificates for a run
    one is withdrawn, and says why. All runs that either has anything in must be locked, and both
    students.
    """
    now = now or timezone.now()
    for stays, goes in marked_twice(Attendance.objects.filter(student__in=[kept, gone])):
        of_mark = Event.objects.filter(subject="attendance", subject_id=goes.pk)
        of_mark.update(subject_id=stays.pk)
        goes.delete()
    Attendance.objects.filter(student=gone).update(student=kept)
    revoked = []
    for pair in certified_twice(Certificate.objects.valid().filter(student__in=[kept, gone])):
        pair.goes.revoked_at, pair.goes.revoked_because = now, RevokedBecause.MERGED
        pair.goes.save(update_fields=["revoked_at", "revoked_because"])
        log("revoked", pair.goes, by=by, now=now)
        revoked.append(pair.goes)
    Certificate.objects.filter(student=gone).update(student=kept)
    return revoked
