"""What the events of these files are called where staff read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENT_LABELS: dict[str, Promise] = {
    "took_subsidy_list": _("took out the list for the adult-education subsidy"),
    "took_participants": _("took out the list of participants"),
    "took_register": _("took out the register"),
}
