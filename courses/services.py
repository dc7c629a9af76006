"""Verbs that write what the college offers."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import College, Course, CourseRun, CourseSession, NoticeVersion, Picture

COUNTED_FIELDS = frozenset(
    {"status", "places_taken", "waiting", "published_at", "cancelled_at", "capacity"}
)


# A run's sessions with everything about the run that a page or a letter shows, in one query.
WITH_ALL_THEY_SHOW = CourseSession.objects.select_related(
    "venue", "run__course", "run__semester", "run__venue"
).order_by()


class CourseError(Exception):
    """A verb of this module refused."""


class NotPublishable(CourseError):
    """The run lacks something; `missing` holds a sentence for each."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__("; ".join(missing))
        self.missing = missing


class PairIncomplete(CourseError):
    """The change would leave a published run, or its course, without its peer or professional."""


def lock_run(run_id: int) -> CourseRun:
    """The run as it is now with its sessions and venues, its row locked until the transaction ends.

    Must be called inside `atomic`. On SQLite the transaction itself is the lock.
    """
    # Nothing but the lock in the statement that locks. With joins, whoever waited for it would get
    # the run's new row with old rows beside it, or none where the venue or semester is another now.
    CourseRun.objects.select_for_update().order_by().values_list("pk").get(pk=run_id)
    sessions = WITH_ALL_THEY_SHOW.filter(run_id=run_id)
    run = next((session.run for session in sessions), None)
    if run is None:
        run = CourseRun.objects.select_related("course", "semester", "venue").get(pk=run_id)
    run.keep_sessions(sessions)
    return run


def lock_course(course_id: int) -> None:
    """Hold the course's row until the transaction ends, after the locks of its runs.

    Nobody publishes a run of the course, not even a new one, while the pair behind it changes.
    """
    Course.objects.select_for_update().order_by().get(pk=course_id)


@transaction.atomic
def save_run(*, run: CourseRun, fields: Iterable[str]) -> None:
    """Write the named fields of a run, and no other.

    Counters, status and capacity have verbs of their own: naming one here is a programming error
    (ValueError). Raises ValidationError where the changed run breaks a rule.
    """
    names = set(fields)
    if names & COUNTED_FIELDS:
        raise ValueError(f"These fields have verbs of their own: {sorted(names & COUNTED_FIELDS)}")
    locked = lock_run(run.pk)
    for name in names:
        setattr(locked, name, getattr(run, name))
    locked.full_clean()
    if names:
        locked.save(update_fields=sorted(names))


def missing_for_publication(run: CourseRun, *, college: College | None = None) -> list[str]:
    """A sentence for each thing the run lacks before anybody may see it; empty when ready.

    Reads the college where the caller has not.
    """
    missing = []
    if not run.course.has_developer_pair:
        missing.append(
            _(
                "The course description needs two developers, one with lived experience and one "
                "with professional experience: add the one who is missing."
            )
        )
    if not run.has_tutor_pair:
        missing.append(
            _(
                "The course needs two tutors, one with lived experience and one with professional "
                "experience: add the one who is missing."
            )
        )
    sessions = list(run.sessions.all())
    if not sessions:
        missing.append(_("The run has no sessions yet: add at least one."))
    if run.venue is None and not (sessions and all(each.has_place for each in sessions)):
        missing.append(
            _("The run has no venue yet: choose one, or give each session an online link.")
        )
    if run.entry != CourseRun.Entry.CLOSED and any(
        venue and not venue.is_public for venue in (run.venue, *(each.venue for each in sessions))
    ):
        missing.append(
            _(
                "The venue is not public, and the run is open to everybody: choose another venue, "
                "or make the run closed."
            )
        )
    if run.has_sign_up and not run.capacity:
        missing.append(_("People sign up for this run: write how many places there are."))
    college = college or College.objects.first()
    if college is None or not college.has_privacy_texts:
        missing.append(
            _("The college's privacy texts are not filled in: write them under «College».")
        )
    return missing


@transaction.atomic
def publish(*, run: CourseRun) -> None:
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
    if missing := missing_for_publication(locked):
        raise NotPublishable(missing)
    locked.status = CourseRun.Status.PUBLISHED
    locked.published_at = locked.published_at or timezone.now()
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


@transaction.atomic
def save_college(*, college: College) -> None:
    """Save the college. New words in the notice or ground rules become a new version of it.

    Each enrolment points at the version its student saw.
    """
    college.full_clean()
    college.save()
    latest = NoticeVersion.objects.order_by("pk").last()
    shown = (college.privacy_notice, college.ground_rules, college.legal_basis)
    if latest is None or shown != (
        latest.privacy_notice,
        latest.ground_rules,
        latest.legal_basis,
    ):
        NoticeVersion.objects.create(
            privacy_notice=college.privacy_notice,
            ground_rules=college.ground_rules,
            legal_basis=college.legal_basis,
        )


def slug_is_frozen(course: Course) -> bool:
    """Whether the course's address may stand on a poster somewhere."""
    return course.runs.filter(published_at__isnull=False).exists()


@transaction.atomic
def forget_portraits() -> int:
    """Delete the portraits that no tutor has any more. Returns how many.

    Logos stay: certificates that were issued are printed with them. Locks the rows first and looks
    again, so that a portrait that somebody stores anew in the same moment is kept.
    """
    portraits = Picture.objects.filter(is_logo=False)
    gone = portraits.exclude(pk__in=Picture.objects.shown().values("pk"))
    locked = list(gone.select_for_update().order_by("pk").values_list("pk", flat=True))
    unused = portraits.filter(pk__in=locked).exclude(pk__in=Picture.objects.shown().values("pk"))
    return unused.delete()[0]
