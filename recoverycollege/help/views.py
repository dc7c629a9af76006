"""The guides: all six in the admin, and what a tutor needs of them under /kursholder/."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from certificates.access import for_tutors
from courses.admin.pages import page
from recoverycollege.help.guides import FOR_COORDINATORS, FOR_TUTORS, Guide

for_coordinators = permission_required("courses.change_courserun", raise_exception=True)


@for_coordinators
def guides(request: HttpRequest) -> HttpResponse:
    """All of them. 403 for staff who are no coordinators, as on the pages they lead to."""
    return page(request, "admin/guides.html", gettext("How to do it"), guides=FOR_COORDINATORS)


@for_coordinators
def guide(request: HttpRequest, name: str) -> HttpResponse:
    found = _named(name, FOR_COORDINATORS)
    return page(request, "admin/guide.html", str(found.title), guide=found, policy=settings)


@for_tutors
@require_safe
def tutor_guides(request: HttpRequest) -> HttpResponse:
    return render(request, "recoverycollege/tutor_guides.html", {"guides": FOR_TUTORS})


@for_tutors
@require_safe
def tutor_guide(request: HttpRequest, name: str) -> HttpResponse:
    context = {"guide": _named(name, FOR_TUTORS), "policy": settings}
    return render(request, "recoverycollege/tutor_guide.html", context)


def _named(name: str, among: Iterable[Guide]) -> Guide:
    for each in among:
        if each.name == name:
            return each
    raise Http404


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("veiledning/", site.admin_view(guides), name="guides"),
        path("veiledning/<slug:name>/", site.admin_view(guide), name="guide"),
    ]


tutor_urls = [
    path("kursholder/veiledning/", tutor_guides, name="tutor_guides"),
    path("kursholder/veiledning/<slug:name>/", tutor_guide, name="tutor_guide"),
]
