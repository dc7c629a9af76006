"""Who may sign in, as what: each a verb under the lock of everybody who can let others in.

Nobody chooses a password for somebody else: whoever is invited, or has forgotten theirs, gets a
link that works once. The last coordinator who can sign in cannot be taken away or become something
else: the college would be locked out.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import password_validation
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import get_language

from courses.models import Tutor
from courses.web import sign_in
from enrolment import services as enrolment_services
from enrolment.events import log
from enrolment.links import who_chooses_password
from enrolment.services import SignInChange
from recoverycollege.staff import second_factor
from recoverycollege.staff.roles import Role, active_coordinators, has_chosen_password, role_of

__all__ = [
    "EmailTaken",
    "HasComeAlready",
    "LastCoordinator",
    "LinkUsed",
    "NoEmail",
    "StaffError",
    "TutorNeeded",
    "TutorTaken",
    "change_staff",
    "choose_password",
    "forget_second_factor",
    "invite",
    "invite_again",
    "take_access_away",
]


class StaffError(Exception):
    """What a member of staff cannot be, and why."""


class EmailTaken(StaffError):
    """Somebody else signs in with this address."""


class TutorTaken(StaffError):
    """Somebody else signs in as this tutor."""


class TutorNeeded(StaffError):
    """A tutor's sign-in opens the pages of one tutor: which one is not said."""


class LastCoordinator(StaffError):
    """Nobody else could let people in."""


class HasComeAlready(StaffError):
    """They have chosen a password: there is nothing to invite them to."""


class NoEmail(StaffError):
    """There is no address to write to."""


class LinkUsed(StaffError):
    """The link has been used, or is too old."""


def invite(
    *,
    name: str,
    email: str,
    role: Role,
    tutor: Tutor | None,
    by: Any,
    now: datetime | None = None,
) -> User:
    """Let somebody sign in, and owe them the letter by which they choose a password.

    Raises EmailTaken, TutorNeeded, TutorTaken.
    """
    email = email.strip().lower()
    try:
        with transaction.atomic():
            _lock_coordinators()
            _check_email(email)
            user = User(username=email, email=email)
            _name(user, name)
            user.set_unusable_password()
            user.save()
            _become(user, role, tutor)
            log("invited_staff", user, by=by, now=now)
            enrolment_services.owe_invitation(user=user, language=_language(), now=now)
    except IntegrityError:  # a colleague invited them in the same moment
        raise EmailTaken from None
    return user


@transaction.atomic
def invite_again(*, user: User, by: Any, now: datetime | None = None) -> None:
    """Owe the invitation once more; whoever had no access any more has it again, in their role.

    Raises HasComeAlready, NoEmail.
    """
    current = _lock(user)
    if current.is_active and has_chosen_password(current):
        raise HasComeAlready
    if not current.email:
        raise NoEmail
    current.is_active = True
    current.save(update_fields=["is_active"])
    log("invited_staff", current, by=by, now=now)
    enrolment_services.owe_invitation(user=current, language=_language(), now=now)


def change_staff(
    *,
    user: User,
    name: str,
    email: str,
    role: Role,
    tutor: Tutor | None,
    by: Any,
    now: datetime | None = None,
) -> None:
    """Change who somebody is: name, address and role. A superuser stays one.

    Where the user name was the address of before, it follows. Raises EmailTaken, LastCoordinator,
    TutorNeeded, TutorTaken.
    """
    email = email.strip().lower()
    try:
        with transaction.atomic():
            current = _lock(user)
            _check_email(email, besides=current)
            if role != Role.COORDINATOR:
                _check_not_last(current)
            if email and current.username == current.email:
                current.username = email
            current.email = email
            _name(current, name)
            current.save(update_fields=["username", "email", "first_name", "last_name"])
            _become(current, role, tutor)
            log("changed_staff", current, by=by, now=now)
    except IntegrityError:
        raise EmailTaken from None


