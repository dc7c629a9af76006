"""Signing up: write, look over, done. Nothing is stored before the last button."""

from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import CourseRun
from courses.norwegian import formatting
from courses.web.client_address import client_network
from courses.web.plain_pages import keeps_answers
from courses.web.public_pages import drawn_once
from enrolment import services
from enrolment.forms.check_page import CheckPage
from enrolment.forms.email_domains import likely_meant
from enrolment.forms.optional_questions import OptionalQuestions
from enrolment.forms.sign_up import ConsentForm, SignUpForm
from enrolment.forms_not_shown_again import (
    clear_caches,
    hidden_answers,
    hidden_field,
    mark_sent,
    was_sent,
)
from enrolment.models import Student
from enrolment.queries import SignUpFacts, other_open_runs, sign_up_facts, with_tutors
from enrolment.sms import may_send_to
from enrolment.student_session import personal_page, visiting_student


@keeps_answers
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """The form; sent, the check page with the answers; sent again, the enrolment."""
    if request.method == "POST":
        return _answered(request, slug, run_id)
    student = visiting_student(request)
    if student is not None:
        return _filled_in_form(request, slug, run_id, student)
    return _empty_form(request, slug, run_id)


@personal_page
@require_safe
def receipt(request: HttpRequest, slug: str, run_id: int, answer: str) -> HttpResponse:
    """What happens next. The address holds the outcome and no person, so it may be shown around.

    Only that somebody is on their own page in this browser changes it: the next form is filled in.
    """
    is_student = visiting_student(request) is not None
    facts = with_tutors(sign_up_facts(slug, run_id))
    try:
        outcome = services.Outcome(_signer(run_id).unsign(answer))
    except (BadSignature, ValueError):
        raise Http404 from None
    page = drawn_once(
        request,
        "enrolment/sign_up_receipt.html",
        contents=(outcome.value, is_student, facts.contents(timezone.now())),
        context=lambda: _shown(facts) | {"outcome": outcome.value, "is_student": is_student},
    )
    return clear_caches(page)


