"""What is taken out as a spreadsheet. Where it tells of people, it is an event: who took what."""

from collections.abc import Sequence

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from certificates.access import check_names, for_tutors, open_register
from courses.models import College, CourseRun
from enrolment.admin.run_pages import RunPage, not_written_down
from enrolment.events import log
from recoverycollege.exports import figure_lists, run_lists
from recoverycollege.exports.spreadsheets import Format, Sheet, write
from recoverycollege.figures import subsidies
from recoverycollege.figures.access import overview_for


@permission_required(("courses.change_courserun", "enrolment.view_student"), raise_exception=True)
def participants_file(request: HttpRequest, run_id: int) -> HttpResponse:
    """Who takes part and how they are reached: for coordinators alone."""
    run = get_object_or_404(CourseRun.objects.with_programme(), pk=run_id)
    if request.method != "POST":
        not_written_down(request)
        return redirect(RunPage.ON_PAPER.of(run))
    log("took_participants", run, by=request.user)
    return _chosen_file(request, [run_lists.participants(run)], f"deltakere-{run.pk}")


@for_tutors
@require_POST
def register_file(request: HttpRequest, run_id: int) -> HttpResponse:
    """Who was there, for whoever may open the register, while they see its names."""
    run, sessions = open_register(request, run_id)
    check_names(request.user, run)
    log("took_register", run, by=request.user)
    return _chosen_file(request, [run_lists.register(run, sessions)], f"oppmote-{run.pk}")


@require_safe
def figures_file(request: HttpRequest, year: int, form: Format) -> HttpResponse:
    """The figures of a year as whoever asks may see them. They tell of nobody: no event."""
    _reader, found = overview_for(request, year)
    if found is None:
        raise Http404
    return _file(figure_lists.figures(found), form, f"tall-{year}")


@permission_required("courses.change_courserun", raise_exception=True)
def subsidy_file(request: HttpRequest) -> HttpResponse:
    """The runs that can be reported to the adult-education association."""
    if request.method != "POST":
        not_written_down(request)
        return redirect("admin:study_subsidy")
    college = College.objects.current()
    log("took_subsidy_list", college, by=request.user)
    rows = subsidies.subsidy_rows(now=timezone.now(), college=college)
    return _chosen_file(request, [figure_lists.subsidy(rows, college)], "studietilskudd")


def _chosen_file(request: HttpRequest, sheets: Sequence[Sheet], name: str) -> HttpResponse:
    """In the form whose button was pressed."""
    wanted = request.POST.get("form", "")
    return _file(sheets, Format(wanted) if wanted in Format.values else Format.XLSX, name)


def _file(sheets: Sequence[Sheet], form: Format, name: str) -> HttpResponse:
    """Its name tells the list, a run by its number, and the day; nobody's name, and no course."""
    filename = f"{name}-{timezone.localdate():%Y-%m-%d}.{form}"
    return HttpResponse(
        write(sheets, form),
        content_type=form.content_type,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


page_urls = [
    path("tall/<year:year>.xlsx", figures_file, {"form": Format.XLSX}, name="figures_xlsx"),
    path("tall/<year:year>.csv", figures_file, {"form": Format.CSV}, name="figures_csv"),
]


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path(
            "courses/courserun/<int:run_id>/participants/",
            site.admin_view(participants_file),
            name="run_participants_file",
        ),
        path("studietilskudd/fil/", site.admin_view(subsidy_file), name="study_subsidy_file"),
    ]
