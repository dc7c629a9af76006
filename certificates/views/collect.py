"""A visitor reads the code on the wall, types a name, and has the certificate. No account."""

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from certificates import services
from certificates.forms.wall import CollectForm, read_submission, seal_submission
from certificates.models import Certificate
from certificates.views.addresses import address_of
from certificates.views.printing import pdf_response
from courses.models import CourseSession
from enrolment.student_session import personal_page

SALT = "certificates.collected"


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def collect(request: HttpRequest) -> HttpResponse:
    """Code and name; sent, the check page; sent again, the certificate."""
    if request.method != "POST":
        return _form_page(request, CollectForm(initial={"code": request.GET.get("kode", "")[:20]}))
    step = request.POST.get("step", "check")
    if step == "collect" and (response := _sent_again(request)):
        return response
    address = address_of(request)
    if services.has_guessed_too_often(address=address):
        return render(request, "certificates/collect_later.html", status=429)
    form = CollectForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form)
    if step == "change":
        return _form_page(request, CollectForm(initial=form.answers))
    session = services.session_of_code(form.cleaned_data["code"])
    if session is None:
        services.count_wrong_code(address=address)
        form.add_error("code", _unknown_code())
        return _form_page(request, form)
    try:
        if step == "collect":
            return _collected(request, session, form)
        services.check_left(session)
    except services.CertificateError as error:
        return _refused(request, form, error)
    context = {"form": form, "session": session, "sealed": seal_submission(session)}
    return render(request, "certificates/collect_check.html", context)


@personal_page
@require_safe
def collected(request: HttpRequest, token: str) -> HttpResponse:
    """The certificate is ready. The address holds neither name nor number, and soon opens nothing.

    Whoever comes to it by going back or by reloading finds the same certificate.
    """
    certificate = _certificate_of(token)
    context = {
        "certificate": certificate,
        "token": token,
        "until": services.readable_until(certificate),
    }
    return render(request, "certificates/collected.html", context)


@personal_page
@require_safe
def collected_pdf(request: HttpRequest, token: str) -> HttpResponse:
    return pdf_response([_certificate_of(token)], with_signatures=False)


def _collected(request: HttpRequest, session: CourseSession, form: CollectForm) -> HttpResponse:
    sent = read_submission(request.POST.get("sealed", ""))
    if sent is None or sent[0] != session.pk:
        # The code was changed by hand, or the page is from before the key was: look once more.
        context = {"form": form, "session": session, "sealed": seal_submission(session)}
        return render(request, "certificates/collect_check.html", context)
    certificate = services.collect(
        session=session,
        name=form.cleaned_data["name"],
        language=get_language() or "nb",
        submission=sent[1],
    )
    return _to(certificate)


def _sent_again(request: HttpRequest) -> HttpResponse | None:
    """The answer to a check page that was sent before, also after the wall has closed."""
    sent = read_submission(request.POST.get("sealed", ""))
    before = Certificate.objects.filter(submission=sent[1]).first() if sent else None
    return _to(before) if before else None


def _refused(
    request: HttpRequest, form: CollectForm, error: services.CertificateError
) -> HttpResponse:
    if isinstance(error, services.NotCounted):
        words = _(
            "The tutor has not written yet how many you are in the room. Ask the tutor to do it, "
            "and try again. What you have written stays here."
        )
    elif isinstance(error, services.NothingLeft):
        words = _(
            "As many certificates are made now as the tutor has counted people. Tell the tutor "
            "that you have not got yours: the count may be too low."
        )
    else:
        words = _unknown_code()
    form.add_error(None, words)
    return _form_page(request, form)


def _unknown_code() -> str:
    """One answer for every code that opens nothing, whatever the reason."""
    return _("We do not know this code, or it is not open now. Look at the wall once more.")


def _form_page(request: HttpRequest, form: CollectForm) -> HttpResponse:
    context = {"form": form, "days": settings.CERTIFICATE_NAME_DAYS}
    return render(request, "certificates/collect.html", context)


def _to(certificate: Certificate) -> HttpResponse:
    return redirect("collected", signing.dumps(certificate.pk, salt=SALT))


def _certificate_of(token: str) -> Certificate:
    """What the token was made for, or what the tutor has put in its place since; else 404."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Http404 from None
    found = Certificate.objects.select_related("session").filter(pk=pk).first()
    while found is not None and found.superseded_by is not None:
        found = found.superseded_by
    if found is None or not services.can_be_read(found):
        raise Http404
    return found
