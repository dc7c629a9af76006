"""Everything that is held about one person: to read, and as JSON to take along."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Model, Q
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates import export as of_certificates
from certificates.event_labels import EVENT_LABELS as CERTIFICATE_EVENT_LABELS
from courses import export as of_courses
from courses.export import NUMBER, WAY_IN, WHOSE, Held
from courses.models import Tutor
from courses.norwegian.formatting import day, moment_in_full, phone
from enrolment import export as of_enrolment
from enrolment.event_labels import EVENT_LABELS, event_label
from enrolment.letters import without_links
from enrolment.models import Event, Letter, Student

STUDENT = [*of_enrolment.STUDENT, *of_certificates.STUDENT]
SIGN_IN = [
    Held(
        Authenticator,
        _("The app and the recovery codes of your sign-in"),
        lambda tutor: Authenticator.objects.filter(user=tutor.user_id),
        ("type", "created_at", "last_used_at"),
        {"id": NUMBER, "user": WHOSE, "data": WAY_IN},
        {"type": _("kind"), "created_at": _("set up"), "last_used_at": _("last used")},
    ),
]
TUTOR = [*of_courses.TUTOR, *SIGN_IN, *of_enrolment.TUTOR]
# The log tells of rows, so it is asked about all that stand in the other tables.
LOG = Held(
    Event,
    _("The log"),
    lambda _person: Event.objects.none(),
    ("happened_at", "verb"),
    {
        "id": NUMBER,
        "actor": "names a member of staff, or is the person",
        "subject": WHOSE,
        "subject_id": WHOSE,
    },
)


@dataclass(frozen=True)
class Section:
    """One table's rows, in words and as data."""

    heading: str
    name: str
    rows: list[list[tuple[str, str]]]  # label and value, without what is empty
    data: list[dict[str, Any]]


def everything_about(person: Student | Tutor) -> list[Section]:
    """What is held, table by table, those without rows left out. A fixed number of queries."""
    declared = STUDENT if isinstance(person, Student) else TUTOR
    found = [(held, list(held.rows(person).order_by("pk"))) for held in declared]
    sections = [_section(held, rows) for held, rows in found if rows]
    events = list(_events(person, [row for _held, rows in found for row in rows]))
    return [*sections, _section(LOG, events)] if events else sections


def as_json(sections: Iterable[Section]) -> str:
    """The same for a machine, in the words of the database."""
    data = {each.name: each.data for each in sections}
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _events(person: Student | Tutor, rows: Iterable[Model]) -> Iterable[Event]:
    """What happened to a student's rows; what a tutor did."""
    if isinstance(person, Tutor):
        did = Event.objects.filter(actor__isnull=False, actor=person.user_id)
        return did.order_by("happened_at", "pk")
    by_subject: dict[str, list[int]] = {}
    for row in rows:
        by_subject.setdefault(str(row._meta.model_name), []).append(row.pk)
    about = Q(pk__in=[])
    for subject, keys in by_subject.items():
        about |= Q(subject=subject, subject_id__in=keys)
    return Event.objects.filter(about).order_by("happened_at", "pk")


def _section(held: Held, rows: list[Any]) -> Section:
    fields = [held.model._meta.get_field(name) for name in held.shown]
    labels = [str(held.labels.get(each.name, _label(each))) for each in fields]
    return Section(
        heading=str(held.heading),
        name=str(held.model._meta.model_name),
        rows=[
            [
                (capfirst(label), words)
                for label, each in zip(labels, fields, strict=True)
                if (words := _in_words(row, each.name))
            ]
            for row in rows
        ],
        data=[{each.name: _as_data(row, each.name) for each in fields} for row in rows],
    )


def _label(column: Any) -> str:
    return str(column.verbose_name) if isinstance(column, Field) else str(column.name)


def _value(row: Any, name: str) -> Any:
    """What a column holds; a letter's text without the places where its links come."""
    if isinstance(row, Letter) and name == "text":
        return without_links(row)
    return getattr(row, name)


def _in_words(row: Any, name: str) -> str:
    value = _value(row, name)
    if name == "verb":
        return event_label(value, EVENT_LABELS | CERTIFICATE_EVENT_LABELS)
    if name == "phone":
        return phone(value) if value else ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return moment_in_full(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if value is not None and hasattr(value, "isoformat"):
        return day(value)
    shown = getattr(row, f"get_{name}_display", None)
    return str(shown()) if shown and value else str(value if value is not None else "")


def _as_data(row: Any, name: str) -> Any:
    value = _value(row, name)
    if isinstance(value, Model) or hasattr(value, "storage"):
        return str(value)
    return value
