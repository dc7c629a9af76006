from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from recoverycollege import demo


class Command(BaseCommand):
    help = "Load a made-up college to look at. Does nothing where it is loaded already."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = demo.load(with_sign_ins=settings.DEBUG)
        except demo.HoldsRealCollege as error:
            raise CommandError(
                "This database holds a college already. The demo college needs an empty one."
            ) from error
        if counts:
            made = ", ".join(f"{number} {name}" for name, number in counts.items())
            self.stdout.write(f"Loaded the demo college: {made}.")
        if settings.DEBUG:
            for sign_in in demo.SIGN_INS:
                self.stdout.write(
                    f"Sign in as {sign_in.role}: {sign_in.username} / {sign_in.password}"
                )
