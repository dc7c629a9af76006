"""«Keep me»: whoever is told that they are erased soon stays, by one button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from enrolment import links, services
from enrolment.student_session import personal_page
from enrolment.views.my_page import link_is_gone


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def keep_me(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the letter. Opening it changes nothing: mail programs open links too."""
    student = links.student_to_keep(token)
    if student is None:
        return link_is_gone(request)
    if request.method == "POST":
        services.keep_student(student=student)
        services.use_language(student=student, language=get_language() or "nb")
        return redirect("keep_me", token)
    context = {"leaves": services.is_to_be_erased(student), "section": "my_page"}
    return render(request, "enrolment/keep_me.html", context)
