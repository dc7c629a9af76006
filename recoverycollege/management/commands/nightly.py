from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recoverycollege.nightly import run_steps


class Command(BaseCommand):
    help = (
        "Do what is to be done every night: purge_expired, owe_reminders, clearsessions and, where "
        "BACKUP_FOLDER is set, back_up. When one fails the others run all the same, and this ends "
        "with 1."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        failed = []
        for name, succeeded in run_steps(complain=self.stderr.write):
            self.stdout.write(f"{name}: {'done' if succeeded else 'FAILED'}.")
            if not succeeded:
                failed.append(name)
        if failed:
            raise CommandError(f"Not done tonight: {', '.join(failed)}.")
