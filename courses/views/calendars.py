"""The programme for calendars: one run, or all that anybody may see. No sign-up is needed."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from courses import queries
from courses.calendar import calendar_file, public_appointments
from courses.models import College, CourseSession
from courses.web.public_pages import kept, public_page


@require_safe
@public_page
def run_calendar(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """The sessions of a run that anybody may see, with those that are off."""
    sessions = list(queries.public_sessions().filter(run=run_id, run__course__slug=slug))
    if not sessions:
        raise Http404
    return sessions_file(request, sessions, College.objects.current())


@require_safe
@public_page
def catalogue_calendar(request: HttpRequest) -> HttpResponse:
    """Every session to come and of late, to subscribe to."""
    since = timezone.now() - timedelta(days=settings.CALENDAR_PAST_DAYS)
    sessions = list(queries.public_sessions().filter(ends_at__gt=since))
    college = College.objects.current()
    name = college.name or gettext("Courses")
    return sessions_file(request, sessions, college, name=name)


def sessions_file(
    request: HttpRequest, sessions: Sequence[CourseSession], college: College, *, name: str = ""
) -> HttpResponse:
    """The answer with these sessions. One with a name is to be subscribed to."""
    appointments = public_appointments(sessions, college)
    content = kept(request, (appointments, name), lambda: calendar_file(appointments, name=name))
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="kurs.ics"'},
    )
