"""What somebody on the staff is: one of three roles, each a group of `recoverycollege.groups`."""

from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """By the names of the groups."""

    COORDINATOR = "coordinators", _("Coordinator: everything")
    TUTOR = "tutors", _("Tutor: their own courses")
    OWNER = "owners", _("Owner: figures only")


def role_of(user: User) -> Role | None:
    """The role; a superuser is a coordinator. None for somebody in none of the groups.

    No query where the groups are prefetched.
    """
    names = {each.name for each in user.groups.all()}
    if user.is_superuser or (user.is_staff and Role.COORDINATOR in names):
        return Role.COORDINATOR
    found = [each for each in (Role.TUTOR, Role.OWNER) if each in names]
    return found[0] if found else None


def is_owner(user: Any) -> bool:
    """Whether somebody sees figures and nothing else. One query, and none for others on staff."""
    return not user.is_staff and user.groups.filter(name=Role.OWNER).exists()


def active_coordinators() -> QuerySet[User]:
    """Those who can let others in: they may sign in, and have chosen a password."""
    in_group = User.objects.filter(groups__name=Role.COORDINATOR, is_staff=True).values("pk")
    return User.objects.filter(Q(is_superuser=True) | Q(pk__in=in_group), is_active=True).exclude(
        password__startswith=UNUSABLE_PASSWORD_PREFIX
    )


def has_chosen_password(user: User) -> bool:
    return not user.password.startswith(UNUSABLE_PASSWORD_PREFIX)
