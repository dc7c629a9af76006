"""A change that somebody has saved by hand, announced as saving a run announces it."""

from typing import Any

from django.db import transaction

from courses.models import CourseRun
from courses.services import lock_run
from enrolment import services


def announce_change(*, run: CourseRun, **how: Any) -> int:
    with transaction.atomic():
        return services.announce_change(run=lock_run(run.pk), **how)
