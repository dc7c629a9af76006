"""Tutors, and the sign-in a tutor needs to open the tutors' pages. It never opens the admin."""

from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from courses.models import Tutor
from courses.services.college import delete_unused_portraits
from courses.services.errors import UserNameTaken
from courses.web import sign_in

User = get_user_model()

TUTORS = "tutors"


def is_coordinators_own(tutor: Tutor) -> bool:
    """Whether the tutor signs in as a coordinator: no page or verb about tutors changes that."""
    return tutor.user is not None and tutor.user.is_staff


def is_taken(username: str, *, tutor: Tutor) -> bool:
    """Whether somebody other than the tutor signs in by this name, however it is written."""
    others = User.objects.filter(username__iexact=username)
    if tutor.user is not None:
        others = others.exclude(pk=tutor.user.pk)
    return others.exists()


@transaction.atomic
def save_tutor(*, tutor: Tutor, username: str, new_password: str = "") -> None:
    """Save a tutor, new or changed, with the sign-in: made, changed, opened, or closed if empty.

    A new password lets in again whoever was shut out after too many tries. A coordinator's own
    sign-in is left alone. A portrait that nobody has any more is deleted.

    Raises UserNameTaken, ValidationError for a password that is too weak, ValueError where a first
    sign-in has none.
    """
    if not is_coordinators_own(tutor):
        if username and is_taken(username, tutor=tutor):
            raise UserNameTaken(_("This user name is taken: choose another."))
        if new_password:
            password_validation.validate_password(new_password, User(username=username))
        try:
            with transaction.atomic():
                _save_sign_in(tutor, username, new_password)
        except IntegrityError:  # a colleague chose the same name in the same moment
            raise UserNameTaken(_("This user name is taken: choose another.")) from None
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
    sign_in.let_in_again(tutor.user.get_username())
    return True


def _save_sign_in(tutor: Tutor, username: str, new_password: str) -> None:
    if tutor.user is None:
        if not username:
            return
        if not new_password:
            raise ValueError("A first sign-in needs a password.")
        tutor.user = User.objects.create_user(username, password=new_password)
        tutor.user.groups.add(Group.objects.get(name=TUTORS))
        return
    user = User.objects.select_for_update().get(pk=tutor.user.pk)
    user.is_active = bool(username)
    user.username = username or user.username
    if new_password:
        user.set_password(new_password)
        sign_in.let_in_again(user.get_username())
    user.save(update_fields=["is_active", "username", "password"])
    tutor.user = user
