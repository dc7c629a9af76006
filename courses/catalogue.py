"""What the catalogue says about a run, and which runs a visitor asked for.

Filtering happens here rather than in SQL: a semester's runs are few, and SQLite cannot tell that å
and Å are the same letter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses import dates
from courses.alphabet import sort_key
from courses.models import Availability, Course, CourseRun, Semester


class PartOfDay(TextChoices):
    """When a session starts on the clock in Norway. The values stand in addresses."""

    MORNING = "formiddag", _("In the morning")
    AFTERNOON = "ettermiddag", _("In the afternoon")
    EVENING = "kveld", _("In the evening")

    @classmethod
    def of(cls, hour: int) -> "PartOfDay":
        if hour < 12:
            return cls.MORNING
        return cls.AFTERNOON if hour < 17 else cls.EVENING


WEEKDAYS = {
    1: _("Mondays"),
    2: _("Tuesdays"),
    3: _("Wednesdays"),
    4: _("Thursdays"),
    5: _("Fridays"),
    6: _("Saturdays"),
    7: _("Sundays"),
}

STATUS_CLASSES = {
    Availability.ROOM: "status-room",
    Availability.DROP_IN: "status-room",
    Availability.WAITING_LIST: "status-waiting",
}

# What somebody can still join comes first; what is over comes last.
ORDER = {Availability.CLOSED: 1, Availability.CANCELLED: 1, Availability.HELD: 2}

WEEKS_OFF = 2  # holidays within a series that is still called weekly
LONGEST_TEXT = 80  # signs of free text that are looked for


class Meeting(NamedTuple):
    """What anybody may know of a session: never its link, and never somebody's home."""

    starts_at: datetime  # on the clock in Norway
    ends_at: datetime
    theme: str
    guest_speakers: str
    venue: str
    town: str
    is_online: bool


