"""The buttons by which staff take out the lists of a run. Each is an event: who took what."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from certificates.access import check_names, for_tutors, open_register
from courses.models import CourseRun
from enrolment.admin.run_pages import RunPage, not_written_down
from enrolment.events import log
from recoverycollege.exports import run_lists
from recoverycollege.exports.spreadsheets import Format, Sheet, write


@permission_required(("courses.change_courserun", "enrolment.view_student"), raise_exception=True)
def participants_file(request: HttpRequest, run_id: int) -> HttpResponse:
    """Who takes part and how they are reached: for coordinators alone."""
    run = get_object_or_404(CourseRun.objects.with_programme(), pk=run_id)
    if request.method != "POST":
        not_written_down(request)
        return redirect(RunPage.ON_PAPER.of(run))
    log("took_participants", run, by=request.user)
    return _file(request, run_lists.participants(run), "deltakere", run)


@for_tutors
@require_POST
def register_file(request: HttpRequest, run_id: int) -> HttpResponse:
    """Who was there, for whoever may open the register, while they see its names."""
    run, sessions = open_register(request, run_id)
    check_names(request.user, run)
    log("took_register", run, by=request.user)
    return _file(request, run_lists.register(run, sessions), "oppmote", run)


def _file(request: HttpRequest, sheet: Sheet, name: str, run: CourseRun) -> HttpResponse:
    """Its name tells the list, the run by its number, and the day; nobody's name, and no course."""
    wanted = request.POST.get("form", "")
    form = Format(wanted) if wanted in Format.values else Format.XLSX
    filename = f"{name}-{run.pk}-{timezone.localdate():%Y-%m-%d}.{form}"
    return HttpResponse(
        write(sheet, form),
        content_type=form.content_type,
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path(
            "courses/courserun/<int:run_id>/participants/",
            site.admin_view(participants_file),
            name="run_participants_file",
        ),
    ]
