"""Papers that anybody may print: the poster of a run, the prospectus of a semester.

They tell what the public pages tell, and nothing else: a closed run has none.
"""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses import queries
from courses.course_page import run_on_page
from courses.first_time import next_session
from courses.models import College, Course
from courses.small_facts import small_facts
from courses.web import throttle
from courses.web.client_address import client_network
from courses.web.public_pages import kept, public_page
from courses.web.throttle import RateLimit
from recoverycollege.paper import poster as posters
from recoverycollege.paper import prospectus as prospectuses
from recoverycollege.paper.drawing import pdf_response

Sheet = TypeVar("Sheet", posters.Paper, prospectuses.Paper)


class TooMany(Exception):
    """So many papers were drawn for this network in the last hour that one more must wait."""


@require_safe
@public_page
def poster(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """On A4, or on A3 with `?ark=a3`. Not found where the run is cancelled, over, or closed."""
    now = timezone.now()
    rows = queries.runs_of_course(slug)
    runs = queries.course_runs(rows) if rows else []
    run = next((each for each in runs if each.pk == run_id), None)
    if rows is None or run is None or not run.is_published or not next_session(run, now):
        raise Http404
    paper = _chosen(request, posters.Paper.A4)
    # What no page tells, and the strips do: words that anybody may find in a pocket.
    college = College.objects.current()
    discreet = Course.objects.values_list("discreet_title", flat=True).get(pk=run.course_id)

    def draw() -> bytes:
        shown = posters.poster(run, run_on_page(run, now), college=college, discreet=discreet)
        return posters.render(shown, paper)

    contents = (run.pk, rows.contents(now), college.sender_name, discreet)
    return _paper(request, f"plakat-{paper}", contents, draw)


@require_safe
@public_page
def prospectus(request: HttpRequest, semester_slug: str) -> HttpResponse:
    """In A5, a booklet to fold, or on A4 with `?ark=a4`. What is over is not in it."""
    found = [each for each in queries.public_semesters() if each.slug == semester_slug]
    if not found:
        raise Http404
    [semester] = found
    now = timezone.now()
    rows = queries.runs_of(semester, with_texts=False)
    college = College.objects.current()
    paper = _chosen(request, prospectuses.Paper.A5)

    def draw() -> bytes:
        entries = queries.entries(rows, small_facts(rows.facts), now=now)
        return prospectuses.render(entries, semester=semester, college=college, paper=paper)

    name = f"program-{semester.slug}-{paper}"
    return _paper(request, name, (semester.slug, rows.contents(now)), draw)


def _chosen(request: HttpRequest, otherwise: Sheet) -> Sheet:
    """The sheet that was asked for; what cannot be read is the usual one."""
    return next((each for each in type(otherwise) if each == request.GET.get("ark")), otherwise)


def _paper(
    request: HttpRequest, name: str, contents: object, draw: Callable[[], bytes]
) -> HttpResponse:
    """The PDF, drawn anew only where something in it has changed, and so often at most."""

    def drawn() -> bytes:
        limit = RateLimit(what="paper", who=client_network(request), most=settings.PAPERS_PER_HOUR)
        if throttle.goes_beyond(limit):
            raise TooMany
        return draw()

    try:
        pdf = kept(request, (name, contents), drawn)
    except TooMany:
        return render(request, "recoverycollege/paper_later.html", status=429)
    return pdf_response(pdf, name)
