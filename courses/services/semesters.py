"""The semester that comes next, as it is proposed to whoever adds it."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from courses.models import Semester

# The first and last day of each term, (month, day), as schools and adult education have them.
DAYS = {
    Semester.Term.SPRING: ((1, 2), (6, 30)),
    Semester.Term.AUTUMN: ((8, 1), (12, 22)),
}


def next_semester(now: datetime | None = None) -> Semester:
    """The one after the newest, with dates and an opening of sign-up; nothing is stored. One query.

    Before there is any: the one that it is now, where enough is left of it, else the next. Never
    one that is over.
    """
    here = timezone.localtime(now)
    newest = Semester.objects.first()
    semester = _after(newest) if newest else _semester(here.year, Semester.Term.SPRING)
    while semester.ends_on < here.date() + timedelta(days=settings.SEMESTER_LEFT_DAYS):
        semester = _after(semester)
    opens_on = max(semester.starts_on - timedelta(days=settings.SIGN_UP_OPENS_DAYS), here.date())
    semester.enrolment_opens_at = timezone.make_aware(datetime.combine(opens_on, time(9)))
    return semester


def _after(semester: Semester) -> Semester:
    if semester.term == Semester.Term.SPRING:
        return _semester(semester.year, Semester.Term.AUTUMN)
    return _semester(semester.year + 1, Semester.Term.SPRING)


def _semester(year: int, term: Semester.Term) -> Semester:
    first, last = DAYS[term]
    return Semester(year=year, term=term, starts_on=date(year, *first), ends_on=date(year, *last))
