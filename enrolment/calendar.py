"""Calendar files. Anybody may glance at a calendar: the title tells nothing."""

from datetime import UTC
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from icalendar import Calendar, Event

from courses.catalogue import capital
from courses.models import College
from courses.norwegian import formatting
from enrolment.models import Enrolment
from enrolment.queries import load_programme


def calendar_of(enrolment: Enrolment, college: College) -> bytes:
    """The sessions of an enrolment in UTC, each under an id that stays when it is moved.

    Without a place an appointment is tentative and holds no online link; in a cancelled run it is
    cancelled, so that fetching the file again takes it off.
    """
    run = load_programme(enrolment.run)
    domain = urlsplit(settings.SITE_URL).hostname
    calendar = Calendar()
    calendar.add("prodid", f"-//{domain}//NONSGML 1.0//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for session in run.session_list:
        event = Event()
        event.add("uid", f"{enrolment.submission}-{session.pk}@{domain}")
        event.add("dtstamp", timezone.now())
        event.add("dtstart", session.starts_at.astimezone(UTC))
        event.add("dtend", session.ends_at.astimezone(UTC))
        event.add("summary", college.sender_name or gettext("Appointment"))
        if venue := session.place:
            event.add("location", ", ".join(filter(None, (venue.name, venue.address))))
        elif session.is_only_online:
            event.add("location", capital(gettext("online")))
        words = [gettext("Questions? Ring %(phone)s.") % {"phone": formatting.phone(college.phone)}]
        if session.online_link and enrolment.has_place:
            words.append(gettext("Take part online: %(link)s") % {"link": session.online_link})
        event.add("description", "\n".join(words))
        event.add("status", _status(enrolment))
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _status(enrolment: Enrolment) -> str:
    if enrolment.run.is_cancelled:
        return "CANCELLED"
    return "CONFIRMED" if enrolment.has_place else "TENTATIVE"
