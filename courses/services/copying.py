"""A run held again: one of them, or those of a whole semester.

What is planned is the very rows that are written afterwards, so that a page shows what will be.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import CourseRun, CourseSession, Semester, Tutor, TutorAssignment
from courses.services.clashes import Planned
from courses.services.errors import CopiesChanged
from courses.services.rhythm import monthly_nth, nearest_nth, repeated_days
from courses.services.schedule import moment

# By model, the fields that a copy has from what it is copied from.
COPIED: dict[type[models.Model], frozenset[str]] = {
    CourseRun: frozenset(
        {"course", "venue", "contact_name", "contact_phone", "entry", "capacity", "practical"}
        | {"who_meets_you", "writes_after_absence"}
    ),
    CourseSession: frozenset({"theme", "venue", "is_optional"}),
    TutorAssignment: frozenset({"tutor", "role"}),
}
# And those that it has not: chosen or computed anew, left as a new row has them, or of a time that
# has passed, such as who was a guest, by which link one joined, and how many came.
NOT_COPIED: dict[type[models.Model], frozenset[str]] = {
    CourseRun: frozenset(
        {"id", "semester", "enrolment_opens_at", "enrolment_closes_at", "waiting_list_closes_at"}
        | {"status", "published_at", "cancelled_at", "places_taken", "waiting", "changed_at"}
    ),
    CourseSession: frozenset(
        {"id", "run", "starts_at", "ends_at", "guest_speakers", "online_link", "headcount"}
        | {"cancelled_at", "changed_at"}
    ),
    TutorAssignment: frozenset({"id", "run"}),
}


class WeekOf(models.TextChoices):
    """By which weeks a run finds its place in another semester."""

    SEMESTER = "semester", _("the same week of the semester")
    CALENDAR = "calendar", _("the same week of the year")


@dataclass(frozen=True)
class Copy:
    """Which run is held again, from which day on, and what a page has shown of that, if it did."""

    run: CourseRun
    first_day: date
    shown: str = ""


@dataclass(frozen=True)
class PlannedCopy:
    """A draft as it would be: not stored, and carrying its sessions and tutors, as little stored.

    `left_out` are tutors who teach no more.
    """

    source: CourseRun
    run: CourseRun
    left_out: list[Tutor]

    @property
    def planned(self) -> list[Planned]:
        """When and where who would be, session by session."""
        return [
            Planned(each.starts_at, each.ends_at, each.place, each.tutors_in_front)
            for each in self.run.session_list
        ]

    @property
    def fingerprint(self) -> str:
        """Another one whenever a page would show something else of it."""
        rows = [
            f"{self.source.pk} {self.run.semester_id} {self.run.venue_id} {self.run.capacity}",
            *(
                f"{each.starts_at.timestamp()} {each.ends_at.timestamp()} {each.venue_id}"
                for each in self.run.session_list
            ),
            *sorted(f"{each.tutor_id} {each.role}" for each in self.run.assignment_list),
        ]
        return sha256("\n".join(rows).encode()).hexdigest()


def suggested_first_day(
    run: CourseRun, semester: Semester, week_of: WeekOf = WeekOf.SEMESTER
) -> date:
    """The same weekday in the same week of the other semester; for a run without sessions, its
    first day.

    A run that keeps to one weekday of the month begins on the nearest such day.
    """
    days = _days(run.session_list)
    if not days:
        return semester.starts_on
    if week_of == WeekOf.CALENDAR:
        year, week, weekday = days[0].isocalendar()
        first_monday = date.fromisocalendar(year + semester.year - run.semester.year, 1, 1)
        day = first_monday + timedelta(weeks=week - 1, days=weekday - 1)
    else:
        day = days[0] + (_first_monday(semester) - _first_monday(run.semester))
    nth = monthly_nth(days)
    return day if nth is None else nearest_nth(day, nth)


def plan_copy(*, run: CourseRun, semester: Semester, first_day: date) -> PlannedCopy:
    """The draft that holds the run again from a day on. Sessions keep their times on the clock.

    Neither what is cancelled nor who teaches no more comes along. No query where the run carries
    its programme.
    """
    new = CourseRun(semester=semester, **_copied(run))
    sessions = run.session_list
    days = repeated_days(_days(sessions), first_day) if sessions else []
    new.pass_on(
        sessions=[
            _moved(CourseSession(run=new, **_copied(each)), each, day)
            for each, day in zip(sessions, days, strict=True)
        ],
        assignments=[
            TutorAssignment(run=new, **_copied(each))
            for each in run.assignment_list
            if each.tutor.is_active
        ],
    )
    for assignment in new.assignment_list:
        assignment.pass_on(substitutions=[])
    left_out = [each.tutor for each in run.assignment_list if not each.tutor.is_active]
    if left_out:
        new.who_meets_you = ""  # they may be the words of somebody who teaches no more
    return PlannedCopy(run, new, left_out)


@transaction.atomic
def copy_runs(
    *, semester: Semester, copies: Sequence[Copy], known: Collection[int]
) -> list[CourseRun]:
    """New drafts in a semester, all or none.

    `known` are the keys of the runs that the page knew of: where meanwhile another run of one of
    these courses has come into the semester, somebody has held it again already, be it by sending
    the same page twice. Locks the semester.

    Raises CopiesChanged then, and where a run would be copied otherwise than was `shown`;
    ValidationError where a rule of the model is broken.
    """
    list(Semester.objects.select_for_update().order_by().filter(pk=semester.pk).values_list("pk"))
    sources = CourseRun.objects.with_programme().in_bulk([each.run.pk for each in copies])
    if len(sources) < len(copies):
        raise CopiesChanged
    courses = {each.course_id for each in sources.values()}
    there = CourseRun.objects.filter(semester=semester, course__in=courses).order_by()
    if set(there.values_list("pk", flat=True)) - set(known):
        raise CopiesChanged
    made = []
    for copy in copies:
        plan = plan_copy(run=sources[copy.run.pk], semester=semester, first_day=copy.first_day)
        if copy.shown and copy.shown != plan.fingerprint:
            raise CopiesChanged
        plan.run.full_clean()
        plan.run.save()
        made.append(plan.run)
    # Each of their rules is the database's too, and held for the rows that they are copied from.
    CourseSession.objects.bulk_create([each for run in made for each in run.session_list])
    TutorAssignment.objects.bulk_create([each for run in made for each in run.assignment_list])
    return made


def repeating_runs(runs: Iterable[CourseRun], semester: Semester) -> dict[int, CourseRun]:
    """By the key of each of these runs, the run of the semester that holds it again already.

    One of the same course, and each for one run alone: at the same weekday and time if there is
    such a one. Two queries.
    """
    there = list(
        CourseRun.objects.filter(semester=semester)
        .exclude(status=CourseRun.Status.CANCELLED)
        .prefetch_related("sessions")
        .order_by("pk")
    )
    # A run that was cancelled was most likely not what is held again.
    waiting = sorted(runs, key=lambda each: (each.is_cancelled, each.pk))
    found: dict[int, CourseRun] = {}
    for also_when in (True, False):
        for run in waiting:
            alike = [
                each
                for each in there
                if each.course_id == run.course_id
                and not (also_when and _meets(each) != _meets(run))
            ]
            if alike and run.pk not in found:
                found[run.pk] = alike[0]
                there.remove(alike[0])
    return found


def _copied(row: models.Model) -> dict[str, object]:
    return {name: getattr(row, name) for name in COPIED[type(row)]}


def _days(sessions: Iterable[CourseSession]) -> list[date]:
    return [timezone.localdate(each.starts_at) for each in sessions]


def _first_monday(semester: Semester) -> date:
    """Of its first week: as in the calendar, that is the one with most days in it."""
    starts_on = semester.starts_on
    monday = starts_on - timedelta(days=starts_on.weekday())
    return monday if starts_on.weekday() <= 3 else monday + timedelta(weeks=1)


def _moved(new: CourseSession, source: CourseSession, day: date) -> CourseSession:
    """The session on that day, at the same time on the clock, be it past midnight."""
    begins, ends = timezone.localtime(source.starts_at), timezone.localtime(source.ends_at)
    new.starts_at = moment(day, begins.time())
    new.ends_at = moment(day + (ends.date() - begins.date()), ends.time())
    if new.ends_at <= new.starts_at:
        # It would end in the hour that is left out one night a year: then it lasts as long.
        new.ends_at = new.starts_at + (source.ends_at - source.starts_at)
    return new


def _meets(run: CourseRun) -> tuple[object, ...]:
    """On which weekday and when a run begins; nothing for one without sessions."""
    if run.starts_at is None:
        return ()
    local = timezone.localtime(run.starts_at)
    return (local.weekday(), local.time())
