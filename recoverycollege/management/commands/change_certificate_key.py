from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from certificates import services
from recoverycollege.people.erasures import ErasuresNotKept
from recoverycollege.people.erasures_applied import apply_erasures


class Command(BaseCommand):
    help = (
        "Makes the CERTIFICATE_KEY of the environment the one that proves certificates, and proves "
        "anew all whose names are kept. ERASURES_FILE, too, is proved by that key: whoever is "
        "erased is listed anew. Stop web servers and letter workers first, and start them with the "
        "new key afterwards."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do it; without, only say what for")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["yes"]:
            # First, since nothing is changed where the list cannot be written.
            try:
                listed = apply_erasures().listed
            except ErasuresNotKept:
                raise CommandError(
                    "ERASURES_FILE cannot be written to: nothing is changed."
                ) from None
            self.stdout.write(f"Listed {listed} who are erased anew: no backup brings them back.")
        change = services.change_key() if options["yes"] else services.count_key_change()
        proved = "Proved" if options["yes"] else "Would prove"
        self.stdout.write(
            f"{proved} {change.proved} certificates anew: their paper is good as ever."
        )
        self.stdout.write(
            f"{change.lost} certificates whose names are forgotten can be checked no more, unless "
            "the old key comes back. Keep it."
        )
        if not options["yes"]:
            self.stdout.write("Nothing is changed. Stop the portal, then add --yes to do it.")
