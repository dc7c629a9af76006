"""One field on every page of the admin: people, tutors, courses, venues and certificates.

By POST: what somebody looks for belongs in no address and no log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from certificates.models import NUMBER_LENGTH, Certificate
from certificates.services import normalise_number
from courses.models import Course, CourseRun, Tutor, Venue
from courses.norwegian.sorting import sort_key
from enrolment.admin.run_pages import home, page
from enrolment.finding import Wanted, find_students

# Shown of each kind at first, and by which each press of «more» adds.
HITS = 20
RUNS_SHOWN = 3


@dataclass(frozen=True)
class Hit:
    words: str
    url: str
    more: str = ""  # what tells two of them apart
    links: Sequence[tuple[str, str]] = ()  # address and words of what belongs to it


@dataclass(frozen=True)
class Kind:
    """The hits of one kind, as many as are shown, and how many there are."""

    name: str
    label: str
    hits: list[Hit]
    total: int

    @property
    def next(self) -> int:
        """How many are shown after «more»; 0 where all are."""
        return len(self.hits) + HITS if self.total > len(self.hits) else 0


@permission_required("enrolment.view_student", raise_exception=True)
def search(request: HttpRequest) -> HttpResponse:
    written = request.POST.get("wanted", "").replace("\0", "").strip()[:200]
    wanted = Wanted(written)
    kinds = _found(written, wanted, request.POST.get("show", "")) if wanted else []
    return page(
        request,
        "admin/search.html",
        gettext("Search"),
        wanted=written,
        kinds=[kind for kind in kinds if kind.total],
    )


def _found(written: str, wanted: Wanted, show: str) -> list[Kind]:
    """Six queries at most. `show` is a kind, and how many of it: «students:40»."""
    name, _colon, number = show.partition(":")
    more = int(number) if number.isdecimal() and len(number) < 6 else HITS

    def most(kind: str) -> int:
        return more if kind == name else HITS

    students = find_students(wanted)
    tutors = _ranked(
        wanted,
        ((each, [each.name], each.email, each.phone) for each in Tutor.objects.order_by("pk")),
    )
    courses = _ranked(wanted, ((each, [each.title]) for each in Course.objects.order_by("pk")))
    venues = _ranked(
        wanted, ((each, [each.name, each.town]) for each in Venue.objects.order_by("pk"))
    )
    certificates = _certificates(written)
    return [
        Kind(
            "students",
            gettext("Students"),
            [
                Hit(
                    each.name,
                    reverse("admin:enrolment_student_change", args=[each.pk]),
                    each.contact,
                )
                for each in students[: most("students")]
            ],
            len(students),
        ),
        Kind("certificates", gettext("Certificates"), certificates, len(certificates)),
        Kind("courses", gettext("Courses"), _courses(courses[: most("courses")]), len(courses)),
        Kind(
            "tutors",
            gettext("Tutors"),
            [
                Hit(
                    each.name,
                    reverse("admin:courses_tutor_change", args=[each.pk]),
                    "" if each.is_active else gettext("not active"),
                )
                for each in tutors[: most("tutors")]
            ],
            len(tutors),
        ),
        Kind(
            "venues",
            gettext("Venues"),
            [
                Hit(each.name, reverse("admin:courses_venue_change", args=[each.pk]), each.town)
                for each in venues[: most("venues")]
            ],
            len(venues),
        ),
    ]


def _ranked(wanted: Wanted, rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    """The rows that are meant, the best first, then in Norwegian order."""
    hits = []
    for row, names, *contact in rows:
        email, number = contact or ("", "")
        rank = wanted.rank(*names, email=email.lower(), phone=number)
        if rank is not None:
            hits.append((rank, sort_key(names[0]), row.pk, row))
    return [row for *_order, row in sorted(hits, key=lambda hit: hit[:3])]


def _courses(courses: Sequence[Course]) -> list[Hit]:
    """Each with the newest of its runs, whose pages are the ones that are used most. One query."""
    runs: dict[int, list[CourseRun]] = {}
    if courses:
        found = CourseRun.objects.filter(course__in=courses).select_related("course", "semester")
        for run in found.order_by("-semester__starts_on", "-pk"):
            runs.setdefault(run.course_id, []).append(run)
    return [
        Hit(
            each.title,
            _change(each),
            links=[(home(run), str(run.semester)) for run in runs.get(each.pk, [])[:RUNS_SHOWN]],
        )
        for each in courses
    ]


def _certificates(written: str) -> list[Hit]:
    """By the whole number, as it is printed or without hyphens. One query or none."""
    number = normalise_number(written)
    if len(number) != NUMBER_LENGTH:
        return []
    found = Certificate.objects.filter(number=number).select_related("student")
    return [
        Hit(
            each.printed_number,
            _change(each),
            " · ".join(filter(None, (each.name, each.title))),
            links=[(_change(each.student), each.student.name)] if each.student else [],
        )
        for each in found
    ]


def _change(row: Model) -> str:
    options = row._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk])


def urls(site: admin.AdminSite) -> list[URLPattern]:
    return [path("search/", site.admin_view(search), name="search")]
