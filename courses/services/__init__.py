"""Verbs that write what the college offers. Call them qualified: `services.publish(...)`.

A verb that writes a moment takes `now`: the present if not given.
"""

from courses.services.clashes import Clash, Planned, clashes, clashes_with
from courses.services.college import delete_unused_portraits, save_college
from courses.services.copying import (
    Copy,
    PlannedCopy,
    WeekOf,
    copy_runs,
    plan_copy,
    repeating_runs,
    suggested_first_day,
)
from courses.services.courses import save_course, slug_is_frozen
from courses.services.days_off import days_off
from courses.services.erasing_tutors import erase_tutor, runs_with_contact, without_names
from courses.services.errors import (
    CopiesChanged,
    CourseError,
    NotPublishable,
    PairIncomplete,
)
from courses.services.ideas import (
    add_ideas,
    count_idea,
    count_votes,
    link_idea,
    merge_ideas,
    move_idea,
    propose_idea,
    purge_ideas,
    save_idea,
    show_ideas,
)
from courses.services.opportunities import (
    check_opportunity,
    count_opportunity_report,
    report_opportunity,
    save_opportunity,
)
from courses.services.patterns import Pattern, Rhythm, check_not_too_many
from courses.services.publishing import (
    MendedOn,
    Missing,
    check_pairs,
    lock_course,
    lock_course_with_runs,
    missing_for_publication,
    publish,
)
from courses.services.rhythm import LAST
from courses.services.runs import (
    lock_run,
    lock_runs_of_semester,
    read_run,
)
from courses.services.schedule import moment, session_times, shifted
from courses.services.semesters import next_semester
from courses.services.tutors import (
    delete_tutor,
    is_coordinators_own,
    let_in_again,
    save_tutor,
)
from courses.services.written_pages import (
    add_pages,
    purge_stories,
    save_page,
    withdraw_story,
)

__all__ = [
    "LAST",
    "Clash",
    "CopiesChanged",
    "Copy",
    "CourseError",
    "MendedOn",
    "Missing",
    "NotPublishable",
    "PairIncomplete",
    "Pattern",
    "Planned",
    "PlannedCopy",
    "Rhythm",
    "WeekOf",
    "add_ideas",
    "add_pages",
    "check_not_too_many",
    "check_opportunity",
    "check_pairs",
    "clashes",
    "clashes_with",
    "copy_runs",
    "count_idea",
    "count_opportunity_report",
    "count_votes",
    "days_off",
    "delete_tutor",
    "delete_unused_portraits",
    "erase_tutor",
    "is_coordinators_own",
    "let_in_again",
    "link_idea",
    "lock_course",
    "lock_course_with_runs",
    "lock_run",
    "lock_runs_of_semester",
    "merge_ideas",
    "missing_for_publication",
    "moment",
    "move_idea",
    "next_semester",
    "plan_copy",
    "propose_idea",
    "publish",
    "purge_ideas",
    "purge_stories",
    "read_run",
    "repeating_runs",
    "report_opportunity",
    "runs_with_contact",
    "save_college",
    "save_course",
    "save_idea",
    "save_opportunity",
    "save_page",
    "save_tutor",
    "session_times",
    "shifted",
    "show_ideas",
    "slug_is_frozen",
    "suggested_first_day",
    "withdraw_story",
    "without_names",
]
