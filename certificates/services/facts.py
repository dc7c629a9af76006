"""What a certificate tells, as it is at the moment of issuing."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from certificates.models import Certificate
from courses.models import College, CourseRun, CourseSession, Partner
from courses.norwegian.sorting import sort_key
from enrolment.queries import load_programme


def facts_of_run(run: CourseRun, college: College) -> dict[str, Any]:
    """What all certificates of a run that are issued together share.

    After a hand-over both tutors are named; who stood in for single sessions is not.
    Three queries.
    """
    load_programme(run)
    return {
        "run": run,
        "title": run.course.discreet_title,
        "title_language": run.course.language,
        "tutors": [tutor.shown_name for tutor in run.tutors_as_equals],
        **facts_of_college(college),
    }


def facts_of_language(college: College, language: str) -> dict[str, str]:
    """What all certificates in one language share."""
    wording, written_in = college.certificate_wording(language)
    return {"language": language, "wording": wording, "wording_language": written_in}


def facts_of_college(college: College) -> dict[str, Any]:
    """What all certificates that are issued in the same moment share. One query."""
    return {
        "college_name": college.name,
        "college_logo": college.logo.name or "",
        "college_colour": college.colour,
        "owners": [
            {"name": owner.name, "logo": owner.logo.name or ""}
            for owner in sorted(
                Partner.objects.filter(kind=Partner.Kind.OWNER), key=lambda o: sort_key(o.name)
            )
        ],
        "site_url": settings.SITE_URL,
    }


def facts_of_sessions(held: Sequence[CourseSession]) -> dict[str, Any]:
    """What certificates for the same sessions, in their order, share."""
    return {
        "hours": round(Decimal(sum(each.hours for each in held)), 2),
        "sessions_attended": len(held),
        "first_on": timezone.localdate(held[0].starts_at),
        "last_on": timezone.localdate(held[-1].starts_at),
        "place": _place(held),
    }


def _place(held: Sequence[CourseSession]) -> str:
    """Where it was, each place once; of somebody's home only the town."""
    places: list[str] = []
    for session in held:
        venue = session.place
        if venue is None:
            continue
        if not venue.is_public:
            words = venue.town
        elif venue.town.casefold() in venue.name.casefold():
            words = venue.name
        else:
            words = f"{venue.name}, {venue.town}"
        if words not in places:
            places.append(words)
    return " · ".join(places)[: Certificate._meta.get_field("place").max_length]
