"""Saving a run's programme: what took place in a session is not cancelled afterwards."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from certificates.models import Attendance, Certificate
from certificates.services.errors import SessionIsMarked
from courses.models import CourseRun, CourseSession
from courses.services import lock_run
from enrolment.services import Announcement, RunEdit, SavedRun, save_run


@transaction.atomic
def save_programme(
    *,
    run: CourseRun,
    edit: RunEdit,
    announcement: Announcement = Announcement.ASK,
    by: Any,
    now: datetime | None = None,
) -> SavedRun:
    """Save the run as `enrolment.services.save_run` does; no session that was held is cancelled.

    Raises SessionIsMarked where a session that is to be cancelled has somebody marked, a headcount,
    or a valid certificate that counts it; and whatever `save_run` raises. Then nothing is written.
    Three queries beyond `save_run`, none where nothing is cancelled.
    """
    cancelled = {each.pk for each in edit.sessions if each.is_cancelled and each.pk is not None}
    if cancelled:
        _check_unmarked(lock_run(run.pk), cancelled)
    return save_run(run=run, edit=edit, announcement=announcement, by=by, now=now)


def _check_unmarked(run: CourseRun, keys: Collection[int]) -> None:
    marked = set(
        Attendance.objects.filter(session__in=keys).order_by().values_list("session", flat=True)
    )
    # Those of the register are about what is marked in it.
    by_name = list(
        Certificate.objects.valid()
        .filter(run=run, student=None)
        .order_by()
        .values_list("session", "first_on", "last_on")
        .distinct()
    )

    def is_counted(session: CourseSession) -> bool:
        day = timezone.localdate(session.starts_at)
        return any(
            session.pk == only if only else first_on <= day <= last_on
            for only, first_on, last_on in by_name
        )

    kept = [
        each
        for each in run.session_list  # one that is cancelled already is not cancelled again
        if each.pk in keys and (each.pk in marked or each.headcount is not None or is_counted(each))
    ]
    if kept:
        raise SessionIsMarked(kept)
