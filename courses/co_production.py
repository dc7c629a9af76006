"""Co-production in a semester: who developed what, who taught, and how much had a full pair."""

from collections.abc import Iterable
from dataclasses import dataclass

from courses.models import Course, CourseDeveloper, CourseRun, Semester, Tutor
from courses.norwegian.sorting import sort_key
from courses.tutor_history import Replacement, replacements_on


@dataclass(frozen=True)
class Share:
    """How many of them had a peer and a professional, two different people."""

    number: int
    of: int

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means all of them; 0 of none."""
        return 100 * self.number // self.of if self.of else 0


@dataclass(frozen=True)
class RunInFront:
    """A run with whoever taught it, and its sessions in which the pair was not complete."""

    run: CourseRun
    tutors: list[Tutor]  # as equals, with whoever took over
    replacements: list[Replacement]
    without_pair: int


@dataclass(frozen=True)
class CourseBehind:
    """A course with those who developed it, and its runs of the semester."""

    course: Course
    developers: list[CourseDeveloper]
    runs: list[RunInFront]


@dataclass(frozen=True)
class CoProduction:
    courses: list[CourseBehind]  # by title
    courses_with_pair: Share
    runs_with_pair: Share
    sessions_with_pair: Share


def co_production(semester: Semester) -> CoProduction:
    """Of the courses, runs and sessions that take place in the semester's runs, held or to come.

    Drafts do not count, nor what was cancelled before it was held. A course has its pair by who
    developed it, a run by who was given it, a session by who is in front: somebody who stands in
    counts, and an absence does too. Five queries.
    """
    runs = runs_that_take_place(semester)
    by_course: dict[int, list[CourseRun]] = {}
    for run in runs:
        by_course.setdefault(run.course_id, []).append(run)
    courses = [found[0].course for found in by_course.values()]
    return CoProduction(
        courses=[
            CourseBehind(
                course,
                sorted(
                    course.coursedeveloper_set.all(), key=lambda each: sort_key(each.tutor.name)
                ),
                [_in_front(run) for run in by_course[course.pk]],
            )
            for course in sorted(courses, key=lambda course: sort_key(course.title))
        ],
        courses_with_pair=_share(course.has_developer_pair for course in courses),
        runs_with_pair=_share(run.has_tutor_pair for run in runs),
        sessions_with_pair=_share(
            session.has_tutor_pair
            for run in runs
            for session in run.session_list
            if session.takes_place
        ),
    )


def runs_that_take_place(semester: Semester) -> list[CourseRun]:
    """The semester's runs of which a session is held or to come, the first to begin first."""
    runs = (
        semester.runs.exclude(status=CourseRun.Status.DRAFT)
        .with_programme()
        .prefetch_related("course__coursedeveloper_set__tutor")
        .by_start()
    )
    return [run for run in runs if any(each.takes_place for each in run.session_list)]


def _share(have_pair: Iterable[bool]) -> Share:
    found = list(have_pair)
    return Share(sum(found), len(found))


def _in_front(run: CourseRun) -> RunInFront:
    return RunInFront(
        run,
        run.tutors_as_equals,
        [each for each in replacements_on(run) if not each.is_hand_over],
        sum(each.takes_place and not each.has_tutor_pair for each in run.session_list),
    )
