"""What the coordinator reads where a verb refused."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.admin.saving import sentences
from courses.norwegian.formatting import short_moment
from enrolment import services


def refusal_messages(refusal: Exception) -> list[str]:
    """Sentences for a refusal; empty where it is something else."""
    if isinstance(refusal, services.CapacityBelowPlaces):
        return [
            ngettext(
                "%(taken)s place is taken: the capacity cannot be lower. Nobody loses their place.",
                "%(taken)s places are taken: the capacity cannot be lower. Nobody loses their "
                "place.",
                refusal.places_taken,
            )
            % {"taken": refusal.places_taken}
        ]
    if isinstance(refusal, services.MovedIntoPast):
        return [
            _("%(before)s would be moved to %(after)s, which has passed.")
            % {
                "before": capfirst(short_moment(refusal.before)),
                "after": short_moment(refusal.after),
            }
        ]
    if isinstance(refusal, services.StartTogether):
        return [
            _("Two sessions would begin together: %(moment)s.")
            % {"moment": short_moment(refusal.starts_at)}
        ]
    for kind, sentence in (
        (
            services.SessionIsKnown,
            _("People know of this session, so it cannot be deleted. Cancel it instead."),
        ),
        (
            services.NoSessionLeft,
            _("At least one session must remain. If none takes place, cancel the run instead."),
        ),
        (services.NothingToMove, _("There is no session to move, or all are there already.")),
        (
            services.PlanChanged,
            _("A colleague has changed the run meanwhile. Here is what would be moved now."),
        ),
        (
            services.SessionHeld,
            _("Who was in front of a session stays as it is written once the session is held."),
        ),
        (services.TutorNotActive, _("This tutor teaches no more: choose somebody else.")),
        (
            services.TutorHasHeld,
            _(
                "A session is held already, so its tutors stay as they are. Choose instead who "
                "takes over."
            ),
        ),
        (services.HasBegun, _("The run has begun, so it stays in the catalogue.")),
        (services.HasEnrolments, _("Somebody has signed up already, so this is fixed.")),
        (services.RunCancelled, _("The run is cancelled.")),
        (services.RunFinished, _("The run is over.")),
        (services.RunStarted, _("The run has begun: nobody can sign up any more.")),
        (services.NotOpenYet, _("Sign-up for this run has not opened yet.")),
        (services.RunIsDraft, _("The run is a draft: there is nothing to cancel.")),
        (services.EnrolmentClosed, _("Nobody can sign up for this run now.")),
        (
            services.MessageChanged,
            _("Not saved: a colleague has changed this message meanwhile."),
        ),
        (services.MessageSent, _("This message is sent already.")),
        (services.NobodyToTell, _("There is nobody to write to now.")),
        (services.NotLive, _("This person is not signed up any more.")),
        (services.NoRoom, _("There is no free place now.")),
        (services.NotNextInQueue, _("Somebody else is next in the queue. Here is the list now.")),
        (
            services.QueueFillsByItself,
            _("The waiting list still fills by itself: nobody needs to be rung."),
        ),
    ):
        if isinstance(refusal, kind):
            return [sentence]
    return sentences(refusal)
