"""Making a run visible, and telling those who lead it and those who asked to be told."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from courses import services as course_services
from courses.models import CourseRun
from enrolment.services.interest import owe_held_again
from enrolment.services.tutor_letters import owe_tutors_assigned


@transaction.atomic
def publish_run(*, run: CourseRun, now: datetime | None = None) -> int:
    """Make the run visible, and owe its tutors the news that they lead it, and whoever asked to be
    told that the course is held again; how many are told.

    Publishing a published run changes nothing, and owes nothing. Raises NotPublishable of
    `courses.services`.
    """
    now = now or timezone.now()
    was_published = course_services.lock_run(run.pk).is_published
    course_services.publish(run=run, now=now)
    if was_published:
        return 0
    published = course_services.lock_run(run.pk)
    tutors = [each.tutor for each in published.assignments.select_related("tutor__user")]
    told = owe_tutors_assigned(published, tutors, now=now)
    return told + owe_held_again(published, now=now)
