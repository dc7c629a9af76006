"""Signing up: write, look over, done. Nothing is stored before the last button."""

from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import CourseRun
from courses.web.client_address import client_network
from courses.web.plain_pages import keeps_answers
from enrolment import services
from enrolment.forms.check_page import CheckPage
from enrolment.forms.email_domains import likely_meant
from enrolment.forms.sign_up import ConsentForm, SignUpForm
from enrolment.forms_not_shown_again import clear_caches, mark_sent, was_sent
from enrolment.queries import (
    college_with_notice,
    other_open_runs,
    public_run,
    public_run_with_college,
)
from enrolment.sms import may_send_to
from enrolment.student_session import personal_page


@keeps_answers
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """The form; sent, the check page with the answers; sent again, the enrolment."""
    if request.method == "POST":
        return _answered(request, slug, run_id)
    return _empty_form(request, slug, run_id)


@personal_page
@require_safe
def receipt(request: HttpRequest, slug: str, run_id: int, answer: str) -> HttpResponse:
    """What happens next. The address holds the outcome and no person, so it may be shown around."""
    run, college = public_run_with_college(slug, run_id)
    try:
        outcome = services.Outcome(_signer(run_id).unsign(answer))
    except (BadSignature, ValueError):
        raise Http404 from None
    run.pass_on(assignments=run.assignments.with_substitutions().order_by())
    return clear_caches(
        render(
            request,
            "enrolment/sign_up_receipt.html",
            {
                "run": run,
                "outcome": outcome.value,
                "college": college,
                "section": "courses",
            },
        )
    )


# The form itself holds nothing personal, and the browser may keep it: going back finds the answers.
@cache_control(private=True, no_cache=True)
def _empty_form(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    run, college = public_run_with_college(slug, run_id)
    try:
        services.check_open(run)
    except services.EnrolmentError:
        return _refused(request, run, None)
    return _form_page(request, run, None, college=college)


# No other cache keeps a page with somebody's answers, but the browser does: going back from the
# check page, or from a page that asks for something, finds them.
@cache_control(private=True, no_cache=True)
def _answered(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    form = SignUpForm(request.POST)
    is_valid = form.is_valid()
    step = request.POST.get("step", "check")
    if step == "enrol" and is_valid:
        shown = CheckPage.read(request.POST.get("shown", ""), run_id=run_id, slug=slug)
        if shown is not None:
            return _enrol(request, shown, form)
    if step != "enrol" and was_sent(request):  # out of the history, perhaps by somebody else
        return redirect("sign_up", slug, run_id)
    run = public_run(slug, run_id)
    try:
        services.check_open(run)
    except services.EnrolmentError:
        return _refused(request, run, form)
    if not is_valid:
        return _form_page(request, run, form)
    if step == "change":
        return _form_page(request, run, SignUpForm(initial=form.answers))
    return _check_page(request, run, form)


def _enrol(request: HttpRequest, shown: CheckPage, form: SignUpForm) -> HttpResponse:
    consent = ConsentForm(request.POST) if shown.needs_consent else None
    if consent is not None and not consent.is_valid():
        return _check_page(request, public_run(shown.slug, shown.run_id), form, consent)
    if services.count_sign_up(run_id=shown.run_id, network=client_network(request)):
        return _ask_to_wait(request, shown, form, has_consented=consent is not None)
    answers = form.cleaned_data
    try:
        answer = services.enrol(
            run=CourseRun(pk=shown.run_id),
            submission=shown.submission_of(form.who),
            person=services.Person(
                name=answers["name"],
                email=answers["email"],
                phone=answers["phone"],
                language=get_language() or "nb",
            ),
            places=form.places,
            when_one_left=services.WhenOneLeft.read(request.POST),
            adjustment=answers["adjustment"],
            notice=shown.notice,
            notice_shown_at=shown.at,
            has_consented=consent is not None,
        )
    except CourseRun.DoesNotExist:
        raise Http404 from None
    except services.OnePlaceLeft:
        run = public_run(shown.slug, shown.run_id)
        context = {"run": run, "answers": form.answers, "shown": shown, "section": "courses"}
        context["has_consented"] = consent is not None
        return render(request, "enrolment/sign_up_one_place.html", context)
    except services.EnrolmentError:
        run = public_run(shown.slug, shown.run_id)
        return _refused(request, run, None if was_sent(request) else form)
    return mark_sent(request, to_receipt(shown.slug, shown.run_id, answer.outcome))


def to_receipt(slug: str, run_id: int, outcome: services.Outcome) -> HttpResponse:
    """On to the page that tells the outcome, whose address nobody can make up."""
    return redirect("sign_up_receipt", slug, run_id, _signer(run_id).sign(outcome.value))


def _form_page(
    request: HttpRequest, run: CourseRun, form: SignUpForm | None, **context: Any
) -> HttpResponse:
    """The form; without one the empty form, which the template makes only where it must."""
    context |= {
        "run": run,
        "form": form,
        "empty_form": SignUpForm,
        "waits": _would_wait(run),
        "section": "courses",
    }
    return render(request, "enrolment/sign_up.html", context)


def _check_page(
    request: HttpRequest, run: CourseRun, form: SignUpForm, consent: ConsentForm | None = None
) -> HttpResponse:
    college = college_with_notice()
    shown = CheckPage.now(run, college)
    if shown.needs_consent and consent is None:
        consent = ConsentForm()
    meant = likely_meant(form.cleaned_data["email"])
    context = {
        "run": run,
        "form": consent,
        "answers": form.answers,
        "meant": meant,
        "answers_as_meant": form.answers | {"email": meant},
        "shown": shown,
        "college": college,
        "waits": _would_wait(run),
        "urgent_hours": may_send_to(form.cleaned_data["phone"]) and settings.URGENT_HOURS,
        "section": "courses",
    }
    return render(request, "enrolment/sign_up_check.html", context)


def _ask_to_wait(
    request: HttpRequest, shown: CheckPage, form: SignUpForm, *, has_consented: bool
) -> HttpResponse:
    """Too many tries this hour, whoever is asking: the same page can be sent again as it is."""
    context = {
        "run": public_run(shown.slug, shown.run_id),
        "answers": form.answers,
        "shown": shown,
        "has_consented": has_consented,
        "when_one_left": services.WhenOneLeft.read(request.POST).value,
        "section": "courses",
    }
    return render(request, "enrolment/sign_up_later.html", context, status=429)


def _refused(request: HttpRequest, run: CourseRun, form: SignUpForm | None) -> HttpResponse:
    """Why nobody can sign up now, and what to do instead; what was written is kept."""
    is_kept = form is not None and form.is_valid()
    context: dict[str, Any] = {
        "run": run,
        "why": run.availability().value,
        "others": other_open_runs(run),
        "answers": form.answers if form and is_kept else None,
        "form": form if form and not is_kept else None,
        "section": "courses",
    }
    status = 200 if form is None else 409
    return render(request, "enrolment/sign_up_refused.html", context, status=status)


def _would_wait(run: CourseRun) -> bool:
    return not run.has_room_for(1)


def _signer(run_id: int) -> Signer:
    return Signer(salt=f"enrolment.receipt.{run_id}")
