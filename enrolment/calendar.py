"""A student's appointments. Anybody may glance at a calendar: the title tells nothing."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext

from courses.calendar import (
    CANCELLED,
    CONFIRMED,
    TENTATIVE,
    Appointment,
    calendar_file,
    newest_change,
    place_of,
    uid,
    whom_to_ask,
)
from courses.models import College, CourseSession
from enrolment.models import Enrolment
from enrolment.queries import load_programme


def calendar_of(enrolment: Enrolment, college: College) -> bytes:
    """The sessions of an enrolment, in the file that a letter links to.

    What is off, or withdrawn from, is cancelled there: fetching the file again takes it off.
    """
    load_programme(enrolment.run)
    return calendar_file(_appointments(enrolment, college, with_link=True))


def subscription_of(enrolments: Iterable[Enrolment], college: College) -> bytes:
    """The same for all that `recent_enrolments` finds.

    Whoever has the address of a subscription reads it for good: it holds no online link, which
    would tell which course it is, and let them in.
    """
    return calendar_file(
        (
            each
            for enrolment in enrolments
            for each in _appointments(enrolment, college, with_link=False)
        ),
        name=_title(college),
    )


def _appointments(
    enrolment: Enrolment, college: College, *, with_link: bool
) -> Iterable[Appointment]:
    for session in enrolment.run.planned_sessions:
        words = [whom_to_ask(college)]
        if session.online_link and enrolment.has_place:
            words.append(
                gettext("Take part online: %(link)s") % {"link": session.online_link}
                if with_link
                else gettext("You take part online: the link is on your page and in the letter.")
            )
        yield Appointment(
            # Not of the enrolment: whoever signs up again keeps the appointments of the first time.
            uid=uid(college, enrolment.student_id, session.pk),
            changed_at=max(newest_change(session), _changed_at(enrolment)),
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            status=_status(session, enrolment),
            title=_title(college),
            place=place_of(session, is_public=False),
            description="\n".join(words),
        )


def _changed_at(enrolment: Enrolment) -> datetime:
    """Not before another record, whose enrolment it may have been, became the student's."""
    merged_at = enrolment.student.merged_at
    return max(enrolment.changed_at, merged_at) if merged_at else enrolment.changed_at


def _title(college: College) -> str:
    return college.sender_name or gettext("Appointment")


def _status(session: CourseSession, enrolment: Enrolment) -> str:
    if not session.takes_place:
        return CANCELLED
    if enrolment.is_live:
        return CONFIRMED if enrolment.has_place else TENTATIVE
    # What they came to, or could have come to, before they withdrew stays as it was.
    withdrawn_at = enrolment.withdrawn_at
    had_place = enrolment.placed_at and withdrawn_at and session.starts_at <= withdrawn_at
    return CONFIRMED if had_place else CANCELLED
