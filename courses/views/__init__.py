from courses.views.catalogue import catalogue, course, front_page
from courses.views.pages import (
    accessibility,
    bad_request,
    csrf_failure,
    healthz,
    picture,
    privacy,
    server_error,
)

__all__ = [
    "accessibility",
    "bad_request",
    "catalogue",
    "course",
    "csrf_failure",
    "front_page",
    "healthz",
    "picture",
    "privacy",
    "server_error",
]
