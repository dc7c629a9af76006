"""What a draft lacks, each with the way to the place where it is mended."""

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse

from courses.models import CourseRun
from courses.services import MendedOn, Missing
from enrolment.admin.run_pages import RunPage


class MissingLink(NamedTuple):
    sentence: str
    url: str


def with_links(run: CourseRun, missing: Iterable[Missing]) -> list[MissingLink]:
    """The sentences, each with the address of the field or the part of a page it is about."""
    return [MissingLink(each.sentence, url_of(each.mended_on, run)) for each in missing]


def url_of(place: MendedOn, run: CourseRun) -> str:
    """Where this is mended of the run, or of what it builds on."""
    match place:
        case MendedOn.COURSE:
            course = reverse("admin:courses_course_change", args=[run.course_id])
            return f"{course}#coursedeveloper_set-group"
        case MendedOn.COLLEGE:
            return reverse("admin:courses_college_changelist") + "#id_privacy_controller"
        case MendedOn.CONFIRMATION:
            return reverse("admin:courses_college_changelist") + "#id_are_texts_true"
        case MendedOn.TUTORS:
            return RunPage.DETAILS.of(run) + "#assignments-group"
        case MendedOn.VENUE:
            return RunPage.DETAILS.of(run) + "#id_venue"
        case MendedOn.CAPACITY:
            return RunPage.DETAILS.of(run) + "#id_capacity"
        case MendedOn.SESSIONS:
            return RunPage.PROGRAMME.of(run) + "#sessions-group"
        case MendedOn.SUBSTITUTES:
            return reverse("admin:run_substitute", args=[run.pk])
