"""Where a tutor puts right what a certificate says, or withdraws it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from certificates import services
from certificates.access import for_tutors, open_run
from certificates.forms.correct import CorrectForm
from certificates.models import Certificate
from courses.models import CourseRun
from enrolment.forms_kept_over_sign_in import sent


@for_tutors
@require_http_methods(["GET", "HEAD", "POST"])
def tutor_certificate_correct(
    request: HttpRequest, run_id: int, certificate_id: int
) -> HttpResponse:
    """Another name or language: a new certificate in the place of this one."""
    run = open_run(request, run_id)
    certificate = _one(run, certificate_id)
    if request.method == "POST":
        form = CorrectForm(request.POST)
        if form.is_valid():
            return _reissue(request, run, certificate, form)
    else:
        form = CorrectForm(
            sent(request),
            initial={"name": certificate.name, "language": certificate.language},
        )
        if not certificate.is_valid:
            return _already(request, run)
    context = {"run": run, "certificate": certificate, "form": form}
    return render(request, "certificates/tutor_certificate_correct.html", context)


def _reissue(
    request: HttpRequest, run: CourseRun, certificate: Certificate, form: CorrectForm
) -> HttpResponse:
    try:
        new = services.reissue(
            certificate=certificate,
            by=request.user,
            name=form.cleaned_data["name"],
            language=form.cleaned_data["language"],
        )
    except services.CertificateError as refusal:
        messages.warning(request, _words_for(refusal))
    else:
        if new == certificate:
            messages.info(request, _("Nothing was changed, so the certificate stays as it is."))
        else:
            messages.success(
                request,
                _("A new certificate is made. Print it; the old one is not valid any longer."),
            )
    return redirect("tutor_certificates", run.pk)


@for_tutors
@require_POST
def tutor_certificates_renew(request: HttpRequest, run_id: int) -> HttpResponse:
    """New ones for everybody whose attendance was corrected. One at a time: can be sent again."""
    run = open_run(request, run_id)
    valid = Certificate.objects.printable().filter(run=run)
    changed = services.changed_since_issue(valid, services.attended_sessions(run))
    made = 0
    for each in changed:
        if each.hours is None:
            continue
        try:
            services.reissue(certificate=each.certificate, by=request.user)
        except services.CertificateError:
            continue  # withdrawn or unmarked meanwhile: the page shows it
        made += 1
    if made:
        messages.success(
            request,
            ngettext(
                "%(number)s new certificate is made. Print it; the old one is not valid any "
                "longer.",
                "%(number)s new certificates are made. Print them; the old ones are not valid any "
                "longer.",
                made,
            )
            % {"number": made},
        )
    else:
        messages.info(request, _("Every certificate agrees with the register."))
    return redirect("tutor_certificates", run.pk)


@for_tutors
@require_http_methods(["GET", "HEAD", "POST"])
def tutor_certificate_withdraw(
    request: HttpRequest, run_id: int, certificate_id: int
) -> HttpResponse:
    """A page that says what happens, with one button."""
    run = open_run(request, run_id)
    certificate = _one(run, certificate_id)
    if request.method == "POST":
        try:
            services.revoke(certificate=certificate, by=request.user)
        except services.CertificateError as refusal:
            messages.warning(request, _words_for(refusal))
        else:
            messages.success(request, _("The certificate is withdrawn."))
        return redirect("tutor_certificates", run.pk)
    if not certificate.is_valid:
        return _already(request, run)
    context = {
        "run": run,
        "certificate": certificate,
        "is_still_here": any(
            student.pk == certificate.student_id
            for student, _held in services.attended_sessions(run)
        ),
    }
    return render(request, "certificates/tutor_certificate_withdraw.html", context)


def _one(run: CourseRun, certificate_id: int) -> Certificate:
    """One of the run's. Where the name is forgotten, nothing is left to correct: 404."""
    certificate = get_object_or_404(Certificate, run=run, pk=certificate_id)
    if not certificate.name:
        raise Http404
    return certificate


def _already(request: HttpRequest, run: CourseRun) -> HttpResponse:
    messages.info(request, _words_for(services.Replaced()))
    return redirect("tutor_certificates", run.pk)


def _words_for(refusal: services.CertificateError) -> str:
    if isinstance(refusal, services.NotHereAnyLonger):
        return _(
            "The register marks this person as here in no session. Mark the register first, or "
            "withdraw the certificate."
        )
    return _("The certificate was replaced or withdrawn meanwhile. Here is what is valid now.")
