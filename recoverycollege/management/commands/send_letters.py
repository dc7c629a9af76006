"""The letters worker of `enrolment`, which knows no certificates, after a look at their key."""

from typing import Any

from django.core.management.base import CommandError

from certificates.services import OtherKey, check_key
from enrolment.management.commands import send_letters


class Command(send_letters.Command):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key_is_checked = False

    def send(self) -> int:
        if not self.key_is_checked:
            try:
                check_key()
            except OtherKey as other:
                raise CommandError(str(other)) from None
            self.key_is_checked = True
        return super().send()
