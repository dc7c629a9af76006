"""What the events of this app are called where staff read them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

EVENT_LABELS: dict[str, Promise] = {
    "answered": _("marked the question as answered"),
    "not_answered": _("marked the question as not answered"),
    "arranged": _("marked as arranged"),
    "not_arranged": _("marked as not arranged"),
    "back_to_draft": _("took the run back to draft"),
    "called": _("wrote down a call"),
    "cancelled": _("cancelled the run"),
    "changed_capacity": _("changed the capacity"),
    "changed_contact": _("corrected the contact"),
    "cancelled_session": _("cancelled a session"),
    "restored_session": _("lets a session take place after all"),
    "changed_silently": _("corrected time or place without telling anybody"),
    "changed_entry": _("changed how people join"),
    "changed_programme": _("changed time or place"),
    "changed_staff": _("changed somebody's name, address or role on the staff"),
    "ended_access": _("took somebody's access away"),
    "ended_interest": _("deleted that somebody wanted to be told when a course is held again"),
    "enrolled": pgettext_lazy("event", "signed up"),
    "erased": _("erased what we knew of the person"),
    "forgot_second_factor": _("let somebody sign in without the app"),
    "gave_up_companion": _("gave up the companion's seat"),
    "got_place": _("got the place"),
    "invited_staff": _("invited somebody to sign in"),
    "kept": _("wants to stay"),
    "merged": _("made two records of the person one"),
    "merged_place": _("took out a sign-up that the person had twice"),
    "moved": _("moved the run"),
    "purged": _("deleted what was not needed any more"),
    "letter_posted": _("sent by post"),
    "letter_reached": _("told by phone"),
    "letter_unreached": _("did not reach"),
    "reopened_call": _("opened a call again"),
    "sent_again": _("sent the letter again"),
    "sent_message": _("sent a message"),
    "absent": _("wrote down that a tutor is away"),
    "handed_over": _("let somebody take over from a tutor"),
    "substituted": _("wrote down who stands in for a tutor"),
    "took_back_letter": _("took back that somebody was told"),
    "took_back_substitute": _("took back who stands in for a tutor"),
    "withdrew": _("withdrew"),
}


def event_label(verb: str, labels: Mapping[str, Promise] = EVENT_LABELS) -> str:
    """What an event says; its verb where these labels have no words for it."""
    return str(labels.get(verb, verb))
