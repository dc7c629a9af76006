"""What the college offers, for anybody to read."""

from django.db.models import Max, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from courses import queries
from courses.catalogue import CatalogueFilter, choices, result_in_words, semester_in_words
from courses.course_page import run_on_page, tutors_of
from courses.models import CourseRun, Partner, Semester
from courses.norwegian.sorting import sort_key

NEXT_RUNS = 6  # on the front page


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    runs = (
        CourseRun.objects.public()
        .published()
        .select_related("course", "semester")
        .annotate(first=Min("sessions__starts_at"), last=Max("sessions__ends_at"))
        .filter(Q(first__gt=now) | Q(entry=CourseRun.Entry.DROP_IN, last__gt=now))
        .order_by("first", "pk")
    )
    next_runs: dict[int, CourseRun] = {}
    for run in runs[: 3 * NEXT_RUNS]:
        next_runs.setdefault(run.course_id, run)  # a course that is held again is shown once
    shown = list(next_runs.values())[:NEXT_RUNS]
    context = {
        "cards": [each.card for each in queries.entries(shown, now=now)],
        "partners": sorted(Partner.objects.values_list("name", flat=True).order_by(), key=sort_key),
    }
    return render(request, "courses/front_page.html", context)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """One semester's runs: the current or coming one, or the one asked for by `?semester=`."""
    now = timezone.now()
    semesters = list(
        Semester.objects.filter(pk__in=CourseRun.objects.public().values("semester_id"))
    )
    semester = _chosen(semesters, request.GET.get("semester", ""))
    wanted = CatalogueFilter.read(request.GET)
    entries = []
    if semester:
        runs = CourseRun.objects.public().filter(semester=semester).select_related("course")
        # Without order: the entries are sorted by what only they know.
        entries = queries.entries([_in(semester, run) for run in runs.order_by()], now=now)
    found = entries if wanted.is_anything else [each for each in entries if wanted.matches(each)]
    coming = _coming_after(semesters, semester)
    context = {
        "section": "courses",
        "semesters": [(each.slug, str(each), each == semester) for each in semesters],
        "semester": semester,
        "semester_name": semester_in_words(semester),
        "coming": coming,
        "coming_name": semester_in_words(coming),
        "wanted": wanted,
        "choices": choices(entries, wanted),
        "cards": [each.card for each in found],
        "result": result_in_words(len(found), semester),
        "whole_semester": f"{request.path}?semester={semester.slug}" if semester else request.path,
    }
    return render(request, "courses/catalogue.html", context)


def _chosen(semesters: list[Semester], slug: str) -> Semester | None:
    """The semester asked for, else the current or coming one, else the last there was."""
    for each in semesters:
        if each.slug == slug:
            return each
    unfinished = [each for each in semesters if not each.is_past]
    return next(iter(unfinished[-1:] or semesters), None)


def _in(semester: Semester, run: CourseRun) -> CourseRun:
    run.semester = semester  # already read: the runs need not join it
    return run


def _coming_after(semesters: list[Semester], semester: Semester | None) -> Semester | None:
    """The next semester with a programme; `semesters` are newest first."""
    later = [each for each in semesters if semester and each.starts_on > semester.starts_on]
    return later[-1] if later else None


@require_safe
def course(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(queries.public_courses().prefetch_related("topics"), slug=slug)
    now = timezone.now()
    runs = list(shown.runs.public().with_programme().by_start())
    unfinished = [run for run in runs if not run.is_finished(now)]
    held = [run for run in reversed(runs) if run.is_finished(now)]
    context = {
        "section": "courses",
        "course": shown,
        "text_language": "" if shown.language == get_language() else shown.language,
        "topics": sorted((topic.name for topic in shown.topics.all()), key=sort_key),
        "runs": [run_on_page(run, now) for run in unfinished],
        "held": [run_on_page(run, now) for run in held],
        "tutors": tutors_of(
            [run for run in unfinished if not run.is_cancelled] or unfinished or held[:1]
        ),
    }
    return render(request, "courses/course.html", context)
