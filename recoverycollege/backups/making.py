"""A backup is made, and old ones are deleted."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from recoverycollege.backups import databases, encryption
from recoverycollege.backups.errors import BackupError
from recoverycollege.backups.folder import UNFINISHED, name_of, tidy


@dataclass(frozen=True)
class Backup:
    """What was made, and how many older ones were deleted and are kept."""

    file: Path
    is_encrypted: bool
    deleted: int
    kept: int


def back_up() -> Backup:
    """Copy the database into BACKUP_FOLDER, encrypted where BACKUP_RECIPIENT is set.

    The file has its name only when it is whole and on the disk; until then it is called something
    else, and older backups stay. The copy that is encrypted lies in the folder for passing files
    meanwhile, which may take TMPDIR. Raises BackupError.
    """
    folder, now = settings.BACKUP_FOLDER, timezone.now()
    if folder is None:
        raise BackupError("BACKUP_FOLDER is not set. Example: BACKUP_FOLDER=/srv/backups/portal")
    recipient = settings.BACKUP_RECIPIENT
    name = name_of(now, kind=databases.kind(), is_encrypted=bool(recipient))
    file, half = folder / name, folder / f".{name}{UNFINISHED}"
    try:
        with tempfile.TemporaryDirectory(prefix="portal-backup-") as scratch:
            copy = Path(scratch) / "copy"
            databases.write(copy)
            half.touch(0o600, exist_ok=False)
            try:
                if recipient:
                    encryption.encrypt(copy, half, recipient=recipient)
                else:
                    shutil.copyfile(copy, half)
                _to_disk(half)
                half.rename(file)
            finally:
                half.unlink(missing_ok=True)
        _to_disk(folder)
    except OSError as error:
        raise BackupError(f"The backup could not be written: {error.strerror}.") from None
    try:
        deleted, kept = tidy(folder, now=now)
    except OSError as error:
        raise BackupError(
            f"The backup is made, but outdated ones could not be deleted: {error.strerror}."
        ) from None
    return Backup(file, bool(recipient), deleted, kept)


def _to_disk(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
