"""What the coordinator reads where a verb refused, and what was done."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from courses.admin.pages import sentences
from enrolment import services

EVENTS = {
    "arranged": gettext_lazy("marked as arranged"),
    "not_arranged": gettext_lazy("marked as not arranged"),
    "back_to_draft": gettext_lazy("took the run back to draft"),
    "called": gettext_lazy("wrote down a call"),
    "cancelled": gettext_lazy("cancelled the run"),
    "changed_capacity": gettext_lazy("changed the capacity"),
    "changed_contact": gettext_lazy("corrected the contact"),
    "changed_entry": gettext_lazy("changed how people join"),
    "changed_programme": gettext_lazy("changed time or place"),
    "collected": gettext_lazy("fetched a certificate with the code"),
    "counted": gettext_lazy("wrote how many came"),
    "enrolled": pgettext_lazy("event", "signed up"),
    "gave_up_companion": gettext_lazy("gave up the companion's seat"),
    "got_place": gettext_lazy("got the place"),
    "forgotten": gettext_lazy("deleted what was not needed any more"),
    "issued": gettext_lazy("issued a certificate"),
    "letter_posted": gettext_lazy("sent by post"),
    "letter_reached": gettext_lazy("told by phone"),
    "letter_unreached": gettext_lazy("did not reach"),
    "made_code": gettext_lazy("made a code for certificates"),
    "marked": gettext_lazy("marked attendance"),
    "unmarked": gettext_lazy("removed a mark of attendance"),
    "reopened_call": gettext_lazy("opened a call again"),
    "replaced": gettext_lazy("replaced a certificate"),
    "revoked": gettext_lazy("withdrew a certificate"),
    "sent_again": gettext_lazy("sent the letter again"),
    "turned_up": gettext_lazy("added somebody who turned up"),
    "withdrew": gettext_lazy("withdrew"),
}


def words_for_event(verb: str) -> str:
    """What an event says; its verb where there are no words for it."""
    return str(EVENTS.get(verb, verb))


def words_for(refusal: Exception) -> list[str]:
    """Sentences for a refusal; empty where it is something else."""
    if isinstance(refusal, services.CapacityBelowPlaces):
        return [
            _("%(taken)s places are taken: the capacity cannot be lower. Nobody loses their place.")
            % {"taken": refusal.places_taken}
        ]
    for kind, sentence in (
        (services.HasBegun, _("The run has begun, so it stays in the catalogue.")),
        (services.HasEnrolments, _("Somebody has signed up already, so this is fixed.")),
        (services.RunCancelled, _("The run is cancelled.")),
        (services.RunFinished, _("The run is over.")),
        (services.RunStarted, _("The run has begun: nobody can sign up any more.")),
        (services.NotOpenYet, _("Sign-up for this run has not opened yet.")),
        (services.EnrolmentClosed, _("Nobody can sign up for this run now.")),
        (
            services.LetterChanged,
            _(
                "Not written down: something has changed while you had the page open. Here is "
                "what to say now."
            ),
        ),
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
