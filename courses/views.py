import mimetypes

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control

from courses.models import Course, Picture


def healthz(request: HttpRequest) -> HttpResponse:
    """Says `ok` where the process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@cache_control(public=True, max_age=31536000, immutable=True)
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A logo or portrait. Its name is the hash of its content, so it may be cached for ever."""
    stored = get_object_or_404(Picture, name=name)
    content_type = mimetypes.guess_type(stored.name)[0] or "application/octet-stream"
    return HttpResponse(bytes(stored.content), content_type=content_type)


def front_page(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/front_page.html")


def catalogue(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/catalogue.html", {"section": "courses"})


def course(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Course.objects.public(), slug=slug)
    return render(request, "courses/course.html", {"course": shown, "section": "courses"})


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/privacy.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/accessibility.html")
