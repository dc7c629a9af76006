from courses.views.calendars import catalogue_calendar, run_calendar
from courses.views.catalogue import catalogue, course, front_page
from courses.views.college import accessibility, colours, picture
from courses.views.errors import bad_request, csrf_failure, healthz, not_found, server_error
from courses.views.first_time import first_time
from courses.views.news import new_runs, sitemap
from courses.views.opportunities import (
    opportunities,
    opportunity_report,
    opportunity_reported,
)
from courses.views.semester import semester, semester_calendar
from courses.views.written_pages import page, page_file, stories

__all__ = [
    "accessibility",
    "bad_request",
    "catalogue",
    "catalogue_calendar",
    "colours",
    "course",
    "csrf_failure",
    "first_time",
    "front_page",
    "healthz",
    "new_runs",
    "not_found",
    "opportunities",
    "opportunity_report",
    "opportunity_reported",
    "page",
    "page_file",
    "picture",
    "run_calendar",
    "semester",
    "semester_calendar",
    "server_error",
    "sitemap",
    "stories",
]
