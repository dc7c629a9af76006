"""What did you think? The address of a run, the same for everybody; and «I would like to help make
courses», which is kept apart from it.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from certificates import services
from certificates.forms.feedback import DeveloperOfferForm, FeedbackForm
from certificates.models import Feedback
from courses.models import College
from courses.web.client_address import client_network
from enrolment.forms_not_shown_again import clear_caches, mark_sent, was_sent
from enrolment.student_session import personal_page


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, key: str) -> HttpResponse:
    """The questions; the same page for everybody, however often.

    No cookie says that somebody has answered, as `forms_not_shown_again` would: whoever shares the
    computer is asked as well.
    """
    found = _find(key)
    if not found.is_open():
        return _closed(request, found)
    form = FeedbackForm(
        request.POST if request.method == "POST" else None,
        wordings=found.wordings_in(_language()),
    )
    is_too_much = False
    if form.is_valid():
        is_too_much = services.count_feedback(network=client_network(request))
        if not is_too_much:
            return _answered(request, found, form)
    context = {"feedback": found, "form": form, "is_too_much": is_too_much}
    status = 429 if is_too_much else 200
    return render(request, "certificates/feedback.html", context, status=status)


@personal_page
@require_safe
def feedback_thanks(request: HttpRequest, key: str) -> HttpResponse:
    """Thank you, to whoever opens it. The browser forgets the page with the answers."""
    return clear_caches(
        render(request, "certificates/feedback_thanks.html", {"feedback": _find(key)})
    )


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def developer_offer(request: HttpRequest) -> HttpResponse:
    """How somebody is reached who would like to help make courses. It knows of no run."""
    college = College.objects.current()
    needs_consent = college.legal_basis == College.LegalBasis.CONSENT
    if request.method == "POST" and was_sent(request):  # out of the history, perhaps by another
        return redirect("developer_offer")
    sent = request.POST if request.method == "POST" else None
    form = DeveloperOfferForm(sent, needs_consent=needs_consent)
    is_too_much = False
    if form.is_valid():
        is_too_much = services.count_offer(network=client_network(request))
        if not is_too_much:
            services.offer_to_develop(
                name=form.cleaned_data["name"],
                contact=form.cleaned_data["contact"],
                language=_language(),
            )
            return mark_sent(request, redirect("developer_offered"))
    context = {
        "form": form,
        "is_too_much": is_too_much,
        "days_done": settings.DEVELOPER_OFFER_DONE_DAYS,
        "days": settings.DEVELOPER_OFFER_DAYS,
    }
    status = 429 if is_too_much else 200
    return render(request, "certificates/developer_offer.html", context, status=status)


@personal_page
@require_safe
def developer_offered(request: HttpRequest) -> HttpResponse:
    """What happens next; its address holds nobody."""
    return clear_caches(render(request, "certificates/developer_offered.html"))


def _find(key: str) -> Feedback:
    """The run's feedback, with its programme; a key that nobody has made is not found."""
    return get_object_or_404(
        Feedback.objects.select_related("run__course").prefetch_related("run__sessions"),
        key=key.lower(),
    )


def _answered(request: HttpRequest, found: Feedback, form: FeedbackForm) -> HttpResponse:
    thanks = redirect("feedback_thanks", found.key)
    if services.was_answered(form_id=form.cleaned_data["form_id"]):
        return thanks
    try:
        services.answer(feedback=found, steps=form.steps, words=form.cleaned_data["words"])
    except services.FeedbackClosed:
        return _closed(request, found)
    return thanks


def _closed(request: HttpRequest, found: Feedback) -> HttpResponse:
    opens_at = found.opens_at
    context = {
        "feedback": found,
        # A run that is moved, or cancelled, has no moment that holds.
        "opens_at": opens_at if found.run.is_published and not found.has_ended() else None,
    }
    return render(request, "certificates/feedback_closed.html", context)


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
