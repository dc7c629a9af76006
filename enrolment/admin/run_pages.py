"""What all pages about a run share; and cancel it, back to draft, hold it again."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses import services as course_services
from courses.admin.fields import DayField
from courses.admin.pages import page as page
from courses.models import CourseRun, Semester
from enrolment import services
from enrolment.admin import plan_warnings
from enrolment.admin.plan_warnings import warnings
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.models import Enrolment, Letter, Student

# The runs that a page knew of, by their keys: so that nothing is held again twice.
KNOWN = "known"


def not_written_down(request: HttpRequest) -> None:
    """Say so to somebody who pressed a button signed out, and comes here by signing in again."""
    messages.warning(request, gettext("Not written down. Please try again."))


class RunPage(StrEnum):
    """The pages about a run, by the names of their addresses."""

    PEOPLE = "run_people"
    PROGRAMME = "run_programme"
    DETAILS = "courses_courserun_change"
    MESSAGES = "run_messages"
    ON_PAPER = "run_papers"

    @property
    def label(self) -> str:
        return {
            RunPage.PEOPLE: gettext("Participants"),
            RunPage.PROGRAMME: gettext("Programme"),
            RunPage.DETAILS: gettext("Details"),
            RunPage.MESSAGES: gettext("Messages"),
            RunPage.ON_PAPER: gettext("Printouts and lists"),
        }[self]

    def of(self, run: CourseRun) -> str:
        return reverse(f"admin:{self}", args=[run.pk])


def heading(run: CourseRun, here: RunPage) -> dict[str, Any]:
    """What stands over each page about a run: how it is now, and the way to the others.

    One query where the run does not carry its sessions.
    """
    return {
        "run": run,
        "is_over": run.is_finished(),
        "title": str(run),
        "subtitle": here.label,
        "here": here,
        "run_pages": [(each.of(run), each.label, each == here) for each in RunPage],
    }


def home(run: CourseRun) -> str:
    """The page on which one begins: what a draft lacks, and who takes part in any other run."""
    return (RunPage.DETAILS if run.is_draft else RunPage.PEOPLE).of(run)


def is_key(object_id: str) -> bool:
    """Whether this part of an address can be a row's key."""
    return object_id.isdecimal() and len(object_id) < 19


def tell_who_moved_up(request: HttpRequest, run: CourseRun, since: datetime) -> None:
    """Name those who got a place from the queue since then, and who of them must be rung."""
    moved = Enrolment.objects.with_place().filter(
        run=run,
        placed_at__gte=since,
        letters__kind=Letter.Kind.PROMOTED,
        letters__is_beside=False,
    )
    for enrolment in moved.select_related("student").order_by("pk"):
        name = {"name": enrolment.student}
        if enrolment.student.channel == Student.Channel.EMAIL:
            messages.success(request, gettext("%(name)s got a place from the waiting list.") % name)
        else:
            messages.warning(
                request,
                gettext(
                    "%(name)s got a place from the waiting list and must be told: see the call "
                    "list."
                )
                % name,
            )


def wonder_about_sign_up(request: HttpRequest, run: CourseRun) -> None:
    """Say where nobody can sign up for a run with these dates. Nothing is refused for it."""
    for sentence in plan_warnings.about_sign_up(run):
        messages.info(request, sentence)


def say_what_was_saved(request: HttpRequest, saved: services.SavedRun) -> None:
    """How many were told of it, and who got a place by it."""
    if saved.told:
        messages.success(request, letters_written(saved.told))
        tell_who_is_rung_now(request, saved.run)
    tell_who_moved_up(request, saved.run, saved.at)


def tell_who_is_rung_now(request: HttpRequest, run: CourseRun) -> None:
    """Say how many people must be rung, because a session is so near. One query."""
    urgent = Letter.objects.for_staff().filter(
        enrolment__run=run, urgent_for__gt=timezone.now(), failed_at__isnull=True
    )
    people = len(set(urgent.values_list("student", flat=True)))
    if people:
        messages.warning(
            request,
            ngettext(
                "A session begins soon: %(count)s person should be rung now. See the call list.",
                "A session begins soon: %(count)s people should be rung now. See the call list.",
                people,
            )
            % {"count": people},
        )


def letters_written(number: int) -> str:
    return ngettext("%(count)s letter is written.", "%(count)s letters are written.", number) % {
        "count": number
    }


def find_run(run_id: int) -> CourseRun:
    return get_object_or_404(CourseRun.objects.with_programme(), pk=run_id)


def back_to(run: CourseRun, page: RunPage | None = None) -> HttpResponse:
    """The named page about the run, or the one on which one begins."""
    return redirect(page.of(run) if page else home(run))


def why_not(check: Callable[[CourseRun], None], run: CourseRun) -> str:
    """Why the verb that this check belongs to would refuse, in words; empty where it would not."""
    try:
        check(run)
    except services.EnrolmentError as refusal:
        return " ".join(refusal_messages(refusal))
    return ""


