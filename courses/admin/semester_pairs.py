"""Who developed and taught what in a semester, and how much had a full pair. Made to be printed."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext

from courses.admin.pages import page
from courses.co_production import co_production
from courses.models import Semester


@permission_required("courses.view_semester", raise_exception=True)
def semester_pairs(request: HttpRequest, semester_id: int) -> HttpResponse:
    semester = get_object_or_404(Semester, pk=semester_id)
    found = co_production(semester)
    return page(
        request,
        "admin/semester_pairs.html",
        gettext("Who does what, %(semester)s") % {"semester": semester.name},
        semester=semester,
        courses=found.courses,
        shares=[
            (
                gettext("Courses"),
                found.courses_with_pair,
                gettext("developed by a peer and a professional"),
            ),
            (
                gettext("Course runs"),
                found.runs_with_pair,
                gettext("given to a peer and a professional"),
            ),
            (
                gettext("Sessions"),
                found.sessions_with_pair,
                gettext("with a peer and a professional in front of the room"),
            ),
        ],
    )


def urls(site: admin.AdminSite) -> list[URLPattern]:
    route = "<row:semester_id>/pairs/"
    return [path(route, site.admin_view(semester_pairs), name="semester_pairs")]
