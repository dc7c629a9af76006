"""A visitor reads the session code, types a name, and has the certificate. No account."""

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from certificates import services
from certificates.forms.claim import ClaimForm
from certificates.models import Certificate
from certificates.views.printing import pdf_response
from courses.web.client_address import client_network
from enrolment.forms_not_shown_again import clear_caches, mark_sent, was_sent
from enrolment.student_session import personal_page

SALT = "certificates.claimed"


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """Code and name; sent, the check page; sent again, the certificate."""
    if request.method != "POST":
        return _form_page(request, ClaimForm(initial={"code": request.GET.get("kode", "")[:20]}))
    step = request.POST.get("step", "check")
    form = ClaimForm(request.POST)
    is_valid = form.is_valid()
    if step == "claim" and is_valid and (before := _sent_before(form)):
        return _to(before)
    if was_sent(request):  # out of the history, perhaps by somebody else
        return redirect("claim")
    network = client_network(request)
    if services.has_guessed_too_often(network=network):
        return render(request, "certificates/claim_later.html", status=429)
    if not is_valid:
        return _form_page(request, form)
    if step == "change":
        return _form_page(request, ClaimForm(initial=form.answers))
    session = services.session_of_code(form.cleaned_data["code"])
    if session is None:
        services.count_wrong_code(network=network)
        form.add_error("code", _unknown_code())
        return _form_page(request, form)
    try:
        if step == "claim":
            certificate = services.claim(
                session=session,
                name=form.cleaned_data["name"],
                language=get_language() or "nb",
                submission=form.submission,
            )
            return mark_sent(request, _to(certificate))
        services.check_left(session)
    except services.CertificateError as error:
        return _refused(request, form, error)
    context = {"form": form, "session": session}
    return render(request, "certificates/claim_check.html", context)


@personal_page
@require_safe
def claimed(request: HttpRequest, token: str) -> HttpResponse:
    """The certificate is ready. The address holds neither name nor number, and soon opens nothing.

    Whoever comes to it by going back or by reloading finds the same certificate.
    """
    certificate = _certificate_of(token)
    context = {
        "certificate": certificate,
        "token": token,
        "until": services.readable_until(certificate),
    }
    return clear_caches(render(request, "certificates/claimed.html", context))


@personal_page
@require_safe
def claimed_pdf(request: HttpRequest, token: str) -> HttpResponse:
    return pdf_response([_certificate_of(token)], with_signatures=False)


def _sent_before(form: ClaimForm) -> Certificate | None:
    """What this very page was answered with before, also after the code has closed."""
    return Certificate.objects.filter(submission=form.submission).first()


def _refused(
    request: HttpRequest, form: ClaimForm, error: services.CertificateError
) -> HttpResponse:
    """Why the code gives nothing just now, said like every other error; the answers stay."""
    if isinstance(error, services.NotCounted):
        why = _(
            "The tutor has not written yet how many you are in the room. Ask the tutor to do "
            "it, and try again. What you have written stays here."
        )
    elif isinstance(error, services.NothingLeft):
        why = _(
            "As many certificates are made now as the tutor has counted people. Tell the tutor "
            "that you have not got yours: the count may be too low."
        )
    else:
        why = _unknown_code()
    form.add_error("code", why)
    return _form_page(request, form)


def _unknown_code() -> str:
    """One answer for every code that opens nothing, whatever the reason."""
    return _("We do not know this code, or it does not work now. Look at the code once more.")


def _form_page(request: HttpRequest, form: ClaimForm) -> HttpResponse:
    context = {"form": form, "days": settings.CERTIFICATE_NAME_DAYS}
    return render(request, "certificates/claim.html", context)


def _to(certificate: Certificate) -> HttpResponse:
    return redirect("claimed", signing.dumps(certificate.pk, salt=SALT))


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
