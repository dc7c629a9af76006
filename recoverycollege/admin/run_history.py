"""What has been done with a run, and how many were told of it. No student is named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from certificates.event_labels import EVENT_LABELS as CERTIFICATE_EVENT_LABELS
from courses.models import CourseRun
from courses.norwegian.formatting import moment_in_full
from enrolment.admin.run_pages import page
from enrolment.event_labels import EVENT_LABELS, event_label
from enrolment.models import Event, Letter, Message
from recoverycollege.exports.event_labels import EVENT_LABELS as EXPORT_EVENT_LABELS

ENTRIES_PER_PAGE = 50

# What one change tells to everybody is a line of its own. What each person is told of their own
# place is one line a day.
TELLS_EVERYBODY = (Letter.Kind.CHANGED, Letter.Kind.CANCELLED)


@dataclass(frozen=True)
class Entry:
    at: datetime
    what: str
    by: str = ""  # a member of staff; empty for the system, and for whatever nobody decides
    url: str = ""  # where more of it stands


def entries_of(run: CourseRun) -> list[Entry]:
    """All that is known, the newest first. Four queries where the run carries its sessions."""
    messages = {each.pk: each for each in Message.objects.filter(run=run)}
    found = [
        *_events(run, messages),
        *_edits(run),
        *_letters(run),
    ]
    if run.published_at is not None:
        found.append(Entry(run.published_at, gettext("Published for the first time")))
    return sorted(found, key=lambda each: each.at, reverse=True)


def _events(run: CourseRun, messages: Mapping[int, Message]) -> Iterator[Entry]:
    sessions = {each.pk: each for each in run.planned_sessions}
    labels = EVENT_LABELS | CERTIFICATE_EVENT_LABELS | EXPORT_EVENT_LABELS
    about = (
        Q(subject="courserun", subject_id=run.pk)
        | Q(subject="coursesession", subject_id__in=sessions)
        | Q(subject="message", subject_id__in=messages)
    )
    for event in Event.objects.filter(about).select_related("actor"):
        words, url = capfirst(event_label(event.verb, labels)), ""
        if event.subject == "coursesession":
            words = f"{words}: {moment_in_full(sessions[event.subject_id].starts_at)}"
        if event.subject == "message":
            message = messages[event.subject_id]
            url = reverse("admin:message", args=[message.pk])
            if message.sent_to:
                words = f"{words} {_to(message.sent_to)}"
        by = str(event.actor) if event.actor else ""
        yield Entry(event.happened_at, words, by, url)


def _edits(run: CourseRun) -> Iterator[Entry]:
    """What Django's log says of the run's own page: the names of the fields that were changed."""
    entries = LogEntry.objects.filter(
        content_type__app_label="courses", content_type__model="courserun", object_id=str(run.pk)
    )
    for entry in entries.select_related("user"):
        # Without a field of the run's own: rows of it, which that log does not name.
        words = (
            entry.get_change_message()
            if entry.change_message != "[]"
            else gettext("Saved the page: sessions or tutors may be changed.")
        )
        yield Entry(entry.action_time, words, str(entry.user))


def _letters(run: CourseRun) -> Iterator[Entry]:
    """How many were told of what, and how many are to be told. Who was overtaken is not counted."""
    is_told = Q(sent_at__isnull=False)
    letters = (
        Letter.objects.filter(Q(enrolment__run=run) | Q(run=run), is_beside=False)
        .exclude(kind=Letter.Kind.MESSAGE)  # which stands there with whoever sent it
        .filter(is_told | Q(overtaken_at__isnull=True))
        .order_by()
        .values("kind", "owed_since", to_tutor=Q(tutor__isnull=False))
        .annotate(told=Count("pk", filter=is_told), waits=Count("pk", filter=~is_told))
    )
    groups: dict[tuple[str, bool, date], list[tuple[datetime, int, int]]] = {}
    for row in letters:
        at = row["owed_since"]
        when = at if row["kind"] in TELLS_EVERYBODY else timezone.localdate(at)
        counts = (at, row["told"], row["waits"])
        groups.setdefault((row["kind"], row["to_tutor"], when), []).append(counts)
    for (kind, to_tutor, _when), counted in groups.items():
        told, waits = (sum(numbers) for numbers in list(zip(*counted, strict=True))[1:])
        words = (_tutors_told, _tutors_wait) if to_tutor else (_told, _wait)
        parts = [say(number) for say, number in zip(words, (told, waits), strict=True) if number]
        label = capfirst(str(Letter.Kind(kind).label))
        yield Entry(max(at for at, *_numbers in counted), f"{label}: {', '.join(parts)}")


def _to(number: int) -> str:
    return ngettext("to %(count)s person", "to %(count)s people", number) % {"count": number}


def _told(number: int) -> str:
    return ngettext("%(count)s person was told", "%(count)s people were told", number) % {
        "count": number
    }


def _tutors_told(number: int) -> str:
    return ngettext("%(count)s tutor was told", "%(count)s tutors were told", number) % {
        "count": number
    }


def _wait(number: int) -> str:
    return ngettext("%(count)s is still to be told", "%(count)s are still to be told", number) % {
        "count": number
    }


def _tutors_wait(number: int) -> str:
    return ngettext(
        "%(count)s tutor is still to be told", "%(count)s tutors are still to be told", number
    ) % {"count": number}


@permission_required("courses.change_courserun", raise_exception=True)
def history(request: HttpRequest, run_id: int) -> HttpResponse:
    found = CourseRun.objects.select_related("course", "semester").prefetch_related("sessions")
    run = get_object_or_404(found, pk=run_id)
    entries = Paginator(entries_of(run), ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "admin/run_history.html",
        gettext("Run history"),
        subtitle=str(run),
        entries=entries,
        back_url=reverse("admin:courses_courserun_change", args=[run.pk]),
    )


def urls(site: admin.AdminSite) -> list[URLPattern]:
    route = "courses/courserun/<int:run_id>/log/"
    return [path(route, site.admin_view(history), name="run_history")]
