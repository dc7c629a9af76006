"""Everything about one person, for somebody who asks for it by telephone or letter."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from courses.models import Tutor
from enrolment.admin.run_pages import page
from enrolment.models import Student
from recoverycollege.people.export import everything_about
from recoverycollege.people.views import data_file


@permission_required("enrolment.change_student", raise_exception=True)
def student_data(request: HttpRequest, student_id: int) -> HttpResponse:
    return _page(request, get_object_or_404(Student.objects.known(), pk=student_id))


@permission_required("enrolment.change_student", raise_exception=True)
def student_file(request: HttpRequest, student_id: int) -> HttpResponse:
    return data_file(get_object_or_404(Student.objects.known(), pk=student_id))


@permission_required("courses.change_tutor", raise_exception=True)
def tutor_data(request: HttpRequest, tutor_id: int) -> HttpResponse:
    return _page(request, get_object_or_404(Tutor, pk=tutor_id))


@permission_required("courses.change_tutor", raise_exception=True)
def tutor_file(request: HttpRequest, tutor_id: int) -> HttpResponse:
    return data_file(get_object_or_404(Tutor, pk=tutor_id))


def _page(request: HttpRequest, person: Student | Tutor) -> HttpResponse:
    kind = "student" if isinstance(person, Student) else "tutor"
    return page(
        request,
        "admin/personal_data.html",
        gettext("Everything about %(name)s") % {"name": person},
        subtitle=str(person),
        sections=everything_about(person),
        file_url=reverse(f"admin:{kind}_data_file", args=[person.pk]),
        back_url=reverse(
            f"admin:{person._meta.app_label}_{person._meta.model_name}_change", args=[person.pk]
        ),
    )


def urls(site: admin.AdminSite) -> list[URLPattern]:
    students, tutors = "enrolment/student/<int:student_id>/", "courses/tutor/<int:tutor_id>/"
    return [
        path(f"{students}data/", site.admin_view(student_data), name="student_data"),
        path(f"{students}data/file/", site.admin_view(student_file), name="student_data_file"),
        path(f"{tutors}data/", site.admin_view(tutor_data), name="tutor_data"),
        path(f"{tutors}data/file/", site.admin_view(tutor_file), name="tutor_data_file"),
    ]
