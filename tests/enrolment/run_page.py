"""The pages of a run in the admin, as a browser sends them."""

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses import services as course_services
from courses.models import CourseRun
from enrolment.admin.plan_warnings import READ
from tests import factories


def address(run: CourseRun) -> str:
    return reverse("admin:courses_courserun_change", args=[run.pk])


def programme(run: CourseRun) -> str:
    return reverse("admin:run_programme", args=[run.pk])


def people(run: CourseRun) -> str:
    return reverse("admin:run_people", args=[run.pk])


def clock(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M") if moment else ""


def answers(run: CourseRun, **changes: object) -> dict[str, object]:
    """What the browser sends when the page is saved as it stands."""
    run = CourseRun.objects.get(pk=run.pk)
    sessions = list(run.sessions.all())
    assignments = list(run.assignments.order_by("pk"))
    data: dict[str, object] = {
        "course": run.course_id,
        "semester": run.semester_id,
        "venue": run.venue_id or "",
        "entry": run.entry,
        "capacity": run.capacity or "",
        "contact_name": run.contact_name,
        "contact_phone": run.contact_phone,
        "practical": run.practical,
        "who_meets_you": run.who_meets_you,
        **({"writes_after_absence": "on"} if run.writes_after_absence else {}),
        "enrolment_opens_at": clock(run.enrolment_opens_at),
        "enrolment_closes_at": clock(run.enrolment_closes_at),
        "waiting_list_closes_at": clock(run.waiting_list_closes_at),
        "assignments-TOTAL_FORMS": len(assignments),
        "assignments-INITIAL_FORMS": len(assignments),
        "sessions-TOTAL_FORMS": len(sessions),
        "sessions-INITIAL_FORMS": len(sessions),
        "_continue": "1",
    }
    for number, each in enumerate(assignments):
        data |= {
            f"assignments-{number}-id": each.pk,
            f"assignments-{number}-run": run.pk,
            f"assignments-{number}-tutor": each.tutor_id,
            f"assignments-{number}-role": each.role,
        }
    for number, session in enumerate(sessions):
        starts_at = timezone.localtime(session.starts_at)
        ends_at = timezone.localtime(session.ends_at)
        data |= {
            f"sessions-{number}-day": starts_at.date().isoformat(),
            f"sessions-{number}-begins": starts_at.strftime("%H:%M"),
            f"sessions-{number}-finishes": ends_at.strftime("%H:%M"),
            f"sessions-{number}-id": session.pk,
            f"sessions-{number}-run": run.pk,
            f"sessions-{number}-theme": session.theme,
            f"sessions-{number}-venue": session.venue_id or "",
            f"sessions-{number}-online_link": session.online_link,
        }
        if session.is_cancelled:
            data[f"sessions-{number}-is_cancelled"] = "on"
    shown = {f"initial-{name}": value for name, value in data.items()}
    return data | shown | changes


def save_anyway(staff: Client, url: str, data: dict[str, object], **how: bool) -> HttpResponse:
    """Save the page; where it warns first, read that and save it again."""
    asked = staff.post(url, data, **how)
    read = (asked.context or {}).get("read") if asked.status_code == 200 else None
    return staff.post(url, data | {READ: read}, **how) if read else asked


def noon_run(**fields: object) -> CourseRun:
    """A published run with one session at twelve in ten days: far from midnight."""
    run = factories.make_run(sessions=0, **fields)
    day = timezone.localtime() + timedelta(days=10)
    starts_at = day.replace(hour=12, minute=0, second=0, microsecond=0)
    factories.make_session(run, starts_at=starts_at)
    factories.get_college()
    course_services.publish(run=run)
    return CourseRun.objects.get(pk=run.pk)


def errors_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()
