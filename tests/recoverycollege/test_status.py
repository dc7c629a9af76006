"""How the installation is: each thing that can be wrong is said, on the page and to a program."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from enrolment.models import Letter, LettersWorker
from recoverycollege import RELEASED_ON, VERSION
from recoverycollege.backups import folder
from recoverycollege.models import NightlyStep
from recoverycollege.nightly import STEPS
from recoverycollege.status import status
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

NOW = factories.oslo(2026, 11, 2, 9)
TOKEN = "what only the watching program knows, really"


@pytest.fixture(autouse=True)
def well(settings, tmp_path):
    """Everything as it should be, at nine on a Monday morning."""
    settings.STATUS_TOKEN = TOKEN
    settings.BACKUP_FOLDER = tmp_path
    with time_machine.travel(NOW, tick=False):
        back_up(tmp_path, NOW - timedelta(hours=6))
        LettersWorker.objects.create()
        for name in STEPS:
            NightlyStep.objects.create(step=name, ended_at=NOW - timedelta(hours=6), succeeded=True)
        yield


def back_up(where, moment) -> None:
    (where / folder.name_of(moment, kind="sqlite3", is_encrypted=False)).touch()


def advice() -> dict[str, str]:
    return {each.name: each.advice for each in status(timezone.now()) if not each.is_fine}


def ask(token: str = TOKEN):
    return Client().get("/drift/", headers={"Authorization": f"Bearer {token}"})


def test_where_all_is_well_both_say_so(client):
    client.force_login(factories.make_coordinator())
    page = client.get("/admin/drift/").content.decode()
    assert "Alt er i orden." in page
    assert "mandag 2. november 2026 kl. 03.00" in page.replace("\xa0", " ")
    answer = ask()
    told = answer.json()
    assert (answer.status_code, told["ok"]) == (200, True)
    assert told["newest_backup"] == {"value": "2026-11-02T02:00:00+00:00", "ok": True, "advice": ""}
    assert told["version"]["value"] == VERSION


def letter_waits(settings) -> None:
    student = factories.enrol(factories.make_published_run()).student
    since = NOW - timedelta(hours=1)
    Letter.objects.filter(student=student).update(owed_since=since)


def worker_is_dead(settings) -> None:
    LettersWorker.objects.update(seen_at=NOW - timedelta(minutes=2))


def no_night(settings) -> None:
    NightlyStep.objects.all().delete()


def night_was_missed(settings) -> None:
    NightlyStep.objects.filter(step=STEPS[0]).update(ended_at=NOW - timedelta(hours=27))


def a_step_failed(settings) -> None:
    NightlyStep.objects.filter(step=STEPS[1]).update(succeeded=False)


def backups_are_old(settings) -> None:
    for each in settings.BACKUP_FOLDER.iterdir():
        each.unlink()
    back_up(settings.BACKUP_FOLDER, NOW - timedelta(days=2, minutes=1))


def no_backup(settings) -> None:
    settings.BACKUP_FOLDER = None


def folder_is_away(settings) -> None:
    settings.BACKUP_FOLDER = settings.BACKUP_FOLDER / "none"


def disk_is_full(settings) -> None:
    settings.DISK_LOW_PERCENT = 101


def migration_is_missing(settings) -> None:
    MigrationRecorder.Migration.objects.filter(app="recoverycollege").last().delete()


@pytest.mark.parametrize(
    ("break_it", "name", "says"),
    [
        (letter_waits, "oldest_waiting_letter", "ought to be gone"),
        (worker_is_dead, "letters_worker", "send_letters"),
        (no_night, "nightly_work", "not run last night"),
        (night_was_missed, "nightly_work", "not run last night"),
        (a_step_failed, "nightly_work", f"Not done: {STEPS[1]}."),
        (backups_are_old, "newest_backup", "more than 2 days old"),
        (no_backup, "newest_backup", "BACKUP_FOLDER"),
        (folder_is_away, "newest_backup", "read and write"),
        (disk_is_full, "disk_free_percent", "Make room"),
        (migration_is_missing, "migrations_pending", "manage.py migrate"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_wrong_is_said_and_nothing_else(
    settings, client, break_it: Callable[..., None], name: str, says: str
):
    break_it(settings)
    answer = ask()
    told = answer.json()
    assert (answer.status_code, told.pop("ok")) == (503, False)
    assert [key for key, each in told.items() if not each["ok"]] == [name]
    assert says in told[name]["advice"]
    client.force_login(factories.make_coordinator())
    page = client.get("/admin/drift/").content.decode()
    assert "Én ting trenger at noen gjør noe." in page
    assert advice()[name] in page


def test_only_the_token_opens_it(settings):
    for token in ("", TOKEN[:-1], TOKEN + "x", "å"):
        assert ask(token).status_code == 404
    assert Client().get("/drift/").status_code == 404
    settings.STATUS_TOKEN = ""
    assert ask("").status_code == 404


def test_it_tells_of_nobody():
    student = factories.enrol(factories.make_published_run()).student
    told = json.dumps(ask().json())
    assert [each for each in (student.name, student.email, "Bearer") if each in told] == []


def test_the_version_is_the_one_that_the_changelog_begins_with():
    root = django_settings.BASE_DIR
    assert f'version = "{VERSION}"' in (root / "pyproject.toml").read_text()
    first = next(
        line for line in (root / "CHANGELOG.md").read_text().splitlines() if line.startswith("## ")
    )
    assert first.startswith(f"## {VERSION.removesuffix('.0')} ({RELEASED_ON:%Y-%m-%d})")
