"""A run is locked before it is written, and never written whole."""

from collections.abc import Sequence

from courses.columns import OPENING, PLACES, TIMES, Row
from courses.models import CourseRun, CourseSession

# A run's sessions with everything about the run that a page or a letter shows, in one query.
_WITH_ALL_THEY_SHOW = CourseSession.objects.select_related(
    "venue", "run__course", "run__semester", "run__venue"
).order_by()
# With what decides when one can join, and whether there is room.
_WITH_TIMES = CourseSession.objects.order_by().values_list(
    *TIMES.names, *PLACES.through("run"), *OPENING.through("run__semester")
)
# Nothing but the lock in the statement that locks. With joins, whoever waited for it would get the
# run's new row with old rows beside it, or none where the venue or semester is another now.
_LOCK = CourseRun.objects.select_for_update().order_by().values_list("pk")


def lock_run(run_id: int, *, is_shown: bool = True) -> CourseRun:
    """The run as it is now with its sessions and venues, its row locked until the transaction ends.

    Must be called inside `atomic`. On SQLite the transaction itself is the lock. Where the run is
    not to be shown to anybody, only what decides who can join is read: times and places.
    """
    _LOCK.get(pk=run_id)
    if not is_shown and (rows := list(_WITH_TIMES.filter(run_id=run_id))):
        return _with_times(rows)
    return read_run(run_id)


def read_run(run_id: int) -> CourseRun:
    """The run as it is stored, with its sessions and venues. One query, two without sessions."""
    sessions = _WITH_ALL_THEY_SHOW.filter(run_id=run_id)
    run = next((session.run for session in sessions), None)
    if run is None:
        run = CourseRun.objects.select_related("course", "semester", "venue").get(pk=run_id)
    run.pass_on(sessions=sessions)
    return run


def _with_times(rows: Sequence[Row]) -> CourseRun:
    first, last = len(TIMES.names), len(TIMES.names) + len(PLACES.names)
    run: CourseRun = PLACES.instance(rows[0][first:last])
    run.semester = OPENING.instance(rows[0][last:])
    run.pass_on(sessions=[TIMES.instance(row[:first]) for row in rows])
    return run


def lock_runs_of_semester(semester_id: int) -> None:
    """Hold the runs of a semester until the transaction ends: its opening may be moved.

    Meanwhile nobody sets a run's close to a moment before it.
    """
    runs = CourseRun.objects.select_for_update().order_by("pk").filter(semester=semester_id)
    list(runs.values_list("pk"))
