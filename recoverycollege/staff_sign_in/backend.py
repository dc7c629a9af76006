"""Whose password it is: by user name or e-mail address, with one hash whatever was written."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest


class StaffBackend(ModelBackend):
    """Signs in by user name, however it is written, or by e-mail address.

    Known or unknown, one query is made and one password hashed. An address that two people have is
    nobody's: they use their user names.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> User | None:
        if not username or password is None:
            return None
        user = _find(username)
        if user is None:
            User().set_password(password)
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None


def _find(name: str) -> User | None:
    found = list(User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name)))
    as_written = [each for each in found if each.username == name]
    by_name = [each for each in found if each.username.casefold() == name.casefold()]
    for those in (as_written, by_name, found):
        if those:
            return those[0] if len(those) == 1 else None
    return None
