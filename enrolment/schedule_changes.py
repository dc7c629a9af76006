"""When, where and with whom a run's sessions are, and in words what has changed about it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from courses.catalogue import join_names
from courses.models import CourseRun, CourseSession, TutorAssignment
from courses.norwegian import formatting
from courses.norwegian.formatting import clock_range, day


class Meeting(NamedTuple):
    """When and where a session is, and who is in front of it."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""
    address: str = ""
    directions: str = ""
    link: str = ""
    is_cancelled: bool = False
    tutors: tuple[str, ...] = ()

    def __str__(self) -> str:
        when = f"{day(self.starts_at)}, {clock_range(self.starts_at, self.ends_at)}"
        # No address that opens a meeting stands in a sentence: who only waits reads it too.
        place = self.place or (gettext("online") if self.link else "")
        return f"{when}, {place}" if place else when


@dataclass(frozen=True)
class Programme:
    """All that people count on: the meetings by session, and whom they can ring."""

    meetings: Mapping[int, Meeting] = field(default_factory=dict)
    contact: str = ""


def programme(run: CourseRun) -> Programme:
    """What people count on as it is stored now. Four queries."""
    return programmes([run.pk])[run.pk]


def programmes(runs: Collection[int]) -> dict[int, Programme]:
    """The same of several runs, by their keys. Four queries, none without runs."""
    if not runs:
        return {}
    found = CourseRun.objects.filter(pk__in=runs).select_related("venue").order_by()
    loaded = found.prefetch_related(
        Prefetch("sessions", queryset=CourseSession.objects.select_related("venue")),
        Prefetch("assignments", queryset=TutorAssignment.objects.with_substitutions()),
    )
    return {run.pk: programme_of(run) for run in loaded}


def programme_of(run: CourseRun) -> Programme:
    """The same of a run that carries its sessions, and its tutors with who stands in for them."""
    return Programme(
        meetings={each.pk: _meeting(each) for each in run.planned_sessions},
        contact=", ".join(
            part
            for part in (
                run.contact_name,
                formatting.phone(run.contact_phone) if run.contact_phone else "",
            )
            if part
        ),
    )


def _meeting(session: CourseSession) -> Meeting:
    venue = session.place
    return Meeting(
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place=venue.name if venue else "",
        address=venue.address if venue else "",
        directions=venue.how_to_find if venue else "",
        link=session.online_link,
        is_cancelled=session.is_cancelled,
        tutors=tuple(each.shown_name for each in session.tutors_in_front),
    )


def as_json(kept: Programme) -> dict[str, Any]:
    """As a letter keeps it."""
    return {
        "contact": kept.contact,
        "meetings": {
            str(pk): [each.starts_at.isoformat(), each.ends_at.isoformat(), *each[2:]]
            for pk, each in kept.meetings.items()
        },
    }


