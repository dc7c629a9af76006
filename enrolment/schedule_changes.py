"""When and where a run's sessions are, and in words what has changed about it."""

from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from courses.models import CourseRun, CourseSession
from courses.norwegian.formatting import clock_range, day


class Meeting(NamedTuple):
    """When and where a session is. A session that is only online is at its link."""

    starts_at: datetime
    ends_at: datetime
    place: str

    @property
    def is_online(self) -> bool:
        return self.place.startswith(("https://", "http://"))

    def __str__(self) -> str:
        when = f"{day(self.starts_at)}, {clock_range(self.starts_at, self.ends_at)}"
        # No address that opens a meeting stands in a sentence: who only waits reads it too.
        place = gettext("online") if self.is_online else self.place
        return f"{when}, {place}" if place else when


Programme = dict[int, Meeting]


def programme(run: CourseRun) -> Programme:
    """When and where each session is. One query."""
    sessions = CourseSession.objects.filter(run=run).select_related("venue", "run__venue")
    return programme_of(sessions.order_by())


def programme_of(sessions: Any) -> Programme:
    """The same of sessions that carry their run and venues. No query."""
    found = {}
    for each in sessions:
        venue = each.venue or each.run.venue
        place = venue.name if venue else each.online_link
        found[each.pk] = Meeting(each.starts_at, each.ends_at, place)
    return found


def as_json(meetings: Programme) -> dict[str, list[str]]:
    """As a letter keeps it."""
    return {
        str(pk): [each.starts_at.isoformat(), each.ends_at.isoformat(), each.place]
        for pk, each in meetings.items()
    }


def from_json(kept: dict[str, list[str]]) -> Programme:
    """What `as_json` wrote. Raises ValueError for anything else."""
    found = {}
    for pk, (starts, ends, place) in kept.items():
        starts_at, ends_at = parse_datetime(starts), parse_datetime(ends)
        if starts_at is None or ends_at is None:
            raise ValueError(starts, ends)
        found[int(pk)] = Meeting(starts_at, ends_at, place)
    return found


def changes(before: Programme, after: Programme, *, now: datetime | None = None) -> list[str]:
    """A sentence for each session that is not over and has another time or place, is new or gone.

    What is not held first: it is what nobody may overlook. Then in the order of the programme as
    it is now.
    """
    now = now or timezone.now()
    changed = []
    for pk in before.keys() | after.keys():
        old, new = before.get(pk), after.get(pk)
        if old != new and any(each and each.ends_at > now for each in (old, new)):
            changed.append((new is not None, new or old, _sentence(old, new)))
    return [sentence for _is_held, _meeting, sentence in sorted(changed)]


def _sentence(old: Meeting | None, new: Meeting | None) -> str:
    if old is None:
        return gettext("New: %(new)s.") % {"new": new}
    if new is None:
        return gettext("Will not be held: %(old)s.") % {"old": old}
    if str(old) == str(new):
        return gettext("New link to take part online: %(new)s.") % {"new": new}
    return gettext("Now: %(new)s. Before: %(old)s.") % {"new": new, "old": old}
