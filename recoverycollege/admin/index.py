"""What needs doing: the index by task. A fixed number of queries, however busy the semester."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.utils import timezone

from certificates.feedback_results import offers_waiting
from certificates.queries import registers_not_taken, without_certificates
from courses import services as course_services
from courses.models import (
    College,
    CourseRun,
    CourseSession,
    Idea,
    Opportunity,
    Semester,
    Tutor,
)
from enrolment import services
from enrolment.admin.call_list import Counted, counted
from enrolment.admin.missing import MissingLink, with_links
from enrolment.admin.warnings import (
    Waiting,
    questions_waiting,
    sessions_without_pair,
    to_be_told,
    unreachable_tutors,
    unusually_many_sign_ups,
    waiting_letters,
)
from enrolment.models import Adjustment, Enrolment
from enrolment.queries import (
    open_for_sign_up,
    runs_to_call_for,
    unfinished,
    with_sessions,
)
from recoverycollege.admin.checklist import Step, steps


@dataclass(frozen=True)
class Draft:
    run: CourseRun
    missing: list[MissingLink]


@dataclass(frozen=True)
class Tasks:
    college: College | None
    has_semester: bool
    steps: list[Step]  # of setting up; none once a run has been published
    runs: list[CourseRun]
    drafts: list[Draft]
    sessions: list[CourseSession]
    queues: list[CourseRun]
    calls: Counted
    waiting: Waiting | None
    many_sign_ups: int
    unreachable_tutors: list[Tutor]
    without_pair: list[CourseSession]
    adjustments: list[CourseRun]
    registers: list[CourseSession]
    without_certificates: list[CourseRun]
    to_be_told: int
    questions: int
    new_ideas: int
    to_check: int  # opportunities outside the college
    doubted: int  # those of them of which somebody said that they are not right
    developer_offers: int
    open_runs: list[CourseRun]

    @property
    def semesters_with_drafts(self) -> list[Semester]:
        """The first to begin first."""
        found = {each.run.semester for each in self.drafts}
        return sorted(found, key=lambda semester: semester.starts_on)

    @cached_property
    def asked_to_wait(self) -> list[tuple[CourseRun, int]]:
        """Where sign-up asks people to wait this hour, and how many tries it asked."""
        return services.asked_to_wait(self.open_runs)


def _number_of(rows: QuerySet[Any]) -> Subquery:
    """How many there are; None without any. For a query of something else."""
    all_of_them = rows.order_by().annotate(all=Value(1)).values("all")
    return Subquery(all_of_them.annotate(number=Count("pk")).values("number"))


def tasks() -> Tasks:
    now, today = timezone.now(), timezone.localdate()
    published = CourseRun.objects.filter(published_at__isnull=False)
    college = College.objects.annotate(
        to_be_told=to_be_told(),
        questions=questions_waiting(),
        new_ideas=_number_of(Idea.objects.new()),
        to_check=_number_of(Opportunity.objects.to_check(today)),
        doubted=_number_of(Opportunity.objects.reported()),
        developer_offers=offers_waiting(),
        is_set_up=Exists(published),
    ).first()
    drafts = list(
        CourseRun.objects.filter(status=CourseRun.Status.DRAFT, semester__ends_on__gte=today)
        .with_programme()
        .prefetch_related("course__coursedeveloper_set")
        .by_start()
    )
    # Read once for all that is asked about them.
    to_arrange = Adjustment.objects.filter(
        enrolment__run=OuterRef("pk"), arranged_at=None, enrolment__status__in=Enrolment.LIVE
    )
    found = unfinished().annotate(needs_arranging=Exists(to_arrange.order_by()))
    runs = with_sessions(found.order_by("last_ends_at", "pk"))
    soon = now + timedelta(days=settings.SESSIONS_AHEAD_DAYS)
    has_semester = (
        bool(drafts)
        or any(not run.semester.is_past for run in runs)
        or Semester.objects.filter(ends_on__gte=today).exists()
    )
    return Tasks(
        college=college,
        has_semester=has_semester,
        steps=[]
        if getattr(college, "is_set_up", False)  # annotated
        else steps(college, has_semester=has_semester),
        runs=runs,
        drafts=[
            Draft(
                run,
                with_links(run, course_services.missing_for_publication(run, college=college)),
            )
            for run in drafts
        ],
        sessions=sorted(
            (
                each
                for run in runs
                for each in run.session_list
                if each.ends_at >= now and each.starts_at < soon
            ),
            key=lambda each: (each.starts_at, each.pk),
        ),
        queues=[run for run in runs if run.waiting > 0],
        calls=counted(runs_to_call_for(runs)),
        waiting=waiting_letters(),
        many_sign_ups=unusually_many_sign_ups(),
        unreachable_tutors=unreachable_tutors(runs),
        without_pair=sessions_without_pair(),
        adjustments=[run for run in runs if run.needs_arranging],  # type: ignore[attr-defined]
        registers=list(registers_not_taken(now)),
        without_certificates=list(without_certificates(now)),
        to_be_told=getattr(college, "to_be_told", 0) or 0,  # annotated
        questions=getattr(college, "questions", 0) or 0,
        new_ideas=getattr(college, "new_ideas", 0) or 0,
        to_check=getattr(college, "to_check", 0) or 0,
        doubted=getattr(college, "doubted", 0) or 0,
        developer_offers=getattr(college, "developer_offers", 0) or 0,
        open_runs=open_for_sign_up(runs, now),
    )
