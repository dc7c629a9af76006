"""Two past semesters, the current and the coming one, wherever in the year today is."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from courses.models import SchoolHoliday, Semester

SPRING, AUTUMN = Semester.Term.SPRING, Semester.Term.AUTUMN


def days_of(year: int, term: str) -> tuple[date, date]:
    """First and last day."""
    if term == SPRING:
        return date(year, 1, 1), date(year, 6, 30)
    return date(year, 8, 1), date(year, 12, 31)


def terms_around(today: date) -> list[tuple[int, Semester.Term]]:
    """Two before, the one that today is in, and the next. In July the autumn is the current one."""
    current = today.year * 2 + (today.month > 6)
    return [
        (number // 2, AUTUMN if number % 2 else SPRING)
        for number in range(current - 2, current + 2)
    ]


def wall_clock(day: date, hour: int, minute: int = 0) -> datetime:
    """The moment at which clocks in Norway show this, summer time or not."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def make_semesters(*, now: datetime) -> list[Semester]:
    """In order of time: indexes 0 and 1 are past, 2 is the current one, 3 the coming one.

    Sign-up is open for everything that has not begun, so that there is something to try.
    """
    today = timezone.localdate(now)
    semesters = []
    for year, term in terms_around(today):
        starts_on, ends_on = days_of(year, term)
        name, week = ("Vinterferie", 8) if term == SPRING else ("Høstferie", 40)
        SchoolHoliday.objects.create(
            name=name,
            starts_on=date.fromisocalendar(year, week, 1),
            ends_on=date.fromisocalendar(year, week, 5),
        )
        opens_on = min(starts_on - timedelta(days=30), today - timedelta(days=21))
        semesters.append(
            Semester.objects.create(
                year=year,
                term=term,
                starts_on=starts_on,
                ends_on=ends_on,
                enrolment_opens_at=wall_clock(opens_on, 9),
            )
        )
    return semesters


def semester_of(day: date, semesters: list[Semester]) -> Semester:
    """The semester that a run beginning on the day belongs to."""
    begun = [semester for semester in semesters if semester.starts_on <= day]
    return begun[-1] if begun else semesters[0]


def day_in(semester: Semester, *, week: int, weekday: int) -> date:
    """A weekday (Monday is 0) in one of the semester's teaching weeks, counted from 1."""
    starts_on = semester.starts_on
    first = date(starts_on.year, 1, 12) if semester.term == SPRING else date(starts_on.year, 8, 22)
    monday = first + timedelta(days=-first.weekday() % 7)
    return monday + timedelta(days=7 * (week - 1) + weekday)
