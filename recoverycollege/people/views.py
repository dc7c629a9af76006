"""What a student does about everything that we know of them: erase it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from enrolment.forms_not_shown_again import clear_caches
from enrolment.student_session import personal_page, sign_out, signed_in_student
from recoverycollege.people.erasing import ErasuresNotKept, erase, plan_erasure


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
