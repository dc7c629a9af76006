"""The call list: who, why, which number, and what came of it."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext

from courses.models import CourseRun
from enrolment import services
from enrolment.admin.printed_letters import PaperLetter, printed
from enrolment.admin.refusal_messages import refusal_messages
from enrolment.admin.run_pages import not_written_down, page
from enrolment.letters import as_of_now
from enrolment.models import Enrolment, Letter, Student
from enrolment.queries import runs_to_call_for


@dataclass(frozen=True)
class FreePlace:
    """A run with a free place, and who is first in its queue."""

    run: CourseRun
    first: Enrolment | None
    called: list[Enrolment]


def free_places() -> list[FreePlace]:
    """One query for the runs, one for their sessions and one for their queues."""
    runs = runs_to_call_for()
    queues: dict[int, list[Enrolment]] = {run.pk: [] for run in runs}
    for each in Enrolment.objects.waiting().filter(run__in=runs).select_related("student"):
        queues[each.run_id].append(each)
    return [
        FreePlace(
            run=run,
            first=next((each for each in queues[run.pk] if not each.call_outcome), None),
            called=[each for each in queues[run.pk] if each.call_outcome],
        )
        for run in runs
    ]


@dataclass(frozen=True)
class ToTell:
    """Somebody who must be told something, with all that is to be said to them now."""

    student: Student
    letters: list[tuple[Letter, PaperLetter]]


def people_to_tell() -> list[ToTell]:
    """Everybody on the call list, the soonest session first, then whoever has waited longest.

    A fixed number of queries.
    """
    people: dict[int, ToTell] = {}
    for letter in as_of_now(Letter.objects.for_staff()):
        if letter.student is None:
            continue
        person = people.setdefault(letter.student.pk, ToTell(letter.student, []))
        person.letters.append((letter, printed(letter, is_as_of_now=True)))
    return list(people.values())


@permission_required("enrolment.view_letter", raise_exception=True)
def call_list(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "admin/call_list.html",
        gettext("Call list"),
        people=people_to_tell(),
        free_places=free_places(),
        outcomes=Letter.Outcome,
        call_outcomes=Enrolment.CallOutcome,
    )


@permission_required("enrolment.change_letter", raise_exception=True)
def letter_outcome(request: HttpRequest, letter_id: int) -> HttpResponse:
    if request.method != "POST":
        not_written_down(request)
        return redirect("admin:call_list")
    letter = get_object_or_404(Letter, pk=letter_id)
    outcome = request.POST.get("outcome", "")
    if outcome == "again":
        services.send_again(letter=letter, by=request.user)
        messages.success(request, gettext("The letter is sent again."))
    elif outcome in Letter.Outcome.values:
        try:
            services.record_letter_outcome(
                letter=letter,
                outcome=outcome,
                by=request.user,
                said=request.POST.get("said", ""),
            )
        except services.LetterChanged as refusal:
            messages.warning(request, " ".join(refusal_messages(refusal)))
            return redirect("admin:call_list")
        messages.success(request, gettext("Written down."))
    if "from_receipt" in request.POST and letter.enrolment:
        return redirect("admin:courses_courserun_change", letter.enrolment.run_id)
    return redirect("admin:call_list")


@permission_required("enrolment.change_enrolment", raise_exception=True)
def call_outcome(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    if request.method != "POST":
        not_written_down(request)
        return redirect("admin:call_list")
    enrolment = get_object_or_404(Enrolment, pk=enrolment_id)
    outcome = request.POST.get("outcome", "")
    try:
        if outcome == "reopen":
            services.reopen_call(enrolment=enrolment, by=request.user)
        elif outcome in Enrolment.CallOutcome.values:
            services.record_call(enrolment=enrolment, outcome=outcome, by=request.user)
    except services.EnrolmentError as refusal:
        messages.warning(request, " ".join(refusal_messages(refusal)))
    else:
        messages.success(request, gettext("Written down."))
        # Whoever said yes on the phone is told the rest there and then.
        if outcome == Enrolment.CallOutcome.YES and enrolment.letters.for_staff().exists():
            return redirect("admin:receipt", enrolment.pk)
    return redirect("admin:call_list")


@permission_required("enrolment.view_letter", raise_exception=True)
def paper(request: HttpRequest, letter_id: int) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.select_related("student"), pk=letter_id)
    return page(request, "admin/paper.html", gettext("Letter on paper"), paper=printed(letter))


def letter_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("calls/", site.admin_view(call_list), name="call_list"),
        path("<int:letter_id>/outcome/", site.admin_view(letter_outcome), name="letter_outcome"),
        path("<int:letter_id>/paper/", site.admin_view(paper), name="letter_paper"),
    ]


def enrolment_urls(site: admin.AdminSite) -> list[URLPattern]:
    return [path("<int:enrolment_id>/call/", site.admin_view(call_outcome), name="call_outcome")]
