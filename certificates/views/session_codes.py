"""The tutor makes, shows and prints a session code."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from certificates import services
from certificates.access import chosen_session, for_tutors, leads, open_register
from certificates.forms.attendance import HeadcountForm
from certificates.models import SessionCode
from certificates.qr import qr_code
from courses.models import CourseRun, CourseSession
from enrolment.forms_kept_over_sign_in import sent


@for_tutors
@require_http_methods(["GET", "HEAD", "POST"])
def tutor_session_code(request: HttpRequest, run_id: int) -> HttpResponse:
    """The code of one session: made here, opened by the headcount, then shown to all."""
    run, sessions = open_register(request, run_id)
    session = chosen_session(sessions, request.GET.get("samling"))
    answers = sent(request)
    form = HeadcountForm(
        answers if answers and "headcount" in answers else None,
        initial={"headcount": session.headcount},
    )
    can_have_code = services.can_have_code(session)
    if not can_have_code:
        form.fields["headcount"].label = _("How many were here?")
    if request.method == "POST" and _written(request, run, session, form):
        return redirect(f"{reverse('tutor_session_code', args=[run.pk])}?{_query(session)}")
    context = {
        "run": run,
        "session": session,
        "is_substitute": not leads(request.user, run),
        "sessions": sessions,
        "code": SessionCode.objects.filter(session=session).first(),
        "can_have_code": can_have_code,
        "is_held": session.takes_place,
        "can_be_counted": session.can_be_marked(),
        "closes_at": services.code_closes_at(session),
        "given": services.given_at(session),
        "on_register": services.on_register_at(session),
        "form": form,
    }
    return render(request, "certificates/tutor_session_code.html", context)


@for_tutors
@require_safe
def tutor_session_code_poster(request: HttpRequest, run_id: int, session_id: int) -> HttpResponse:
    """Code, address and QR code, big enough for the back of the room. Tells no course.

    Once the code opens nothing, the tutor's page says so in its place.
    """
    run, sessions = open_register(request, run_id)
    code = get_object_or_404(
        SessionCode.objects.select_related("session").filter(session__in=sessions),
        session_id=session_id,
    )
    code.session.run = run
    if not services.can_have_code(code.session):
        return redirect(f"{reverse('tutor_session_code', args=[run.pk])}?{_query(code.session)}")
    address = settings.SITE_URL + reverse("claim")
    context = {
        "run": run,
        "session": code.session,
        "code": code,
        "spelled": ", ".join(code.code),
        "address": address.partition("://")[2],
        "qr": qr_code(f"{address}?{urlencode({'kode': code.code})}"),
        "closes_at": services.code_closes_at(code.session),
    }
    return render(request, "certificates/tutor_session_code_poster.html", context)


def _query(session: CourseSession) -> str:
    return urlencode({"samling": session.pk})


def _written(
    request: HttpRequest, run: CourseRun, session: CourseSession, form: HeadcountForm
) -> bool:
    """Make the code, or write the headcount. False where the page has something to say."""
    if not form.is_bound:
        try:
            services.make_code(run=run, session=session, by=request.user)
        except services.SessionCodeClosed:
            messages.warning(request, _("This session takes no code any more."))
        return True
    if not form.is_valid():
        return False
    try:
        services.set_headcount(
            run=run, session=session, headcount=form.cleaned_data["headcount"], by=request.user
        )
        messages.success(request, _("Saved."))
    except services.SessionNotBegun:
        messages.warning(request, _("You can count people from the day the session is held."))
    return True
