"""What the first time on a run is like, on a page that fits one sheet of paper."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from courses import queries
from courses.catalogue import CatalogueFilter
from courses.first_time import first_time as shown_of
from courses.first_time import next_session
from courses.small_facts import small_facts
from courses.views.catalogue import chosen_in
from courses.web.public_pages import drawn_once, public_page


@require_safe
@public_page
def first_time(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """The run's next session. Not found where the run is cancelled, over, or not for anybody."""
    now = timezone.now()
    rows = queries.runs_of_course(slug)
    runs = queries.course_runs(rows) if rows else []
    run = next((each for each in runs if each.pk == run_id), None)
    session = next_session(run, now) if run and run.is_published else None
    if rows is None or run is None or session is None:
        raise Http404
    course, template = run.course, "courses/first_time.html"
    # The way back leads to the course as it was come to: with what was chosen in the catalogue.
    chosen = chosen_in(request, queries.public_semesters() if request.GET else ())

    def context() -> dict[str, object]:
        return {
            "section": "courses",
            "college": small_facts(rows.facts).college,
            "course": course,
            "chosen": chosen,
            "text_language": "" if course.language == get_language() else course.language,
            "shown": shown_of(session),
            "calendar_url": reverse("run_calendar", args=[course.slug, run_id]),
        }

    if CatalogueFilter.read(request.GET).text:
        # What somebody wrote is kept nowhere.
        return render(request, template, context())
    contents = (chosen, rows.contents(now))
    return drawn_once(request, template, contents=contents, context=context)
