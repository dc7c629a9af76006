"""Whether one can join a run, in words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Availability(models.TextChoices):
    """What the catalogue says about a run, in words. Never a number: that would be pressure."""

    ROOM = "room", _("Places available")
    WAITING_LIST = "waiting_list", _("Waiting list")
    DROP_IN = "drop_in", _("Just turn up")
    OPENS_LATER = "opens_later", _("Sign-up opens later")
    CLOSED = "closed", _("Sign-up is closed")
    UNDER_WAY = "under_way", _("Under way")
    CANCELLED = "cancelled", _("Cancelled")
    HELD = "held", _("Held")

    @property
    def takes_sign_up(self) -> bool:
        """Whether anybody can sign up, for a place or for the waiting list."""
        return self in (Availability.ROOM, Availability.WAITING_LIST)

    @property
    def has_room(self) -> bool:
        """Whether whoever comes now, or when sign-up opens, finds room as far as anybody knows."""
        return self in (Availability.ROOM, Availability.OPENS_LATER, Availability.DROP_IN)
