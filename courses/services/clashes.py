"""Where a plan asks somebody to be in two rooms, or two groups to be in one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q
from django.utils import timezone

from courses.models import CourseRun, CourseSession, Tutor, TutorAssignment, Venue


@dataclass(frozen=True)
class Planned:
    """A session as it is going to be: when, where, and who is in front of it."""

    starts_at: datetime
    ends_at: datetime
    venue: Venue | None = None
    tutors: Sequence[Tutor] = ()
    run_id: int | None = None  # of a stored run, whose own sessions are no clash


@dataclass(frozen=True)
class Clash:
    """Another session at the same time: with whom of the same tutors, and whether in one place."""

    planned: Planned
    other: CourseSession
    tutors: list[Tutor]
    is_same_venue: bool


def clashes(planned: Sequence[Planned], *, besides: CourseRun | None = None) -> list[Clash]:
    """Sessions at the same time with the same tutor or at the same venue, in order of time.

    Drafts count; what is cancelled does not, nor do the sessions of the run `besides`. Three
    queries however many are planned; none where none is.
    """
    if not planned:
        return []
    # By days: of a whole semester, one condition for each session would be too many for SQLite.
    times: dict[date, tuple[datetime, datetime]] = {}
    for each in planned:
        on = timezone.localdate(each.starts_at)
        begins, ends = times.get(on, (each.starts_at, each.ends_at))
        times[on] = (min(begins, each.starts_at), max(ends, each.ends_at))
    at_the_time = Q()
    for begins, ends in times.values():
        at_the_time |= Q(starts_at__lt=ends, ends_at__gt=begins)
    others = (
        CourseSession.objects.not_cancelled()
        .filter(at_the_time)
        .exclude(run=besides.pk if besides else None)
        .exclude(run__status=CourseRun.Status.CANCELLED)
        .select_related("venue", "run__venue", "run__course", "run__semester")
        .prefetch_related(
            Prefetch(
                "run__assignments", queryset=TutorAssignment.objects.with_substitutions().order_by()
            )
        )
    )
    return clashes_with(others, planned)


def clashes_with(others: Iterable[CourseSession], planned: Sequence[Planned]) -> list[Clash]:
    """As `clashes`, with these sessions alone, be they not stored yet.

    No query where their runs carry their tutors `with_substitutions`.
    """
    found = [
        clash
        for other in others
        for each in planned
        if (each.run_id is None or other.run_id != each.run_id)
        and each.starts_at < other.ends_at
        and other.starts_at < each.ends_at
        and ((clash := _clash(each, other)).tutors or clash.is_same_venue)
    ]
    return sorted(found, key=lambda clash: (clash.planned.starts_at, clash.other.pk or 0))


def _clash(planned: Planned, other: CourseSession) -> Clash:
    there = {tutor.pk for tutor in other.tutors_in_front}
    return Clash(
        planned=planned,
        other=other,
        tutors=[tutor for tutor in planned.tutors if tutor.pk in there],
        is_same_venue=planned.venue is not None and planned.venue == other.place,
    )