class Card(NamedTuple):
    """One run as the catalogue shows it, every word ready; the template unpacks it."""

    url: str
    language: str  # empty where the text is in the page's own
    format: str
    title: str
    summary: str
    when: str
    place: str
    tutors: str
    status: str
    status_class: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A card, and what it can be found by."""

    card: Card
    order: int  # among the runs of its semester; the same for many
    format: str
    towns: frozenset[str]
    venues: frozenset[str]
    topics: frozenset[str]
    slots: frozenset[tuple[int, str]]  # weekday and part of day of each session
    words: str  # casefolded; empty where nobody searches


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visitor chose. Empty means anything; what cannot be read is left out."""

    format: str = ""
    place: str = ""
    weekday: int = 0
    part: str = ""
    topic: str = ""
    text: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Wanted":
        def chosen(name: str) -> str:
            return " ".join(query.get(name, "").replace("\0", "").split())[:LONGEST_TEXT]

        day, format_ = chosen("dag"), chosen("type")
        return cls(
            format=format_ if format_ in Course.Format.values else "",
            place=chosen("sted"),
            weekday=int(day) if day in ("1", "2", "3", "4", "5", "6", "7") else 0,
            part=part if (part := chosen("tid")) in PartOfDay.values else "",
            topic=chosen("tema"),
            text=chosen("tekst"),
        )

    @property
    def is_anything(self) -> bool:
        return self == Wanted()

    @property
    def has_choices(self) -> bool:
        """Whether anything but the free text was chosen."""
        return bool(self.format or self.place or self.weekday or self.part or self.topic)

    def matches(self, entry: Entry) -> bool:
        """Weekday and part of day must meet in one and the same session."""
        return (
            (not self.format or entry.format == self.format)
            and (not self.place or self.place in entry.towns or self.place in entry.venues)
            and (not self.topic or self.topic in entry.topics)
            and (
                not (self.weekday or self.part)
                or any(
                    (not self.weekday or self.weekday == weekday)
                    and (not self.part or self.part == part)
                    for weekday, part in entry.slots
                )
            )
            and all(word in entry.words for word in self.text.casefold().split())
        )


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from, a value and its label where they differ."""

    formats: list[tuple[str, str]]
    towns: list[str]
    venues: list[str]
    weekdays: list[tuple[int, str]]
    parts: list[tuple[str, str]]
    topics: list[str]


def choices(entries: Iterable[Entry], wanted: Wanted) -> Choices:
    """The choices that lead somewhere. What was chosen stays, so that a form keeps its answers."""
    formats: dict[str, str] = {}
    towns: set[str] = set()
    venues: set[str] = set()
    topics: set[str] = set()
    for entry in entries:
        formats[entry.format] = entry.card.format
        towns |= entry.towns
        venues |= entry.venues
        topics |= entry.topics
    if wanted.format:
        formats[wanted.format] = str(Course.Format(wanted.format).label)
    if wanted.place and wanted.place not in towns:
        venues.add(wanted.place)
    if wanted.topic:
        topics.add(wanted.topic)
    return Choices(
        formats=sorted(formats.items(), key=lambda each: sort_key(each[1])),
        towns=sorted(towns, key=sort_key),
        venues=sorted(venues, key=sort_key),
        weekdays=[(number, str(name)) for number, name in WEEKDAYS.items()],
        parts=[(value, str(label)) for value, label in PartOfDay.choices],
        topics=sorted(topics, key=sort_key),
    )


def entry(
    run: CourseRun,
    *,
    url: str,
    meetings: Sequence[Meeting],
    tutors: Sequence[str],
    topics: Sequence[str],
    now: datetime,
    searchable: bool = False,
) -> Entry:
    """The run in words. Asks the database nothing where course and semester are loaded.

    Only a `searchable` entry can be found by free text.
    """
    course = run.course
    availability = run.availability_between(
        meetings[0].starts_at if meetings else None,
        max((each.ends_at for each in meetings), default=None),
        now,
    )
    format_name = str(Course.Format(course.format).label)
    place = place_in_words(meetings)
    names = join_names(tutors)
    words = ""
    if searchable:
        parts = [course.title, course.summary, course.what_happens, course.what_you_take]
        parts += [format_name, place, names, *topics]
        parts += [f"{each.theme} {each.guest_speakers}" for each in meetings]
        words = " ".join(parts).casefold()
    return Entry(
        card=Card(
            url=url,
            language="" if course.language == get_language() else course.language,
            format=format_name,
            title=course.title,
            summary=course.summary,
            when=when_in_words(meetings),
            place=place,
            tutors=names,
            status=availability_in_words(run, availability),
            status_class=STATUS_CLASSES.get(availability, "status-quiet"),
        ),
        order=ORDER.get(availability, 0),
        format=course.format,
        towns=frozenset(each.town for each in meetings if each.town),
        venues=frozenset(each.venue for each in meetings if each.venue),
        topics=frozenset(topics),
        slots=frozenset(
            (each.starts_at.isoweekday(), PartOfDay.of(each.starts_at.hour).value)
            for each in meetings
        ),
        words=words,
    )


def semester_in_words(semester: Semester | None) -> str:
    """«høst 2026», within a sentence."""
    return str(semester).lower() if semester else ""


def result_in_words(count: int, semester: Semester | None) -> str:
    """«12 kurs, høst 2026»."""
    if semester is None:
        return gettext("No courses yet")
    if count == 0:
        return gettext("No courses found, %(semester)s") % {"semester": semester_in_words(semester)}
    words = ngettext("%(count)d course, %(semester)s", "%(count)d courses, %(semester)s", count)
    return words % {"count": count, "semester": semester_in_words(semester)}


def join_names(names: Sequence[str]) -> str:
    """«Anne, Bo og Camilla»."""
    if len(names) < 2:
        return "".join(names)
    return gettext("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def availability_in_words(run: CourseRun, availability: Availability) -> str:
    if availability == Availability.OPENS_LATER:
        return gettext("Sign-up opens %(day)s") % {"day": dates.short_day(run.opens_at)}
    return str(availability.label)


def when_in_words(meetings: Sequence[Meeting]) -> str:
    """One day with its hours, a weekly rhythm with its hours, or the days and how many."""
    if not meetings:
        return gettext("The dates are not set yet")
    first, last = meetings[0], meetings[-1]
    clock = dates.wall_clock_range(first.starts_at, first.ends_at)
    if len(meetings) == 1:
        return f"{capital(dates.day(first.starts_at.date()))}, {clock}"
    number = len(meetings)
    count = ngettext("%(count)d session", "%(count)d sessions", number) % {"count": number}
    days = dates.days(first.starts_at.date(), last.starts_at.date())
    if any(
        (each.starts_at.time(), each.ends_at.time())
        != (first.starts_at.time(), first.ends_at.time())
        for each in meetings
    ):
        return f"{days}, {count}"
    weekday = first.starts_at.isoweekday()
    weeks = (last.starts_at.date() - first.starts_at.date()).days // 7
    is_weekly = weeks < number + WEEKS_OFF and all(
        each.starts_at.isoweekday() == weekday for each in meetings
    )
    return (
        f"{WEEKDAYS[weekday]} {clock}, {days}, {count}"
        if is_weekly
        else f"{days}, {clock}, {count}"
    )


def place_in_words(meetings: Iterable[Meeting]) -> str:
    """Where the run is held: «Biblioteket, Sandnes», «Bydelshuset, Sola og på nett»."""
    places: list[str] = []
    for each in meetings:
        if each.venue:
            name = each.venue if each.town in each.venue else f"{each.venue}, {each.town}"
            if name not in places:
                places.append(name)
    if any(each.is_online for each in meetings):
        places.append(gettext("online"))
    return capital(join_names(places))


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
