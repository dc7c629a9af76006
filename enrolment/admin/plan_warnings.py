"""What may be a slip in a plan, said before it is saved. It warns, and never stands in the way."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext

from courses import services as course_services
from courses.catalogue import join_names
from courses.models import (
    CourseRun,
    CourseSession,
    Semester,
    Substitution,
    Tutor,
    TutorAssignment,
    Venue,
)
from courses.norwegian.formatting import clock_range, day, quoted
from courses.services import Clash, Planned

# The warnings that somebody has read, as the form sends them again.
READ = "_read"

# Of a session; whoever only writes another theme is told nothing.
MOVES = frozenset({"day", "begins", "finishes", "venue", "is_cancelled"})


class WarningsUnread(Exception):
    """There are `sentences` that whoever saves has not read yet. Nothing is saved."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(len(sentences))
        self.sentences = sentences


def unread(request: HttpRequest, sentences: Iterable[str]) -> list[str]:
    """All of these warnings where one of them stood on no page yet; none where all were read."""
    found = list(dict.fromkeys(sentences))
    return found if set(found) - set(request.POST.getlist(READ)) else []


def warnings(planned: Sequence[Planned], *, semester: Semester | None = None) -> list[str]:
    """A sentence for each day off, for a first day outside the semester, and for each clash.

    `semester` is given where the first of `planned` is the first session of all. Four queries.
    """
    said = _days_off([each.starts_at for each in planned])
    if semester is not None and planned:
        said += _outside(semester, min(each.starts_at for each in planned))
    return [*said, *clashes_in_words(planned)]


def clashes_in_words(planned: Sequence[Planned], *, besides: CourseRun | None = None) -> list[str]:
    """A sentence for each session to come of which a tutor or the place is taken. Three queries."""
    now = timezone.now()
    to_come = [each for each in planned if each.ends_at > now]
    found = course_services.clashes(to_come, besides=besides)
    return [_in_words(each) for each in found]


def of_drafts(runs: Iterable[CourseRun]) -> dict[int, list[str]]:
    """By their keys, a sentence for whatever may be a slip in the stored plan of each of these runs
    that are not published yet. They carry their programme. Four queries for all of them.
    """
    sessions = [each for run in runs for each in run.session_list]
    days_off = course_services.days_off([each.starts_at for each in sessions])
    now = timezone.now()
    planned = [
        Planned(each.starts_at, each.ends_at, each.place, each.tutors_in_front, each.run_id)
        for each in sessions
        if each.ends_at > now
    ]
    said: dict[int, list[str]] = {each.run_id: [] for each in sessions}
    for run in {each.run_id: each.run for each in sessions}.values():
        moments = [each.starts_at for each in run.session_list]
        days = {timezone.localdate(each) for each in moments}
        said[run.pk] += _days_off_in_words(
            {date: names for date, names in days_off.items() if date in days}
        )
        said[run.pk] += _outside(run.semester, moments[0])
        said[run.pk] += _overlaps([(each, True) for each in run.session_list])
        said[run.pk] += about_sign_up(run)
    for clash in course_services.clashes(planned):
        if clash.planned.run_id is not None:
            said[clash.planned.run_id].append(_in_words(clash))
    return said


def about_sign_up(run: CourseRun) -> list[str]:
    """Where nobody can sign up for a run with these dates, why not. Nothing is refused for it.

    No query where the run carries its sessions.
    """
    starts_at = run.starts_at
    if starts_at is None or not run.has_sign_up or (run.is_finished() and not run.is_draft):
        return []
    if run.has_started():
        return [gettext("The first session has begun, so nobody can sign up by now.")]
    if run.opens_at >= starts_at:
        words = gettext(
            "Sign-up opens on %(day)s, when the first session has begun: nobody can sign up "
            "before it."
        )
        return [words % {"day": day(run.opens_at)}]
    return []


class Oddities:
    """What may be a slip about each of many planned sessions, in words to stand beside its date.

    Four queries, however many they are. The sessions of the run `besides` are in nobody's way.
    """

    def __init__(self, planned: Sequence[Planned], *, besides: CourseRun | None = None) -> None:
        self._now = timezone.now()
        self._days_off = course_services.days_off([each.starts_at for each in planned])
        self._clashes = course_services.clashes(planned, besides=besides)

    def of(
        self, one: Planned, *, semester: Semester, others: Iterable[CourseSession] = ()
    ) -> list[str]:
        """About one of them, the very object; `others` are sessions that are not stored yet."""
        on = timezone.localdate(one.starts_at)
        said = [capfirst(each) for each in self._days_off.get(on, [])]
        if not semester.starts_on <= on <= semester.ends_on:
            said.append(gettext("outside %(semester)s") % {"semester": semester.name})
        if one.ends_at <= self._now:
            return [*said, gettext("has passed")]
        found = [each for each in self._clashes if each.planned is one]
        found += course_services.clashes_with(others, [one])
        return [*said, *dict.fromkeys(_clash_in_words(each) for each in found)]


def _days_off(moments: Sequence[datetime]) -> list[str]:
    """The days on which people rest, or may be away with their children. One query."""
    return _days_off_in_words(course_services.days_off(moments))


