"""What the events of this app are called where staff read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENT_LABELS: dict[str, Promise] = {
    "claimed": _("fetched a certificate with the code"),
    "counted": _("wrote how many came"),
    "issued": _("issued a certificate"),
    "made_code": _("made a code for certificates"),
    "made_feedback": _("made the address for feedback"),
    "marked": _("marked attendance"),
    "unmarked": _("removed a mark of attendance"),
    "not_spoken_with": _("has not spoken with somebody who wants to make courses"),
    "removed_words": _("took out something written as feedback"),
    "replaced": _("replaced a certificate"),
    "revoked": _("withdrew a certificate"),
    "spoken_with": _("spoke with somebody who wants to make courses"),
    "turned_up": _("added somebody who turned up"),
}
