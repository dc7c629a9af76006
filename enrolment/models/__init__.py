from enrolment.models.enrolments import Adjustment, Attendance, Enrolment
from enrolment.models.letters import Event, Letter
from enrolment.models.people import Student

__all__ = ["Adjustment", "Attendance", "Enrolment", "Event", "Letter", "Student"]
