"""«Propose a theme»: anybody may, and need not say who they are."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from courses import services
from courses.queries import public_courses
from courses.web.client_address import client_network
from enrolment.forms.ideas import IdeaForm
from enrolment.forms_not_shown_again import clear_caches, mark_sent, was_sent
from enrolment.student_session import personal_page


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def propose_idea(request: HttpRequest) -> HttpResponse:
    """One field; sent, the page that thanks. The same answer to all."""
    if request.method == "POST" and was_sent(request):  # out of the history, perhaps by another
        return redirect(request.path)
    form = IdeaForm(request.POST if request.method == "POST" else None)
    is_too_much = False
    if form.is_valid():
        is_too_much = services.count_idea(network=client_network(request))
        if not is_too_much:
            services.propose_idea(
                text=form.cleaned_data["text"], language=get_language() or settings.LANGUAGE_CODE
            )
            return mark_sent(request, redirect("idea_proposed"))
    context = {"form": form, "is_too_much": is_too_much}
    status = 429 if is_too_much else 200
    return render(request, "enrolment/propose_idea.html", context, status=status)


@personal_page
@require_safe
def idea_proposed(request: HttpRequest) -> HttpResponse:
    """What happens next; its address holds nobody."""
    workshop = public_courses().filter(lists_ideas=True).order_by("-pk").first()
    return clear_caches(render(request, "enrolment/idea_proposed.html", {"workshop": workshop}))
