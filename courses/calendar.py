"""Calendar files: how an appointment is written, and what anybody may have of the programme.

A calendar knows an appointment again by its id, and takes the newer of two by their `SEQUENCE`:
seconds up to the newest change, so that whichever fact changed, it grows.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from icalendar import Calendar, Event

from courses.catalogue import capital
from courses.models import College, CourseSession
from courses.norwegian import formatting

COUNTED_FROM = datetime(2020, 1, 1, tzinfo=UTC)

CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"


class Appointment(NamedTuple):
    """A session as a calendar shows it, every word ready."""

    uid: str
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    status: str
    title: str
    place: str
    description: str
    url: str = ""  # of the page that anybody may read about it; empty: it is somebody's own


class SubscriptionAddress(NamedTuple):
    """One address in two forms: calendar programs open the first, and take the second by hand."""

    webcal: str
    https: str


def uid(college: College, *parts: int) -> str:
    """The id of an appointment, for good: neither `SECRET_KEY` nor `SITE_URL` changes it.

    Keyed, so that nobody finds the course by trying the numbers of sessions and people.
    """
    name = ".".join(str(part) for part in parts)
    secret = college.calendar_key
    return salted_hmac("courses.calendar.uid", name, secret=secret, algorithm="sha256").hexdigest()[
        :32
    ]


def newest_change(session: CourseSession) -> datetime:
    """When session, run or venue last changed what a calendar shows of them."""
    place = session.place
    moments = [session.changed_at, session.run.changed_at]
    return max([*moments, place.changed_at] if place else moments)


def place_of(session: CourseSession, *, is_public: bool) -> str:
    """Where to be. Somebody's home is left out where anybody may read it."""
    venue = session.place
    if venue is None:
        return capital(gettext("online")) if session.is_only_online else ""
    if is_public and not venue.is_public:
        return ""
    return ", ".join(filter(None, (venue.name, venue.address)))


def whom_to_ask(college: College) -> str:
    return gettext("Questions? Ring %(phone)s.") % {"phone": formatting.phone(college.phone)}


def calendar_file(appointments: Iterable[Appointment], *, name: str = "") -> bytes:
    """The file, in UTC. One with a name is to be subscribed to: it says how often to look again."""
    now = timezone.now()
    calendar = Calendar()
    calendar.add("prodid", f"-//{urlsplit(settings.SITE_URL).hostname}//NONSGML 1.0//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.calendar_name = name
        interval = timedelta(hours=settings.CALENDAR_REFRESH_HOURS)
        calendar.add("refresh-interval", interval, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", f"PT{settings.CALENDAR_REFRESH_HOURS}H")
    for each in appointments:
        event = Event()
        event.add("uid", each.uid)
        event.add("sequence", int((each.changed_at - COUNTED_FROM).total_seconds()))
        event.add("dtstamp", now)
        event.add("last-modified", each.changed_at)
        event.add("dtstart", each.starts_at.astimezone(UTC))
        event.add("dtend", each.ends_at.astimezone(UTC))
        event.add("status", each.status)
        event.add("summary", each.title)
        if each.place:
            event.add("location", each.place)
        event.add("description", each.description)
        if each.url:
            event.add("url", each.url)
            # Whoever looks at the programme is not busy then.
            event.add("transp", "TRANSPARENT")
        event.add("class", "PUBLIC" if each.url else "PRIVATE")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def public_appointments(
    sessions: Sequence[CourseSession], college: College
) -> tuple[Appointment, ...]:
    """Sessions of runs that anybody may see: never their link, and never somebody's home.

    No query where run, course and venues are loaded.
    """
    return tuple(_public_appointment(each, college) for each in sessions)


def _public_appointment(session: CourseSession, college: College) -> Appointment:
    course = session.run.course
    url = settings.SITE_URL + reverse("course", args=[course.slug])
    words = [session.theme]
    if session.guest_speakers:
        words.append(f"{gettext('Guests:')} {session.guest_speakers}")
    if session.online_link:
        words.append(gettext("Online. Those with a place get the link."))
    words += [whom_to_ask(college), url]
    return Appointment(
        uid=uid(college, session.pk),
        changed_at=newest_change(session),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        status=CONFIRMED if session.takes_place else CANCELLED,
        title=course.title,
        place=place_of(session, is_public=True),
        description="\n".join(filter(None, words)),
        url=url,
    )


def subscription_address(path: str) -> SubscriptionAddress:
    """Where a calendar fetches the file at this path of the site, again and again."""
    whole = settings.SITE_URL + path
    return SubscriptionAddress(f"webcal:{whole.partition(':')[2]}", whole)
