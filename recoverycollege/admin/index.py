"""What needs doing: the index by task. A fixed number of queries, however busy the semester."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from courses import services as course_services
from courses.models import College, Course, CourseRun, CourseSession, Semester
from enrolment import services
from enrolment.admin.warnings import Waiting, unusually_many_sign_ups, waiting_letters
from enrolment.models import Adjustment, Enrolment, Letter
from enrolment.queries import runs_to_call_for, unfinished


@dataclass(frozen=True)
class Draft:
    run: CourseRun
    missing: list[str]


@dataclass(frozen=True)
class Tasks:
    semester: Semester | None
    has_college: bool
    has_courses: bool
    drafts: list[Draft]
    sessions: list[CourseSession]
    queues: list[CourseRun]
    calls: int
    undelivered: int
    waiting: Waiting | None
    many_sign_ups: int
    adjustments: list[CourseRun]
    open_runs: list[CourseRun]

    @cached_property
    def asked_to_wait(self) -> list[tuple[CourseRun, int]]:
        """Where sign-up asks people to wait this hour, and how many tries it asked."""
        return services.asked_to_wait(self.open_runs)


def _people_to_tell(letters: QuerySet[Letter], to_call: list[CourseRun]) -> int:
    """How many people the call list is about: whoever has two letters counts once."""
    people = set(letters.values_list("student_id", flat=True))
    first: dict[int, int] = {}
    if to_call:
        queue = Enrolment.objects.to_call().filter(run__in=to_call)
        for run_id, student_id in queue.values_list("run_id", "student_id"):
            first.setdefault(run_id, student_id)
    return len(people | set(first.values()))


def tasks() -> Tasks:
    now, today = timezone.now(), timezone.localdate()
    college = College.objects.first()
    drafts = (
        CourseRun.objects.filter(status=CourseRun.Status.DRAFT, semester__ends_on__gte=today)
        .with_programme()
        .prefetch_related("course__coursedeveloper_set")
        .by_start()
    )
    letters = Letter.objects.for_staff()
    # Read once for all that is asked about them.
    runs = list(unfinished().prefetch_related("sessions").order_by("last_ends_at", "pk"))
    need_arranging = set(
        Adjustment.objects.filter(arranged_at__isnull=True, enrolment__status__in=Enrolment.LIVE)
        .order_by()
        .values_list("enrolment__run", flat=True)
    )
    to_call = runs_to_call_for(runs)
    return Tasks(
        semester=Semester.objects.filter(ends_on__gte=today).order_by("starts_on").first(),
        has_college=college is not None,
        has_courses=Course.objects.exists(),
        drafts=[
            Draft(run, course_services.missing_for_publication(run, college=college))
            for run in drafts
        ],
        sessions=list(
            CourseSession.objects.filter(
                run__status=CourseRun.Status.PUBLISHED,
                ends_at__gte=now,
                starts_at__lt=now + timedelta(days=settings.SESSIONS_AHEAD_DAYS),
            ).select_related("run__course", "run__semester", "run__venue", "venue")
        ),
        queues=[run for run in runs if run.waiting > 0],
        calls=_people_to_tell(letters.filter(failed_at__isnull=True), to_call),
        undelivered=letters.filter(failed_at__isnull=False).count(),
        waiting=waiting_letters(),
        many_sign_ups=unusually_many_sign_ups(),
        adjustments=[run for run in runs if run.pk in need_arranging],
        open_runs=sorted(
            (
                run
                for run in runs
                if run.has_sign_up and not run.has_started(now) and run.takes_sign_up(now)
            ),
            key=lambda run: (run.starts_at or now, run.pk),
        ),
    )