def from_json(kept: Mapping[str, Any]) -> Programme:
    """What `as_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    meetings = {}
    for pk, (starts, ends, *others, tutors) in kept["meetings"].items():
        starts_at, ends_at = parse_datetime(starts), parse_datetime(ends)
        if starts_at is None or ends_at is None:
            raise ValueError(starts, ends)
        meetings[int(pk)] = Meeting._make((starts_at, ends_at, *others, tuple(tutors)))
    return Programme(meetings, kept["contact"])


def changes(before: Programme, after: Programme, *, now: datetime | None = None) -> list[str]:
    """A sentence for whatever is another than before about the sessions that are not over.

    What is not held first: it is what nobody may overlook. Then in the order of the programme as
    it is now; and last what is the same for several sessions.
    """
    touched = _touched(before, after, now or timezone.now())
    by_time = [
        (new is not None and not new.is_cancelled, new or old, sentence)
        for old, new in touched
        if (sentence := _when_and_where(old, new))
    ]
    sentences = [sentence for _is_held, _meeting, sentence in sorted(by_time)]
    kept = sorted(
        (new, old)
        for old, new in touched
        if old and new and not old.is_cancelled and not new.is_cancelled
    )
    sentences += (
        gettext("New link to take part online: %(new)s.") % {"new": new}
        for new, old in kept
        if new.link != old.link and new.link
    )
    for new, old in kept:
        venue = {"place": new.place, "new": new.address, "old": old.address}
        if new.place == old.place and new.address != old.address:
            sentences.append(
                gettext("The address of %(place)s is %(new)s. Before: %(old)s.") % venue
            )
        elif new.place == old.place and new.directions != old.directions:
            sentences.append(gettext("How to find %(place)s is described anew.") % venue)
    coming = [
        each
        for each in after.meetings.values()
        if not each.is_cancelled and each.ends_at > (now or timezone.now())
    ]
    sentences += _other_tutors(kept, coming)
    if before.contact != after.contact:
        sentences.append(
            gettext("Contact is now %(contact)s.") % {"contact": after.contact}
            if after.contact
            else gettext("Ring the college if you have a question.")
        )
    # What several sessions have in common is said once.
    return list(dict.fromkeys(sentences))


def _when_and_where(old: Meeting | None, new: Meeting | None) -> str:
    """What has changed about the time and the place of one session; empty where nothing has."""
    if new is None or new.is_cancelled:
        return gettext("Will not be held: %(old)s.") % {"old": old}
    if old is None:
        return gettext("New: %(new)s.") % {"new": new}
    if old.is_cancelled:
        return gettext("Will be held after all: %(new)s.") % {"new": new}
    if str(old) == str(new):
        return ""
    return gettext("Now: %(new)s. Before: %(old)s.") % {"new": new, "old": old}


def _other_tutors(kept: list[tuple[Meeting, Meeting]], coming: list[Meeting]) -> list[str]:
    """Who is in front of the room now: of every session to come alike, or of each one."""
    differ = [(new, old) for new, old in kept if set(new.tutors) != set(old.tutors) and new.tutors]
    names = [join_names(list(new.tutors)) for new, _old in differ]
    if names and {each.tutors for each in coming} == {differ[0][0].tutors}:
        return [gettext("Your tutors are now %(tutors)s.") % {"tutors": names[0]}]
    return [
        gettext("On %(day)s you meet %(tutors)s.") % {"day": day(new.starts_at), "tutors": tutors}
        for (new, _old), tutors in zip(differ, names, strict=True)
    ]


def _touched(
    before: Programme, after: Programme, now: datetime
) -> list[tuple[Meeting | None, Meeting | None]]:
    """What each session that is not over was, and is now, where that is not the same.

    One that nobody has been told of and that is off by now is no news.
    """
    keys = before.meetings.keys() | after.meetings.keys()
    pairs = ((before.meetings.get(pk), after.meetings.get(pk)) for pk in keys)
    return [
        (old, new)
        for old, new in pairs
        if old != new
        and any(each and not each.is_cancelled for each in (old, new))
        and any(each and each.ends_at > now for each in (old, new))
    ]


def urgent_start(run: CourseRun, now: datetime) -> datetime | None:
    """When the run's next session begins, where that is within `URGENT_HOURS`."""
    return _soonest((each.starts_at for each in run.session_list), now)


def urgent_change(before: Programme, after: Programme, now: datetime) -> datetime | None:
    """The first start within `URGENT_HOURS` of a session with another time or place, as it was or
    is now. Who is in front of it, and how to find it, nobody need be rung about.
    """
    touched = [
        pair
        for pair in _touched(before, after, now)
        if _where_and_when_only(pair[0]) != _where_and_when_only(pair[1])
    ]
    return _soonest((each.starts_at for pair in touched for each in pair if each), now)


def _where_and_when_only(meeting: Meeting | None) -> Meeting | None:
    return meeting and meeting._replace(directions="", tutors=())


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
