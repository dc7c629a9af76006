"""What the catalogue says about a run, and which runs a visitor asked for.

Filtering happens here rather than in SQL: a semester's runs are few, and SQLite cannot tell that å
and Å are the same letter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import get_language, gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from courses.models import Availability, Course, CourseRun, Semester
from courses.norwegian import formatting
from courses.norwegian.sorting import sort_key


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
    Availability.ROOM: "status-good",
    Availability.DROP_IN: "status-good",
    Availability.WAITING_LIST: "status-waiting",
}

# What somebody can still join comes first; what is over comes last.
ORDER = {
    Availability.CLOSED: 1,
    Availability.UNDER_WAY: 1,
    Availability.CANCELLED: 1,
    Availability.HELD: 2,
}

WEEKS_OFF = 2  # holidays within a series that is still called weekly
LONGEST_TEXT = 80  # characters of free text that are looked for


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


@dataclass(frozen=True)
class CatalogueEntry:
    """A run with what is shown of it and what it can be found by. Its words are made when asked."""

    run: CourseRun
    url: str
    meetings: Sequence[Meeting]
    tutors: Sequence[str]
    topics: Sequence[str]
    availability: Availability

    @property
    def course(self) -> Course:
        return self.run.course

    @property
    def order(self) -> int:
        """Among the runs of its semester; the same for many."""
        return ORDER.get(self.availability, 0)

    @property
    def card(self) -> Card:
        course = self.course
        return Card(
            url=self.url,
            language="" if course.language == get_language() else course.language,
            format=labels().formats[course.format],
            title=course.title,
            summary=course.summary,
            when=when_in_words(self.meetings),
            place=place_in_words(self.meetings),
            tutors=join_names(self.tutors),
            status=availability_in_words(self.run, self.availability),
            status_class=STATUS_CLASSES.get(self.availability, "status-quiet"),
        )

    @property
    def words(self) -> str:
        """Everything that free text is looked for in, casefolded."""
        course = self.course
        parts = [course.title, course.summary, course.what_happens, course.what_you_take]
        parts += [labels().formats[course.format], place_in_words(self.meetings)]
        parts += [join_names(self.tutors), *self.topics]
        parts += [f"{each.theme} {each.guest_speakers}" for each in self.meetings]
        return " ".join(parts).casefold()


@dataclass(frozen=True, slots=True)
class CatalogueFilter:
    """What a visitor chose. Empty means anything; what cannot be read is left out."""

    format: str = ""
    place: str = ""
    weekday: int = 0
    part: str = ""
    topic: str = ""
    text: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "CatalogueFilter":
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
    def chosen(self) -> list[tuple[str, str]]:
        """What was chosen, by the names that it has in addresses. `read` makes the same of it."""
        values = {
            "type": self.format,
            "sted": self.place,
            "dag": str(self.weekday or ""),
            "tid": self.part,
            "tema": self.topic,
            "tekst": self.text,
        }
        return [(name, value) for name, value in values.items() if value]

    @property
    def is_anything(self) -> bool:
        return self == CatalogueFilter()

    @property
    def has_choices(self) -> bool:
        """Whether anything but the free text was chosen."""
        return bool(self.format or self.place or self.weekday or self.part or self.topic)

    def matches(self, entry: CatalogueEntry) -> bool:
        return (
            (not self.format or entry.course.format == self.format)
            and (not self.place or any(self.place in (e.town, e.venue) for e in entry.meetings))
            and (not self.topic or self.topic in entry.topics)
            and any(self._is_then(each.starts_at) for each in entry.meetings)
            and self._has_text(entry)
        )

    def _is_then(self, starts_at: datetime) -> bool:
        """Weekday and part of day must meet in one and the same session."""
        return (not self.weekday or starts_at.isoweekday() == self.weekday) and (
            not self.part or PartOfDay.of(starts_at.hour) == self.part
        )

    def _has_text(self, entry: CatalogueEntry) -> bool:
        if not self.text:
            return True
        words = entry.words
        return all(word in words for word in self.text.casefold().split())


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from, a value and its label where they differ."""

    formats: list[tuple[str, str]]
    towns: list[str]
    venues: list[str]
    weekdays: list[tuple[int, str]]
    parts: list[tuple[str, str]]
    topics: list[str]


def choices(entries: Iterable[CatalogueEntry], wanted: CatalogueFilter) -> Choices:
    """The choices that lead somewhere. What was chosen stays, so that a form keeps its answers."""
    formats: dict[str, str] = {}
    towns: set[str] = set()
    venues: set[str] = set()
    topics: set[str] = set()
    for entry in entries:
        formats[entry.course.format] = labels().formats[entry.course.format]
        towns.update(each.town for each in entry.meetings if each.town)
        venues.update(each.venue for each in entry.meetings if each.venue)
        topics.update(entry.topics)
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
        weekdays=list(labels().weekdays.items()),
        parts=[(value, str(label)) for value, label in PartOfDay.choices],
        topics=sorted(topics, key=sort_key),
    )


class Labels(NamedTuple):
    """The fixed words in one language. Kept, because a catalogue page says them many times."""

    formats: dict[str, str]
    availability: dict[Availability, str]
    weekdays: dict[int, str]


@cache
def _labels(language: str) -> Labels:
    with override(language):
        return Labels(
            formats={each.value: str(each.label) for each in Course.Format},
            availability={each: str(each.label) for each in Availability},
            weekdays={number: str(name) for number, name in WEEKDAYS.items()},
        )


def labels() -> Labels:
    """The words in the language of the moment."""
    return _labels(get_language() or settings.LANGUAGE_CODE)


def semester_in_words(semester: Semester | None) -> str:
    """«høst 2026», within a sentence."""
    return semester.name if semester else ""


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
        return gettext("Sign-up opens %(day)s") % {"day": formatting.short_day(run.opens_at)}
    return labels().availability[availability]


def when_in_words(meetings: Sequence[Meeting]) -> str:
    """One day with its hours, a weekly rhythm with its hours, or the days and how many."""
    if not meetings:
        return gettext("The dates are not set yet")
    first, last = meetings[0], meetings[-1]
    clock = formatting.wall_clock_range(first.starts_at, first.ends_at)
    if len(meetings) == 1:
        return f"{capital(formatting.day(first.starts_at.date()))}, {clock}"
    number = len(meetings)
    count = ngettext("%(count)d session", "%(count)d sessions", number) % {"count": number}
    days = formatting.days(first.starts_at.date(), last.starts_at.date())
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
        f"{labels().weekdays[weekday]} {clock}, {days}, {count}"
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
