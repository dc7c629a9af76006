"""Addresses in the admin where the college's papers are printed."""

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext

from courses.models import College
from enrolment.admin.call_outcomes import read_shown
from enrolment.admin.printed_letters import printed
from enrolment.letters import as_of_now
from enrolment.models import Letter
from recoverycollege.paper import letters


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


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("paper/letters/", site.admin_view(letters_on_paper), name="letters_on_paper"),
    ]
