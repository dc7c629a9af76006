import signal
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from recoverycollege.backups.databases import database_name
from recoverycollege.backups.errors import BackupError
from recoverycollege.backups.restoring import restore


class Command(BaseCommand):
    help = (
        "Put a backup in place of all that is in the database. script/restore does the whole: it "
        "runs migrate and apply_erasures, too. Stop web servers and letter workers first."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--over", default="", metavar="DATABASE", help="its name, where there are people in it"
        )
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="the private key of an encrypted backup"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Ends as by an error, so that the copy that is not encrypted does not stay behind.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        try:
            moment = restore(options["file"], over=options["over"], identity=options["identity"])
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"The database {database_name()} is as it was at {moment:%Y-%m-%d %H:%M} UTC."
        )
