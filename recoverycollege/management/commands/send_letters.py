"""The letters worker of `enrolment`, which knows no certificates, after a look at their key."""

from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from certificates.services import OtherKey, check_key
from enrolment.management.commands import send_letters
from enrolment.services.workers import database_is_away, pause


class Command(send_letters.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        self.listen()
        while not self.key_is_checked() and not options["once"] and not self.is_stopping:
            pause(options["interval"], lambda: self.is_stopping)
        if not self.is_stopping:
            super().handle(*args, **options)

    def key_is_checked(self) -> bool:
        """Whether the key is the one that proves the certificates; False where nobody can tell.

        Raises CommandError where it is another one.
        """
        try:
            check_key()
        except OtherKey as other:
            raise CommandError(str(other)) from None
        except DatabaseError as error:
            self.complain(database_is_away(error))
            connection.close()
            return False
        return True
