"""Short words for the tests of places and the queue."""

import uuid
from datetime import timedelta

import time_machine

from courses.models import CourseRun
from enrolment import services
from enrolment.models import Enrolment, Letter
from tests.factories import make_person


def sign_up(run: CourseRun, **fields: object) -> services.Answer:
    values = {"run": run, "submission": uuid.uuid4(), "person": make_person()} | fields
    return services.enrol(**values)


def counters(run: CourseRun) -> tuple[int, int]:
    run.refresh_from_db()
    return run.places_taken, run.waiting


def kinds(enrolment: Enrolment) -> list[str]:
    return list(
        Letter.objects.filter(enrolment=enrolment).order_by("pk").values_list("kind", flat=True)
    )


def after_the_close(run: CourseRun) -> time_machine.travel:
    return time_machine.travel(run.starts_at - timedelta(hours=20), tick=False)
