"""The student's page: everything about one person in the order of time, and what to do with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.event_labels import EVENT_LABELS as CERTIFICATE_EVENT_LABELS
from certificates.models import Attendance, Certificate
from courses.norwegian.formatting import day
from enrolment.admin.run_pages import is_key
from enrolment.admin.students import StudentAdmin
from enrolment.event_labels import EVENT_LABELS, event_label
from enrolment.finding import look_alikes
from enrolment.models import Adjustment, Enrolment, Event, Letter, Student
from enrolment.queries import open_for_sign_up, unfinished, with_sessions
from enrolment.services import is_to_be_erased
from recoverycollege.admin import erasing

# Told by the rows themselves, with more than a verb.
TOLD_BY_ROWS = (
    "enrolled",
    "got_place",
    "withdrew",
    "merged_place",
    "called",
    "marked",
    "turned_up",
    "issued",
    "replaced",
    "revoked",
)


@dataclass(frozen=True)
class Entry:
    at: datetime
    what: str
    more: str = ""  # how, or by whom
    url: str = ""


@dataclass(frozen=True)
class Alike:
    """Another record that may be the same person."""

    name: str
    contact: str
    url: str
    merge_url: str


class History:
    """What is known of one person. Six queries, and the events in one more."""

    def __init__(self, student: Student) -> None:
        about = "run__course", "run__semester"
        self.enrolments = list(
            Enrolment.objects.filter(student=student)
            .select_related(*about)
            .prefetch_related("run__sessions")
            .order_by("-pk")
        )
        self.letters = list(
            Letter.objects.filter(student=student).select_related(
                "student", "enrolment__run__course", "enrolment__run__semester"
            )
        )
        self.adjustments = list(
            Adjustment.objects.filter(enrolment__student=student).select_related(
                "enrolment__run__course", "enrolment__run__semester"
            )
        )
        self.marks = list(
            Attendance.objects.filter(student=student).select_related(
                "session__run__course", "session__run__semester"
            )
        )
        self.certificates = list(Certificate.objects.filter(student=student).select_related(*about))
        rows: dict[str, list[Any]] = {
            "student": [student],
            "enrolment": self.enrolments,
            "letter": self.letters,
            "adjustment": self.adjustments,
            "attendance": self.marks,
            "certificate": self.certificates,
        }
        self.rows: Mapping[tuple[str, int], Any] = {
            (subject, row.pk): row for subject, found in rows.items() for row in found
        }
        about_them = Q()
        for subject, found in rows.items():
            about_them |= Q(subject=subject, subject_id__in=[row.pk for row in found])
        self.events = list(Event.objects.filter(about_them).select_related("actor"))
        self.actors = {
            (each.subject, each.subject_id, each.verb): str(each.actor) if each.actor else ""
            for each in self.events
        }

    def entries(self) -> list[Entry]:
        """The newest first."""
        found = [
            *self._enrolments(),
            *map(self._letter, self.letters),
            *self._others(),
            *self._events(),
        ]
        return sorted(found, key=lambda each: each.at, reverse=True)

    def _by(self, subject: str, row: Any, verb: str) -> str:
        return self.actors.get((subject, row.pk, verb), "")

    def _enrolments(self) -> Iterator[Entry]:
        for each in self.enrolments:
            run = {"run": each.run}
            url = reverse("admin:run_people", args=[each.run_id])
            told = (
                gettext("Signed up for %(run)s, and got a place")
                if each.had_place_at_once
                else gettext("Signed up for %(run)s, and was written on the waiting list")
            )
            by = self._by("enrolment", each, "enrolled") or gettext("on the web")
            yield Entry(each.enrolled_at, told % run, by, url)
            if each.called_at is not None and each.call_outcome:
                words = gettext("Rung about a place on %(run)s: %(outcome)s")
                said = run | {"outcome": each.get_call_outcome_display()}
                yield Entry(each.called_at, words % said, self._by("enrolment", each, "called"))
            if each.placed_at is not None and not each.had_place_at_once:
                by = self._by("enrolment", each, "got_place")
                words = gettext("Got a place on %(run)s from the waiting list")
                yield Entry(each.placed_at, words % run, by, url)
            if each.withdrawn_at is not None:
                verb = "merged_place" if each.merged_into_id else "withdrew"
                words = (
                    gettext("The second sign-up for %(run)s was taken out")
                    if each.merged_into_id
                    else gettext("Withdrew from %(run)s")
                )
                by = self._by("enrolment", each, verb)
                yield Entry(each.withdrawn_at, words % run, by, url)

    def _letter(self, letter: Letter) -> Entry:
        about = letter.about_run
        words = gettext("Letter: %(kind)s") % {"kind": letter.get_kind_display()}
        if about is not None:
            words = gettext("%(letter)s, %(run)s") % {"letter": words, "run": about}
        at = letter.sent_at or letter.overtaken_at or letter.failed_at or letter.owed_since
        more = f"{letter.get_channel_display()} · {letter_state(letter)}"
        url = reverse("admin:enrolment_letter_change", args=[letter.pk])
        return Entry(at, words, more, url)

    def _others(self) -> Iterator[Entry]:
        for adjustment in self.adjustments:
            words = gettext("Asked for %(what)s, %(run)s") % {
                "what": f"«{adjustment.text}»",
                "run": adjustment.enrolment.run,
            }
            yield Entry(adjustment.created_at, words)
        for mark in self.marks:
            here = gettext("Was here: %(run)s, %(day)s")
            words = here if mark.is_present else gettext("Was not here: %(run)s, %(day)s")
            session = mark.session
            taught = {"run": session.run, "day": day(session.starts_at)}
            by = self._by("attendance", mark, "marked") or self._by("attendance", mark, "turned_up")
            yield Entry(session.starts_at, words % taught, by)
        for certificate in self.certificates:
            said = {"number": certificate.printed_number, "run": certificate.run}
            url = reverse("admin:certificates_certificate_change", args=[certificate.pk])
            words = gettext("Certificate %(number)s for %(run)s") % said
            by = self._by("certificate", certificate, "issued")
            yield Entry(certificate.issued_at, words, by, url)
            if certificate.revoked_at is not None:
                words = gettext("Certificate %(number)s was withdrawn") % said
                more = certificate.get_revoked_because_display()
                by = self._by("certificate", certificate, "revoked")
                more = " · ".join(filter(None, (more, by)))
                yield Entry(certificate.revoked_at, words, more, url)

    def _events(self) -> Iterator[Entry]:
        """What no row tells by itself: corrected contact, calls, what is arranged, …"""
        labels = EVENT_LABELS | CERTIFICATE_EVENT_LABELS
        for event in self.events:
            if event.verb in TOLD_BY_ROWS:
                continue
            words = capfirst(event_label(event.verb, labels))
            row = self.rows[event.subject, event.subject_id]
            run = _run_of(event.subject, row)
            if run:
                words = gettext("%(what)s, %(run)s") % {"what": words, "run": run}
            yield Entry(event.happened_at, words, str(event.actor) if event.actor else "")


def _run_of(subject: str, row: Any) -> str:
    """Which run the row of an event is about; empty where none."""
    match subject:
        case "enrolment" | "certificate":
            return str(row.run)
        case "adjustment":
            return str(row.enrolment.run)
        case "attendance":
            return str(row.session.run)
        case "letter":
            return str(row.about_run or "")
    return ""


def letter_state(letter: Letter) -> str:
    """How far a letter has come, in words."""
    if letter.sent_at is not None:
        return str(letter.get_outcome_display() or gettext("sent"))
    if letter.overtaken_at is not None:
        return gettext("not sent: %(why)s") % {"why": letter.get_overtaken_by_display()}
    if letter.failed_at is not None:
        return gettext("did not arrive")
    if letter.channel in Letter.SENT_BY_WORKERS:
        return gettext("on its way")
    return gettext("on the call list")


def alike(student: Student) -> list[Alike]:
    """Records that may be the same person. One query."""
    found = look_alikes(
        name=student.name, email=student.email, phone=student.phone, besides=[student.pk]
    )
    return [
        Alike(
            each.name,
            each.contact,
            reverse("admin:enrolment_student_change", args=[each.pk]),
            reverse("admin:merge", args=[student.pk, each.pk]),
        )
        for each in found
    ]


@admin.register(Student)
class StudentPage(StudentAdmin):
    """The page of a student, with contact data to correct. Seen by coordinators alone."""

    actions = ["erase"]

    @admin.action(description=_("Erase everything about those chosen"), permissions=["change"])
    def erase(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        return erasing.ask_about(request, queryset)

    def get_queryset(self, request: HttpRequest) -> Any:
        """In the list, nobody who is erased: there is nothing to be done about them any more."""
        found: Any = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and match.url_name == "enrolment_student_changelist"
        return found.known() if is_list else found

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Student | None = None,
    ) -> HttpResponse:
        if obj is not None:
            history = History(obj)
            live = {each.run_id for each in history.enrolments if each.is_live}
            now = timezone.now()
            runs = []
            if obj.erased_at is None:
                runs = open_for_sign_up(with_sessions(unfinished()), now)
            context |= {
                "title": str(obj),
                "subtitle": None,
                "enrolments": [
                    each
                    for each in history.enrolments
                    if each.merged_into_id is None and not each.run.is_finished(now)
                ],
                "undelivered": [
                    each
                    for each in history.letters
                    if each.failed_at and not each.sent_at and not each.overtaken_at
                ],
                "is_to_be_erased": any(each.kind == Letter.Kind.ERASURE for each in history.letters)
                and is_to_be_erased(obj),
                "entries": history.entries(),
                "open_runs": [run for run in runs if run.pk not in live],
                "can_be_signed_up": bool(obj.email or obj.phone),
                "alike": alike(obj) if obj.erased_at is None else [],
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any | None:
        return super().get_object(request, object_id, from_field) if is_key(object_id) else None
