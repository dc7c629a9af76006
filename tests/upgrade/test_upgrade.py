"""A database of an older version is brought up to date, and nothing that was in it is lost."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.upgrade.old_database import VERSIONS, rows_of

Rows = dict[str, dict[int, dict[str, Any]]]

# Under which name a kind of row is found now.
RENAMED = {
    "enrolment.attendance": "certificates.attendance",
    "certificates.wallcode": "certificates.sessioncode",
}
# Which columns have another name.
RENAMED_COLUMNS = {("enrolment.letter", "due_at"): "owed_since"}
# Columns that hold something else now, by the rule named beside them.
LOST = object()
REPLACED: dict[str, set[str]] = {
    # `recoverycollege.groups` says what a group may do.
    "auth.group": {"permissions"},
    # One for each language now; what there was is the one in bokmål (asserted at the end).
    "courses.college": {"certificate_wording"},
}


@pytest.fixture(params=VERSIONS)
def version(request) -> str:
    return request.param


@pytest.fixture
def database_url(tmp_path: Path, transactional_db) -> Iterator[str]:
    """An empty database of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.sqlite3'}"
        return
    here = connection.settings_dict
    name = f"{here['NAME']}_upgrade"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield f"postgres://{here['USER']}@{here['HOST'].replace('/', '%2F')}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


def upgraded(database_url: str, version: str) -> Rows:
    """Every row, by kind and key, after the database of that version was brought up to date."""

    def python(*arguments: str) -> str:
        environment = os.environ | {
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "recoverycollege.settings",
        }
        done = subprocess.run(
            [sys.executable, *arguments],
            check=True,
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
        )
        return done.stdout

    python("-m", "tests.upgrade.old_database", version)
    rows: Rows = {}
    dumped = python("manage.py", "dumpdata", "courses", "enrolment", "certificates", "auth")
    for row in json.loads(dumped):
        rows.setdefault(row["model"], {})[row["pk"]] = row["fields"]
    return rows


def is_channel_of_nobody(label: str, name: str, fields: dict[str, Any]) -> bool:
    """Whoever just turned up has no way to be reached: that used to be called a phone call."""
    contact = ("email", "phone", "postal_address")
    return (label, name) == ("enrolment.student", "channel") and not any(
        fields[each] for each in contact
    )


def test_nothing_is_lost_when_an_older_database_is_brought_up_to_date(database_url, version):
    now = upgraded(database_url, version)
    before = rows_of(version)
    lost = [
        (label, row["pk"], name)
        for row in before
        for label in [RENAMED.get(row["model"], row["model"])]
        for name, value in row["fields"].items()
        if name not in REPLACED.get(label, ())
        and not is_channel_of_nobody(label, name, row["fields"])
        and now.get(label, {})
        .get(row["pk"], {})
        .get(RENAMED_COLUMNS.get((label, name), name), LOST)
        != value
    ]
    assert lost == []
    assert len(before) > 2000
    taken, waiting = Counter(), Counter()
    for enrolment in now["enrolment.enrolment"].values():
        if enrolment["status"] == "place":
            taken[enrolment["run"]] += enrolment["places"]
        waiting[enrolment["run"]] += enrolment["status"] == "waiting"
    for pk, run in now["courses.courserun"].items():
        assert (run["places_taken"], run["waiting"]) == (taken[pk], waiting[pk])
    for row in before:
        if row["model"] == "courses.college" and "certificate_wording" in row["fields"]:
            wordings = now["courses.college"][row["pk"]]["certificate_wordings"]
            assert wordings == {"nb": row["fields"]["certificate_wording"]}
