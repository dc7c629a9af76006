"""Whoever has not taken part for years is told before they are erased, and may stay.

Who that is, and erasing them, is a matter of the whole person: `recoverycollege.people.inactive`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from enrolment.events import log
from enrolment.models import Letter, Student


def tell_of_erasure(*, students: Iterable[Student], now: datetime | None = None) -> int:
    """Owe each of them the letter that says when they are erased, once a day at most; how many.

    Only whoever can be reached. Called within the transaction that chose them.
    """
    now = now or timezone.now()
    told = [each for each in students if each.can_be_reached]
    Letter.objects.bulk_create(
        [
            Letter(
                dedupe_key=f"{Letter.Kind.ERASURE}:{each.pk}:{timezone.localdate(now)}",
                student=each,
                kind=Letter.Kind.ERASURE,
                channel=each.channel,
                owed_since=now,
            )
            for each in told
        ],
        ignore_conflicts=True,
    )
    return len(told)


def is_to_be_erased(student: Student) -> bool:
    """Whether they have been, or are about to be, told that they are erased, and have not said or
    shown since that they stay. One query.
    """
    letters = Letter.objects.filter(student=student, kind=Letter.Kind.ERASURE)
    return letters.still_true().exists()


@transaction.atomic
def keep_student(*, student: Student, by: Any | None = None, now: datetime | None = None) -> None:
    """They want to stay: the years until somebody is erased begin anew. Twice is once more.

    `by` is the member of staff whom they told it; nobody where they pressed the button themselves.
    Nothing happens where they have been erased meanwhile.
    """
    now = now or timezone.now()
    current = Student.objects.select_for_update(no_key=True).known().filter(pk=student.pk).first()
    if current is None:
        return
    current.kept_at = now
    current.save(update_fields=["kept_at"])
    log("kept", current, by=by, now=now)
