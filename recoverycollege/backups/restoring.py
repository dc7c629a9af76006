"""The database becomes what it was when a backup was made."""

import tempfile
from datetime import datetime
from pathlib import Path

from recoverycollege.backups import databases, encryption
from recoverycollege.backups.errors import BackupError
from recoverycollege.backups.folder import NAME, made_at


def restore(file: Path, *, over: str = "", identity: Path | None = None) -> datetime:
    """Put the backup in place of all that is in the database; when it was made.

    A database that holds people is written over only where `over` is its name. The portal must be
    stopped. What was erased since comes back: `apply_erasures` is to follow. Raises BackupError.
    """
    match, moment = NAME.fullmatch(file.name), made_at(file.name)
    if match is None or moment is None:
        raise BackupError("The file is not called as backups are: portal-, a moment, and its kind.")
    if match["kind"] != databases.kind():
        raise BackupError("The backup is of another kind of database than DATABASE_URL names.")
    name = databases.database_name()
    if over and over != name:
        raise BackupError(f"The database is not called {over}, but {name}: nothing is changed.")
    if not over and databases.holds_people():
        raise BackupError(
            f"There are people in the database {name}: nothing is changed. Stop the portal, and "
            f"add --over {name} to lose whatever is in it now."
        )
    if match["sealed"] and identity is None:
        raise BackupError(
            "The backup is encrypted: add --identity and the file of the private key."
        )
    try:
        with tempfile.TemporaryDirectory(prefix="portal-restore-") as scratch:
            if match["sealed"] and identity is not None:
                copy = Path(scratch) / "copy"
                encryption.decrypt(file, copy, identity=identity)
            else:
                copy = file
            databases.read(copy, scratch=Path(scratch))
    except OSError as error:
        raise BackupError(f"The backup cannot be read: {error.strerror}.") from None
    return moment
