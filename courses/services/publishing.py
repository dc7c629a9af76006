"""Nothing is published, or stays published, without its pair."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import College, Course, CourseRun
from courses.norwegian.formatting import day
from courses.services.errors import NotPublishable, PairIncomplete
from courses.services.runs import lock_run


class MendedOn(Enum):
    """The page, or the part of one, on which something that a run lacks is mended."""

    COURSE = auto()  # its developers
    TUTORS = auto()
    SUBSTITUTES = auto()
    SESSIONS = auto()
    VENUE = auto()
    CAPACITY = auto()
    COLLEGE = auto()  # its privacy texts, which all runs need
    CONFIRMATION = auto()  # that those texts are the college's own


@dataclass(frozen=True)
class Missing:
    """What a run lacks before anybody may see it."""

    sentence: str
    mended_on: MendedOn


def lock_course(course_id: int) -> None:
    """Hold the course's row until the transaction ends, after the locks of its runs.

    Nobody publishes a run of the course, not even a new one, while the pair behind it changes.
    """
    Course.objects.select_for_update().order_by().get(pk=course_id)


def lock_course_with_runs(course_id: int) -> None:
    """Hold the course and its runs, the runs first: nobody publishes one while its pair changes.

    Nothing where there is no such course.
    """
    runs = CourseRun.objects.select_for_update().order_by("pk").filter(course=course_id)
    list(runs.values_list("pk"))
    list(Course.objects.select_for_update().order_by().filter(pk=course_id).values_list("pk"))


def missing_for_publication(
    run: CourseRun, *, college: College | None = None, now: datetime | None = None
) -> list[Missing]:
    """Each thing the run lacks before anybody may see it; empty when ready.

    Reads the college where the caller has not.
    """
    missing = []
    if not run.course.has_developer_pair:
        missing.append(
            Missing(
                _(
                    "The course description needs two developers, one with lived experience and "
                    "one with professional experience: add the one who is missing."
                ),
                MendedOn.COURSE,
            )
        )
    if not run.has_tutor_pair:
        missing.append(
            Missing(
                _(
                    "The course needs two tutors, one with lived experience and one with "
                    "professional experience: add the one who is missing."
                ),
                MendedOn.TUTORS,
            )
        )
    elif without_pair := run.sessions_planned_without_pair(now):
        words = _(
            "On %(day)s, whoever stands in leaves the course without one of its two tutors: "
            "choose somebody else."
        )
        missing.append(
            Missing(words % {"day": day(without_pair[0].starts_at)}, MendedOn.SUBSTITUTES)
        )
    sessions = run.session_list
    if not sessions:
        missing.append(
            Missing(_("The run has no sessions yet: add at least one."), MendedOn.SESSIONS)
        )
    if run.venue is None and not (sessions and all(each.has_place for each in sessions)):
        missing.append(
            Missing(
                _("The run has no venue yet: choose one, or give each session an online link."),
                MendedOn.VENUE,
            )
        )
    if run.entry != CourseRun.Entry.CLOSED and any(
        venue and not venue.is_public for venue in (run.venue, *(each.venue for each in sessions))
    ):
        is_runs_own = run.venue is not None and not run.venue.is_public
        missing.append(
            Missing(
                _(
                    "The venue is not public, and the run is open to everybody: choose another "
                    "venue, or make the run closed."
                ),
                MendedOn.VENUE if is_runs_own else MendedOn.SESSIONS,
            )
        )
    if run.has_sign_up and not run.capacity:
        missing.append(
            Missing(
                _("People sign up for this run: write how many places there are."),
                MendedOn.CAPACITY,
            )
        )
    college = college or College.objects.first()
    if college is None or not college.has_privacy_texts:
        missing.append(
            Missing(
                _("The college's privacy texts are not filled in: write them under «College»."),
                MendedOn.COLLEGE,
            )
        )
    elif not college.has_confirmed_texts:
        missing.append(
            Missing(
                _(
                    "The college's texts are drafts still: read them under «College», and confirm "
                    "that they are true for you."
                ),
                MendedOn.CONFIRMATION,
            )
        )
    return missing


@transaction.atomic
def publish(*, run: CourseRun, now: datetime | None = None) -> None:
    """Make the run visible. Publishing a published run changes nothing.

    Raises NotPublishable with a sentence for each thing that is missing, or because the run is
    cancelled.
    """
    locked = lock_run(run.pk)
    if locked.is_published:
        return
    if locked.is_cancelled:
        raise NotPublishable([_("The run is cancelled. Make a new run instead.")])
    lock_course(locked.course_id)
    if missing := missing_for_publication(locked, now=now):
        raise NotPublishable([each.sentence for each in missing])
    locked.status = CourseRun.Status.PUBLISHED
    locked.published_at = locked.published_at or now or timezone.now()
    locked.save(update_fields=["status", "published_at"])
    run.status, run.published_at = locked.status, locked.published_at


def check_pairs(*, course: Course) -> None:
    """Raise PairIncomplete where a published, unfinished run of the course lacks a pair.

    Called at the end of every transaction that changed developers or tutors, so that replacing
    somebody in one save is fine and leaving a gap never is. Locks the course.
    """
    lock_course(course.pk)
    runs = [
        run
        for run in course.runs.published().prefetch_related("sessions", "assignments")
        if not run.is_finished()
    ]
    if runs and not Course.objects.get(pk=course.pk).has_developer_pair:
        raise PairIncomplete(
            _(
                "The course must keep two developers, one with lived experience and one with "
                "professional experience."
            )
        )
    if not all(run.has_tutor_pair for run in runs):
        raise PairIncomplete(
            _(
                "A published course must keep two tutors, one with lived experience and one with "
                "professional experience."
            )
        )
