"""What script/backup copied, script/restore brings back, without those who were erased since."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.utils import timezone

from certificates.models import FeedbackWording
from certificates.services import check_key
from courses.models import AnnualReport, Course, FrozenYear, Partner, Picture, Topic
from enrolment.models import Student
from recoverycollege.backups import databases
from recoverycollege.models import NightlyStep
from recoverycollege.people.erasing import erase
from tests import factories
from tests.databases import rows_of_every_table
from tests.recoverycollege.everything import ABOUT_ANN, NAME, fill_everything

SCRIPTS = Path(settings.BASE_DIR) / "script"
# Tables that may be empty here: they hold numbers, dates and short text, as the others do.
OF_NO_KIND_OF_THEIR_OWN = {
    "account_emailaddress",  # the sign-in's library has it, and we keep an address once
    "account_emailconfirmation",
    "auth_user_user_permissions",
    "certificates_sessioncode",
    "courses_schoolholiday",
    "courses_substitution",
}


def fill_what_is_about_nobody() -> None:
    """Among it bytes that are no text, and signs that an escape could change."""
    course = Course.objects.earliest("pk")
    course.topics.add(Topic.objects.create(name="Søvn & «ro» \\n 'x' 😀"))
    factories.make_course_file(course, content=bytes(range(256)) * 50)
    Picture.objects.create(name="logo.png", content=bytes(range(256)) * 500)
    Partner.objects.create(name="Kommunen")
    course.opportunities.add(factories.make_opportunity())
    FeedbackWording.objects.create(language="nb", number=1, text="Var det «godt»?")
    AnnualReport.objects.create(year=2025, words={"opening": {"nb": "Året vi lyttet."}})
    FrozenYear.objects.create(year=2025, figures={"people": [1, 2.5, None]})
    Authenticator.objects.create(user=factories.make_user(), type="totp", data={"secret": "x"})
    factories.make_worker()
    NightlyStep.objects.create(step="back_up", ended_at=timezone.now(), succeeded=True)
    check_key()


@pytest.fixture
def empty_database(tmp_path: Path, transactional_db) -> Iterator[str]:
    """Its name. An empty database beside the one of the tests, of the same kind."""
    if connection.vendor == "sqlite":
        yield str(tmp_path / "new.sqlite3")
        return
    name = f"{connection.settings_dict['NAME']}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


def address_of(database: str) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{database}"
    here = connection.settings_dict
    return f"postgres://{here['USER']}@{here['HOST'].replace('/', '%2F')}/{database}"


def run(*command: str | Path, database: str, folder: Path) -> str:
    """What it prints and complains of, and how it ends."""
    done = subprocess.run(
        command,
        cwd=folder,  # files are named from where somebody stands
        env=os.environ
        | {
            "DATABASE_URL": address_of(database),
            "BACKUP_FOLDER": str(folder),
            "ERASURES_FILE": str(settings.ERASURES_FILE),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return f"{done.stdout}{done.returncode}"


def tables_that_name_ann(rows: dict[str, list[tuple[Any, ...]]]) -> set[str]:
    return {
        table
        for table, those in rows.items()
        if any(word in str(row) for row in those for word in ABOUT_ANN)
    }


def test_what_was_backed_up_comes_back_without_those_erased_since(
    empty_database, settings, tmp_path
):
    settings.ERASURES_FILE = tmp_path / "erasures"
    folder = tmp_path / "backups"
    folder.mkdir()
    fill_everything()
    fill_what_is_about_nobody()
    here = str(connection.settings_dict["NAME"])

    then = rows_of_every_table()
    said = run(SCRIPTS / "backup", database=here, folder=folder)
    [backup] = (file.name for file in folder.iterdir())
    assert said.endswith("not encrypted.\nDeleted 0 outdated backups, kept 1.\n0")
    assert {table for table, rows in then.items() if not rows} <= OF_NO_KIND_OF_THEIR_OWN

    ann = Student.objects.get(name=NAME)
    erase(student=ann)
    without_ann = tables_that_name_ann(rows_of_every_table())
    factories.make_published_run()

    manage = (sys.executable, SCRIPTS.parent / "manage.py", "load_backup", backup)
    assert run(*manage, database=empty_database, folder=folder).endswith(" UTC.\n0")
    assert rows_of_every_table(empty_database) == then

    over = ("--over", Path(empty_database).name)
    said = run(SCRIPTS / "restore", backup, *over, database=empty_database, folder=folder)
    assert "Erased 1 students and 0 tutors again. Listed 0" in said
    assert said.endswith("sign-ins that were taken away.\n0")
    restored = rows_of_every_table(empty_database)
    assert then.keys() == restored.keys()
    assert tables_that_name_ann(restored) == without_ann < tables_that_name_ann(then)
    assert len(restored["courses_courserun"]) == len(then["courses_courserun"])
    assert NAME not in said


@pytest.mark.any_database
@pytest.mark.parametrize("given", [["--identity", "key"], ["--identity=key"]])
def test_private_key_is_named_from_where_somebody_stands(
    given, empty_database, monkeypatch, tmp_path
):
    """By an `age` that says what it was asked, and reads nothing."""
    age = tmp_path / "programs" / "age"
    age.parent.mkdir()
    age.write_text('#!/bin/sh\necho "$*" >&2\nexit 1\n')
    age.chmod(0o700)
    monkeypatch.setenv("PATH", f"{age.parent}:{os.environ['PATH']}")
    (tmp_path / "key").touch()
    backup = tmp_path / f"portal-2027-03-08T02-31-00Z.{databases.kind()}.age"
    backup.touch()
    said = run(SCRIPTS / "restore", backup.name, *given, database=empty_database, folder=tmp_path)
    assert f"--identity {tmp_path.resolve()}/key " in said
