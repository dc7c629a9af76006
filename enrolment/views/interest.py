"""«Tell me when it is held again»: to ask for it from a course's page, and to end it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import College, Course
from courses.queries import public_courses
from courses.web.client_address import client_network
from enrolment import services
from enrolment.forms.interest import InterestForm
from enrolment.forms_not_shown_again import clear_caches, mark_sent, was_sent
from enrolment.models import Interest
from enrolment.queries import runs_with_room
from enrolment.student_session import keep_out_of_the_log, personal_page


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. Sent, the same answer to all: those who had asked before, and those who had not."""
    course = get_object_or_404(public_courses(), slug=slug)
    college = College.objects.current()
    needs_consent = college.legal_basis == College.LegalBasis.CONSENT
    if request.method == "POST" and was_sent(request):  # out of the history, perhaps by another
        return redirect("interest_ask", slug)
    sent = request.POST if request.method == "POST" else None
    form = InterestForm(sent, needs_consent=needs_consent)
    is_too_much = False
    if form.is_valid():
        is_too_much = services.count_interest(network=client_network(request))
        if not is_too_much:
            answers = form.cleaned_data
            services.ask_to_be_told(
                course=course,
                name=answers["name"],
                email=answers["email"],
                phone=answers["phone"],
                language=get_language() or settings.LANGUAGE_CODE,
            )
            return mark_sent(request, redirect("interest_asked", slug))
    context = _about(course) | {
        "college": college,
        "form": form,
        "is_too_much": is_too_much,
        "has_room": bool(runs_with_room(course)),
        "days": settings.INTEREST_TOLD_DAYS,
        "years": settings.INTEREST_YEARS,
    }
    status = 429 if is_too_much else 200
    return render(request, "enrolment/interest.html", context, status=status)


@personal_page
@require_safe
def asked(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next; its address holds nobody."""
    course = get_object_or_404(public_courses(), slug=slug)
    return clear_caches(render(request, "enrolment/interest_asked.html", _about(course)))


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def interest(request: HttpRequest, key: str) -> HttpResponse:
    """The link from the letter: be told the next time too, or have everything deleted now.

    Opening it changes nothing: mail programs open links too.
    """
    found = Interest.objects.select_related("course").filter(key=key).first()
    if found is None:
        return keep_out_of_the_log(render(request, "enrolment/interest_gone.html", status=404))
    if request.method == "POST":
        if "again" in request.POST:
            services.keep_interest(interest=found)
        elif "end" in request.POST:
            services.end_interest(interest=found)
        return redirect("interest", key)
    context = _about(found.course) | {
        "is_waiting": found.told_at is None,
        "days": settings.INTEREST_TOLD_DAYS,
    }
    return render(request, "enrolment/interest_end.html", context)


def _about(course: Course) -> dict[str, object]:
    return {"course": course, "section": "courses"}
