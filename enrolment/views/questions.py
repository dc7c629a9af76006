"""«Ask us»: phone and e-mail first, and a short form for whoever would rather write there."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import College, Course
from courses.queries import public_courses, public_semesters
from courses.views.catalogue import chosen_in
from courses.web.client_address import client_network
from enrolment import services
from enrolment.forms.questions import QuestionForm
from enrolment.forms_not_shown_again import clear_caches, mark_sent, was_sent
from enrolment.student_session import personal_page


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask_us(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The ways to ask; about a course, where one comes from its page. The same answer to all."""
    course = _course(slug)
    college = College.objects.current()
    needs_consent = college.legal_basis == College.LegalBasis.CONSENT
    if request.method == "POST" and was_sent(request):  # out of the history, perhaps by another
        return redirect(request.path + _chosen(request))
    sent = request.POST if request.method == "POST" else None
    form = QuestionForm(sent, needs_consent=needs_consent)
    is_too_much = False
    if form.is_valid():
        is_too_much = services.count_question(network=client_network(request))
        if not is_too_much:
            services.ask_question(
                text=form.cleaned_data["text"],
                contact=form.cleaned_data["contact"],
                language=get_language() or settings.LANGUAGE_CODE,
                course=course,
            )
            about = "course_question_asked" if course else "question_asked"
            thanks = reverse(about, args=[slug] if course else [])
            return mark_sent(request, redirect(thanks + _chosen(request)))
    context = {
        "course": course,
        "chosen": _chosen(request),
        "college": college,
        "form": form,
        "is_too_much": is_too_much,
        "days_answered": settings.QUESTION_ANSWERED_DAYS,
        "days": settings.QUESTION_DAYS,
    }
    status = 429 if is_too_much else 200
    return render(request, "enrolment/ask_us.html", context, status=status)


@personal_page
@require_safe
def asked(request: HttpRequest, slug: str = "") -> HttpResponse:
    """What happens next; its address holds nobody."""
    context = {"course": _course(slug), "chosen": _chosen(request)}
    return clear_caches(render(request, "enrolment/question_asked.html", context))


def _chosen(request: HttpRequest) -> str:
    """What the visitor had chosen in the catalogue, for the way back to the course."""
    return chosen_in(request, public_semesters() if request.GET else ())


def _course(slug: str) -> Course | None:
    """The public course with this slug, none without one. Raises Http404."""
    return get_object_or_404(public_courses(), slug=slug) if slug else None
