"""The drafts of a semester on one page: what stands in their way; the ready ones are published."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from courses import services as course_services
from courses.catalogue import join_names
from courses.models import College, CourseRun, Semester
from courses.norwegian.formatting import quoted
from courses.services import MendedOn
from enrolment import services
from enrolment.admin import plan_warnings
from enrolment.admin.missing import MissingLink, with_links
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.admin.run_pages import home, is_key, letters_written, page

# The name of each tick, and of what the address tells of those that were just published.
RUN, PUBLISHED = "run", "published"
UNDO = "undo"


@dataclass(frozen=True)
class Draft:
    """A draft with what it lacks of its own, and what may be a slip in its plan."""

    run: CourseRun
    missing: list[MissingLink]
    odd: list[str]

    @property
    def url(self) -> str:
        return home(self.run)


@permission_required("courses.change_courserun", raise_exception=True)
def publish_semester(request: HttpRequest, semester_id: int) -> HttpResponse:
    """Run by run what is missing and what is odd; those ticked are published, each by itself."""
    semester = get_object_or_404(Semester, pk=semester_id)
    if request.method == "POST":
        return _undo(request, semester) if UNDO in request.POST else _publish(request, semester)
    college = College.objects.first()
    runs = list(
        semester.runs.filter(status=CourseRun.Status.DRAFT)
        .with_programme()
        .prefetch_related("course__coursedeveloper_set")
        .by_start()
    )
    odd = plan_warnings.of_drafts(runs)
    missing = {
        run.pk: course_services.missing_for_publication(run, college=college) for run in runs
    }
    # What all of them need is said once.
    shared = {each for found in missing.values() for each in found if _is_shared(each)}
    drafts = [
        Draft(
            run,
            with_links(run, [each for each in missing[run.pk] if not _is_shared(each)]),
            odd.get(run.pk, []),
        )
        for run in runs
    ]
    opens_at = semester.enrolment_opens_at
    return page(
        request,
        "admin/publish_semester.html",
        gettext("Publish %(semester)s") % {"semester": semester.name},
        semester=semester,
        shared=with_links(runs[0], shared) if shared else [],
        lacking=[each for each in drafts if missing[each.run.pk]],
        ready=[each for each in drafts if not missing[each.run.pk]],
        published=_just_published(request, semester),
        opens_at=opens_at if opens_at > timezone.now() else None,
    )


def _is_shared(missing: course_services.Missing) -> bool:
    return missing.mended_on == MendedOn.COLLEGE


def _just_published(request: HttpRequest, semester: Semester) -> list[tuple[CourseRun, str]]:
    """Those that the address names, with their pages. One query where it names any."""
    named = _keys(request.GET, PUBLISHED)
    if not named:
        return []
    runs = semester.runs.published().filter(pk__in=named).select_related("course", "semester")
    return [(run, home(run)) for run in runs.order_by("course__title", "pk")]


def _publish(request: HttpRequest, semester: Semester) -> HttpResponse:
    """Each under its own lock, in order of key: one that is not ready stops none of the others."""
    ticked = _keys(request.POST, RUN)
    published: list[int] = []
    already: list[str] = []
    told = 0
    runs = semester.runs.filter(pk__in=ticked).select_related("course").order_by("pk")
    found = list(runs)
    for run in found:
        course = quoted(run.course.title)
        if run.is_published:
            already.append(course)
            continue
        try:
            told += services.publish_run(run=run)
        except course_services.NotPublishable as refusal:
            messages.warning(
                request,
                gettext("%(course)s is not published. %(why)s")
                % {"course": course, "why": " ".join(refusal.missing)},
            )
        except CourseRun.DoesNotExist:  # deleted in this very moment
            messages.warning(
                request, gettext("%(course)s is not here any more.") % {"course": course}
            )
        else:
            published.append(run.pk)
    if not ticked:
        messages.warning(request, gettext("Tick at least one run to publish."))
    if gone := len(ticked) - len(found):
        messages.warning(
            request,
            ngettext(
                "%(count)s of those you ticked is not here any more.",
                "%(count)s of those you ticked are not here any more.",
                gone,
            )
            % {"count": gone},
        )
    if already:
        messages.info(
            request, gettext("Published already: %(courses)s.") % {"courses": join_names(already)}
        )
    if published:
        messages.success(
            request,
            ngettext("%(count)s run is published.", "%(count)s runs are published.", len(published))
            % {"count": len(published)},
        )
    if told:
        messages.success(request, letters_written(told))
    return _back(semester, published)


def _undo(request: HttpRequest, semester: Semester) -> HttpResponse:
    """Those named become drafts again, each by itself. Where somebody has signed up, it stays."""
    drafts = 0
    runs = semester.runs.published().filter(pk__in=_keys(request.POST, RUN))
    for run in runs.select_related("course").order_by("pk"):
        try:
            services.back_to_draft(run=run, by=request.user)
        except services.EnrolmentError as refusal:
            messages.warning(
                request,
                gettext("%(course)s stays published. %(why)s")
                % {
                    "course": quoted(run.course.title),
                    "why": " ".join(refusal_messages(refusal)),
                },
            )
        else:
            drafts += 1
    if drafts:
        messages.success(
            request,
            ngettext("%(count)s run is a draft again.", "%(count)s runs are drafts again.", drafts)
            % {"count": drafts},
        )
    return _back(semester)


def _keys(sent: QueryDict, name: str) -> set[int]:
    return {int(value) for value in sent.getlist(name) if is_key(value)}


def _back(semester: Semester, published: Sequence[int] = ()) -> HttpResponse:
    url = reverse("admin:publish_semester", args=[semester.pk])
    query = urlencode([(PUBLISHED, each) for each in published])
    return redirect(f"{url}?{query}" if query else url)


def urls(site: admin.AdminSite) -> list[URLPattern]:
    route = "courses/semester/<row:semester_id>/publish/"
    return [path(route, site.admin_view(publish_semester), name="publish_semester")]
