"""Backups: how they are called and kept, that none is half, and who is warned without one."""

import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from recoverycollege.backups import databases, making
from recoverycollege.backups.errors import BackupError
from recoverycollege.backups.folder import made_at, name_of, outdated
from recoverycollege.backups.restoring import restore
from recoverycollege.checks import backup_is_new
from tests import factories
from tests.databases import rows_of_every_table

NOW = datetime(2027, 3, 10, 2, 30, tzinfo=UTC)


@pytest.fixture
def folder(settings, tmp_path: Path) -> Path:
    settings.BACKUP_FOLDER = tmp_path / "backups"
    settings.BACKUP_FOLDER.mkdir()
    return settings.BACKUP_FOLDER


def listed(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_daily_ones_are_kept_for_days_the_first_of_a_month_for_months(settings):
    settings.BACKUP_DAYS, settings.BACKUP_MONTHS = 7, 2
    names = [
        name_of(NOW - timedelta(days=days), kind="dump", is_encrypted=days % 2 == 0)
        for days in range(120)
    ]
    others = [
        "portal-2020-01-01T00-00-00Z.dump.bak",
        "erasures",
        "portal-2020-99-01T00-00-00Z.dump",
    ]
    gone = outdated([*names, *others], today=date(2027, 3, 10))
    kept = sorted(str(made_at(name).date()) for name in {*names} - {*gone})
    assert kept == [
        "2027-01-01",
        "2027-02-01",
        *(f"2027-03-{day:02}" for day in (1, *range(3, 11))),
    ]
    assert not {*gone} & {*others}


@pytest.mark.parametrize(
    ("files", "warned"),
    [
        (None, "recoverycollege.W001"),
        ([], "recoverycollege.W003"),
        (["portal-2027-03-08T02-29-00Z.dump.age"], "recoverycollege.W003"),
        ([".portal-2027-03-10T02-29-00Z.dump.unfinished"], "recoverycollege.W003"),
        (["portal-2027-03-08T02-31-00Z.sqlite3", "portal-2027-01-01T02-31-00Z.sqlite3"], ""),
    ],
)
def test_who_has_no_new_backup_is_warned(settings, folder, files, warned):
    if files is None:
        settings.BACKUP_FOLDER = None
    for name in files or ():
        (folder / name).touch()
    with time_machine.travel(NOW, tick=False):
        assert [each.id for each in backup_is_new(None)] == ([warned] if warned else [])


def test_folder_that_is_away_is_warned_of(settings, folder):
    folder.rmdir()
    [warning] = backup_is_new(None)
    assert (warning.id, warning.msg) == (
        "recoverycollege.W002",
        "BACKUP_FOLDER cannot be read: No such file or directory.",
    )


@pytest.fixture
def portal_of_sqlite(tmp_path: Path) -> Path:
    """A database of a million bytes, which the portal writes to."""
    file = tmp_path / "portal.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE place (holder BLOB)")
        database.execute("INSERT INTO place VALUES (randomblob(1000000))")
        database.commit()
    return file


PROGRAM = """
import os, shutil, signal, sys
import django
django.setup()
from django.core.management import call_command
def stopped(source, target):
    target.write_bytes(source.read_bytes()[:1000])
    os.kill(os.getpid(), int(sys.argv[1]))
if len(sys.argv) > 1:
    shutil.copyfile = stopped
call_command("back_up")
"""


def run_back_up(database: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env=os.environ
        | {
            "DATABASE_URL": f"sqlite:///{database}",
            "BACKUP_FOLDER": str(folder),
            "DJANGO_SETTINGS_MODULE": "recoverycollege.settings",
            "TMPDIR": str(database.parent),
        },
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_who_is_stopped_in_the_middle_leaves_no_backup(portal_of_sqlite, folder, sent):
    done = run_back_up(portal_of_sqlite, folder, str(int(sent)))
    assert done.returncode == (1 if sent == signal.SIGTERM else -signal.SIGKILL)
    assert [name for name in listed(folder) if made_at(name)] == []
    if sent == signal.SIGTERM:
        assert listed(folder) == []
        assert not [*portal_of_sqlite.parent.glob("portal-backup-*")]


def test_while_the_portal_writes_a_backup_holds_what_was_there_before(portal_of_sqlite, folder):
    half = folder / ".portal-2026-01-01T00-00-00Z.dump.unfinished"
    half.touch()
    with closing(sqlite3.connect(portal_of_sqlite, isolation_level=None)) as portal:
        portal.execute("BEGIN IMMEDIATE")
        portal.execute("INSERT INTO place VALUES ('in the middle')")
        done = run_back_up(portal_of_sqlite, folder)
        portal.execute("COMMIT")
    [name] = listed(folder)
    assert made_at(name)
    assert (folder / name).stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(folder / name)) as copy:
        assert copy.execute("SELECT count(*) FROM place").fetchone() == (1,)
    assert done.stdout == (
        f"Backed up: {folder / name}, 1.0 MB, not encrypted.\nDeleted 0 outdated backups, kept 1.\n"
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.any_database
@pytest.mark.parametrize("step", ["copyfile", "fsync"])
def test_full_disk_leaves_the_older_backups_alone(folder, monkeypatch, step):
    older = folder / "portal-2020-01-01T00-00-00Z.sqlite3"
    older.touch()

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil if step == "copyfile" else os, step, full)
    with pytest.raises(CommandError, match="The backup could not be written: No space left"):
        call_command("back_up")
    assert listed(folder) == [older.name]


