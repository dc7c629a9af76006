"""A course and its runs as search engines read them: schema.org's `Course`, as JSON-LD."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from courses.models import College, Course, CourseRun

# Nothing in a text ends the element that holds it.
ESCAPED = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def json_ld(course: Course, runs: list[CourseRun], college: College) -> SafeString:
    """The course, and those of its runs that take place. Never somebody's home, nor a link.

    No query where sessions and venues are loaded.
    """
    url = settings.SITE_URL + reverse("course", args=[course.slug])
    provider = {"@type": "Organization", "name": college.name, "url": settings.SITE_URL}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": course.title,
        "description": course.summary,
        "url": url,
        "inLanguage": course.language,
        "provider": provider,
        "isAccessibleForFree": True,
        "offers": {"@type": "Offer", "category": "Free", "price": 0, "priceCurrency": "NOK"},
    }
    if instances := [_instance(run, url) for run in runs if run.is_published and run.session_list]:
        data["hasCourseInstance"] = instances
    words = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPED)
    return mark_safe(words)  # noqa: S308  # escaped above


def _instance(run: CourseRun, url: str) -> dict[str, Any]:
    sessions = run.session_list
    minutes = sum(int((each.ends_at - each.starts_at).total_seconds()) // 60 for each in sessions)
    found: dict[str, Any] = {
        "@type": "CourseInstance",
        "url": f"{url}#run-{run.pk}",
        "courseMode": "Online" if all(each.is_only_online for each in sessions) else "Onsite",
        "startDate": sessions[0].starts_at.isoformat(),
        "endDate": sessions[-1].ends_at.isoformat(),
        "courseWorkload": f"PT{minutes}M",
    }
    venue = sessions[0].place
    if venue and venue.is_public:
        found["location"] = {
            "@type": "Place",
            "name": venue.name,
            "address": {
                "@type": "PostalAddress",
                "streetAddress": venue.street,
                "addressLocality": venue.town,
                "addressCountry": "NO",
            },
        }
    return found
