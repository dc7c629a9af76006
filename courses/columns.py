"""The columns of each model that public pages show, and models made of just these."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models.functions import Cast, JSONObject

from courses.models import (
    College,
    Course,
    CourseRun,
    CourseSession,
    Idea,
    Opportunity,
    Semester,
    Tutor,
    Venue,
)
from courses.models.college import beside_the_college

Row = tuple[Any, ...]


class Columns:
    """Some columns of a model. Another one is read when somebody asks for it.

    `beside` is what `as_text` reads along with them, by the name that the row has for it.
    """

    def __init__(self, model: Any, names: str, *, beside: Mapping[str, Any] | None = None) -> None:
        self.model = model
        self.beside = beside or {}
        self.names = tuple(names.split())  # in the model's own order, which `from_db` expects

    def through(self, relation: str) -> list[str]:
        """The columns as they are read along with a row that points at this one."""
        return [f"{relation}__{name}" for name in self.names]

    def instance(self, values: Iterable[Any]) -> Any:
        """The model with these values. No query."""
        return self.model.from_db(self.model.objects.db, self.names, list(values))

    def as_text(self) -> Cast:
        """The columns as one, for a row that is read along with other rows."""
        columns = {name: models.F(name) for name in self.names}
        return Cast(JSONObject(**columns, **self.beside), models.TextField())

    def instance_of(self, text: str) -> Any:
        """The model with what `as_text` read. No query."""
        values = json.loads(text)
        row = self.instance(values[name] for name in self.names)
        for name in self.beside:
            setattr(row, name, values[name])
        return row


COLLEGE = Columns(
    College,
    "id name headline introduction phone email address logo colour ground_colour"
    " accessibility_statement_url",
    beside=beside_the_college(),
)
# Beside a course, and in the list of all of them.
OPPORTUNITY = Columns(Opportunity, "id name kind municipality")
WHOLE_OPPORTUNITY = Columns(
    Opportunity,
    "id name kind municipality about needs_referral phone email website checked_on",
)
IDEA = Columns(Idea, "id text language")
SEMESTER = Columns(Semester, "id year term enrolment_opens_at")
TUTOR = Columns(Tutor, "id name photo presentation")
SESSION = Columns(
    CourseSession,
    "id run_id starts_at ends_at theme guest_speakers venue_id online_link is_optional"
    " cancelled_at",
)
# On a card, and on the course's own page.
COURSE = Columns(Course, "id title slug language format summary")
WHOLE_COURSE = Columns(
    Course, "id title slug language format summary what_happens breaks speaking what_you_take"
)
VENUE = Columns(Venue, "id name town is_public")
WHOLE_VENUE = Columns(
    Venue,
    "id name street town how_to_find is_step_free has_hearing_loop has_quiet_room"
    " has_accessible_toilet is_public",
)
RUN = Columns(
    CourseRun,
    "id course_id semester_id venue_id entry capacity places_taken waiting enrolment_opens_at"
    " enrolment_closes_at status",
)
WHOLE_RUN = Columns(
    CourseRun,
    "id course_id semester_id venue_id contact_name contact_phone entry capacity places_taken"
    " waiting enrolment_opens_at enrolment_closes_at practical who_meets_you status",
)


class RunColumns:
    """A run as it is read together with its course, semester and venue."""

    def __init__(self, run: Columns, course: Columns, venue: Columns) -> None:
        self.run, self.course, self.venue = run, course, venue
        self.names = [
            *run.names,
            *course.through("course"),
            *SEMESTER.through("semester"),
            *venue.through("venue"),
        ]

    def through(self, relation: str) -> list[str]:
        """The columns as they are read along with a row that points at the run."""
        return [f"{relation}__{name}" for name in self.names]

    def instance(self, row: Row) -> CourseRun:
        """The run of a row, with course, semester and venue. No query."""
        values = iter(row)

        def next_of(columns: Columns) -> Any:
            return columns.instance([next(values) for _name in columns.names])

        run: CourseRun = next_of(self.run)
        run.course, run.semester = next_of(self.course), next_of(SEMESTER)
        if run.venue_id is not None:
            run.venue = next_of(self.venue)
        return run


ON_CARDS = RunColumns(RUN, COURSE, VENUE)
SEARCHED = RunColumns(RUN, WHOLE_COURSE, VENUE)  # with the texts that words are looked for in
ON_COURSE_PAGE = RunColumns(WHOLE_RUN, WHOLE_COURSE, WHOLE_VENUE)

# In a sign-up.
COLLEGE_AT_SIGN_UP = Columns(
    College,
    "id name phone email logo colour ground_colour ground_rules legal_basis privacy_notice"
    " accessibility_statement_url municipalities offers_news",
    beside=beside_the_college(),
)
VENUE_TO_FIND = Columns(Venue, "id name street town how_to_find is_public")
AT_SIGN_UP = RunColumns(
    Columns(
        CourseRun,
        "id course_id semester_id venue_id entry capacity places_taken waiting enrolment_opens_at"
        " enrolment_closes_at practical status published_at",
    ),
    Columns(Course, "id title slug language"),
    VENUE_TO_FIND,
)
# Where somebody signs up, under the lock.
TUTOR_NAME = Columns(Tutor, "id name")
TIMES = Columns(CourseSession, "id run_id starts_at ends_at cancelled_at")
OPENING = Columns(Semester, "id enrolment_opens_at")
PLACES = Columns(
    CourseRun,
    "id course_id semester_id venue_id entry capacity places_taken waiting enrolment_opens_at"
    " enrolment_closes_at status",
)
