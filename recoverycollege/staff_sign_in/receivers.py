"""What happens beside signing in, and beside saving a user, whoever does it."""

import time
from typing import Any

from django.contrib.auth import user_logged_in
from django.contrib.auth.models import User
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest

SIGNED_IN_AT = "signed_in_at"


@receiver(user_logged_in)
def remember_when(*, request: HttpRequest, **arguments: object) -> None:
    """When this session began: for a while nobody is asked once more who they are."""
    request.session[SIGNED_IN_AT] = int(time.time())


@receiver(pre_save, sender=User)
def write_address_small(*, instance: User, **arguments: Any) -> None:
    """Addresses of staff are kept in small letters, so that a sign-in code finds its way however
    the address was written, by `createsuperuser` too.
    """
    instance.email = instance.email.lower()
