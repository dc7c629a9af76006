"""How this installation is: whether letters go out, nightly work is done, the disk has room.

Nothing here is about a person. The page in the admin and the JSON at `/drift/` are made of it.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.utils.translation import gettext, ngettext

from courses.norwegian.formatting import day_without_weekday, moment_in_full
from enrolment.models import Letter, LettersWorker
from enrolment.services import last_seen_worker
from recoverycollege import RELEASED_ON, VERSION
from recoverycollege.backups.folder import newest_backup
from recoverycollege.models import NightlyStep
from recoverycollege.nightly import steps


@dataclass(frozen=True)
class Fact:
    """One thing that an installation is, and whether anybody has to do something about it.

    `value` goes into the JSON: a moment as ISO 8601, a number, a text, or None where there is none.
    `advice` says what to do; empty where all is well.
    """

    name: str
    label: str
    words: str
    value: str | int | None
    advice: str = ""

    @property
    def is_fine(self) -> bool:
        return not self.advice


def status(now: datetime) -> list[Fact]:
    """Everything there is to say, in the language of the page. Five queries, and those of Django
    that ask which migrations were made. Raises DatabaseError where the database is away.
    """
    looks: list[Callable[[datetime], Fact]] = [
        _oldest_letter,
        _worker,
        _nightly,
        _backup,
        _disk,
        _migrations,
        _version,
    ]
    return [look(now) for look in looks]


def _oldest_letter(now: datetime) -> Fact:
    waiting = Letter.objects.waiting().filter(owed_since__lte=now)
    oldest: datetime | None = waiting.aggregate(at=Min("owed_since"))["at"]
    is_late = oldest is not None and Letter.objects.overdue(now).exists()
    return Fact(
        "oldest_waiting_letter",
        gettext("Oldest letter that waits"),
        _when(oldest) or gettext("None waits."),
        _iso(oldest),
        gettext("Letters ought to be gone by now. The first page here says why they are not.")
        if is_late
        else "",
    )


def _worker(now: datetime) -> Fact:
    seen = last_seen_worker()
    return Fact(
        "letters_worker",
        gettext("Program that sends letters"),
        gettext("Seen %(when)s.") % {"when": _when(seen)} if seen else gettext("Never seen."),
        _iso(seen),
        ""
        if LettersWorker.alive(now).exists()
        else gettext("It is not running. Start manage.py send_letters."),
    )


def _nightly(now: datetime) -> Fact:
    done = {each.step: each for each in NightlyStep.objects.all()}
    wanted = steps()
    missing = [each for each in wanted if each not in done]
    failed = [each for each in wanted if each in done and not done[each].succeeded]
    oldest = min((done[each].ended_at for each in wanted if each in done), default=None)
    late = timedelta(hours=settings.NIGHT_LATE_HOURS)
    advice = ""
    if failed:
        advice = gettext("Not done: %(names)s. Run manage.py nightly: it says what is wrong.") % {
            "names": ", ".join(failed)
        }
    elif missing or oldest is None or now - oldest > late:
        advice = gettext("It was not run last night. Look at what should run manage.py nightly.")
    return Fact(
        "nightly_work",
        gettext("Nightly work"),
        gettext("Done %(when)s.") % {"when": _when(oldest)}
        if oldest and not missing
        else gettext("Never done."),
        None if missing else _iso(oldest),
        advice,
    )


def _backup(now: datetime) -> Fact:
    label = gettext("Newest backup")
    if settings.BACKUP_FOLDER is None:
        return Fact(
            "newest_backup",
            label,
            gettext("None is made."),
            None,
            gettext("Set BACKUP_FOLDER: what is lost now is lost."),
        )
    try:
        newest = newest_backup()
    except OSError:
        return Fact(
            "newest_backup",
            label,
            gettext("The folder cannot be read."),
            None,
            gettext("Let the portal's user read and write the folder that BACKUP_FOLDER names."),
        )
    is_late = newest is None or now - newest > timedelta(days=settings.BACKUP_LATE_DAYS)
    return Fact(
        "newest_backup",
        label,
        _when(newest) or gettext("There is none."),
        _iso(newest),
        ngettext(
            "It is more than %(days)s day old. Run ./script/backup: it says what is wrong.",
            "It is more than %(days)s days old. Run ./script/backup: it says what is wrong.",
            settings.BACKUP_LATE_DAYS,
        )
        % {"days": settings.BACKUP_LATE_DAYS}
        if is_late
        else "",
    )


def _disk(now: datetime) -> Fact:
    folders = [settings.BASE_DIR, settings.ERASURES_FILE.parent, settings.BACKUP_FOLDER]
    usages = [shutil.disk_usage(each) for each in folders if each is not None and each.exists()]
    free = min(usage.free * 100 // usage.total for usage in usages)
    return Fact(
        "disk_free_percent",
        gettext("Room on the disk"),
        gettext("%(percent)s %% free.") % {"percent": free},
        free,
        gettext("Make room: a full disk loses letters and backups.")
        if free < settings.DISK_LOW_PERCENT
        else "",
    )


def _migrations(now: datetime) -> Fact:
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return Fact(
        "migrations_pending",
        gettext("Changes of the database"),
        ngettext("%(number)s is missing.", "%(number)s are missing.", pending) % {"number": pending}
        if pending
        else gettext("All are made."),
        pending,
        gettext("Run manage.py migrate.") if pending else "",
    )


def _version(now: datetime) -> Fact:
    return Fact(
        "version",
        gettext("Version"),
        gettext("%(version)s of %(day)s")
        % {"version": VERSION, "day": day_without_weekday(RELEASED_ON)},
        VERSION,
    )


def _when(moment: datetime | None) -> str:
    """The day and time as people read it; empty where there is none."""
    return "" if moment is None else moment_in_full(moment)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
