from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from recoverycollege.figures.freezing import freeze_finished_years
from recoverycollege.people.erasures import ErasuresNotKept
from recoverycollege.people.retention import PURGED, tell_inactive


class Command(BaseCommand):
    help = (
        "Freeze the figures of years that are over, delete what has been kept long enough, and "
        "write to students who are erased soon because they have not taken part for years. Run it "
        "every day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only count; change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run, now = bool(options["dry_run"]), timezone.now()
        # First: where people live goes with the names of those who are erased.
        years = freeze_finished_years(now, dry_run=dry_run)
        self.stdout.write(f"{'Would freeze' if dry_run else 'Froze'} {years} years of figures.")
        told = tell_inactive(now=now, dry_run=dry_run)
        would = "Would tell" if dry_run else "Told"
        self.stdout.write(f"{would} {told} of the students that they are erased soon.")
        # Like every other command it speaks English.
        with translation.override("en"):
            for kept, purge in PURGED:
                try:
                    number = purge(now=now, dry_run=dry_run)
                except ErasuresNotKept:  # what is erased last: all the rest is done
                    raise CommandError(
                        "ERASURES_FILE cannot be written to: no student is erased."
                    ) from None
                self.stdout.write(
                    f"{'Would purge' if dry_run else 'Purged'} {number}: {kept.what}."
                )
