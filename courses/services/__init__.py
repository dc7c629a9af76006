"""Verbs that write what the college offers. Call them qualified: `services.publish(...)`.

A verb that writes a moment takes `now`: the present if not given.
"""

from courses.services.clashes import Clash, Planned, clashes
from courses.services.college import delete_unused_portraits, save_college
from courses.services.courses import save_course, slug_is_frozen
from courses.services.days_off import days_off
from courses.services.errors import (
    CourseError,
    NoDraft,
    NotPublishable,
    PairIncomplete,
    UserNameTaken,
)
from courses.services.publishing import (
    MendedOn,
    Missing,
    check_pairs,
    lock_course,
    lock_course_with_runs,
    missing_for_publication,
    publish,
)
from courses.services.runs import (
    lock_run,
    lock_runs_of_semester,
    read_run,
)
from courses.services.schedule import (
    add_weekly_sessions,
    copy_run,
    moment,
    session_times,
    shifted,
    suggested_first_day,
)
from courses.services.tutors import (
    delete_tutor,
    is_coordinators_own,
    is_taken,
    let_in_again,
    save_tutor,
)

__all__ = [
    "Clash",
    "CourseError",
    "MendedOn",
    "Missing",
    "NoDraft",
    "NotPublishable",
    "PairIncomplete",
    "Planned",
    "UserNameTaken",
    "add_weekly_sessions",
    "check_pairs",
    "clashes",
    "copy_run",
    "days_off",
    "delete_tutor",
    "delete_unused_portraits",
    "is_coordinators_own",
    "is_taken",
    "let_in_again",
    "lock_course",
    "lock_course_with_runs",
    "lock_run",
    "lock_runs_of_semester",
    "missing_for_publication",
    "moment",
    "publish",
    "read_run",
    "save_college",
    "save_course",
    "save_tutor",
    "session_times",
    "shifted",
    "slug_is_frozen",
    "suggested_first_day",
]
