"""The code of a session: the key to a certificate by name alone."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.models.certificates import NUMBER_ALPHABET
from courses.models import CourseSession

CODE_LENGTH = 6


def new_code() -> str:
    """Six random signs for the wall: short enough to copy from the back of the room."""
    return "".join(secrets.choice(NUMBER_ALPHABET) for _each in range(CODE_LENGTH))


class SessionCode(models.Model):
    """What stands on the wall while a session is held: the key to a certificate by name alone."""

    session = models.OneToOneField(
        CourseSession,
        on_delete=models.CASCADE,
        related_name="session_code",
        verbose_name=_("session"),
    )
    code = models.CharField(_("code"), max_length=CODE_LENGTH, unique=True, default=new_code)

    class Meta:
        verbose_name = _("code for the wall")
        verbose_name_plural = _("codes for the wall")
        default_permissions = ()

    def __str__(self) -> str:
        return self.printed_code

    @property
    def printed_code(self) -> str:
        """In two halves, that are easy to keep in mind while typing: `ABC DEF`."""
        return f"{self.code[:3]} {self.code[3:]}"
