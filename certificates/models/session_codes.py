"""The code of a session, with which somebody gets a certificate by name alone."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.models.certificates import NUMBER_ALPHABET
from courses.models import CourseSession

CODE_LENGTH = 6


def new_code() -> str:
    """Random letters and digits: few enough to copy from a screen at the other end of the hall."""
    return "".join(secrets.choice(NUMBER_ALPHABET) for _each in range(CODE_LENGTH))


class SessionCode(models.Model):
    """What is shown while a session is held: it opens the way to a certificate by name alone."""

    session = models.OneToOneField(
        CourseSession,
        on_delete=models.CASCADE,
        related_name="session_code",
        verbose_name=_("session"),
    )
    code = models.CharField(_("code"), max_length=CODE_LENGTH, unique=True, default=new_code)

    class Meta:
        verbose_name = _("session code")
        verbose_name_plural = _("session codes")
        default_permissions = ()

    def __str__(self) -> str:
        return self.printed_code

    @property
    def printed_code(self) -> str:
        """In two halves, that are easy to keep in mind while typing: `ABC DEF`."""
        return f"{self.code[:3]} {self.code[3:]}"
