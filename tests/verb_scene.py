"""The scene in which each verb of `tests.test_verbs` happens."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils import timezone

import certificates.event_labels
import certificates.services
from certificates.models import Attendance, Certificate
from certificates.services import Cell, Mark
from courses.models import CourseSession
from enrolment.models import Adjustment, Letter
from tests import factories


class Scene:
    """A run with one place: somebody has it, somebody waits; and a coordinator."""

    def __init__(self) -> None:
        self.by: User = factories.make_coordinator()
        self.run = factories.make_published_run(capacity=1)
        self.session: CourseSession = self.run.sessions.get()
        self.enrolment = factories.enrol(self.run, adjustment="Stor skrift")
        self.waiting = factories.enrol(self.run)
        self.adjustment: Adjustment = self.enrolment.adjustments.get()
        self.letter: Letter = self.enrolment.letters.get()

    def begin(self) -> None:
        """The session has begun, and somebody counted whoever is there."""
        self.session.starts_at = timezone.now() - timedelta(hours=1)
        self.session.ends_at = timezone.now() + timedelta(hours=1)
        self.session.headcount = 9
        self.session.save()

    def mark(self, shown: Mark, wanted: Mark) -> Attendance | None:
        certificates.services.save_register(
            run=self.run,
            session=self.session,
            cells={self.enrolment.student_id: Cell(shown, wanted)},
            by=self.by,
        )
        return self.session.attendances.first()

    def certificate(self) -> Certificate:
        self.begin()
        self.mark(Mark.UNMARKED, Mark.PRESENT)
        [issued] = certificates.services.issue(run=self.run, by=self.by)
        return issued


Rows = list[Model]
# What is done after the events are counted; returns the rows that the events are about.
Done = Callable[[], Rows]
