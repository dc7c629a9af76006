"""Feedback for those who led the run: the sheet for the wall, answers on paper, and the results."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certificates import services
from certificates.access import for_tutors, open_led_run
from certificates.feedback_results import results_of
from certificates.forms.feedback import FeedbackForm
from certificates.models import STEPS, Feedback
from certificates.qr import qr_code
from courses.models import CourseRun
from enrolment.forms_kept_over_sign_in import sent


@dataclass(frozen=True)
class Said:
    """What somebody wrote, and by what a button names it without repeating it."""

    words: str
    mark: str


@for_tutors
@require_http_methods(["GET", "HEAD", "POST"])
def tutor_feedback(request: HttpRequest, run_id: int) -> HttpResponse:
    """Where the feedback stands; once it is closed, what people thought. The button makes the
    address. While answers come in nobody is told how many: seen before and after, it would tell
    who answered.
    """
    run = open_led_run(request, run_id)
    if request.method == "POST":
        try:
            services.make_feedback(run=run, by=request.user)
        except services.FeedbackClosed:
            messages.warning(request, _("This course is not asked about any more."))
        return redirect("tutor_feedback", run.pk)
    feedback = _feedback_of(run)
    results = results_of(feedback, get_language() or settings.LANGUAGE_CODE) if feedback else None
    context = {
        "run": run,
        "feedback": feedback,
        "can_be_asked": services.can_be_asked(run),
        "takes_paper": feedback is not None and feedback.takes_paper(),
        "results": results,
        "said": [Said(each, _mark(each)) for each in results.words] if results else [],
        "fewest": settings.FEEDBACK_SHOWN_FROM,
        "days": settings.FEEDBACK_DAYS,
        "may_remove": request.user.has_perm("certificates.change_feedback"),
    }
    return render(request, "certificates/tutor_feedback.html", context)


@for_tutors
@require_safe
def tutor_feedback_poster(request: HttpRequest, run_id: int) -> HttpResponse:
    """Address and QR code, big enough for the wall. Tells no course."""
    run = open_led_run(request, run_id)
    feedback = _feedback_of(run)
    if feedback is None or feedback.has_ended() or not run.is_published:
        return redirect("tutor_feedback", run.pk)
    address = settings.SITE_URL + reverse("feedback", args=[feedback.key])
    context = {
        "run": run,
        "address": address.partition("://")[2].strip("/").split("/"),
        "qr": qr_code(address),
        "closes_at": feedback.closes_at,
    }
    return render(request, "certificates/tutor_feedback_poster.html", context)


@for_tutors
@require_safe
def tutor_feedback_questions(request: HttpRequest, run_id: int) -> HttpResponse:
    """The questions on a sheet of paper. It tells no course either."""
    run = open_led_run(request, run_id)
    feedback = _feedback_of(run)
    if feedback is None or feedback.closed_at is not None:
        return redirect("tutor_feedback", run.pk)
    *questions, in_own_words = feedback.wordings_in(get_language() or settings.LANGUAGE_CODE)
    context = {
        "run": run,
        "questions": questions,
        "in_own_words": in_own_words,
        "steps": STEPS,
    }
    return render(request, "certificates/tutor_feedback_questions.html", context)


@for_tutors
@require_http_methods(["GET", "HEAD", "POST"])
def tutor_feedback_paper(request: HttpRequest, run_id: int) -> HttpResponse:
    """The same questions for staff, who type in what somebody answered on paper, one by one."""
    run = open_led_run(request, run_id)
    feedback = _feedback_of(run)
    if feedback is None or not feedback.takes_paper():
        return redirect("tutor_feedback", run.pk)
    wordings = feedback.wordings_in(get_language() or settings.LANGUAGE_CODE)
    form = FeedbackForm(sent(request), wordings=wordings)
    if request.method == "POST" and form.is_valid():
        if not services.was_answered(form_id=form.cleaned_data["form_id"]):
            try:
                services.answer(
                    feedback=feedback,
                    steps=form.steps,
                    words=form.cleaned_data["words"],
                    on_paper=True,
                )
            except services.FeedbackClosed:
                return redirect("tutor_feedback", run.pk)
        messages.success(request, _("Typed in. Here is room for the next one."))
        return redirect("tutor_feedback_paper", run.pk)
    context = {"run": run, "feedback": feedback, "form": form}
    return render(request, "certificates/tutor_feedback_paper.html", context)


@for_tutors
@require_POST
def tutor_feedback_remove(request: HttpRequest, run_id: int) -> HttpResponse:
    """A coordinator takes out what somebody wrote; what its tutors may not is not found."""
    run = open_led_run(request, run_id)
    if not request.user.has_perm("certificates.change_feedback"):
        raise Http404
    feedback = get_object_or_404(Feedback.objects.shown(), run=run)
    mark = request.POST.get("mark", "")
    for words in feedback.words:
        if _mark(words) == mark:
            services.remove_words(feedback=feedback, words=words, by=request.user)
            messages.success(request, _("Taken out."))
            break
    return redirect("tutor_feedback", run.pk)


def _feedback_of(run: CourseRun) -> Feedback | None:
    """With the run that is opened already, and its programme. One query."""
    found = Feedback.objects.filter(run=run).first()
    if found is not None:
        found.run = run
    return found


def _mark(words: str) -> str:
    return salted_hmac(__name__, words).hexdigest()[:32]
