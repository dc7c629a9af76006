"""The figures of a year, and its annual report on the screen and on paper."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from courses.admin.pages import page
from courses.models import College
from courses.web import throttle
from courses.web.client_address import client_network
from courses.web.throttle import RateLimit
from recoverycollege.figures import report, subsidies
from recoverycollege.figures.access import Reader, overview_for
from recoverycollege.figures.overview import Overview


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The year that the address names, or the newest. What is seen depends on who reads."""
    asked = request.GET.get("ar", "")
    if asked and not asked.isdecimal():
        raise Http404
    reader, found = overview_for(request, int(asked) if asked else None)
    context = {"reader": reader, "overview": found}
    return render(request, "recoverycollege/figures.html", context)


def _report(request: HttpRequest, year: int) -> tuple[Reader, Overview]:
    reader, found = overview_for(request, year)
    if found is None:
        raise Http404
    return reader, found


@require_safe
def annual_report(request: HttpRequest, year: int) -> HttpResponse:
    reader, found = _report(request, year)
    college = College.objects.current()
    words = report.report_of(found, college, language=get_language() or "")
    context = {"reader": reader, "report": words, "college": college}
    return render(request, "recoverycollege/annual_report.html", context)


@require_safe
def annual_report_pdf(request: HttpRequest, year: int) -> HttpResponse:
    """Drawn anew each time: so often that nobody keeps the portal busy with it."""
    reader, found = _report(request, year)
    college = College.objects.current()
    words = report.report_of(found, college, language=get_language() or "")
    limit = RateLimit(
        what="annual report", who=client_network(request), most=settings.REPORTS_PER_HOUR
    )
    if throttle.goes_beyond(limit):
        context = {"reader": reader, "report": words, "college": college, "is_too_much": True}
        return render(request, "recoverycollege/annual_report.html", context, status=429)
    return HttpResponse(
        report.render(words),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="arsrapport-{year}.pdf"'},
    )


@permission_required("courses.change_courserun", raise_exception=True)
def study_subsidy(request: HttpRequest) -> HttpResponse:
    """The runs of the last year that can be reported to the adult-education association."""
    rows = subsidies.subsidy_rows(now=timezone.now())
    return page(
        request,
        "admin/study_subsidy.html",
        gettext("Adult-education subsidy"),
        rule=subsidies.Rule.of(College.objects.current()),
        qualify=[each for each in rows if each.qualifies],
        nearly=[each for each in rows if not each.qualifies],
    )


page_urls = [
    path("tall/", figures, name="figures"),
    path("tall/arsrapport/<year:year>/", annual_report, name="annual_report"),
    path("tall/arsrapport/<year:year>.pdf", annual_report_pdf, name="annual_report_pdf"),
]


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [path("studietilskudd/", site.admin_view(study_subsidy), name="study_subsidy")]
