"""What the events of this app are called where staff read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENT_LABELS: dict[str, Promise] = {
    "claimed": _("fetched a certificate with the code"),
    "counted": _("wrote how many came"),
    "issued": _("issued a certificate"),
    "made_code": _("made a code for certificates"),
    "marked": _("marked attendance"),
    "unmarked": _("removed a mark of attendance"),
    "replaced": _("replaced a certificate"),
    "revoked": _("withdrew a certificate"),
    "turned_up": _("added somebody who turned up"),
}
