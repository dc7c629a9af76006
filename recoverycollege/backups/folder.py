"""The folder of backups: what they are called, how old they are, which have been kept for long."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings

NAME = re.compile(
    r"portal-(?P<moment>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)\.(?P<kind>dump|sqlite3)(?P<sealed>\.age)?"
)
MOMENT = "%Y-%m-%dT%H-%M-%SZ"  # Coordinated Universal Time: no hour comes twice
UNFINISHED = ".unfinished"


def name_of(now: datetime, *, kind: str, is_encrypted: bool) -> str:
    """What a backup made at that moment is called."""
    return f"portal-{now.astimezone(UTC):{MOMENT}}.{kind}{'.age' if is_encrypted else ''}"


def made_at(name: str) -> datetime | None:
    """When the backup of that name was made; None for a file that is no backup."""
    match = NAME.fullmatch(name)
    try:
        return match and datetime.strptime(match["moment"], MOMENT).replace(tzinfo=UTC)
    except ValueError:  # a day that no month has
        return None


def newest_backup() -> datetime | None:
    """When the newest backup in BACKUP_FOLDER was made; None where there is none.

    Raises OSError where the folder cannot be read.
    """
    if settings.BACKUP_FOLDER is None:
        return None
    found = (made_at(file.name) for file in settings.BACKUP_FOLDER.iterdir())
    return max((each for each in found if each), default=None)


def outdated(names: Iterable[str], *, today: date) -> list[str]:
    """Which of these files need not be kept: no others than backups are ever named.

    All are kept for BACKUP_DAYS, and the first of each month for BACKUP_MONTHS.
    """
    days = today - timedelta(days=settings.BACKUP_DAYS)
    year, month = divmod(today.year * 12 + today.month - 1 - settings.BACKUP_MONTHS, 12)
    months = date(year, month + 1, 1)
    gone, seen = [], set()
    for moment, name in sorted((moment, name) for name in names if (moment := made_at(name))):
        day = moment.date()
        is_first = (day.year, day.month) not in seen
        seen.add((day.year, day.month))
        if day < days and not (is_first and day >= months):
            gone.append(name)
    return gone


def tidy(folder: Path, *, now: datetime) -> tuple[int, int]:
    """Delete the backups that are outdated, and what a stopped machine left half; how many
    backups were deleted, and how many are kept.
    """
    names = [file.name for file in folder.iterdir()]
    gone = outdated(names, today=now.astimezone(UTC).date())
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    for name in names:
        moment = made_at(name.removeprefix(".").removesuffix(UNFINISHED))
        is_half = name.startswith(".") and name.endswith(UNFINISHED)
        if is_half and moment and moment < now - timedelta(days=1):
            (folder / name).unlink(missing_ok=True)
    return len(gone), sum(made_at(name) is not None for name in names) - len(gone)
