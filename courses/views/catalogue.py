"""What the college offers, for anybody to read."""

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from courses import queries
from courses.calendar import subscription_address
from courses.catalogue import (
    CatalogueEntry,
    CatalogueFilter,
    choices,
    result_in_words,
    semester_in_words,
)
from courses.course_page import run_on_page, tutors_of
from courses.models import Semester
from courses.small_facts import small_facts
from courses.structured import json_ld
from courses.web.public_pages import drawn_once, public_page

PAGE_NUMBER = re.compile("[1-9][0-9]{0,2}", re.ASCII)
NEXT_RUNS = 6  # on the front page
RUNS_ON_A_PAGE = 60  # of the catalogue
SEMESTERS_LOOKED_IN = 4  # beside the one that was asked for, where nothing in that one fits


@require_safe
@public_page
def front_page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = queries.next_runs(now, NEXT_RUNS)

    def context() -> dict[str, object]:
        facts = small_facts(rows.facts)
        entries = queries.entries(rows, facts, now=now)
        return {
            "college": facts.college,
            "cards": [each.card for each in entries],
            "partners": facts.partners,
        }

    return drawn_once(
        request, "courses/front_page.html", contents=rows.contents(now), context=context
    )


@require_safe
@public_page
def catalogue(request: HttpRequest) -> HttpResponse:
    """One semester's runs: the current or coming one, or the one asked for by `?semester=`."""
    now = timezone.now()
    semesters = queries.public_semesters()
    semester = _chosen(semesters, request.GET.get("semester", ""))
    wanted = CatalogueFilter.read(request.GET)
    if semester:
        rows = queries.runs_of(semester, with_texts=bool(wanted.text))
    else:
        rows = queries.nothing_but_the_college()
    others: list[tuple[Semester, queries.PageRows]] = []
    if not wanted.is_anything and not _found(rows, wanted, now):
        others = [
            (each, queries.runs_of(each, with_texts=bool(wanted.text)))
            for each in [each for each in semesters if each != semester][:SEMESTERS_LOOKED_IN]
        ]

    def context() -> dict[str, object]:
        facts = small_facts(rows.facts)
        entries = queries.entries(rows, facts, now=now)
        found = [each for each in entries if wanted.matches(each)]
        back = chosen_in(request, semesters)
        pages = Paginator(found, RUNS_ON_A_PAGE)
        page = pages.get_page(request.GET.get("side"))
        coming = _coming_after(semesters, semester)
        address = request.path
        return {
            "section": "courses",
            "college": facts.college,
            "semesters": [(each.slug, str(each), each == semester) for each in semesters],
            "semester": semester,
            "semester_name": semester_in_words(semester),
            "coming": coming,
            "coming_name": semester_in_words(coming),
            "wanted": wanted,
            "choices": choices(entries, wanted),
            "cards": [each.card._replace(url=each.url + back) for each in page],
            "elsewhere": [
                (result_in_words(len(fitting), each), f"{address}{_query(each, wanted)}#result")
                for each, of_other in others
                if (fitting := _found(of_other, wanted, now))
            ],
            "page": page,
            "page_links": (links := _page_links(request, pages)),
            "next_page": links[page.number][1] if page.has_next() else "",
            "which_page": gettext("Page %(number)d of %(pages)d")
            % {"number": page.number, "pages": pages.num_pages},
            "result": result_in_words(len(found), semester),
            "subscription": subscription_address(reverse("catalogue_calendar")),
            "whole_semester": f"{address}?semester={semester.slug}" if semester else address,
        }

    template = "courses/catalogue.html"
    if wanted.text:
        # What somebody wrote is kept nowhere.
        return render(request, template, context())
    shown = [(each.slug, each.starts_on, each == semester) for each in semesters]
    elsewhere = [of_other.contents(now) for _each, of_other in others]
    contents = (shown, rows.contents(now), elsewhere)
    return drawn_once(request, template, contents=contents, context=context)


def _found(rows: queries.PageRows, wanted: CatalogueFilter, now: datetime) -> list[CatalogueEntry]:
    """The runs that fit. No query."""
    entries = queries.entries(rows, small_facts(rows.facts), now=now)
    return [each for each in entries if wanted.matches(each)]


def _query(semester: Semester, wanted: CatalogueFilter) -> str:
    return "?" + urlencode([("semester", semester.slug), *wanted.chosen])


def chosen_in(request: HttpRequest, semesters: Iterable[Semester]) -> str:
    """What the visitor chose of the catalogue, as an address carries it; empty for nothing.

    Only what the catalogue itself understands: a semester that there is, its filters, a page.
    """
    asked = request.GET.get("semester", "")
    chosen = [("semester", each.slug) for each in semesters if each.slug == asked]
    chosen += CatalogueFilter.read(request.GET).chosen
    page = request.GET.get("side", "")
    if PAGE_NUMBER.fullmatch(page):
        chosen.append(("side", page))
    return f"?{urlencode(chosen)}" if chosen else ""


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
    now = timezone.now()
    rows = queries.runs_of_course(slug)
    if rows is None:
        raise Http404
    # Read only where somebody comes from a catalogue that they had chosen in.
    back = chosen_in(request, queries.public_semesters() if request.GET else ())

    def context() -> dict[str, object]:
        runs = queries.course_runs(rows)
        facts = small_facts(rows.facts)
        shown = runs[0].course
        unfinished = [run for run in runs if not run.is_finished(now)]
        held = [run for run in reversed(runs) if run.is_finished(now)]
        return {
            "section": "courses",
            "college": facts.college,
            "chosen": back,
            "back": f"{reverse('catalogue')}{back}{'#result' if back else ''}",
            "course": shown,
            "text_language": "" if shown.language == get_language() else shown.language,
            "json_ld": json_ld(shown, unfinished, facts.college),
            "topics": facts.topics[shown.pk],
            "began_as_idea": facts.began_as_idea,
            "ideas": [
                (each.text, "" if each.language == get_language() else each.language)
                for each in facts.ideas
            ],
            "opportunities": facts.opportunities,
            "runs": [run_on_page(run, now) for run in unfinished],
            "may_ask_for_more": not any(run.availability(now).has_room for run in unfinished),
            "held": [run_on_page(run, now) for run in held],
            "tutors": tutors_of(
                [run for run in unfinished if not run.is_cancelled] or unfinished or held[:1]
            ),
        }

    template = "courses/course.html"
    if CatalogueFilter.read(request.GET).text:
        # What somebody wrote is kept nowhere.
        return render(request, template, context())
    contents = (back, rows.contents(now))
    return drawn_once(request, template, contents=contents, context=context)
