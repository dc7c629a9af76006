"""Template filters over `courses.norwegian.formatting`."""

from django import template

from courses.models import CourseRun, CourseSession
from courses.norwegian import formatting

register = template.Library()
register.filter("day", formatting.day)
register.filter("short_day", formatting.short_day)
register.filter("shortest_day", formatting.shortest_day)
register.filter("day_without_weekday", formatting.day_without_weekday)
register.filter("clock", formatting.clock)
register.filter("near_moment", formatting.near_moment)
register.filter("hours", formatting.hours)
register.filter("phone", formatting.phone)
register.filter("quoted", formatting.quoted)
register.filter("within_sentence", formatting.within_sentence)


@register.filter
def clock_range(session: CourseSession) -> str:
    """The hours of a session: «kl. 18.00–20.30»."""
    return formatting.clock_range(session.starts_at, session.ends_at)


@register.filter
def quoted_run(run: CourseRun) -> str:
    """A run within a sentence: «Håp og vendepunkter», høst 2026."""
    return f"{formatting.quoted(run.course.title)}, {run.semester.name}"


@register.filter
def run_days(run: CourseRun) -> str:
    """From its first session to its last: «5.–19. november 2026»; empty without any."""
    starts_at, ends_at = run.starts_at, run.ends_at
    return formatting.days(starts_at, ends_at) if starts_at and ends_at else ""
