"""Who takes part in a run, as the top of its page shows it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext

from courses import services as course_services
from courses.models import CourseRun
from courses.norwegian.formatting import clock, phone, short_day
from enrolment import services
from enrolment.admin import run_pages
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


def people_on(run: CourseRun) -> dict[str, Any]:
    """The state of things, and everybody by name. Three queries, however many they are, and one
    more where nobody is there.
    """
    enrolments = list(
        Enrolment.objects.live().filter(run=run).select_related("student").order_by("pk")
    )
    is_over = run.is_finished()
    lines = _lines(enrolments, is_open=run.is_published and not is_over)
    return {
        "run": run,
        "missing": course_services.missing_for_publication(run) if run.is_draft else [],
        "with_place": [line for each, line in lines if each.has_place],
        "queue": [line for each, line in lines if each.is_waiting],
        "adjustments": Adjustment.objects.filter(
            enrolment__run=run, enrolment__status__in=Enrolment.LIVE
        ).select_related("enrolment__student"),
        "run_messages": Message.objects.filter(run=run).select_related("enrolment__student"),
        "is_over": is_over,
        "can_be_moved": not run_pages.why_not(services.check_can_be_moved, run),
        "can_be_draft": not enrolments and not run_pages.why_not(services.check_can_be_draft, run),
        "is_worked_by_phone": run.waiting and run.is_running() and not run.fills_by_itself(),
        "can_sign_up": run.takes_sign_up(),
    }


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
