"""The second factor: a code from an app, which coordinators and owners must have in production."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User

from recoverycollege.staff.roles import is_owner


def is_required_of(user: Any) -> bool:
    """Whether somebody may not work here without one. One query at the most."""
    if not settings.SECOND_FACTOR_REQUIRED or not user.is_authenticated:
        return False
    return bool(user.is_staff or user.is_superuser or is_owner(user))


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def is_owed_by(user: Any) -> bool:
    """Whether somebody must set one up before anything else. Two queries at the most."""
    return is_required_of(user) and not has_second_factor(user)


def remove(user: User) -> bool:
    """Delete the second factor and the recovery codes; whether there was one."""
    return bool(Authenticator.objects.filter(user=user).delete()[0])
