"""Two pages about a run: who takes part in it, and what was written to them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from courses.models import CourseRun
from courses.norwegian.formatting import clock, phone, short_day
from enrolment.admin.run_pages import RunPage, heading
from enrolment.models import Adjustment, Enrolment, Message


class PersonLine(NamedTuple):
    """One person as the page shows them, every word ready; the template unpacks it."""

    name: str
    url: str
    has_companion: bool
    phone: str
    waits: str  # since when, and what came of a call
    message_url: str  # empty where nobody is written to any more
    message_label: str
    withdrawal_url: str  # empty where nothing can be withdrawn from
    withdrawal_label: str


@permission_required("courses.change_courserun", raise_exception=True)
def people(request: HttpRequest, run_id: int) -> HttpResponse:
    run = _find(run_id)
    # What was written down there is said there, where the page shows that part.
    at = request.GET.get("at", "") if run.has_sign_up and not run.is_draft else ""
    context = {**heading(run, RunPage.PEOPLE), **people_on(run), "at": at}
    return _show(request, "people", context)


def people_on(run: CourseRun) -> dict[str, Any]:
    """Everybody by name, and what they need. Two queries, however many they are."""
    enrolments = list(
        Enrolment.objects.live().filter(run=run).select_related("student").order_by("pk")
    )
    lines = _lines(enrolments, is_open=run.is_running())
    return {
        "with_place": [line for each, line in lines if each.has_place],
        "queue": [line for each, line in lines if each.is_waiting],
        "adjustments": Adjustment.objects.filter(
            enrolment__run=run, enrolment__status__in=Enrolment.LIVE
        ).select_related("enrolment__student"),
        "is_worked_by_phone": run.waiting and run.is_running() and not run.fills_by_itself(),
        "can_sign_up": run.takes_sign_up(),
    }


@permission_required("courses.change_courserun", raise_exception=True)
def messages(request: HttpRequest, run_id: int) -> HttpResponse:
    run = _find(run_id)
    written = Message.objects.filter(run=run).select_related("enrolment__student")
    can_write = run.is_running() and Enrolment.objects.live().filter(run=run).exists()
    context = {"run_messages": written, "can_write": can_write}
    return _show(request, "messages", {**heading(run, RunPage.MESSAGES), **context})


def _find(run_id: int) -> CourseRun:
    """The run as these pages tell of it. Two queries."""
    found = CourseRun.objects.select_related("course", "semester").prefetch_related("sessions")
    return get_object_or_404(found, pk=run_id)


def _show(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    frame = admin.site.each_context(request)
    return render(request, f"admin/courses/courserun/{name}.html", {**frame, **context})


def _lines(enrolments: list[Enrolment], *, is_open: bool) -> list[tuple[Enrolment, PersonLine]]:
    student_url = _addresses("admin:enrolment_student_change")
    message_url = _addresses("admin:message_to_one")
    withdrawal_url = _addresses("admin:withdrawal")
    write_to = gettext("Write to %(name)s")
    label = gettext("Record withdrawal for %(name)s")
    since = gettext("since %(day)s %(clock)s")

    def waits(each: Enrolment) -> str:
        moment: datetime = each.enrolled_at
        words = since % {"day": short_day(moment), "clock": clock(moment)}
        return f"{words} · {each.get_call_outcome_display()}" if each.call_outcome else words

    return [
        (
            each,
            PersonLine(
                name=(name := str(each.student)),
                url=student_url(each.student_id),
                has_companion=each.has_companion,
                phone=phone(each.student.phone) if each.student.phone else "",
                waits=waits(each) if each.is_waiting else "",
                message_url=message_url(each.pk) if is_open else "",
                message_label=write_to % {"name": name},
                withdrawal_url=withdrawal_url(each.pk) if is_open else "",
                withdrawal_label=label % {"name": name},
            ),
        )
        for each in enrolments
    ]


def _addresses(name: str) -> Callable[[int], str]:
    """The page of each row: looked up once, for a list of many."""
    before, _zero, after = reverse(name, args=[0]).rpartition("/0/")
    return lambda pk: f"{before}/{pk}/{after}"


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [
        path("<int:run_id>/people/", site.admin_view(people), name="run_people"),
        path("<int:run_id>/messages/", site.admin_view(messages), name="run_messages"),
    ]
