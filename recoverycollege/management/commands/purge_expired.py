from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from recoverycollege.people.retention import RULES


class Command(BaseCommand):
    help = "Delete what has been kept long enough, expired sessions included. Run it every day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only count; change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run, now = bool(options["dry_run"]), timezone.now()
        for rule in RULES:
            number = rule.purge(now=now, dry_run=dry_run)
            self.stdout.write(f"{'Would purge' if dry_run else 'Purged'} {number} {rule.what}.")
        if not dry_run:
            call_command("clearsessions")
