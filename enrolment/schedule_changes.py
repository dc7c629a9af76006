"""When and where a run's sessions are, and in words what has changed about it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
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
    changed = [
        (new is not None, new or old, _sentence(old, new))
        for old, new in _touched(before, after, now or timezone.now())
    ]
    return [sentence for _is_held, _meeting, sentence in sorted(changed)]


def _touched(
    before: Programme, after: Programme, now: datetime
) -> list[tuple[Meeting | None, Meeting | None]]:
    """What each session that is not over was, and is now, where that is not the same."""
    pairs = ((before.get(pk), after.get(pk)) for pk in before.keys() | after.keys())
    return [
        (old, new)
        for old, new in pairs
        if old != new and any(each and each.ends_at > now for each in (old, new))
    ]


def urgent_start(run: CourseRun, now: datetime) -> datetime | None:
    """When the run's next session begins, where that is within `URGENT_HOURS`."""
    return _soonest((each.starts_at for each in run.session_list), now)


def urgent_change(before: Programme, after: Programme, now: datetime) -> datetime | None:
    """The first start within `URGENT_HOURS` of a session that has changed: as it was, or is now."""
    touched = _touched(before, after, now)
    return _soonest((each.starts_at for pair in touched for each in pair if each), now)


def _soonest(starts: Iterable[datetime], now: datetime) -> datetime | None:
    soon = now + timedelta(hours=settings.URGENT_HOURS)
    return min((each for each in starts if now < each <= soon), default=None)


def first_change(before: Programme, after: Programme) -> datetime | None:
    """Of the sessions that have changed, the start of the next one, as people knew it."""
    now = timezone.now()
    pairs = [
        (min(each.starts_at for each in pair if each and each.ends_at > now), pair)
        for pair in _touched(before, after, now)
    ]
    if not pairs:
        return None
    _soonest_start, (old, new) = min(pairs, key=lambda each: each[0])
    known = old or new
    return known.starts_at if known else None


def _sentence(old: Meeting | None, new: Meeting | None) -> str:
    if old is None:
        return gettext("New: %(new)s.") % {"new": new}
    if new is None:
        return gettext("Will not be held: %(old)s.") % {"old": old}
    if str(old) == str(new):
        return gettext("New link to take part online: %(new)s.") % {"new": new}
    return gettext("Now: %(new)s. Before: %(old)s.") % {"new": new, "old": old}
