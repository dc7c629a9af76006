"""Template filters over `courses.dates`."""

from django import template

from courses import dates
from courses.models import CourseRun, CourseSession

register = template.Library()
register.filter("day", dates.day)
register.filter("short_day", dates.short_day)
register.filter("shortest_day", dates.shortest_day)
register.filter("day_without_weekday", dates.day_without_weekday)
register.filter("clock", dates.clock)
register.filter("hours", dates.hours)
register.filter("phone", dates.phone)
register.filter("quoted", dates.quoted)
register.filter("within_sentence", dates.within_sentence)


@register.filter
def clock_range(session: CourseSession) -> str:
    """The hours of a session: «kl. 18.00–20.30»."""
    return dates.clock_range(session.starts_at, session.ends_at)


@register.filter
def quoted_run(run: CourseRun) -> str:
    """A run within a sentence: «Håp og vendepunkter», høst 2026."""
    return f"{dates.quoted(run.course.title)}, {run.semester.name}"
