"""Addresses in the admin where the college's papers are printed."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext

from courses.models import College, CourseRun
from enrolment.admin.call_outcomes import read_shown
from enrolment.admin.printed_letters import printed
from enrolment.admin.run_pages import RunPage, heading
from enrolment.letters import as_of_now
from enrolment.models import Letter
from recoverycollege.exports.spreadsheets import Format
from recoverycollege.paper import letters
from recoverycollege.paper.poster import Paper


@permission_required("enrolment.view_letter", raise_exception=True)
def letters_on_paper(request: HttpRequest) -> HttpResponse:
    """The letters that the call list showed, and as it showed them, as one PDF.

    Nothing is printed where one of them says something else by now: what is marked as posted
    afterwards is then what was printed.
    """
    shown = read_shown(request)
    found = as_of_now(Letter.objects.for_staff().filter(pk__in=shown)) if shown else []
    papers = {each.pk: printed(each, is_as_of_now=True) for each in found}
    if not papers or {pk: paper.said for pk, paper in papers.items()} != shown:
        messages.warning(
            request,
            gettext(
                "Not printed: something has changed while you had the page open. Here is the "
                "list as it is now."
            ),
        )
        return redirect("admin:call_list")
    return HttpResponse(
        letters.render(list(papers.values()), college=College.objects.current()),
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="brev.pdf"'},
    )


@permission_required("courses.change_courserun", raise_exception=True)
def run_papers(request: HttpRequest, run_id: int) -> HttpResponse:
    """All that can be printed of a run, and taken out of it as a spreadsheet."""
    run = get_object_or_404(CourseRun.objects.with_programme(), pk=run_id)
    has_poster = run.is_public and run.is_published and not run.is_finished()
    context = {
        **heading(run, RunPage.ON_PAPER),
        "has_poster": has_poster,
        "posters": Paper.choices if has_poster else [],
        "forms": Format.choices,
    }
    frame = admin.site.each_context(request)
    return render(request, "admin/courses/courserun/on_paper.html", {**frame, **context})


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("paper/letters/", site.admin_view(letters_on_paper), name="letters_on_paper"),
        path(
            "courses/courserun/<int:run_id>/papers/",
            site.admin_view(run_papers),
            name="run_papers",
        ),
    ]
