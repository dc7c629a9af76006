"""A student's appointments for calendars: as a file from a letter, and to subscribe to."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.models import College
from enrolment import links
from enrolment.calendar import calendar_of, subscription_of
from enrolment.links import Purpose
from enrolment.models import Student
from enrolment.queries import newest_of, recent_enrolments
from enrolment.student_session import personal_page
from enrolment.views.my_page import link_is_gone


@personal_page
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """One enrolment's appointments as a file. After a withdrawal it takes them off again."""
    enrolment = links.enrolment_of(Purpose.CALENDAR, token)
    if enrolment is None:
        return link_is_gone(request)
    return _file(calendar_of(newest_of(enrolment), College.objects.current()))


@personal_page
@require_safe
def my_calendar(request: HttpRequest, key: str) -> HttpResponse:
    """All of a student's appointments, asked for by calendars again and again."""
    student = Student.objects.with_key(key, is_calendar=True)
    if student is None:
        return link_is_gone(request)
    since = timezone.now() - timedelta(days=settings.CALENDAR_PAST_DAYS)
    enrolments = recent_enrolments(student, since=since)
    return _file(subscription_of(enrolments, College.objects.current()))


def _file(content: bytes) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="avtale.ics"'},
    )
