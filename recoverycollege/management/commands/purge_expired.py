from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from certificates import services as certificate_services
from courses.web import throttle
from recoverycollege import people


class Command(BaseCommand):
    help = "Forget what has been kept long enough. Run it every day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only count; change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        dry_run = bool(options["dry_run"])
        now = timezone.now()
        if not dry_run:
            throttle.forget_old_counts()
            people.forget_sessions(now=now)
            people.forget_repeats(now=now)
            people.forget_closed_links(now=now)
        adjustments = people.forget_adjustments(now=now, dry_run=dry_run)
        names = certificate_services.forget_old_names(now=now, dry_run=dry_run)
        verb = "Would forget" if dry_run else "Forgot"
        self.stdout.write(f"{verb} {adjustments} adjustments of runs that are over.")
        self.stdout.write(f"{verb} {names} names on certificates.")