def _days_off_in_words(days_off: Mapping[date, Sequence[str]]) -> list[str]:
    words = gettext("%(day)s is %(holiday)s. That is fine if you meant it.")
    return [
        words % {"day": capfirst(day(on)), "holiday": join_names(names)}
        for on, names in sorted(days_off.items())
    ]


def _outside(semester: Semester, starts_at: datetime) -> list[str]:
    first_day = timezone.localdate(starts_at)
    if semester.starts_on <= first_day <= semester.ends_on:
        return []
    words = gettext(
        "The first session, %(day)s, is outside %(semester)s. That is fine if you meant it."
    )
    return [words % {"day": day(first_day), "semester": semester.name}]


def _in_words(clash: Clash) -> str:
    return f"{capfirst(day(clash.planned.starts_at))}: {_clash_in_words(clash)}."


def _clash_in_words(clash: Clash) -> str:
    """Without the day, as the middle of a sentence."""
    other = clash.other
    about = {
        "hours": clock_range(other.starts_at, other.ends_at),
        "course": quoted(other.run.course.title),
        "place": clash.planned.venue,
        "tutors": join_names([each.shown_name for each in clash.tutors]),
    }
    if not clash.tutors:
        return gettext("%(course)s is at %(place)s too, %(hours)s") % about
    if clash.is_same_venue:
        return gettext("%(tutors)s leads %(course)s too, also at %(place)s, %(hours)s") % about
    return gettext("%(tutors)s leads %(course)s too, %(hours)s") % about


def on_page(form: Any, formsets: Iterable[Any]) -> list[str]:
    """The warnings about what was changed on a page of a run. The forms must be valid.

    Nothing where neither a time, a place, a tutor nor the semester is another. Seven queries.
    """
    run: CourseRun = form.instance
    rows = {each.model: each for each in formsets}
    tutors, has_other_tutors = _tutors(run, rows.get(TutorAssignment))
    sessions = _sessions(run, rows.get(CourseSession))
    are_all_moved = has_other_tutors or "venue" in form.changed_data
    in_front = _who_is_in_front(run, tutors)
    moved = [
        (each, Planned(each.starts_at, each.ends_at, _place(each, run), in_front(each)))
        for each, is_moved in sessions
        if is_moved or are_all_moved
    ]
    # A day is news where it is another, not where the tutor is.
    said = _days_off([each.starts_at for each, is_moved in sessions if is_moved])
    first = min(sessions, key=lambda pair: pair[0].starts_at, default=None)
    if first is not None and (first[1] or "semester" in form.changed_data):
        said += _outside(run.semester, first[0].starts_at)
    clashes = clashes_in_words(
        [planned for _each, planned in moved], besides=run if run.pk else None
    )
    return [*said, *_overlaps(sessions), *clashes]


def _place(session: CourseSession, run: CourseRun) -> Venue | None:
    return session.venue or run.venue


def _sessions(run: CourseRun, formset: Any) -> list[tuple[CourseSession, bool]]:
    """The sessions that will take place, and whether each is at another time or place."""
    if formset is None:
        stored = run.sessions.not_cancelled().select_related("venue")
        return [(each, False) for each in stored]
    return [
        (form.instance, bool(MOVES & {*form.changed_data}))
        for form in formset.forms
        if (form.instance.pk or form.has_changed())
        and form not in formset.deleted_forms
        and not form.cleaned_data.get("is_cancelled")
    ]


def _overlaps(sessions: list[tuple[CourseSession, bool]]) -> list[str]:
    """Where a session is moved over another of its run. Two that begin together are refused."""
    ordered = sorted(sessions, key=lambda pair: pair[0].starts_at)
    words = gettext("%(day)s: sessions of this run overlap.")
    return [
        words % {"day": capfirst(day(later.starts_at))}
        for (one, is_moved), (later, is_later_moved) in pairwise(ordered)
        if (is_moved or is_later_moved) and one.starts_at < later.starts_at < one.ends_at
    ]


def _tutors(run: CourseRun, formset: Any) -> tuple[list[TutorAssignment], bool]:
    """Who will lead the run, and whether somebody comes new to it."""
    if formset is None:
        return (list(run.assignments.select_related("tutor")), False)
    kept = [
        form
        for form in formset.forms
        if (form.instance.pk or form.has_changed()) and form not in formset.deleted_forms
    ]
    return [form.instance for form in kept], any("tutor" in form.changed_data for form in kept)


def _who_is_in_front(
    run: CourseRun, tutors: Sequence[TutorAssignment]
) -> Callable[[CourseSession], list[Tutor]]:
    stand_ins: dict[tuple[int, int], Tutor | None] = {}
    if run.pk is not None:
        found = Substitution.objects.filter(session__run=run).select_related("tutor").order_by()
        stand_ins = {(each.session_id, each.assignment_id): each.tutor for each in found}

    def in_front(session: CourseSession) -> list[Tutor]:
        people = (stand_ins.get((session.pk, each.pk), each.tutor) for each in tutors)
        return [tutor for tutor in people if tutor is not None]

    return in_front