# The form itself holds nothing personal, and the browser may keep it: going back finds the answers.
@cache_control(private=True, no_cache=True)
def _empty_form(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    facts, now = sign_up_facts(slug, run_id), timezone.now()
    try:
        services.check_open(facts.run, now)
    except services.EnrolmentError:
        return _refused(request, facts, None)
    waits = _would_wait(facts.run)
    return drawn_once(
        request,
        "enrolment/sign_up.html",
        contents=(waits, facts.contents(now)),
        context=lambda: (
            _shown(facts)
            | {"form": SignUpForm(questions=OptionalQuestions.of(facts.college)), "waits": waits}
        ),
        own=_own_fields(request),
    )


@cache_control(private=True, no_store=True)
def _filled_in_form(request: HttpRequest, slug: str, run_id: int, student: Student) -> HttpResponse:
    """With what the student's own page tells, for whoever came in by their personal link.

    What the college asks beside the rest is on that page, and is not asked again.
    """
    facts = sign_up_facts(slug, run_id)
    try:
        services.check_open(facts.run)
    except services.EnrolmentError:
        return _refused(request, facts, None)
    known = {"name": student.name, "email": student.email}
    known["phone"] = formatting.phone(student.phone) if student.phone else ""
    return _form_page(request, facts, SignUpForm(initial=known), is_filled_in=True)


# No other cache keeps a page with somebody's answers, but the browser does: going back from the
# check page, or from a page that asks for something, finds them.
@cache_control(private=True, no_cache=True)
def _answered(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    step = request.POST.get("step", "check")
    if step == "enrol":
        shown = CheckPage.read(request.POST.get("shown", ""), run_id=run_id, slug=slug)
        if shown is not None:
            form = SignUpForm(request.POST, questions=shown.questions)
            if form.is_valid():
                return _enrol(request, shown, form)
    elif was_sent(request):  # out of the history, perhaps by somebody else
        return redirect("sign_up", slug, run_id)
    facts = sign_up_facts(slug, run_id)
    is_student = visiting_student(request) is not None
    questions = OptionalQuestions() if is_student else OptionalQuestions.of(facts.college)
    form = SignUpForm(request.POST, questions=questions)
    is_valid = form.is_valid()
    try:
        services.check_open(facts.run)
    except services.EnrolmentError:
        return _refused(request, facts, form)
    if not is_valid:
        return _form_page(request, facts, form)
    if step == "change":
        again = SignUpForm(initial=form.answers, questions=questions)
        return _form_page(request, facts, again)
    return _check_page(request, facts, form, questions)


def _enrol(request: HttpRequest, shown: CheckPage, form: SignUpForm) -> HttpResponse:
    consent = ConsentForm(request.POST) if shown.needs_consent else None
    if consent is not None and not consent.is_valid():
        facts = sign_up_facts(shown.slug, shown.run_id)
        return _check_page(request, facts, form, shown.questions, consent)
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
                municipality=answers.get("municipality", ""),
                wants_news=answers.get("wants_news", False),
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
        context = _shown(sign_up_facts(shown.slug, shown.run_id))
        context |= {"answers": form.answers, "shown": shown}
        context["has_consented"] = consent is not None
        return render(request, "enrolment/sign_up_one_place.html", context)
    except services.EnrolmentError:
        facts = sign_up_facts(shown.slug, shown.run_id)
        return _refused(request, facts, None if was_sent(request) else form)
    return mark_sent(request, to_receipt(shown.slug, shown.run_id, answer.outcome))


def to_receipt(slug: str, run_id: int, outcome: services.Outcome) -> HttpResponse:
    """On to the page that tells the outcome, whose address nobody can make up."""
    return redirect("sign_up_receipt", slug, run_id, _signer(run_id).sign(outcome.value))


def _form_page(
    request: HttpRequest, facts: SignUpFacts, form: SignUpForm, *, is_filled_in: bool = False
) -> HttpResponse:
    context = _shown(facts) | {"form": form, "waits": _would_wait(facts.run)}
    context |= {"is_filled_in": is_filled_in}
    context |= _own_fields(request)
    return render(request, "enrolment/sign_up.html", context)


def _check_page(
    request: HttpRequest,
    facts: SignUpFacts,
    form: SignUpForm,
    questions: OptionalQuestions,
    consent: ConsentForm | None = None,
) -> HttpResponse:
    shown = CheckPage.now(facts.run, facts.college, facts.notice_id, questions)
    if shown.needs_consent and consent is None:
        consent = ConsentForm()
    answers, meant = form.answers, likely_meant(form.cleaned_data["email"])
    waits = _would_wait(facts.run)
    urgent_hours = may_send_to(form.cleaned_data["phone"]) and settings.URGENT_HOURS
    own = {
        "csrf_field": _hidden("csrfmiddlewaretoken", get_token(request)),
        "signed_field": _hidden("shown", shown.signed),
        "hidden_answers": hidden_answers(request, answers),
        "answers_in_words": render_to_string("enrolment/_answers.html", {"answers": answers}),
    }
    context = _shown(facts) | {"waits": waits, "urgent_hours": urgent_hours}
    template = "enrolment/sign_up_check.html"
    if meant or consent is not None:
        context |= {
            "form": consent,
            "meant": meant,
            "answers_as_meant": answers | {"email": meant},
        }
        return render(request, template, context | own)
    return drawn_once(
        request,
        template,
        contents=(waits, urgent_hours, facts.contents(shown.at)),
        context=lambda: context,
        own=own,
    )


def _ask_to_wait(
    request: HttpRequest, shown: CheckPage, form: SignUpForm, *, has_consented: bool
) -> HttpResponse:
    """Too many tries this hour, whoever is asking: the same page can be sent again as it is."""
    context = _shown(sign_up_facts(shown.slug, shown.run_id)) | {
        "answers": form.answers,
        "shown": shown,
        "has_consented": has_consented,
        "when_one_left": services.WhenOneLeft.read(request.POST).value,
    }
    return render(request, "enrolment/sign_up_later.html", context, status=429)


def _refused(request: HttpRequest, facts: SignUpFacts, form: SignUpForm | None) -> HttpResponse:
    """Why nobody can sign up now, and what to do instead; what was written is kept."""
    is_kept = form is not None and form.is_valid()
    context = _shown(facts) | {
        "why": facts.run.availability().value,
        "others": other_open_runs(facts.run),
        "answers": form.answers if form and is_kept else None,
        "form": form if form and not is_kept else None,
    }
    status = 200 if form is None else 409
    return render(request, "enrolment/sign_up_refused.html", context, status=status)


def _shown(facts: SignUpFacts) -> dict[str, Any]:
    return {"run": facts.run, "college": facts.college, "section": "courses"}


def _own_fields(request: HttpRequest) -> dict[str, SafeString]:
    """The hidden fields of the form that are this browser's own."""
    return {
        "sent_field": hidden_field(request, address=request.path),
        "csrf_field": _hidden("csrfmiddlewaretoken", get_token(request)),
    }


def _hidden(name: str, value: str) -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', name, value)


def _would_wait(run: CourseRun) -> bool:
    return not run.has_room_for(1)


def _signer(run_id: int) -> Signer:
    return Signer(salt=f"enrolment.receipt.{run_id}")
