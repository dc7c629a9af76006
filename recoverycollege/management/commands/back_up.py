import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recoverycollege.backups.errors import BackupError
from recoverycollege.backups.making import back_up


class Command(BaseCommand):
    help = (
        "Copy the database into BACKUP_FOLDER, encrypted for BACKUP_RECIPIENT where that is set, "
        "and delete backups that need not be kept. The portal may run meanwhile. ERASURES_FILE "
        "and CERTIFICATE_KEY are not in it."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        # Ends as by an error, so that the copy that is not encrypted does not stay behind.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        try:
            made = back_up()
        except BackupError as error:
            raise CommandError(str(error)) from None
        size = made.file.stat().st_size / 1_000_000
        how = "encrypted" if made.is_encrypted else "not encrypted"
        self.stdout.write(f"Backed up: {made.file}, {size:.1f} MB, {how}.")
        self.stdout.write(f"Deleted {made.deleted} outdated backups, kept {made.kept}.")