@pytest.mark.django_db(transaction=True)
def test_damaged_backup_changes_nothing(folder):
    made = making.back_up()
    os.truncate(made.file, made.file.stat().st_size - 5000)
    before = rows_of_every_table()
    with pytest.raises(BackupError):
        restore(made.file)
    assert rows_of_every_table() == before


@pytest.mark.django_db(transaction=True)
def test_people_are_written_over_only_by_name(folder):
    factories.make_student(name="Sigrun Vik")
    made, then = making.back_up(), rows_of_every_table()
    factories.make_student(name="Kom Etterpå")
    before, name = rows_of_every_table(), databases.database_name()
    for over, said in [("", f"There are people in the database {name}"), ("x", "not called x")]:
        with pytest.raises(BackupError, match=said):
            restore(made.file, over=over)
    assert rows_of_every_table() == before
    restore(made.file, over=name)
    assert rows_of_every_table() == then


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("portal.sql", "not called as backups are"),
        ("portal-2027-03-08T02-31-00Z.{other}", "another kind of database"),
        ("portal-2027-03-08T02-31-00Z.{kind}.age", "add --identity"),
    ],
)
def test_what_cannot_be_restored_is_told(name, said, tmp_path):
    kind = databases.kind()
    other = {"dump": "sqlite3", "sqlite3": "dump"}[kind]
    with pytest.raises(BackupError, match=said):
        restore(tmp_path / name.format(kind=kind, other=other))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no password")
@pytest.mark.postgres
@pytest.mark.django_db
def test_password_of_the_database_is_in_no_list_of_processes(monkeypatch, tmp_path):
    ran: list[tuple[list[str], dict[str, Any]]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **more: ran.append((command, more)))
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "hush")
    databases.write(tmp_path / "copy")
    assert [command[0] for command, _more in ran] == ["pg_dump", "pg_restore"]
    assert all(more["env"]["PGPASSWORD"] == "hush" for _command, more in ran)
    assert "hush" not in str([command for command, _more in ran])


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, str]:
    """A private key's file, and the public key."""
    if not shutil.which("age"):
        pytest.skip("age is not installed, which encrypts backups: apt-get install age")
    file = tmp_path / "key"
    made = subprocess.run(["age-keygen", "-o", file], check=True, capture_output=True, text=True)
    return file, made.stderr.removeprefix("Public key: ").strip()


@pytest.mark.django_db(transaction=True)
@pytest.mark.any_database
def test_encrypted_backup_is_read_by_the_private_key_alone(settings, folder, keys, tmp_path):
    identity, settings.BACKUP_RECIPIENT = keys
    student = factories.make_student(name="Sigrun Vik")
    made, then = making.back_up(), rows_of_every_table()
    assert made.file.suffix == ".age"
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert b"Sigrun" not in made.file.read_bytes()
    student.delete()
    other = tmp_path / "other"
    subprocess.run(["age-keygen", "-o", other], check=True, capture_output=True)
    with pytest.raises(BackupError, match="age failed: no identity matched"):
        restore(made.file, identity=other)
    restore(made.file, identity=identity)
    assert rows_of_every_table() == then
    settings.BACKUP_RECIPIENT = "age1wrong"
    with pytest.raises(BackupError, match="age failed"):
        making.back_up()
    assert listed(folder) == [made.file.name]


@pytest.mark.django_db
@pytest.mark.any_database
def test_nothing_is_written_without_folder_or_age(settings, folder, monkeypatch):
    settings.BACKUP_RECIPIENT = "age1whoever"
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BackupError, match="is missing"):
        making.back_up()
    assert listed(folder) == []
    settings.BACKUP_FOLDER = None
    with pytest.raises(BackupError, match="BACKUP_FOLDER is not set"):
        making.back_up()
