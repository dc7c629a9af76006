"""Two records of one person become one, across sign-ups, letters, attendance and certificates.

Who rings is never merged: a coordinator does it afterwards, on a page that says first what happens.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from certificates import services as certificate_services
from certificates.models import Attendance, Certificate
from certificates.services import CertifiedTwice
from courses.models import CourseRun
from courses.services import lock_run
from enrolment import services as enrolment_services
from enrolment.models import Enrolment, Event, Letter, Student
from enrolment.services import LiveTwice, MergedContact
from recoverycollege.people.locking import run_keys

__all__ = [
    "MergeChanged",
    "MergeRefused",
    "Merged",
    "NotTwoPeople",
    "PlannedMerge",
    "merge",
    "plan_merge",
    "suggest_kept",
]


class MergeRefused(Exception):
    """Two records were not made one; nothing was changed."""


class MergeChanged(MergeRefused):
    """Something that was shown is not so any more."""


class NotTwoPeople(MergeRefused):
    """One of them is not there any more, was erased, or both are the same record."""


@dataclass(frozen=True)
class PlannedMerge:
    """What would happen, as things are now."""

    kept: Student
    gone: Student
    contact: MergedContact
    moving: list[Enrolment]  # of the record that goes, but for those of `twice`
    twice: list[LiveTwice]
    filling: list[CourseRun]  # whose queue moves up
    sessions_moving: int  # marks in the register, each session once
    certificates_moving: list[Certificate]
    certified_twice: list[CertifiedTwice]
    unsent_letters: int
    fingerprint: str


@dataclass(frozen=True)
class Merged:
    student: Student
    revoked: list[Certificate]
    runs: list[CourseRun]  # whose queue may have moved up
    at: datetime


def plan_merge(*, kept: Student, gone: Student, take: Collection[str] = ()) -> PlannedMerge:
    """What `merge` would do now. A fixed number of queries.

    Raises NotTwoPeople.
    """
    if kept.pk == gone.pk or kept.erased_at or gone.erased_at:
        raise NotTwoPeople
    enrolments = list(
        Enrolment.objects.filter(student__in=[kept, gone])
        .select_related("run__course", "run__semester")
        .prefetch_related("run__sessions")
        .order_by("pk")
    )
    twice = enrolment_services.live_twice(each for each in enrolments if each.is_live)
    surplus = {pair.goes.pk for pair in twice} | {pair.stays.pk for pair in twice}
    marks = list(Attendance.objects.filter(student__in=[kept, gone]).order_by("pk"))
    certificates = list(
        Certificate.objects.valid()
        .filter(student__in=[kept, gone])
        .select_related("run__course", "run__semester")
        .order_by("pk")
    )
    filling = _filling(twice)
    letters = Letter.objects.unsent().filter(student=gone)
    return PlannedMerge(
        kept=kept,
        gone=gone,
        contact=enrolment_services.merged_contact(kept, gone, take=take),
        moving=[
            each
            for each in enrolments
            if each.student_id == gone.pk and each.is_live and each.pk not in surplus
        ],
        twice=twice,
        filling=filling,
        sessions_moving=sum(each.student_id == gone.pk for each in marks),
        certificates_moving=[each for each in certificates if each.student_id == gone.pk],
        certified_twice=certificate_services.certified_twice(certificates),
        unsent_letters=letters.filter(is_beside=False).count(),
        fingerprint=_fingerprint(kept, gone, enrolments, filling, marks, certificates),
    )


def suggest_kept(one: Student, other: Student) -> tuple[Student, Student]:
    """Which record to keep, and which lets go: whoever can be reached in more ways, by the newer
    contact. One query.
    """
    newest = dict(
        Event.objects.filter(
            subject="student", verb="changed_contact", subject_id__in=[one.pk, other.pk]
        )
        .order_by("happened_at")
        .values_list("subject_id", "happened_at")
    )

    def worth(student: Student) -> tuple[int, datetime, int]:
        ways = sum(map(bool, (student.email, student.phone)))
        return ways, newest.get(student.pk, student.created_at), -student.pk

    kept, gone = sorted((one, other), key=worth, reverse=True)
    return kept, gone


@transaction.atomic
def merge(
    *,
    kept: Student,
    gone: Student,
    shown: str | None = None,
    take: Collection[str] = (),
    links_end: bool = False,
    by: Any,
    now: datetime | None = None,
) -> Merged:
    """Make two records of one person one: what belonged to `gone` is `kept`'s, and its row is gone.

    All runs that either has anything in are locked, by key, then both students, and everything is
    read again. `shown` is the plan's fingerprint, as the page showed it. `take` and `links_end` as
    in `enrolment.services.merge_students`, which says what becomes of places, letters and keys;
    `certificates.services.merge_taken_part` does of attendance and certificates. Name, channel,
    language and wish for news are the kept one's.

    Raises NotTwoPeople; MergeChanged where something is not as it was shown, or one of them got
    something on another run in this moment; ValidationError where a third record has the name and
    contact.
    """
    now = now or timezone.now()
    keys = run_keys(kept, gone)
    runs = {key: lock_run(key) for key in keys}
    students = {each.pk: each for each in enrolment_services.lock_students(kept, gone)}
    if len(students) != 2:
        raise NotTwoPeople
    kept, gone = students[kept.pk], students[gone.pk]
    plan = plan_merge(kept=kept, gone=gone, take=take)
    if run_keys(kept, gone) != keys or shown not in (None, plan.fingerprint):
        raise MergeChanged
    revoked = certificate_services.merge_taken_part(kept=kept, gone=gone, by=by, now=now)
    student = enrolment_services.merge_students(
        kept=kept, gone=gone, runs=runs, take=take, links_end=links_end, by=by, now=now
    )
    return Merged(student, revoked, [runs[pair.stays.run_id] for pair in plan.twice], now)


def _filling(twice: list[LiveTwice]) -> list[CourseRun]:
    """Runs whose queue moves up: somebody else is the first in it then, and has room. One query,
    or none.
    """
    pairs = {pair.stays.run_id: pair for pair in twice if not pair.stays.is_waiting}
    if not pairs:
        return []
    their_own = [each.pk for pair in pairs.values() for each in (pair.stays, pair.goes)]
    first: dict[int, Enrolment] = {}
    waiting = Enrolment.objects.waiting().filter(run__in=pairs).exclude(pk__in=their_own)
    for each in waiting.order_by("-pk"):
        first[each.run_id] = each
    now = timezone.now()
    return [
        pair.stays.run
        for key, pair in pairs.items()
        if key in first
        and pair.stays.run.is_published
        and pair.stays.run.fills_by_itself(now)
        and pair.stays.run.free_places + pair.seats_freed >= first[key].places
    ]


def _fingerprint(
    kept: Student,
    gone: Student,
    enrolments: list[Enrolment],
    filling: list[CourseRun],
    marks: list[Attendance],
    certificates: list[Certificate],
) -> str:
    """Of everything that a page says before it happens."""
    facts = [
        *([each.pk, each.name, each.email, each.phone, each.channel] for each in (kept, gone)),
        *([each.postal_address, each.municipality] for each in (kept, gone)),
        *([each.pk, each.status, each.places, each.student_id] for each in enrolments),
        *([run.pk] for run in filling),
        *([each.pk, each.is_present] for each in marks),
        *([each.pk] for each in certificates),
    ]
    return sha256(json.dumps(facts).encode()).hexdigest()
