"""What search engines are asked to leave alone: pages that are somebody's own, and staff's."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from courses.web.public_pages import public_page

# The beginnings of addresses, without the prefix of a language; `*` is anything.
LEFT_ALONE = (
    "/admin/",
    "/avmelding/",
    "/bevis/",
    "/kalender/",
    "/kurs/*/pamelding/",
    "/kurs/*/si-fra/",
    "/kursbevis/",
    "/kursholder/",
    "/logg-inn/",
    "/logg-ut/",
    "/min-side/",
    "/si-fra/",
)


@require_safe
@public_page
def robots(request: HttpRequest) -> HttpResponse:
    prefixes = ["", *(f"/{code}" for code, _name in settings.LANGUAGES)]
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}{each}" for prefix in prefixes for each in LEFT_ALONE]
    lines += ["", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
