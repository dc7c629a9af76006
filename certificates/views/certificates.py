"""Certificates for the tutor who prints them and for the student who owns them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from certificates import pdf, services
from certificates.access import for_tutors, open_run
from certificates.models import Certificate, CertificateQuerySet
from certificates.views.printing import pdf_response
from courses.models import CourseRun
from courses.norwegian.sorting import sort_key
from enrolment.models import Student
from enrolment.student_session import personal_page, signed_in_student


@for_tutors
def tutor_certificates(request: HttpRequest, run_id: int) -> HttpResponse:
    """Who has a certificate, who could have one, and the button that issues."""
    run = open_run(request, run_id)
    if request.method == "POST":
        issued = services.issue(run=run, by=request.user)
        if issued:
            messages.success(
                request,
                ngettext(
                    "%(number)s certificate is made.",
                    "%(number)s certificates are made.",
                    len(issued),
                )
                % {"number": len(issued)},
            )
        else:
            messages.info(request, _("Nobody was without a certificate, so none was made."))
        return redirect("tutor_certificates", run.pk)
    certificates = _by_name(_valid(run))
    has_one = {certificate.student_id for certificate in certificates}
    attended = services.attended_sessions(run)
    changed = services.changed_since_issue(certificates, attended)
    without = [student for student, _held in attended if student.pk not in has_one]
    names = [*(each.name for each in without), *(each.name for each in certificates)]
    context = {
        "run": run,
        "certificates": certificates,
        "without": without,
        "unprintable": [name for name in names if pdf.unprintable(name)],
        "changed": changed,
        "can_renew": any(each.hours is not None for each in changed),
        "coming": [each for each in run.session_list if each.starts_at > timezone.now()],
    }
    return render(request, "certificates/tutor_certificates.html", context)


@for_tutors
@require_safe
def tutor_certificates_pdf(request: HttpRequest, run_id: int) -> HttpResponse:
    """All of them, or those that are ticked, by name; with lines for signatures or without."""
    run = open_run(request, run_id)
    certificates = _by_name(_valid(run))
    if request.GET.get("hvilke") == "valgte":
        ticked = set(request.GET.getlist("nr"))
        certificates = [each for each in certificates if str(each.pk) in ticked]
        if not certificates:
            messages.info(request, _("Tick the certificates you want to print, and try again."))
            return redirect("tutor_certificates", run.pk)
    return pdf_response(certificates, with_signatures=_with_signatures(request))


@for_tutors
@require_safe
def tutor_certificate(request: HttpRequest, run_id: int, certificate_id: int) -> HttpResponse:
    run = open_run(request, run_id)
    certificate = get_object_or_404(_valid(run), pk=certificate_id)
    return pdf_response([certificate], with_signatures=_with_signatures(request))


@personal_page
@require_safe
def my_certificates(request: HttpRequest) -> HttpResponse:
    student = signed_in_student(request)
    if student is None:
        return redirect("my_page")
    context = {"student": student, "certificates": _own(student), "section": "my_page"}
    return render(request, "certificates/my_certificates.html", context)


@personal_page
@require_safe
def my_certificates_pdf(request: HttpRequest) -> HttpResponse:
    return pdf_response(_own(_signed_in(request)))


@personal_page
@require_safe
def my_certificate(request: HttpRequest, certificate_id: int) -> HttpResponse:
    own = Certificate.objects.for_student(_signed_in(request))
    return pdf_response([get_object_or_404(own, pk=certificate_id)])


def _signed_in(request: HttpRequest) -> Student:
    student = signed_in_student(request)
    if student is None:
        raise Http404
    return student


def _own(student: Student) -> list[Certificate]:
    """The student's own, the latest first."""
    own = Certificate.objects.for_student(student).select_related("run__course")
    return list(own.order_by("-last_on", "-pk"))


def _valid(run: CourseRun) -> CertificateQuerySet:
    return Certificate.objects.printable().filter(run=run)


def _with_signatures(request: HttpRequest) -> bool:
    return request.GET.get("linjer") != "uten"


def _by_name(certificates: CertificateQuerySet) -> list[Certificate]:
    return sorted(certificates, key=lambda each: (sort_key(each.name), each.pk))
