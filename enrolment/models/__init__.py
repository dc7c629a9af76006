from enrolment.models.enrolments import Adjustment, Enrolment, RepeatedSubmission
from enrolment.models.events import Event
from enrolment.models.interest import Interest
from enrolment.models.letters import Letter
from enrolment.models.links import ClosedLink, LinkRequest, MergedKey, MergedRecord
from enrolment.models.messages import Message
from enrolment.models.questions import Question
from enrolment.models.recipients import Recipient
from enrolment.models.students import Student, StudentQuerySet
from enrolment.models.workers import LettersWorker

__all__ = [
    "Adjustment",
    "ClosedLink",
    "Enrolment",
    "Event",
    "Interest",
    "Letter",
    "LettersWorker",
    "LinkRequest",
    "MergedKey",
    "MergedRecord",
    "Message",
    "Question",
    "Recipient",
    "RepeatedSubmission",
    "Student",
    "StudentQuerySet",
]
