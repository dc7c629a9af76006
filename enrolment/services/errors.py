"""Why a verb refused. Views and the admin turn these into words."""

from datetime import datetime

from courses.models import CourseRun
from enrolment.services.telling import Telling


class EnrolmentError(Exception):
    """A verb of `enrolment.services` refused; nothing was changed."""


class NotOpenYet(EnrolmentError):
    """Sign-up has not opened."""


class EnrolmentClosed(EnrolmentError):
    """Sign-up is closed, or the run takes no sign-up."""


class RunIsDraft(EnrolmentClosed):
    """The run is a draft, which nobody has seen."""


class RunStarted(EnrolmentClosed):
    """The first session has begun."""


class RunCancelled(EnrolmentError):
    """The run is cancelled: every enrolment verb refuses."""


class RunFinished(EnrolmentError):
    """The last session is over."""


class OnePlaceLeft(EnrolmentError):
    """Two came together and one place is free: they choose (one alone, or both wait)."""


class TooManyAddresses(EnrolmentError):
    """The student has asked for as many new addresses today as anybody may."""


class WrongName(EnrolmentError):
    """The name that was written is not the student's."""


class NotLive(EnrolmentError):
    """The enrolment is withdrawn already."""


class NoRoom(EnrolmentError):
    """There are not enough free places."""


class NotNextInQueue(EnrolmentError):
    """Only the first in the queue whom nobody has called can be given the place."""


class QueueFillsByItself(EnrolmentError):
    """Before the waiting list closes nobody calls: places go out by themselves."""


class CapacityBelowPlaces(EnrolmentError):
    """The wanted capacity is below the places taken (`places_taken`)."""

    def __init__(self, places_taken: int) -> None:
        super().__init__(str(places_taken))
        self.places_taken = places_taken


class HasBegun(EnrolmentError):
    """A run whose first session has begun cannot go back to draft: people have been there."""


class HasEnrolments(EnrolmentError):
    """A run that somebody signed up for cannot go back to draft."""


class MessageChanged(EnrolmentError):
    """A colleague has changed the draft since the page was opened."""


class MessageSent(EnrolmentError):
    """The message is sent: it is neither changed nor deleted."""


class NobodyToTell(EnrolmentError):
    """There is nobody, or nobody who can be reached, to whom the message would go."""


class ChangeNeedsTelling(EnrolmentError):
    """People count on what changes, and nobody has said yet whether they are to be told.

    `changes` holds a sentence for each change, `telling` says how many are told in which way, and
    `runs` of which runs.
    """

    def __init__(self, changes: list[str], telling: Telling, runs: list[CourseRun]) -> None:
        super().__init__(len(changes))
        self.changes, self.telling, self.runs = changes, telling, runs


class SessionIsKnown(EnrolmentError):
    """A session of a run that was ever published is cancelled, not deleted."""


class NoSessionLeft(EnrolmentError):
    """A run that people know keeps a session to come: else the run itself is cancelled."""


class NothingToMove(EnrolmentError):
    """No session of the run is to come, or all of them are where they would be moved."""


class MovedIntoPast(EnrolmentError):
    """The session that begins at `before` would be moved to a moment that has passed: `after`."""

    def __init__(self, before: datetime, after: datetime) -> None:
        super().__init__(str(after))
        self.before, self.after = before, after


class StartTogether(EnrolmentError):
    """Two sessions of the run would begin at the same moment, `starts_at`."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(str(starts_at))
        self.starts_at = starts_at


class PlanChanged(EnrolmentError):
    """The run is no longer as it was when somebody was shown what would be moved."""


class SessionHeld(EnrolmentError):
    """Who is in front of a session does not change once it is over, nor is it taken back then."""


class TutorNotActive(EnrolmentError):
    """Somebody who teaches no more stands in for nobody."""


class TutorHasHeld(EnrolmentError):
    """A session of the run is held, so that who its tutors are stays: somebody takes over."""
