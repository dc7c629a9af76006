"""Which runs an adult-education association gives a subsidy for, by the rule of the college."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Self

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from certificates.models import Attendance
from courses.models import College, CourseRun, CourseSession
from courses.norwegian.formatting import hours as hours_in_words

# How long after their last session runs are listed, whatever became of their deadline.
LISTED_DAYS = 365


@dataclass(frozen=True)
class Rule:
    hours: int
    participants: int
    percent: int
    months: int

    @classmethod
    def of(cls, college: College) -> Self:
        return cls(
            hours=college.subsidy_hours,
            participants=college.subsidy_participants,
            percent=college.subsidy_attendance_percent,
            months=college.subsidy_months,
        )


@dataclass
class SubsidyRow:
    """A run that is over, in numbers: no name of anybody who took part."""

    run: int
    title: str
    format: str
    venue: str
    first_on: date
    last_on: date
    deadline: date
    hours: float
    # Who was there at all, and who was there long enough.
    participants: int
    counted: int
    is_late: bool
    reasons: list[str] = field(default_factory=list)

    @property
    def qualifies(self) -> bool:
        return not self.reasons


def subsidy_rows(*, now: datetime, college: College | None = None) -> list[SubsidyRow]:
    """Runs by sign-up that ended in the last year: those that qualify, and those that nearly do.

    Nearly is whatever lacks one thing alone; its reasons say which. Optional sessions are no hours
    that somebody has to be in. Whoever was present for the part of the hours that the rule asks for
    is counted. The nearest deadline first. Four queries at most.
    """
    rule = Rule.of(college or College.objects.current())
    sessions = _sessions_of_runs_over(now)
    runs = {
        each.pk: each
        for each in CourseRun.objects.filter(pk__in=sessions).select_related("course", "venue")
    }
    required = {key: _required(found) for key, found in sessions.items()}
    hours = {each.pk: each.hours for found in required.values() for each in found}
    taken: dict[tuple[int, int], float] = defaultdict(float)
    marks = Attendance.objects.present().filter(session__run__in=runs).order_by()
    for run, student, session in marks.values_list("session__run", "student", "session"):
        taken[run, student] += hours.get(session, 0)
    rows = []
    for key, found in required.items():
        length = sum(each.hours for each in found)
        present = [each for (run, _student), each in taken.items() if run == key]
        last_on = timezone.localdate(max(each.starts_at for each in sessions[key]))
        deadline = months_after(last_on, rule.months)
        course, venue = runs[key].course, runs[key].venue
        row = SubsidyRow(
            run=key,
            title=course.title,
            format=course.get_format_display(),
            venue=venue.name if venue else "",
            first_on=timezone.localdate(min(each.starts_at for each in sessions[key])),
            last_on=last_on,
            deadline=deadline,
            hours=length,
            participants=len(present),
            # A hundredth of an hour is what halves and thirds of hours leave.
            counted=sum(each + 0.005 >= length * rule.percent / 100 for each in present),
            is_late=deadline < timezone.localdate(now),
        )
        row.reasons = _reasons(row, rule)
        if len(row.reasons) < 2:
            rows.append(row)
    return sorted(rows, key=lambda row: (row.is_late, row.deadline, row.title, row.run))


def _sessions_of_runs_over(now: datetime) -> dict[int, list[CourseSession]]:
    """The sessions that were held of each run by sign-up that ended in the last year. One query."""
    sessions = (
        CourseSession.objects.not_cancelled()
        .filter(
            run__entry=CourseRun.Entry.SIGN_UP,
            run__status__in=(CourseRun.Status.PUBLISHED, CourseRun.Status.CANCELLED),
            run__sessions__ends_at__gt=now - timedelta(days=LISTED_DAYS),
        )
        .select_related("run")
        .distinct()
    )
    by_run: dict[int, list[CourseSession]] = defaultdict(list)
    for each in sessions:
        if each.takes_place:
            by_run[each.run_id].append(each)
    oldest = now - timedelta(days=LISTED_DAYS)
    return {
        key: found
        for key, found in by_run.items()
        if oldest < max(each.ends_at for each in found) <= now
    }


def _required(sessions: Iterable[CourseSession]) -> list[CourseSession]:
    """Those that belong to the course; all of them where every one is optional."""
    found = list(sessions)
    return [each for each in found if not each.is_optional] or found


def _reasons(row: SubsidyRow, rule: Rule) -> list[str]:
    reasons = []
    if row.hours < rule.hours:
        reasons.append(
            gettext("It lasted %(hours)s of the %(wanted)s hours that are asked for.")
            % {"hours": hours_in_words(row.hours), "wanted": rule.hours}
        )
    if row.counted < rule.participants:
        reasons.append(
            ngettext(
                "%(number)s was there for %(percent)s %% or more. %(wanted)s are asked for.",
                "%(number)s were there for %(percent)s %% or more. %(wanted)s are asked for.",
                row.counted,
            )
            % {"number": row.counted, "percent": rule.percent, "wanted": rule.participants}
        )
    return reasons


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
