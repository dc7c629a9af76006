from courses.views.catalogue import catalogue, course, front_page
from courses.views.pages import accessibility, csrf_failure, healthz, picture, privacy

__all__ = [
    "accessibility",
    "catalogue",
    "course",
    "csrf_failure",
    "front_page",
    "healthz",
    "picture",
    "privacy",
]
