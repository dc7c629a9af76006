"""What a course's page says about each of its runs, every word ready."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from courses.catalogue import (
    STATUS_CLASSES,
    Meeting,
    availability_in_words,
    capital,
    join_names,
    place_in_words,
    when_in_words,
)
from courses.models import Availability, CourseRun, CourseSession, Tutor, Venue
from courses.norwegian import formatting
from courses.norwegian.sorting import sort_key

# An open map, where the reader looks for the address: nothing of theirs is on our pages.
MAP = "https://www.openstreetmap.org/search"


@dataclass(frozen=True, slots=True)
class SessionLine:
    day: str
    hours: str
    theme: str
    guests: str
    place: str  # only where it is not the run's own
    is_online: bool
    is_optional: bool
    is_held: bool
    is_cancelled: bool  # then it stands there struck through, with nothing about where it was
    tutors: str  # of a session to come, only where they are not simply the assigned ones


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    address: str
    map_url: str
    how_to_find: str
    access: list[str]


@dataclass(frozen=True, slots=True)
class RunOnPage:
    anchor: str
    when: str
    semester: str
    where: str
    status: str
    status_class: str
    next_time: str  # only where the run has begun
    advice: str
    first_time_url: str
    sign_up_url: str
    sign_up_label: str
    calendar_url: str
    calendar_label: str
    how_long: str
    how_many: str
    has_sign_up: bool
    practical: str
    contact_name: str
    contact_phone: str
    tutors: str
    sessions: list[SessionLine]
    places: list[Place]


def run_on_page(run: CourseRun, now: datetime) -> RunOnPage:
    """No query where sessions with venues, and tutors, are prefetched."""
    sessions = run.session_list
    meetings = [
        Meeting(
            timezone.localtime(each.starts_at),
            timezone.localtime(each.ends_at),
            each.theme,
            each.guest_speakers,
            venue=venue.name if venue and venue.is_public else "",
            town=venue.town if venue and venue.is_public else "",
            is_online=bool(each.online_link),
        )
        for each in sessions
        for venue in [each.venue or run.venue]
    ]
    availability = run.availability(now)
    advice, label = _advice(run, availability)
    venues = {
        venue.pk: venue
        for each in sessions
        if (venue := each.venue or run.venue) and venue.is_public
    }
    return RunOnPage(
        anchor=f"run-{run.pk}",
        when=when_in_words(meetings),
        semester=str(run.semester),
        where=place_in_words(meetings),
        status=availability_in_words(run, availability),
        status_class=STATUS_CLASSES.get(availability, "status-quiet"),
        next_time=_next_time(sessions, now),
        advice=advice,
        first_time_url=reverse("first_time", args=[run.course.slug, run.pk])
        if sessions and run.is_running(now)
        else "",
        sign_up_url=reverse("sign_up", args=[run.course.slug, run.pk]) if label else "",
        sign_up_label=label,
        calendar_url=reverse("run_calendar", args=[run.course.slug, run.pk]),
        calendar_label=gettext("Take it off your calendar")
        if run.is_cancelled
        else gettext("Add to calendar"),
        how_long=_how_long(sessions),
        how_many=_how_many(run),
        has_sign_up=run.has_sign_up,
        practical=run.practical,
        contact_name=run.contact_name,
        contact_phone=run.contact_phone,
        tutors=join_names([each.shown_name for each in run.tutors_as_equals]),
        sessions=[_session_line(each, run, now) for each in run.planned_sessions],
        places=[place_on_page(each) for each in venues.values()],
    )


def tutors_of(runs: list[CourseRun]) -> list[Tutor]:
    """Everybody who teaches one of the runs, once, as equals."""
    people = {each.pk: each for run in runs for each in run.tutors_as_equals}
    return sorted(people.values(), key=lambda tutor: sort_key(tutor.name))


def _session_line(session: CourseSession, run: CourseRun, now: datetime) -> SessionLine:
    other = session.venue if session.venue_id and session.venue_id != run.venue_id else None
    return SessionLine(
        day=capital(formatting.day(session.starts_at)),
        hours=formatting.clock_range(session.starts_at, session.ends_at),
        theme=session.theme,
        guests=session.guest_speakers,
        place=f"{other.name}, {other.address}"
        if other and other.is_public and not session.is_cancelled
        else "",
        is_online=bool(session.online_link) and not session.is_cancelled,
        is_optional=session.is_optional and not session.is_cancelled,
        is_held=session.is_held(now) and not session.is_cancelled,
        is_cancelled=session.is_cancelled,
        tutors=""
        if session.is_held(now) or session.is_cancelled
        else join_names([each.shown_name for each in session.other_tutors]),
    )


def place_on_page(venue: Venue) -> Place:
    """Where it is and what is there. For a venue that anybody may know of."""
    access = {
        gettext("Step-free all the way in"): venue.is_step_free,
        gettext("Hearing loop"): venue.has_hearing_loop,
        gettext("A quiet room to withdraw to"): venue.has_quiet_room,
        gettext("Accessible toilet"): venue.has_accessible_toilet,
    }
    return Place(
        name=venue.name,
        address=venue.address,
        map_url=f"{MAP}?{urlencode({'query': venue.address})}",
        how_to_find=venue.how_to_find,
        access=[words for words, is_there in access.items() if is_there],
    )


def _next_time(sessions: list[CourseSession], now: datetime) -> str:
    coming = [each for each in sessions if not each.is_held(now)]
    if not coming or len(coming) == len(sessions):
        return ""
    session = coming[0]
    hours = formatting.clock_range(session.starts_at, session.ends_at)
    return f"{formatting.day(session.starts_at)}, {hours}"


def _how_long(sessions: list[CourseSession]) -> str:
    """«4 timer», or «6 samlinger, 2 timer hver gang»."""
    if not sessions:
        return ""
    lengths = {each.hours for each in sessions}
    longest = max(lengths)
    length = ngettext("%(hours)s hour", "%(hours)s hours", 1 if longest == 1 else 2) % {
        "hours": formatting.hours(longest)
    }
    if len(sessions) == 1:
        return length
    words = (
        gettext("%(count)d sessions, %(length)s each time")
        if len(lengths) == 1
        else gettext("%(count)d sessions, up to %(length)s each time")
    )
    return words % {"count": len(sessions), "length": length}


def _how_many(run: CourseRun) -> str:
    if run.capacity is None:
        return gettext("As many as there is room for. It varies from time to time.")
    return ngettext(
        "Up to %(count)d person, and two tutors or more.",
        "Up to %(count)d people, and two tutors or more.",
        run.capacity,
    ) % {"count": run.capacity}


def _advice(run: CourseRun, availability: Availability) -> tuple[str, str]:
    """A sentence on what to do, and the words of the sign-up button (empty: no button)."""
    if availability == Availability.ROOM:
        words = gettext("There are free places. You get a place as soon as you sign up.")
        return words, gettext("Sign up")
    if availability == Availability.WAITING_LIST:
        words = gettext(
            "The places are taken, or somebody is waiting for them. Join the waiting list: a place "
            "that comes free goes to whoever has waited longest."
        )
        return words, gettext("Join the waiting list")
    if availability == Availability.OPENS_LATER:
        words = gettext(
            "Sign-up opens %(day)s, %(clock)s. Then you can sign up here, or by ringing us."
        )
        return words % {
            "day": formatting.day(run.opens_at),
            "clock": formatting.clock(run.opens_at),
        }, ""
    sentences = {
        Availability.DROP_IN: gettext("You need not sign up. The door is open."),
        Availability.CLOSED: gettext("Ring us if you have a question, or look for another course."),
        Availability.UNDER_WAY: gettext(
            "The course has begun. Ring us if you have a question, or look for another course."
        ),
        Availability.CANCELLED: gettext(
            "This course will not be held. Look for another course, or ring us for a chat."
        ),
    }
    return sentences.get(availability, ""), ""
