"""The database as one file, and back: PostgreSQL by its own programs, SQLite by itself.

Both may be copied while the portal runs and writes: the copy is of one moment.
"""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.contrib.auth.models import User
from django.db import connection

from courses.models import Tutor
from enrolment.models import Student
from recoverycollege.backups.errors import BackupError

BUSY_SECONDS = 20

# Whatever is in the database now, it goes in the transaction that brings the backup's rows.
EMPTY = """
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT format('%I.%I', schemaname, tablename)
                FROM pg_tables WHERE schemaname = current_schema()
    LOOP EXECUTE 'DROP TABLE ' || name || ' CASCADE'; END LOOP;
END $$
"""


def kind() -> str:
    """How files of this kind of database end: `dump` or `sqlite3`."""
    return "sqlite3" if connection.vendor == "sqlite" else "dump"


def database_name() -> str:
    """What the database is called: on PostgreSQL its name, on SQLite its file's."""
    return Path(str(connection.settings_dict["NAME"])).name


def holds_people() -> bool:
    """Whether anybody is in it: students, tutors or staff. It may be of any version, or empty."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    return any(
        model._meta.db_table in tables and model._base_manager.exists()
        for model in (Student, Tutor, User)
    )


def write(file: Path) -> None:
    """Copy the database into a new file, which is then read through. Raises BackupError."""
    if connection.vendor == "sqlite":
        _write_sqlite(file)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
    check(file)


def check(file: Path) -> None:
    """Make sure that the file is whole. Raises BackupError."""
    if connection.vendor == "sqlite":
        _check_sqlite(file)
    else:
        _run("pg_restore", "--file=/dev/null", str(file))  # every row


def read(file: Path, *, scratch: Path) -> None:
    """Put what the file holds in place of all that is in the database: all of it, or nothing.

    `scratch` is an empty folder that nobody else can read. Raises BackupError.
    """
    check(file)
    connection.close()
    if connection.vendor == "sqlite":
        try:
            with (
                closing(sqlite3.connect(file)) as source,
                closing(_sqlite(mode="rwc")) as target,
            ):
                source.backup(target)
        except sqlite3.Error as error:
            raise BackupError(f"SQLite could not restore the database: {error}.") from None
        return
    # By way of a file: were the rows piped over, half of them would look like all.
    rows = scratch / "rows.sql"
    _run(
        "pg_restore", "--no-owner", "--no-privileges", "--no-comments", f"--file={rows}", str(file)
    )
    _run(
        *("psql", "--no-psqlrc", "--quiet", "--single-transaction"),
        # What PostgreSQL complains of must not name those whom the row is about.
        *("--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse", "--set=SHOW_CONTEXT=never"),
        *("--output=/dev/null", f"--command={EMPTY}", f"--file={rows}"),
    )


def _sqlite(*, mode: str) -> sqlite3.Connection:
    address = Path(connection.settings_dict["NAME"]).resolve().as_uri()
    return sqlite3.connect(f"{address}?mode={mode}", uri=True, timeout=BUSY_SECONDS)


def _write_sqlite(file: Path) -> None:
    try:
        with closing(_sqlite(mode="rw")) as database:
            # Anew, not page by page: pages that were freed still hold what was erased.
            database.execute("VACUUM INTO ?", [str(file)])
    except sqlite3.Error as error:
        raise BackupError(f"SQLite could not copy the database: {error}.") from None


def _check_sqlite(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as copy:
            answers = copy.execute("PRAGMA integrity_check(1)").fetchall()
    except sqlite3.Error:
        answers = []
    if answers != [("ok",)]:
        raise BackupError("The copy of the SQLite database is damaged.")


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the database of the settings."""
    try:
        subprocess.run(  # noqa: S603 - the programs and options of this module
            [program, *arguments],
            env=os.environ | _connection(),
            check=True,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        raise BackupError(f"{program} is missing: apt-get install postgresql-client.") from None
    except subprocess.CalledProcessError as error:
        raise BackupError(
            f"{program} failed: {error.stderr.strip() or 'it does not say why'}"
        ) from None


def _connection() -> dict[str, str]:
    """Where the database is, for PostgreSQL's programs. In the environment, since everybody on the
    machine can read a command's arguments.
    """
    known = connection.settings_dict
    values = {f"PG{name.upper()}": value for name, value in known.get("OPTIONS", {}).items()} | {
        "PGHOST": known["HOST"],
        "PGPORT": known["PORT"],
        "PGUSER": known["USER"],
        "PGPASSWORD": known["PASSWORD"],
        "PGDATABASE": known["NAME"],
    }
    return {name: str(value) for name, value in values.items() if value}
