from courses.views.calendars import catalogue_calendar, run_calendar
from courses.views.catalogue import catalogue, course, front_page
from courses.views.college import accessibility, picture
from courses.views.errors import bad_request, csrf_failure, healthz, server_error

__all__ = [
    "accessibility",
    "bad_request",
    "catalogue",
    "catalogue_calendar",
    "course",
    "csrf_failure",
    "front_page",
    "healthz",
    "picture",
    "run_calendar",
    "server_error",
]
