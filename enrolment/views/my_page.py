"""The student's own page, and the way in: a link in a letter, and a button."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.calendar import subscription_address
from courses.course_page import Place, place_on_page
from courses.models import CourseSession, TutorAssignment
from courses.web.client_address import client_network
from enrolment import links, services
from enrolment.forms.sign_up import MyLinkForm
from enrolment.forms_not_shown_again import clear_caches, mark_sent
from enrolment.links import Purpose
from enrolment.models import Enrolment, Student
from enrolment.student_session import (
    keep_out_of_the_log,
    link_of,
    personal_page,
    sign_in,
    sign_out,
    signed_in_student,
)


@dataclass(frozen=True)
class Line:
    """One enrolment as its student sees it."""

    enrolment: Enrolment
    queue_number: int | None
    withdraw_token: str
    calendar_token: str
    next_session: CourseSession | None
    """The first that takes place and is not over."""


@dataclass(frozen=True)
class NextTime:
    """When and where the student is expected next."""

    line: Line
    session: CourseSession
    place: Place | None


@personal_page
@require_safe
def my_page(request: HttpRequest) -> HttpResponse:
    """What the student is signed up for; without a student, the way in."""
    student = signed_in_student(request)
    if student is None:
        return render(
            request, "enrolment/my_link.html", {"form": MyLinkForm(), "section": "my_page"}
        )
    now = timezone.now()
    lines = sorted(_lines(student, now), key=lambda line: _in_order(line, now))
    to_come = [line for line in lines if _is_to_come(line, now)]
    next_time = _next_time(to_come)
    context = {
        "student": student,
        "keep_token": links.keep_token(student) if services.is_to_be_erased(student) else "",
        "next": next_time,
        "also": [line for line in to_come if next_time is None or line is not next_time.line],
        "past": [line for line in lines if line not in to_come][::-1],
        "subscription": subscription_address(reverse("my_calendar", args=[student.calendar_key])),
        "is_calendar_open": "kalender" in request.GET,
        "hours": settings.STUDENT_SESSION_HOURS,
        "section": "my_page",
    }
    return render(request, "enrolment/my_page.html", context)


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_link(request: HttpRequest) -> HttpResponse:
    """«Send me my link»: the same answer, as fast, to those we know and those we do not."""
    form = MyLinkForm(request.POST if request.method == "POST" else None)
    is_too_much = False
    if form.is_valid():
        is_too_much = services.count_link_request(network=client_network(request))
        if not is_too_much:
            services.ask_for_page_link(
                contact=form.cleaned_data["contact"], language=get_language() or "nb"
            )
            return mark_sent(request, redirect("my_link_asked"))
    context = {"form": form, "is_too_much": is_too_much, "section": "my_page"}
    return render(request, "enrolment/my_link.html", context, status=429 if is_too_much else 200)


@require_safe
def my_link_asked(request: HttpRequest) -> HttpResponse:
    context = {"section": "my_page", "hours": settings.PAGE_LINK_EVERY_HOURS}
    return clear_caches(render(request, "enrolment/my_link_asked.html", context))


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_page_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """The link from a letter. Opening it changes nothing: mail programs open links too."""
    student = links.student_of(token)
    if student is None:
        return link_is_gone(request)
    if request.method == "POST":
        sign_in(request, student, token=token)
        services.use_language(student=student, language=get_language() or "nb")
        return redirect("my_page")
    return render(
        request,
        "enrolment/my_page_sign_in.html",
        {"hours": settings.STUDENT_SESSION_HOURS, "section": "my_page"},
    )


@personal_page
@require_POST
def my_sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; on a borrowed computer, close the link too, which may stand in its history."""
    link = link_of(request)
    if "close" in request.POST and link:
        services.close_page_link(token_hash=link)
    sign_out(request)
    return clear_caches(redirect("front_page"))


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def my_companion(request: HttpRequest, submission: UUID) -> HttpResponse:
    """Come alone after all: a page with one button."""
    student = signed_in_student(request)
    if student is None:
        return redirect("my_page")
    enrolment = get_object_or_404(
        student.enrolments.live().select_related("run__course", "run__venue", "student"),
        submission=submission,
    )
    if request.method == "POST":
        # Withdrawn, cancelled or over meanwhile: the student's page says so.
        with suppress(services.EnrolmentError):
            services.give_up_companion(enrolment=enrolment)
        return redirect("my_page")
    if not enrolment.has_companion or not enrolment.can_be_withdrawn():
        return redirect("my_page")
    return render(
        request, "enrolment/my_companion.html", {"enrolment": enrolment, "section": "my_page"}
    )


@personal_page
@require_POST
def my_calendar_renew(request: HttpRequest) -> HttpResponse:
    """«Ny adresse»: the student's calendar is fetched somewhere else from now on."""
    student = signed_in_student(request)
    if student is None:
        return redirect("my_page")
    services.renew_calendar_address(student=student)
    messages.success(
        request,
        gettext("Your calendar has a new address. Add it to your calendar to keep up to date."),
    )
    return redirect(reverse("my_page") + "?kalender=1#calendar")


def link_is_gone(request: HttpRequest) -> HttpResponse:
    """A link that is wrong, too old, or no longer ours: never which, but how to get a new one."""
    context = {"form": MyLinkForm(), "section": "my_page"}
    return keep_out_of_the_log(render(request, "enrolment/my_link_gone.html", context, status=404))


def _in_order(line: Line, now: datetime) -> tuple[datetime, int]:
    """By the next session, and what is over by its first."""
    session = line.next_session
    return (
        session.starts_at if session else line.enrolment.run.starts_at or now,
        line.enrolment.pk,
    )


def _is_to_come(line: Line, now: datetime) -> bool:
    run = line.enrolment.run
    return line.enrolment.is_live and not run.is_cancelled and not run.is_finished(now)


def _next_time(to_come: list[Line]) -> NextTime | None:
    for line in to_come:
        session = line.next_session
        if line.enrolment.has_place and session is not None:
            venue = session.place
            return NextTime(line, session, place_on_page(venue) if venue else None)
    return None


def _lines(student: Student, now: datetime) -> list[Line]:
    """The newest enrolment in each run, in a fixed number of queries."""
    before = (
        Enrolment.objects.waiting()
        .filter(run=OuterRef("run"), pk__lte=OuterRef("pk"))
        .order_by()
        .values("run")
        .annotate(number=Count("pk"))
        .values("number")
    )
    enrolments = (
        student.enrolments.oldest_first()
        .select_related("run__course", "run__semester", "run__venue")
        .prefetch_related(
            Prefetch("run__sessions", queryset=CourseSession.objects.select_related("venue")),
            Prefetch("run__assignments", queryset=TutorAssignment.objects.with_substitutions()),
        )
        .annotate(position=Subquery(before))
    )
    newest: dict[int, Enrolment] = {each.run_id: each for each in enrolments}
    lines = []
    for enrolment in newest.values():
        enrolment.student = student
        lines.append(
            Line(
                enrolment=enrolment,
                queue_number=enrolment.position if enrolment.is_waiting else None,  # type: ignore[attr-defined]
                withdraw_token=links.enrolment_token(Purpose.WITHDRAW, enrolment),
                calendar_token=links.enrolment_token(Purpose.CALENDAR, enrolment),
                next_session=next(
                    (each for each in enrolment.run.session_list if not each.is_held(now)), None
                ),
            )
        )
    return lines