@transaction.atomic
def take_access_away(*, user: User, by: Any, now: datetime | None = None) -> None:
    """Let somebody in no more. Whoever is signed in is signed out at once, on every device.

    The password and the second factor go; should they be invited again, they choose new ones.
    Raises LastCoordinator.
    """
    current = _lock(user)
    _check_not_last(current)
    current.is_active = False
    current.set_unusable_password()
    current.save(update_fields=["is_active", "password"])
    second_factor.remove(current)
    log("ended_access", current, by=by, now=now)


@transaction.atomic
def forget_second_factor(*, user: User, by: Any, now: datetime | None = None) -> None:
    """Take somebody's second factor away, who has lost the telephone and the recovery codes.

    They sign in with the password alone, and set up another where they must have one.
    """
    current = _lock(user)
    if second_factor.remove(current):
        log("forgot_second_factor", current, by=by, now=now)
        enrolment_services.owe_sign_in_change(
            user=current, what=SignInChange.NO_SECOND_FACTOR, language=_language(), now=now
        )


def choose_password(*, token: str, password: str) -> User:
    """Let whoever holds the link from a letter choose their password: once.

    Other devices are signed out, and whoever was shut out after too many tries is let in again.
    Raises LinkUsed, ValidationError for a password that is easily guessed.
    """
    with transaction.atomic():
        found = who_chooses_password(token)
        if found is None:
            raise LinkUsed
        current = User.objects.select_for_update().get(pk=found.pk)
        if who_chooses_password(token) is None:  # used in this very moment
            raise LinkUsed
        password_validation.validate_password(password, current)
        had_one = has_chosen_password(current)
        current.set_password(password)
        current.save(update_fields=["password"])
        if had_one:
            enrolment_services.owe_sign_in_change(
                user=current, what=SignInChange.PASSWORD, language=_language()
            )
    for name in {current.get_username(), current.email} - {""}:
        sign_in.let_in_again(name)
    return current


def _language() -> str:
    """What the page was in: nobody has told us the language of those who work here."""
    return get_language() or "nb"


def _lock_coordinators() -> list[User]:
    """Everybody who can let others in, by key: of two changes at once, one waits for the other."""
    return list(active_coordinators().order_by("pk").select_for_update())


def _lock(user: User) -> User:
    _lock_coordinators()
    return User.objects.select_for_update().get(pk=user.pk)


def _check_not_last(user: User) -> None:
    others = active_coordinators().exclude(pk=user.pk)
    if role_of(user) == Role.COORDINATOR and user.is_active and not others.exists():
        raise LastCoordinator


def _check_email(email: str, *, besides: User | None = None) -> None:
    """Whoever signs in with an address is one person."""
    same = User.objects.filter(Q(email__iexact=email) | Q(username__iexact=email))
    others = same.exclude(pk=besides.pk) if besides else same
    if email and others.exists():
        raise EmailTaken


def _name(user: User, name: str) -> None:
    """The last word is the last name, as it is with most people here."""
    first, _space, last = " ".join(name.split()).rpartition(" ")
    user.first_name, user.last_name = (first, last) if first else (last, "")


def _become(user: User, role: Role, tutor: Tutor | None) -> None:
    """The groups, the admin, and which tutor they are."""
    if role == Role.TUTOR and tutor is None:
        raise TutorNeeded
    user.groups.set(Group.objects.filter(name=role))
    user.is_staff = user.is_superuser or role == Role.COORDINATOR
    user.save(update_fields=["is_staff"])
    if tutor is None:
        Tutor.objects.filter(user=user).update(user=None)
        return
    Tutor.objects.filter(user=user).exclude(pk=tutor.pk).update(user=None)
    current = Tutor.objects.select_for_update().get(pk=tutor.pk)
    if current.user_id not in (None, user.pk):
        raise TutorTaken
    current.user = user
    current.save(update_fields=["user"])