@permission_required("courses.change_courserun", raise_exception=True)
def cancel(request: HttpRequest, run_id: int) -> HttpResponse:
    run = find_run(run_id)
    if reason := why_not(services.check_can_be_cancelled, run):
        messages.warning(request, reason)
        return back_to(run)
    if request.method == "POST":
        try:
            written = services.cancel_run(run=run, by=request.user)
        except services.EnrolmentError as refusal:
            messages.warning(request, " ".join(refusal_messages(refusal)))
        else:
            messages.success(request, gettext("The run is cancelled."))
            if written:
                messages.success(request, letters_written(written))
                tell_who_is_rung_now(request, run)
        return back_to(run)
    told = services.telling(run)
    return page(
        request,
        "admin/confirm.html",
        gettext("Cancel this run?"),
        subtitle=str(run),
        sentences=[
            gettext("A cancelled run stays in the catalogue as cancelled. This cannot be undone."),
            *(told.sentences() or [gettext("Nobody has signed up, so nobody needs to be told.")]),
        ],
        button=gettext("Cancel the run and tell them") if told.total else gettext("Cancel the run"),
        back_url=home(run),
    )


@permission_required("courses.change_courserun", raise_exception=True)
def to_draft(request: HttpRequest, run_id: int) -> HttpResponse:
    run = find_run(run_id)
    already = gettext("The run is a draft already.") if run.is_draft else ""
    if reason := already or why_not(services.check_can_be_draft, run):
        messages.warning(request, reason)
        return back_to(run)
    if request.method == "POST":
        try:
            services.back_to_draft(run=run, by=request.user)
        except services.EnrolmentError as refusal:
            messages.warning(request, " ".join(refusal_messages(refusal)))
        else:
            messages.success(request, gettext("The run is a draft again."))
        return back_to(run)
    return page(
        request,
        "admin/confirm.html",
        gettext("Back to draft?"),
        subtitle=str(run),
        sentences=[gettext("The run disappears from the catalogue until you publish it again.")],
        button=gettext("Back to draft"),
        back_url=home(run),
    )


class CopyForm(forms.Form):
    semester = forms.ModelChoiceField(
        Semester.objects.none(), label=_("semester"), empty_label=None
    )
    first_day = DayField(
        label=_("first session"),
        error_messages={"required": _("Write the day of the first session.")},
    )

    def __init__(self, *args: Any, semesters: QuerySet[Semester], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["semester"].queryset = semesters  # type: ignore[attr-defined]  # a choice


@permission_required("courses.add_courserun", raise_exception=True)
def copy(request: HttpRequest, run_id: int) -> HttpResponse:
    """Hold the course again: everything is kept, the sessions move."""
    run = find_run(run_id)
    semesters = Semester.objects.filter(ends_on__gte=timezone.localdate())
    newest = semesters.first()
    if newest is None:
        messages.warning(
            request, gettext("There is no semester to come. Add one, and then its runs.")
        )
        return redirect("admin:courses_semester_add")
    form = CopyForm(
        request.POST or None,
        semesters=semesters,
        initial={
            "semester": newest,
            "first_day": course_services.suggested_first_day(run, newest).isoformat(),
        },
    )
    unread: list[str] = []
    if request.method == "POST" and form.is_valid():
        semester = form.cleaned_data["semester"]
        plan = course_services.plan_copy(run=run, **form.cleaned_data)
        unread = plan_warnings.unread(request, warnings(plan.planned, semester=semester))
        if not unread:
            return _make(request, run, form)
    there = CourseRun.objects.filter(course=run.course_id).order_by("pk")
    known = " ".join(str(pk) for pk in there.values_list("pk", flat=True))
    return page(
        request,
        "admin/copy_run.html",
        gettext("Hold this course again"),
        subtitle=str(run),
        form=form,
        sentences=[
            gettext(
                "Venue, capacity, texts, sessions, and tutors who still teach are copied; guests "
                "and links are not. The rhythm stays, such as every other week or the first "
                "Tuesday of the month, and the time of day."
            )
        ],
        # As the page that was opened first knew it.
        known=request.POST.get(KNOWN, known),
        warnings=unread,
        button=gettext("Make the draft anyway") if unread else gettext("Make the draft"),
        back_url=home(run),
    )


def _make(request: HttpRequest, run: CourseRun, form: CopyForm) -> HttpResponse:
    """The draft, or the one that has been made since the page was opened."""
    semester = form.cleaned_data["semester"]
    copies = [course_services.Copy(run, form.cleaned_data["first_day"])]
    known = known_runs(request)
    try:
        [new] = course_services.copy_runs(semester=semester, copies=copies, known=known)
    except course_services.CopiesChanged:
        there = CourseRun.objects.filter(semester=semester, course=run.course_id)
        messages.warning(request, already_there(semester))
        return back_to(there.exclude(pk__in=known).order_by("pk").first() or run)
    messages.success(request, gettext("Here is the new draft. Check it, then publish it."))
    return back_to(new)


def known_runs(request: HttpRequest) -> list[int]:
    """The keys of the runs that the page knew of."""
    return [int(pk) for pk in request.POST.get(KNOWN, "").split() if is_key(pk)]


def already_there(semester: Semester) -> str:
    """For whoever makes what has been made since the page was opened."""
    return gettext(
        "Nothing is made twice: since you opened the page, it has been made already. Here is what "
        "there is in %(semester)s."
    ) % {"semester": semester.name}


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("<int:run_id>/cancel/", site.admin_view(cancel), name="run_cancel"),
        path("<int:run_id>/draft/", site.admin_view(to_draft), name="run_to_draft"),
        path("<int:run_id>/copy/", site.admin_view(copy), name="run_copy"),
    ]
