"""What the college offers, for anybody to read."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from courses import queries
from courses.catalogue import (
    CatalogueEntry,
    CatalogueFilter,
    choices,
    result_in_words,
    semester_in_words,
)
from courses.course_page import run_on_page, tutors_of
from courses.models import CourseRun, Semester
from courses.web.public_pages import public_page

NEXT_RUNS = 6  # on the front page
RUNS_ON_A_PAGE = 60  # of the catalogue


@require_safe
@public_page
def front_page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    runs = queries.next_runs(now, NEXT_RUNS)
    shown = Q(run__in=[run.pk for run in runs])
    facts = queries.small_facts(assignments=shown, partners=True)
    sessions = queries.sessions_of(shown) if runs else {}
    context = {
        "college": facts.college,
        **_cards(queries.entries(runs, sessions=sessions, facts=facts, now=now)),
        "partners": facts.partners,
    }
    return render(request, "courses/front_page.html", context)


@require_safe
@public_page
def catalogue(request: HttpRequest) -> HttpResponse:
    """One semester's runs: the current or coming one, or the one asked for by `?semester=`."""
    now = timezone.now()
    semesters = queries.public_semesters()
    semester = _chosen(semesters, request.GET.get("semester", ""))
    wanted = CatalogueFilter.read(request.GET)
    entries: list[CatalogueEntry] = []
    context: dict[str, object] = {}
    if semester:
        here = Q(run__semester=semester)
        courses_here = CourseRun.objects.filter(semester=semester).order_by().values("course_id")
        facts = queries.small_facts(assignments=here, topics=Q(course__in=courses_here))
        runs, sessions = queries.runs_of(semester), queries.sessions_of(here)
        entries = queries.entries(runs, sessions=sessions, facts=facts, now=now)
        context["college"] = facts.college
    found = entries if wanted.is_anything else [each for each in entries if wanted.matches(each)]
    pages = Paginator(found, RUNS_ON_A_PAGE)
    page = pages.get_page(request.GET.get("side"))
    coming = _coming_after(semesters, semester)
    context |= {
        "section": "courses",
        "semesters": [(each.slug, str(each), each == semester) for each in semesters],
        "semester": semester,
        "semester_name": semester_in_words(semester),
        "coming": coming,
        "coming_name": semester_in_words(coming),
        "wanted": wanted,
        "choices": SimpleLazyObject(lambda: choices(entries, wanted)),
        "choices_contents": [each.contents for each in entries],
        **_cards(list(page)),
        "page": page,
        "page_links": _page_links(request, pages),
        "result": result_in_words(len(found), semester),
        "whole_semester": f"{request.path}?semester={semester.slug}" if semester else request.path,
    }
    return render(request, "courses/catalogue.html", context)


def _cards(entries: list[CatalogueEntry]) -> dict[str, object]:
    """The cards, made when the template asks, and what the fragment of them is kept under."""
    return {
        "cards": SimpleLazyObject(lambda: [each.card for each in entries]),
        "cards_contents": [each.contents for each in entries],
    }


def _page_links(request: HttpRequest, pages: "Paginator[CatalogueEntry]") -> list[tuple[int, str]]:
    """Number and address of each page, with all that the visitor chose; empty for one page."""
    if pages.num_pages == 1:
        return []
    chosen = [(name, value) for name, value in request.GET.items() if name != "side" and value]
    return [
        (number, f"{request.path}?{urlencode([*chosen, ('side', number)])}#result")
        for number in pages.page_range
    ]


def _chosen(semesters: list[Semester], slug: str) -> Semester | None:
    """The semester asked for, else the current or coming one, else the last there was."""
    for each in semesters:
        if each.slug == slug:
            return each
    unfinished = [each for each in semesters if not each.is_past]
    return next(iter(unfinished[-1:] or semesters), None)


def _coming_after(semesters: list[Semester], semester: Semester | None) -> Semester | None:
    """The next semester with a programme; `semesters` are newest first."""
    later = [each for each in semesters if semester and each.starts_on > semester.starts_on]
    return later[-1] if later else None


@require_safe
@public_page
def course(request: HttpRequest, slug: str) -> HttpResponse:
    runs = queries.course_runs(slug)
    if not runs:
        raise Http404
    shown = runs[0].course
    facts = queries.small_facts(topics=Q(course=shown))
    now = timezone.now()
    unfinished = [run for run in runs if not run.is_finished(now)]
    held = [run for run in reversed(runs) if run.is_finished(now)]
    tutors = tutors_of(
        [run for run in unfinished if not run.is_cancelled] or unfinished or held[:1]
    )
    text_language = "" if shown.language == get_language() else shown.language
    facts_of_course = (
        shown.title,
        shown.format,
        shown.summary,
        shown.what_happens,
        shown.what_you_take,
        text_language,
    )
    topics = facts.topics[shown.pk]
    runs_in_words = [run_on_page(run, now) for run in unfinished]
    held_in_words = [run_on_page(run, now) for run in held]
    context = {
        "section": "courses",
        "college": facts.college,
        "course": shown,
        "text_language": text_language,
        "topics": topics,
        "runs": runs_in_words,
        "held": held_in_words,
        "tutors": tutors,
        # All that the page is made of, beside its language and the college's phone.
        "contents": (
            facts_of_course,
            topics,
            runs_in_words,
            held_in_words,
            [(each.name, each.presentation, each.photo.name) for each in tutors],
        ),
    }
    return render(request, "courses/course.html", context)
