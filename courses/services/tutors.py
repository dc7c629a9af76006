"""Tutors: who they are, and how one is let in who has tried to sign in too often."""

from django.db import transaction

from courses.models import Tutor
from courses.services.college import delete_unused_portraits
from courses.web import sign_in


def is_coordinators_own(tutor: Tutor) -> bool:
    """Whether the tutor signs in as a coordinator: no page or verb about tutors changes that."""
    return tutor.user is not None and tutor.user.is_staff


@transaction.atomic
def save_tutor(*, tutor: Tutor) -> None:
    """Save a tutor, new or changed. A portrait that nobody has any more is deleted.

    Who signs in as the tutor is settled by `recoverycollege.staff.services`.
    """
    tutor.full_clean()
    tutor.save()
    delete_unused_portraits()


@transaction.atomic
def delete_tutor(*, tutor: Tutor) -> None:
    """Delete a tutor whom nothing names, and the portrait. Raises ProtectedError elsewhere."""
    tutor.delete()
    delete_unused_portraits()


def let_in_again(*, tutor: Tutor) -> bool:
    """Let a tutor try to sign in again; whether there is a sign-in at all."""
    if tutor.user is None:
        return False
    sign_in.let_in_again(tutor.user)
    return True
