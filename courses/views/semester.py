"""A semester at a glance, for the screen, for one sheet of paper and for calendars."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses import queries
from courses.calendar import subscription_address
from courses.catalogue import semester_in_words
from courses.models import College, Semester
from courses.semester_page import weeks_of
from courses.small_facts import small_facts
from courses.views.calendars import sessions_file
from courses.web.public_pages import drawn_once, public_page


def _semester(slug: str) -> Semester:
    """The one that is called so in addresses, where anybody may see a run of it; else 404."""
    for each in queries.public_semesters():
        if each.slug == slug:
            return each
    raise Http404


@require_safe
@public_page
def semester(request: HttpRequest, semester_slug: str) -> HttpResponse:
    """Its weeks, with every session that takes place."""
    shown = _semester(semester_slug)
    now = timezone.now()
    rows = queries.runs_of(shown, with_texts=False)

    def context() -> dict[str, object]:
        facts = small_facts(rows.facts)
        return {
            "section": "courses",
            "college": facts.college,
            "semester": shown,
            "semester_name": semester_in_words(shown),
            "weeks": weeks_of(queries.entries(rows, facts, now=now)),
            "subscription": subscription_address(reverse("semester_calendar", args=[shown.slug])),
        }

    contents = (shown.slug, rows.contents(now))
    return drawn_once(request, "courses/semester.html", contents=contents, context=context)


@require_safe
@public_page
def semester_calendar(request: HttpRequest, semester_slug: str) -> HttpResponse:
    """Every session of its public runs, those that are off among them."""
    shown = _semester(semester_slug)
    sessions = list(queries.public_sessions().filter(run__semester=shown))
    college = College.objects.current()
    name = ", ".join(filter(None, (college.name, semester_in_words(shown))))
    return sessions_file(request, sessions, college, name=name)
