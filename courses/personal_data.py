"""What is kept about people, and for how long: how it is declared, and what this app keeps.

Each app declares its own kinds as data, with the verb that ends each, and
`recoverycollege.people.retention` puts them together. From the same lines come the nightly purge,
the periods on the privacy page, and the record of processing activities.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.services import purge_ideas, purge_stories
from courses.web.throttle import purge_old_counts


class Purge(Protocol):
    """Deletes, or empties, what is old enough at `now`, and returns how many; with `dry_run` it
    counts the very same and changes nothing.
    """

    def __call__(self, *, now: datetime, dry_run: bool = False) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One kind of data about people."""

    what: Promise
    whose: Promise
    why: Promise
    seen_by: Promise
    # In words, in the language of the moment, with the periods of the settings.
    until: Callable[[], str]
    # By the model, the columns that hold it: what is written, and whom it points at.
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # What ends it by itself; none where it ends with the person, or is permanent.
    purge: Purge | None = None
    # Whether the privacy page tells the period: what students and whoever asks would think of.
    is_told: bool = False


STUDENTS, TUTORS, STAFF = _("students"), _("tutors"), _("staff")
STUDENTS_AND_STAFF = _("students and staff")
ANYBODY = _("anybody who opens the pages")
NOBODY_SEES = _("nobody; only the system uses it")
COORDINATORS = _("coordinators")


def after_days(days: int) -> str:
    """A length of time in words."""
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}


def after_years(years: int) -> str:
    return ngettext("%(number)s year", "%(number)s years", years) % {"number": years}


def after_hours(hours: int) -> str:
    return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}


KEPT = [
    Kept(
        what=_("Tutors: name, contact, portrait and presentation"),
        whose=TUTORS,
        why=_("To show who leads the courses, and to reach tutors about them."),
        seen_by=_("everybody sees name, portrait and presentation; coordinators see contact"),
        until=lambda: gettext(
            "Until the tutor asks us to erase it. Which courses somebody developed and led stays."
        ),
        columns={
            "courses.Tutor": ("name", "user", "photo", "presentation", "email", "phone"),
            "courses.Picture": ("name", "content"),
            "courses.CourseDeveloper": ("tutor",),
            "courses.TutorAssignment": ("tutor",),
            "courses.Substitution": ("tutor",),
            "courses.Course": ("developers",),
            "courses.CourseRun": ("tutors",),
        },
    ),
    Kept(
        what=_("Contact persons and guests on courses"),
        whose=_("contact persons and guest speakers"),
        why=_("So that students know whom to ring, and who comes."),
        seen_by=_("everybody"),
        until=lambda: gettext("Stays as a part of the programme. Coordinators can take it out."),
        columns={
            "courses.CourseRun": ("contact_name", "contact_phone"),
            "courses.CourseSession": ("guest_speakers",),
            "courses.College": ("phone", "email", "address", "privacy_controller"),
        },
    ),
    Kept(
        what=_("Ideas for courses"),
        whose=ANYBODY,
        why=_("So that the courses become what people wish for. We do not know who wrote them."),
        seen_by=_("coordinators; everybody sees those that have been read and name nobody"),
        until=lambda: (
            gettext(
                "Deleted %(not_now)s after the answer «not now», and %(years)s after it was last "
                "talked about where it became no course."
            )
            % {
                "not_now": after_days(settings.IDEA_NOT_NOW_DAYS),
                "years": after_days(settings.IDEA_DAYS),
            }
        ),
        columns={"courses.Idea": ("text", "other_words")},
        purge=purge_ideas,
        is_told=True,
    ),
    Kept(
        what=_("Digital stories, and the yes of whoever tells"),
        whose=_("whoever tells a story"),
        why=_("So that people can tell in their own words, for as long as they want to."),
        seen_by=_("everybody while it is published; coordinators see when and how they said yes"),
        until=lambda: (
            gettext(
                "Until whoever tells withdraws it. From then on nobody else sees it, and it is "
                "deleted with its files after %(days)s. No story is tied to a student: "
                "coordinators hand it over and delete it by hand when its teller asks for that."
            )
            % {"days": after_days(settings.WITHDRAWN_STORY_DAYS)}
        ),
        columns={
            "courses.Page": ("titles", "texts", "teller", "consent_on", "consent_how"),
            "courses.PageFile": ("title", "file_name", "content"),
        },
        purge=purge_stories,
        is_told=True,
    ),
    Kept(
        what=_("How opportunities outside the college are reached"),
        whose=_("whoever answers there"),
        why=_("So that people find their way on from here."),
        seen_by=_("everybody"),
        until=lambda: gettext("Until coordinators change it or take it out."),
        columns={"courses.Opportunity": ("phone", "email")},
    ),
    Kept(
        what=_("Counts of tries"),
        whose=ANYBODY,
        why=_("To stop machines that try passwords or fill courses."),
        seen_by=NOBODY_SEES,
        until=lambda: gettext(
            "Deleted the night after. A count holds no address, only a keyed proof of it."
        ),
        columns={"courses.RateCount": ("key",)},
        purge=purge_old_counts,
    ),
]
