"""The Monday list: a sentence for everything that waits, the most urgent first, and where it is
dealt with. No query: the index has read it all.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from courses.models import Course, CourseRun, CourseSession
from courses.norwegian.formatting import day, short_day
from recoverycollege.admin.index import Tasks

ROWS_SHOWN = 5


@dataclass(frozen=True)
class Row:
    """One thing that waits, and where it is dealt with."""

    words: str
    url: str
    quiet: str = ""


@dataclass(frozen=True)
class Item:
    """What waits, of one kind: a sentence with the number, and exactly those rows.

    They stand below, or on the page at `url`. Without a sentence nothing of the kind waits, and
    `name` says what there is none of; empty where another one says it.
    """

    name: str
    sentence: str = ""
    url: str = ""
    urgent: str = ""  # a sentence more, where it is urgent
    rows: Sequence[Row] = field(default_factory=tuple)

    @property
    def first_rows(self) -> Sequence[Row]:
        return self.rows[:ROWS_SHOWN]

    @property
    def more_rows(self) -> Sequence[Row]:
        return self.rows[ROWS_SHOWN:]


def context_of(tasks: Tasks) -> dict[str, Any]:
    """What the index shows of it, beside the tasks themselves."""
    items = what_waits(tasks)
    alarms = tasks.waiting or tasks.many_sign_ups or tasks.asked_to_wait
    return {
        "waits": [each for each in items if each.sentence],
        "nothing_of": [each.name for each in items if each.name and not each.sentence],
        "all_is_done": not alarms and not any(each.sentence for each in items),
        "is_set_up": tasks.college and tasks.has_semester and not tasks.steps,
        "sessions": pair_first(tasks),
        "today": timezone.localdate(),
    }


def what_waits(tasks: Tasks) -> list[Item]:
    """Each kind of thing, the most urgent first; those of which nothing waits among them."""
    now = timezone.now()
    kinds: list[Callable[[Tasks, datetime], Item]] = [
        _calls,
        _undelivered,
        _questions,
        _developer_offers,
        _without_pair,
        _unreachable_tutors,
        _few_people,
        _near_drafts,
        _adjustments,
        _registers,
        _certificates,
        _long_queues,
        _texts,
        _interest,
        _ideas,
        _opportunities,
    ]
    return [kind(tasks, now) for kind in kinds]


def _calls(tasks: Tasks, now: datetime) -> Item:
    calls, name = tasks.calls, gettext("the call list")
    if not calls.people:
        return Item(name)
    words = ngettext("%(number)s person to tell", "%(number)s people to tell", calls.people)
    urgent = gettext("It is urgent for %(number)s of them: a session begins soon.")
    return Item(
        name,
        words % {"number": calls.people},
        url=reverse("admin:call_list"),
        urgent=urgent % {"number": calls.urgent} if calls.urgent else "",
    )


def _undelivered(tasks: Tasks, now: datetime) -> Item:
    """They stand on the call list."""
    number, name = tasks.calls.undelivered, ""
    if not number:
        return Item(name)
    words = ngettext(
        "%(number)s e-mail that did not arrive", "%(number)s e-mails that did not arrive", number
    )
    return Item(name, words % {"number": number}, url=reverse("admin:call_list") + "#letters")


def _questions(tasks: Tasks, now: datetime) -> Item:
    number, name = tasks.questions, gettext("questions")
    if not number:
        return Item(name)
    words = ngettext(
        "%(number)s question from the web to answer",
        "%(number)s questions from the web to answer",
        number,
    )
    address = reverse("admin:enrolment_question_changelist")
    return Item(name, words % {"number": number}, url=address)


def _developer_offers(tasks: Tasks, now: datetime) -> Item:
    number, name = tasks.developer_offers, gettext("people who want to help make courses")
    if not number:
        return Item(name)
    words = ngettext(
        "%(number)s person wants to help make courses",
        "%(number)s people want to help make courses",
        number,
    )
    address = reverse("admin:certificates_developeroffer_changelist")
    return Item(name, words % {"number": number}, url=address)


def _without_pair(tasks: Tasks, now: datetime) -> Item:
    rows = [
        Row(
            f"{each.run.course.title}, {day(each.starts_at)}",
            reverse("admin:run_substitute", args=[each.run_id]),
            gettext("one of the two tutors was missing.")
            if each.is_held(now)
            else gettext("one of the two tutors is missing. Find somebody who can stand in."),
        )
        for each in tasks.without_pair
    ]
    words = ngettext(
        "%(number)s session without both tutors",
        "%(number)s sessions without both tutors",
        len(rows),
    )
    return _of(rows, gettext("tutors who are away"), words)


def _unreachable_tutors(tasks: Tasks, now: datetime) -> Item:
    rows = [
        Row(each.name, reverse("admin:courses_tutor_change", args=[each.pk]))
        for each in tasks.unreachable_tutors
    ]
    words = ngettext(
        "A tutor has neither an e-mail address nor a phone number, and so gets no letters about "
        "the course:",
        "%(number)s tutors have neither an e-mail address nor a phone number, and so get no "
        "letters about the course:",
        len(rows),
    )
    return _of(rows, gettext("tutors without contact"), words)


def _few_people(tasks: Tasks, now: datetime) -> Item:
    soon = now + timedelta(days=settings.FEW_PEOPLE_DAYS)
    rows = [
        Row(
            run.course.title,
            reverse("admin:run_people", args=[run.pk]),
            f"{short_day(run.starts_at)} · {_places(run)}",
        )
        for run in sorted(tasks.runs, key=lambda run: (run.starts_at or now, run.pk))
        if run.has_sign_up
        and run.places_taken < settings.FEW_PEOPLE
        and run.starts_at
        and now < run.starts_at <= soon
    ]
    words = ngettext(
        "%(number)s run begins soon, and few have signed up",
        "%(number)s runs begin soon, and few have signed up",
        len(rows),
    )
    return _of(rows, gettext("runs with few people"), words)


def _places(run: CourseRun) -> str:
    words = gettext("%(taken)s of %(capacity)s places")
    return words % {"taken": run.places_taken, "capacity": run.capacity}


def _near_drafts(tasks: Tasks, now: datetime) -> Item:
    soon = now + timedelta(days=settings.DRAFT_NEAR_DAYS)
    rows = [
        Row(
            str(each.run),
            reverse("admin:courses_courserun_change", args=[each.run.pk]),
            gettext("begins %(day)s") % {"day": short_day(starts_at)},
        )
        for each in tasks.drafts
        if (starts_at := each.run.starts_at) and starts_at <= soon
    ]
    words = ngettext(
        "%(number)s draft begins soon, and nobody can see it",
        "%(number)s drafts begin soon, and nobody can see them",
        len(rows),
    )
    return _of(rows, gettext("drafts that begin soon"), words)


def _adjustments(tasks: Tasks, now: datetime) -> Item:
    rows = [
        Row(str(run), reverse("admin:run_people", args=[run.pk]) + "#adjustments")
        for run in tasks.adjustments
    ]
    words = ngettext(
        "Adjustments to arrange on %(number)s run",
        "Adjustments to arrange on %(number)s runs",
        len(rows),
    )
    return _of(rows, gettext("adjustments"), words)


def _registers(tasks: Tasks, now: datetime) -> Item:
    rows = [
        Row(
            each.run.course.title,
            reverse("tutor_register", args=[each.run_id]) + f"?samling={each.pk}",
            day(each.starts_at),
        )
        for each in tasks.registers
    ]
    words = ngettext(
        "%(number)s session was held, and nobody has written who came",
        "%(number)s sessions were held, and nobody has written who came",
        len(rows),
    )
    return _of(rows, gettext("registers"), words)


def _certificates(tasks: Tasks, now: datetime) -> Item:
    rows = [
        Row(str(run), reverse("tutor_certificates", args=[run.pk]))
        for run in tasks.without_certificates
    ]
    words = ngettext(
        "%(number)s run is over, and somebody who was there has no certificate",
        "%(number)s runs are over, and somebody who was there has no certificate",
        len(rows),
    )
    return _of(rows, gettext("certificates"), words)


def _long_queues(tasks: Tasks, now: datetime) -> Item:
    rows = [
        Row(
            str(run),
            reverse("admin:run_people", args=[run.pk]) + "#queue",
            ngettext("%(number)s waiting", "%(number)s waiting", run.waiting)
            % {"number": run.waiting},
        )
        for run in sorted(tasks.queues, key=lambda run: -run.waiting)
        if run.waiting >= settings.LONG_QUEUE
    ]
    words = ngettext(
        "%(number)s run has a long waiting list",
        "%(number)s runs have a long waiting list",
        len(rows),
    )
    return _of(rows, gettext("long waiting lists"), words)


def _texts(tasks: Tasks, now: datetime) -> Item:
    rows = []
    if college := tasks.college:
        address = reverse("admin:courses_college_change", args=[college.pk])
        if not college.has_privacy_texts:
            rows.append(Row(gettext("The privacy texts"), f"{address}#id_privacy_controller"))
        if not college.accessibility_text.strip():
            rows.append(Row(gettext("The accessibility text"), f"{address}#id_accessibility_text"))
    rows += [
        Row(
            gettext("What happens on «%(course)s»") % {"course": course.title},
            reverse("admin:courses_course_change", args=[course.pk]) + "#id_what_happens",
        )
        for course in _courses(tasks)
        if not course.what_happens.strip()
    ]
    words = ngettext(
        "%(number)s text is not written yet", "%(number)s texts are not written yet", len(rows)
    )
    return _of(rows, gettext("texts"), words)


def _courses(tasks: Tasks) -> Iterable[Course]:
    """Those that anybody reads about now, or is going to."""
    runs = [*tasks.runs, *(each.run for each in tasks.drafts)]
    return {run.course_id: run.course for run in runs}.values()


def _interest(tasks: Tasks, now: datetime) -> Item:
    number, name = tasks.to_be_told, gettext("people who want to be told")
    if not number:
        return Item(name)
    words = ngettext(
        "%(number)s person wants to be told when a course is held again",
        "%(number)s people want to be told when a course is held again",
        number,
    )
    address = reverse("admin:courses_course_changelist") + "?interest=waiting"
    return Item(name, words % {"number": number}, url=address)


def _ideas(tasks: Tasks, now: datetime) -> Item:
    number, name = tasks.new_ideas, gettext("ideas")
    if not number:
        return Item(name)
    words = ngettext("%(number)s new idea for a course", "%(number)s new ideas for courses", number)
    address = reverse("admin:courses_idea_changelist")
    return Item(name, words % {"number": number}, url=address)


def _opportunities(tasks: Tasks, now: datetime) -> Item:
    number, name = tasks.to_check, gettext("opportunities outside the college")
    if not number:
        return Item(name)
    words = ngettext(
        "%(number)s opportunity outside the college to check",
        "%(number)s opportunities outside the college to check",
        number,
    )
    doubted = ngettext(
        "Somebody says of %(number)s of them that it is not right any more.",
        "Somebody says of %(number)s of them that they are not right any more.",
        tasks.doubted,
    )
    return Item(
        name,
        words % {"number": number},
        url=reverse("admin:courses_opportunity_changelist") + "?check=now",
        urgent=doubted % {"number": tasks.doubted} if tasks.doubted else "",
    )


def _of(rows: Sequence[Row], name: str, words: str) -> Item:
    return Item(name, words % {"number": len(rows)}, rows=rows) if rows else Item(name)


def pair_first(tasks: Tasks) -> list[tuple[CourseSession, bool]]:
    """The sessions of the next days, and whether one of the tutors is missing: those first."""
    missing = {each.pk for each in tasks.without_pair}
    found = [(each, each.pk in missing) for each in tasks.sessions]
    return sorted(found, key=lambda each: not each[1])
