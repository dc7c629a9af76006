"""«First time? This is what the day is like»: a session of a run, hour by hour, for a sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext

from courses.catalogue import capital
from courses.course_page import Place, place_on_page
from courses.models import CourseRun, CourseSession, Tutor
from courses.norwegian import formatting


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the day: when, what in the page's own words, and what somebody wrote of it."""

    when: str
    words: str
    written: str = ""


@dataclass(frozen=True, slots=True)
class FirstTime:
    day: str
    hours: str
    steps: Sequence[Step]
    speaking: str
    who_meets_you: str
    tutors: Sequence[Tutor]
    place: Place | None
    is_online: bool
    phone: str  # empty: the college's own


def next_session(run: CourseRun, now: datetime) -> CourseSession | None:
    """The session that somebody new would come to: the first that is not over."""
    return next((each for each in run.session_list if not each.is_held(now)), None)


def first_time(session: CourseSession) -> FirstTime:
    """What the page tells of it. No query where run, course, venue and tutors are loaded."""
    run = session.run
    venue = session.place
    place = place_on_page(venue) if venue and venue.is_public else None
    return FirstTime(
        day=formatting.day(session.starts_at),
        hours=formatting.clock_range(session.starts_at, session.ends_at),
        steps=list(_steps(session, has_door=place is not None)),
        speaking=run.course.speaking,
        who_meets_you=run.who_meets_you,
        tutors=session.tutors_in_front,
        place=place,
        is_online=bool(session.online_link),
        phone=run.contact_phone,
    )


def _steps(session: CourseSession, *, has_door: bool) -> list[Step]:
    early = session.starts_at - timedelta(minutes=settings.ARRIVE_EARLY_MINUTES)
    first = (
        gettext("You are welcome to come now. Then you have time to find the door and a chair.")
        if has_door
        else gettext("You are welcome to log on now. Then you have time to try sound and picture.")
    )
    steps = [
        Step(capital(formatting.clock(early)), first),
        Step(capital(formatting.clock(session.starts_at)), gettext("We begin."), session.theme),
    ]
    if breaks := session.run.course.breaks:
        steps.append(Step(gettext("Breaks"), "", breaks))
    return [*steps, Step(capital(formatting.clock(session.ends_at)), gettext("We are done."))]
