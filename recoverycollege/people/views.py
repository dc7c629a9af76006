"""What a student does about everything that we know of them: read it, take it along, erase it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from certificates.access import for_tutors
from courses.models import Tutor
from enrolment.forms_not_shown_again import clear_caches
from enrolment.models import Student
from enrolment.student_session import personal_page, sign_out, signed_in_student
from recoverycollege.people.erasing import ErasuresNotKept, erase, plan_erasure
from recoverycollege.people.export import as_json, everything_about


@personal_page
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Everything that is held about the student, in words."""
    student = signed_in_student(request)
    if student is None:
        return redirect("my_page")
    context = {"sections": everything_about(student), "section": "my_page"}
    return render(request, "recoverycollege/my_data.html", context)


@personal_page
@require_safe
def my_data_file(request: HttpRequest) -> HttpResponse:
    """The same as JSON."""
    student = signed_in_student(request)
    if student is None:
        raise Http404
    return data_file(student)


@for_tutors
@require_safe
def tutor_data(request: HttpRequest) -> HttpResponse:
    """Everything that is held about the signed-in tutor, in words."""
    tutor = Tutor.objects.filter(user=request.user.pk).first()
    if tutor is None:
        return redirect("tutor_runs")
    return render(request, "recoverycollege/tutor_data.html", {"sections": everything_about(tutor)})


@for_tutors
@require_safe
def tutor_data_file(request: HttpRequest) -> HttpResponse:
    """The same as JSON."""
    return data_file(get_object_or_404(Tutor, user=request.user.pk))


def data_file(person: Student | Tutor) -> HttpResponse:
    """Everything about somebody as a file with a neutral name."""
    return HttpResponse(
        as_json(everything_about(person)),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="opplysninger.json"'},
    )


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_erasure(request: HttpRequest) -> HttpResponse:
    """What erasing means for places and certificates; then one button. No reason is asked."""
    student = signed_in_student(request)
    if student is None:
        return redirect("my_page")
    is_refused = False
    if request.method == "POST":
        try:
            erase(student=student)
        except ErasuresNotKept:
            is_refused = True
        else:
            sign_out(request)
            return clear_caches(redirect("my_erased"))
    context = {
        "plan": plan_erasure(student),
        "days": settings.CERTIFICATE_NAME_DAYS,
        "is_refused": is_refused,
        "section": "my_page",
    }
    status = 503 if is_refused else 200
    return render(request, "recoverycollege/my_erasure.html", context, status=status)


@require_safe
def my_erased(request: HttpRequest) -> HttpResponse:
    """The farewell: no letter can tell it, since nobody is known any more."""
    return clear_caches(render(request, "recoverycollege/my_erased.html", {"section": "my_page"}))
