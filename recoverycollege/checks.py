"""What an installation should not be without once it is live."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.utils import timezone

from recoverycollege.backups.folder import newest_backup


@register(Tags.files, deploy=True)
def backup_is_new(app_configs: Sequence[Any] | None, **arguments: Any) -> list[CheckMessage]:
    """Warn where nobody backs up, or nobody has for BACKUP_LATE_DAYS."""
    if settings.BACKUP_FOLDER is None:
        return [
            Warning(
                "The database is not backed up: BACKUP_FOLDER is not set.",
                hint="Set it, and run ./script/backup every night.",
                id="recoverycollege.W001",
            )
        ]
    try:
        newest = newest_backup()
    except OSError as error:
        return [
            Warning(
                f"BACKUP_FOLDER cannot be read: {error.strerror}.",
                hint="Make the folder, and let the portal's user read and write it.",
                id="recoverycollege.W002",
            )
        ]
    late = timedelta(days=settings.BACKUP_LATE_DAYS)
    if newest is not None and timezone.now() - newest <= late:
        return []
    what = f"The newest is from {newest:%Y-%m-%d}." if newest else "There is none."
    return [
        Warning(
            f"There is no backup of the last {settings.BACKUP_LATE_DAYS} days. {what}",
            hint="Run ./script/backup: it says what is wrong. Look at what should run it at night.",
            id="recoverycollege.W003",
        )
    ]
