from enrolment.models.enrolments import Adjustment, Enrolment, RepeatedSubmission
from enrolment.models.events import Event
from enrolment.models.letters import Letter
from enrolment.models.links import ClosedLink
from enrolment.models.students import Student, StudentQuerySet

__all__ = [
    "Adjustment",
    "ClosedLink",
    "Enrolment",
    "Event",
    "Letter",
    "RepeatedSubmission",
    "Student",
    "StudentQuerySet",
]
