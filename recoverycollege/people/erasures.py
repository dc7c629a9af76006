"""The list of who was erased, outside the database: what comes back with a backup is erased again.

A line is a day and a keyed proof of one row's kind, key and moment of creation: it tells of nobody,
and nobody without the key can tell whether a row is meant. The key is `CERTIFICATE_KEY`: kept for
ever and backed up by itself, whereas `SECRET_KEY` may be renewed any day.
"""

import fcntl
import os
from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from courses.models import Tutor
from enrolment.models import MergedRecord, Student

# A record that became part of another is a student of its own where a backup brings it back.
Person: TypeAlias = Student | Tutor | MergedRecord


class ErasuresNotKept(Exception):
    """The list cannot be written to: nobody is erased, since a backup would bring them back."""


def proof_of(person: Person) -> str:
    """What the list holds of somebody. The moment tells apart rows that get the same key in turn,
    as after a backup has been restored.
    """
    kind, key = person._meta.model_name, person.pk
    moment: datetime | None
    if isinstance(person, MergedRecord):
        kind, key, moment = Student._meta.model_name, person.number, person.made_at
    else:
        moment = person.created_at
    created = moment.timestamp() if moment else ""
    value = f"{kind}\n{key}\n{created}"
    secret = settings.CERTIFICATE_KEY
    return salted_hmac("erasures", value, secret=secret, algorithm="sha256").hexdigest()


def read_proofs() -> set[str]:
    """All that is listed; nothing where nobody was ever erased."""
    try:
        lines = settings.ERASURES_FILE.read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return set()
    return {line.rpartition(" ")[2] for line in lines}


def list_erased(people: Iterable[Person], *, now: datetime | None = None) -> int:
    """Write a line for each of them, whole and on the disk before it returns; how many.

    Whoever is listed already is left out. Nobody else writes meanwhile, on this machine or on
    another one that shares the storage. Raises ErasuresNotKept.
    """
    day = timezone.localdate(now)
    wanted = [proof_of(each) for each in people]
    try:
        listed = read_proofs()
        lines = [f"{day} {each}\n" for each in wanted if each not in listed]
        if lines:
            _append(lines)
    except OSError as error:
        raise ErasuresNotKept from error
    return len(lines)


def _append(lines: list[str]) -> None:
    file = os.open(settings.ERASURES_FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(file, "r+b") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        before = "" if _ends_with_a_line(opened.fileno()) else "\n"
        opened.write((before + "".join(lines)).encode())
        opened.flush()
        os.fsync(opened.fileno())


def _ends_with_a_line(file: int) -> bool:
    """Whether the last one is whole: a machine may have stopped in the middle of it."""
    size = os.fstat(file).st_size
    return size == 0 or os.pread(file, 1, size - 1) == b"\n"
