from enrolment.models.enrolments import (
    Adjustment,
    Attendance,
    Enrolment,
    RepeatedSubmission,
)
from enrolment.models.letters import Event, Letter
from enrolment.models.links import ClosedLink
from enrolment.models.people import Student

__all__ = [
    "Adjustment",
    "Attendance",
    "ClosedLink",
    "Enrolment",
    "Event",
    "Letter",
    "RepeatedSubmission",
    "Student",
]
